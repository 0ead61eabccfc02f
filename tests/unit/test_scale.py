"""Many basins: in blocks all is as at once, bit by bit, and takes little memory."""

import dataclasses
import tracemalloc

import numpy as np
import pandas as pd
import pytest
import torch
from rerunoff.data import sizes, store_builder
from rerunoff.data.basin_series import BasinSeries
from rerunoff.data.simulation_writer import write_simulation
from rerunoff.data.simulations import Simulation
from rerunoff.data.store import read_store
from rerunoff.data.store_builder import build_store
from rerunoff.evaluation import batches
from rerunoff.evaluation import evaluate as evaluation
from rerunoff.evaluation import simulate as simulation
from rerunoff.models import build_model
from rerunoff.training import samples as samples_module
from rerunoff.training import scaling
from rerunoff.training.run import Run
from rerunoff.training.weights import TrainedModel
from unit.stores import INPUTS, TEST, TRAIN, make_series, workspace
from unit.stores import settings as run_settings

CPU = torch.device("cpu")
NAMES = [f"{number:08d}" for number in range(9)]
SCALER = scaling.Scaler([3.0, 2.0, 11.0], [6.0, 7.0, 7.0], 3.0, 2.0, [], [])


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """Nine basins, some of which lack forcing or discharge for a while."""
    series = make_series(basins=NAMES)
    test, train = series.days(*TEST), series.days(*TRAIN)
    series.inputs["prcp"][2, test.start + 50 : test.start + 53] = np.nan
    series.inputs["tmin"][5, test] = np.nan
    series.inputs["tmax"][3, train.start + 200] = np.nan
    series.discharge[4, train.start + 30 : train.start + 90] = np.nan
    series.discharge[6, test] = np.nan
    return series.write(tmp_path_factory.mktemp("store") / "daymet.h5")


class Watched:
    """A network that remembers the windows of each batch."""

    def __init__(self, settings):
        torch.manual_seed(0)
        self.model, self.batches = build_model(settings.model, len(INPUTS), 0), []

    def __call__(self, batch):
        self.batches.append((len(batch.basin), batch.predicted_days))
        return self.model.eval()(batch)


@pytest.mark.parametrize("size", [1, 2, 4])
@pytest.mark.parametrize("way", ["windows", "continuous"])
def test_blocks_of_basins_are_simulated_in_the_same_batches(
    store, monkeypatch, way, size
):
    settings = run_settings("all", "all", None)
    whole = read_store(store, INPUTS, ())
    days = whole.days(TEST)
    reached = days.stop - days.start + settings.model.sequence_length - 1
    monkeypatch.setattr(batches, "_FORCING_DAYS", 3 * reached)
    found = {}
    for name, per_block in (("whole", len(NAMES)), ("blocks", size)):
        watched = Watched(settings)
        trained = TrainedModel(watched, settings, SCALER)
        inputs = 4 * len(whole.dates) * len(INPUTS)
        monkeypatch.setattr(simulation, "_BLOCK_BYTES", per_block * inputs)
        blocks = list(simulation._read_blocks(store, settings, NAMES, len(whole.dates)))
        assert len(blocks) == -(-len(NAMES) // per_block)
        discharge = simulation.simulate_blocks(trained, blocks, days, CPU, way)
        found[name] = discharge, watched.batches
    np.testing.assert_array_equal(found["blocks"][0], found["whole"][0])
    assert found["blocks"][1] == found["whole"][1]
    assert len(found["whole"][1]) > 2
    assert np.isnan(found["whole"][0][5]).all()
    assert np.isfinite(found["whole"][0][8]).all()


@pytest.mark.parametrize("metrics", ["metrics", "metrics_2019b"])
def test_basins_are_evaluated_in_blocks_as_at_once(
    store, tmp_path, monkeypatch, metrics
):
    random = np.random.default_rng(0)
    data = read_store(store, (), ())
    days, paths = data.days(TEST), {}
    for name in ("seed1", "seed2", "seed3"):
        flow = np.nan_to_num(data.discharge[:, days], nan=1)
        flow = (flow * random.lognormal(0, 0.4, flow.shape)).astype(np.float32)
        flow[random.random(flow.shape) < 0.01] = np.nan
        paths[name] = tmp_path / f"{name}.nc"
        write_simulation(paths[name], Simulation(NAMES, data.dates[days], flow))
    how = (store, {"train": TRAIN, "test": TEST}, True, metrics, "all")
    whole = evaluation.evaluate_experiment(paths, *how)
    assert list(whole["basin"]) == [n for n in NAMES if n != NAMES[6]] * 4
    for block in (1, 2, 5):
        monkeypatch.setattr(evaluation, "_BLOCK", block)
        pd.testing.assert_frame_equal(
            evaluation.evaluate_experiment(paths, *how), whole, check_exact=True
        )


@pytest.mark.parametrize("columns", [1, 2, 5])
@pytest.mark.parametrize("block", [1, 3, 64])
def test_constants_are_those_of_numpy_bit_by_bit(monkeypatch, columns, block):
    random = np.random.default_rng(columns)
    values = random.gamma(0.5, 40, (7, 3001, columns)).astype(np.float32)
    values[random.random(values.shape) < 0.02] = np.nan
    days = random.random(values.shape[:2]) < 0.7
    monkeypatch.setattr(scaling, "_BASINS", block)
    mean, std = scaling._mean_and_std(values, days)
    chosen = values[days].astype(np.float64)
    assert mean.tolist() == np.nanmean(chosen, axis=0).tolist()
    assert std.tolist() == np.nanstd(chosen, axis=0).tolist()


def opened(store, folder, **changes):
    settings = run_settings("all", "all", None, own_start=False, **changes)
    where = workspace(store, folder)
    where.basin_list.write_text("\n".join(NAMES) + "\n")
    return Run(settings, where)


def test_samples_hold_the_inputs_once_and_read_them_again_where_asked(store, tmp_path):
    run = opened(store, tmp_path)
    scaler, kept = run.samples(run.days)
    place = run.catchments.inputs.__array_interface__["data"][0]
    expected = {n: getattr(kept.series, n).clone() for n in ("scaled", "unscaled")}
    other, alone = run.samples(run.days, last=True)
    assert run.catchments.inputs is None
    assert run.catchments.discharge is None
    assert alone.series.scaled.data_ptr() == place
    assert other == scaler
    for name in ("target", "learned", "basin_std"):
        assert torch.equal(getattr(alone, name), getattr(kept, name))
    for name, values in expected.items():
        found = getattr(alone.series, name)
        np.testing.assert_array_equal(found.numpy(), values.numpy())


@pytest.mark.parametrize("days", [1, 40])
def test_windows_are_the_same_however_many_are_made_at_once(
    store, tmp_path, monkeypatch, days
):
    run = opened(store, tmp_path)
    training = dataclasses.replace(run.settings.training, predicted_days=days)
    run.settings = dataclasses.replace(run.settings, training=training)
    _, samples = run.samples(run.days)
    whole, std = samples.windows(3, 1)[:], samples.basin_std
    for name, value in (("_WINDOWS", 70), ("_BASINS", 2), ("_TILES", 33)):
        monkeypatch.setattr(samples_module, name, value)
    _, samples = run.samples(run.days)
    assert torch.equal(samples.basin_std, std)
    windows = samples.windows(3, 1)
    parts = list(windows.split(32))
    assert torch.equal(torch.cat(parts), whole)
    assert {len(part) for part in parts[:-1]} == {32}
    assert len(windows) == len(whole)


class Reader:
    """Reads series of any length, and counts how often it does."""

    attributes_source = root = forcing = "here"

    def __init__(self, basins, days=4000, later=()):
        self.names, self.days = [f"{n:04d}" for n in range(basins)], days
        self.later, self.reads = later, 0

    def attributes(self):
        return pd.DataFrame({"a": np.arange(len(self.names))}, self.names)

    def read(self, basin):
        self.reads += 1
        late = 20 if int(basin) in self.later else 0
        dates = np.datetime64("2000-01-01") + late + np.arange(self.days)
        values = np.random.default_rng(int(basin)).random((3, self.days))
        prcp, tmin, flow = values.astype(np.float32)
        return BasinSeries(basin, dates, {"prcp": prcp, "tmin": tmin}, flow, "0", "0")


@pytest.mark.parametrize("later", [(), (0,), (7,), (0, 3)])
def test_basins_with_other_days_are_read_twice_and_all_are_in_the_store(
    tmp_path, later
):
    reader = Reader(8, 100, later)
    build_store(tmp_path / "a.h5", reader, reader.names)
    assert reader.reads == (16 if later else 8)
    data = read_store(tmp_path / "a.h5", ("prcp", "tmin"), ("a",))
    assert len(data.dates) == (120 if later else 100)
    for row, name in enumerate(reader.names):
        record = reader.read(name)
        days = np.isin(data.dates, record.dates)
        np.testing.assert_array_equal(data.discharge[row, days], record.discharge)
        np.testing.assert_array_equal(
            data.inputs[row, days, 1], record.variables["tmin"]
        )
        assert np.isnan(data.inputs[row, ~days]).all()
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == [".a.h5.size", "a.h5"]


def peak(function):
    """Return the largest memory that Python and NumPy have taken, in bytes."""
    tracemalloc.start()
    try:
        function()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_building_a_store_takes_the_memory_of_a_few_basins(tmp_path):
    def build(basins):
        reader = Reader(basins)
        build_store(tmp_path / "a.h5", reader, reader.names)

    build(2)  # loads what writes
    few, many = (peak(lambda number=number: build(number)) for number in (80, 320))
    assert many < few + 16_000 * 100  # 100 of 240 basins' single series


class Slow:
    """Readers that are far ahead of the writer must wait."""

    def __init__(self):
        self.started = 0

    def submit(self, function, item):
        self.started += 1
        return self

    def result(self):
        return self.started

    def cancel(self):
        self.started -= 1


def test_readers_are_never_far_ahead_of_the_writer():
    results = store_builder._ahead(Slow(), None, range(100), 8)
    assert [next(results) for _ in range(5)] == [9, 10, 11, 12, 13]


def test_training_takes_no_more_than_its_rule_asks_for(tmp_path, monkeypatch):
    for module, name, value in (
        (scaling, "_BASINS", 4),
        (samples_module, "_BASINS", 4),
        (samples_module, "_TILES", 5000),
    ):
        monkeypatch.setattr(module, name, value)
    basins = [f"{number:08d}" for number in range(60)]
    series = make_series("1980-10-01", "1996-12-31", basins)
    path = series.write(tmp_path / "large.h5")
    period = {"own_start": False, "train_period": ("1980-11-01", "1996-12-31")}
    settings = run_settings("all", "all", None, **period)
    where = workspace(path, tmp_path)
    where.basin_list.write_text("\n".join(basins) + "\n")

    def prepare():
        run = Run(settings, where)
        run.samples(run.days, last=True)[1].windows(0, 0)

    # Of what grows with basins and days.
    asked = sizes.SERIES + 4 * len(INPUTS)
    assert peak(prepare) / (len(basins) * len(series.dates)) < asked


def test_memory_that_rules_ask_for_grows_with_basins_and_days(tmp_path, monkeypatch):
    settings = run_settings("all", "all", None)
    path = tmp_path / "a.h5"
    with pytest.raises(FileNotFoundError) as missing:
        sizes.training_mb(settings, str(path))
    assert missing.value.filename == str(path)  # by which Snakemake knows its input
    reader = Reader(3, 400, later=(1,))
    build_store(path, reader, reader.names)
    assert sizes._size(path) == (3, 420)
    (tmp_path / ".a.h5.size").write_text("half")
    assert sizes.simulation_mb(path) == 3000
    asked = {}
    for basins, days in ((531, 10_000), (5000, 7305), (20_000, 14_600)):
        monkeypatch.setattr(sizes, "_size", lambda _, size=(basins, days): size)
        asked[basins] = (
            sizes.training_mb(settings, path),
            sizes.simulation_mb(path),
            sizes.evaluation_mb(path, 10),
        )
    of_one = dataclasses.replace(settings, basins=("01",))
    assert sizes.training_mb(of_one, path) < 2000
    assert all(mb < 8000 for mb in asked[5000])
    assert asked[531] < asked[5000] < asked[20_000]
