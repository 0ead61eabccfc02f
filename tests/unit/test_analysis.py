"""Snow, correlations, benchmark and epochs, against values worked out apart."""

import math

import numpy as np
import pandas as pd
import pytest
import torch
import yaml
from rerunoff.analysis.benchmark import choose_calibration
from rerunoff.analysis.correlation import discharge_correlation
from rerunoff.analysis.epoch_trace import trace_epochs
from rerunoff.analysis.epochs import (
    best_epoch,
    fine_tuning_table,
    read_scores,
    selection_table,
)
from rerunoff.analysis.snow import degree_day_swe
from rerunoff.data.model_output import read_model_output
from rerunoff.data.simulation_writer import write_simulation
from rerunoff.data.simulations import Simulation
from rerunoff.data.store import read_store
from rerunoff.evaluation.simulate import simulate
from rerunoff.tables import read_series, write_table
from rerunoff.training.run import train_run
from rerunoff.training.weights import load_weights
from unit.stores import (
    BASINS,
    INPUTS,
    TEST,
    TRAIN,
    make_series,
    outputs,
    workspace,
)
from unit.stores import settings as run_settings

CPU = torch.device("cpu")
NAN = math.nan


def test_snow_by_hand():
    rain = np.array([4.0, 5.0, NAN, 2.0, 8.0, 1.0, 3.0, 6.0, 7.0])
    mean = np.array([-1.0, 0.0, -3.0, 1.0, NAN, 0.5, 9.0, 2.0, -0.1])
    # Falls at 0 °C too; melts 3 mm per degree, but no more than there is.
    expected = [4.0, 9.0, 9.0, 6.0, 6.0, 4.5, 0.0, 0.0, 7.0]
    np.testing.assert_allclose(degree_day_swe(rain, mean), expected)


def test_snow_starts_with_none():
    assert degree_day_swe(np.array([5.0, 5.0]), np.array([3.0, -3.0])).tolist() == [
        0.0,
        5.0,
    ]


@pytest.fixture
def gappy():
    """Series with gaps, two late basins, and one with hardly any discharge."""
    series = make_series(basins=[*BASINS, "01013500"])
    random = np.random.default_rng(1)
    series.discharge[random.random(series.discharge.shape) < 0.2] = NAN
    # Two, because the days that a late basin shares with another are those of that one.
    series.discharge[1:3, series.dates < np.datetime64("1991-11-01")] = NAN
    series.discharge[3, 400:] = NAN
    return series


@pytest.mark.parametrize("own_start", [True, False])
def test_correlation_of_discharge_on_common_days(gappy, tmp_path, own_start):
    store = gappy.write(tmp_path / "daymet.h5")
    regions = {"huc01": [BASINS[2], BASINS[0], BASINS[1]], "huc03": ["01013500"]}
    table = discharge_correlation(store, regions, TRAIN, own_start)
    assert list(table.columns) == ["region", "basin", "other", "r"]
    assert len(table) == 10
    periods = dict.fromkeys(BASINS, TRAIN)
    if own_start:
        periods |= dict.fromkeys(BASINS[1:], ("1991-10-01", "1994-09-30"))
    flow = {}
    for row, basin in enumerate(BASINS):
        flow[basin] = np.full(len(gappy.dates), NAN)
        days = gappy.days(*periods[basin])
        flow[basin][days] = gappy.discharge[row, days].astype(np.float32)
    found = table[table["region"] == "huc01"].set_index(["basin", "other"])["r"]
    for basin in BASINS:
        for other in BASINS:
            common = np.isfinite(flow[basin]) & np.isfinite(flow[other])
            expected = np.corrcoef(flow[basin][common], flow[other][common])[0, 1]
            assert found[basin, other] == pytest.approx(expected, rel=1e-10)
    rest = table[table["region"] == "huc03"].iloc[0]
    assert (rest["basin"], rest["other"]) == ("01013500", "01013500")
    assert math.isnan(rest["r"])  # fewer than 365 days


def test_a_year_of_common_days_is_enough(tmp_path):
    series = make_series()
    series.discharge[0, series.days(*TRAIN).start + 365 :] = NAN
    series.discharge[1, series.days(*TRAIN).start + 364 :] = NAN
    store = series.write(tmp_path / "daymet.h5")
    table = discharge_correlation(store, {"huc01": BASINS}, TRAIN, False)
    found = table.set_index(["basin", "other"])["r"]
    assert np.isfinite(found[BASINS[0], BASINS[2]])
    assert math.isnan(found[BASINS[1], BASINS[2]])


SEEDS = ["05", "11", "27"]


def benchmark(series, errors):
    """Return benchmark runs that miss the discharge by (seed, basin) in training."""
    runoff = np.broadcast_to(series.discharge, (3, *series.discharge.shape)).copy()
    runoff += np.array(errors)[..., None]
    swe = np.zeros_like(runoff)
    return Simulation(list(series.basins), series.dates, runoff, SEEDS, swe)


def choose(series, output, folder, basins=BASINS, own_start=True):
    store = series.write(folder / "daymet.h5")
    path = folder / "model_output.h5"
    write_simulation(path, output)
    periods = (TRAIN, TEST, own_start)
    return choose_calibration(path, store, basins, *periods)


def test_calibration_with_the_lowest_error_in_training_is_chosen(tmp_path):
    series = make_series()
    output = benchmark(series, [[3, 1, -2], [2, -2, 1], [-1, 3, 3]])
    # Perfect in the test period, or before training: that must not count.
    test, before = series.days(*TEST), slice(0, series.days(*TRAIN).start)
    output.discharge[0, :, test] = series.discharge[:, test]
    output.discharge[1, :, before] = series.discharge[:, before]
    best, chosen = choose(series, output, tmp_path)
    assert chosen.to_dict("list") == {"basin": BASINS, "seed": ["27", "05", "11"]}
    assert best.basins == BASINS
    assert [str(day) for day in best.dates[[0, -1]]] == list(TEST)
    for row, seed in enumerate((2, 0, 1)):
        expected = output.discharge[seed, row, test].astype(np.float32)
        np.testing.assert_array_equal(best.discharge[row], expected)


def test_calibrations_come_in_the_order_of_the_basins_asked_for(tmp_path):
    series = make_series()
    output = benchmark(series, [[3, 1, -2], [2, -2, 1], [-1, 3, 3]])
    best, chosen = choose(series, output, tmp_path, [BASINS[2], BASINS[0]])
    assert chosen.to_dict("list") == {
        "basin": [BASINS[2], BASINS[0]],
        "seed": ["11", "27"],
    }
    assert best.discharge.shape == (2, 1096)


def test_late_basin_is_calibrated_in_its_own_years(tmp_path):
    series = make_series()
    late = series.dates < np.datetime64("1992-10-01")
    series.discharge[0, late] = NAN
    output = benchmark(series, np.zeros((3, 3)))
    # Seed 05 is good in the common years, 27 in the basin's own three.
    own = series.days("1992-10-01", "1995-09-30")
    output.discharge[:, 0, own] += np.array([[2.0], [3.0], [1.0]])
    common = series.days("1992-10-01", TRAIN[1])
    output.discharge[0, 0, common] -= 2.0
    _, chosen = choose(series, output, tmp_path)
    assert chosen["seed"][0] == "27"
    _, chosen = choose(series, output, tmp_path, own_start=False)
    assert chosen["seed"][0] == "05"


def test_basin_without_a_day_of_calibration_has_no_benchmark(tmp_path):
    series = make_series()
    series.discharge[1] = NAN
    output = benchmark(make_series(), np.zeros((3, 3)))
    best, chosen = choose(series, output, tmp_path)
    assert chosen["seed"].isna().tolist() == [False, True, False]
    assert np.isnan(best.discharge[1]).all()
    write_table(chosen, tmp_path / "chosen.csv")
    lines = (tmp_path / "chosen.csv").read_text().splitlines()
    assert lines == [
        "basin,seed",
        f"{BASINS[0]},05",
        f"{BASINS[1]},",
        f"{BASINS[2]},05",
    ]


def test_observations_in_the_files_of_the_benchmark_are_not_looked_at(tmp_path):
    series = make_series()
    days = series.days(*TRAIN)
    header = "YR MNTH DY HR SWE PRCP RAIM TAIR PET ET MOD_RUN OBS_RUN"
    folder = tmp_path / "model_output" / "01"
    folder.mkdir(parents=True)
    for seed, error in (("05", 2.0), ("11", 1.0)):
        lines = [header]
        for day in range(days.start, days.stop):
            date = str(series.dates[day]).replace("-", " ")
            run = series.discharge[0, day] + error
            # By OBS_RUN the first seed is perfect.
            seen = series.discharge[0, day] + 2
            lines.append(f"{date} 12 0 0 0 0 0 0 {run:.6f} {seen:.6f}")
        path = folder / f"{BASINS[0]}_{seed}_model_output.txt"
        path.write_text("\n".join(lines) + "\n")
    output = read_model_output(tmp_path / "model_output", BASINS[:1])
    _, chosen = choose(series, output, tmp_path, BASINS[:1])
    assert chosen["seed"].tolist() == ["11"]


def scores(**columns):
    table = pd.DataFrame({basin.removeprefix("b"): v for basin, v in columns.items()})
    table.index = pd.RangeIndex(1, len(table) + 1, name="epoch")
    return table


def test_best_epoch_is_that_of_the_highest_mean():
    table = scores(b01=[0.1, 0.9, 0.5], b02=[0.2, -1.0, 0.4], b03=[NAN, NAN, NAN])
    assert best_epoch(table) == (3, pytest.approx(0.45))
    # The median is highest after the second.
    assert best_epoch(table.assign(b04=[0.6, 0.95, 0.45]))[0] == 3
    assert best_epoch(scores(b01=[-5.0, -6.0])) == (1, -5.0)


def test_selection_table():
    basin = scores(b01=[0.1, 0.9, 0.5], b02=[0.2, -1.0, 0.4], b03=[NAN] * 3)
    region = scores(b01=[0.3, 0.2], b02=[0.5, 0.4])
    table = selection_table(
        {"basin": basin, "region": region}, {"basin": 2, "region": 9}
    )
    first, second = table.to_dict("records")
    assert first == {
        "experiment": "basin",
        "epoch": 3,
        "nse_mean": pytest.approx(0.45),
        "epoch_used": 2,
        "nse_mean_at_used": pytest.approx(-0.05),
        "basins": 2,
    }
    assert (second["epoch"], second["epoch_used"], second["basins"]) == (1, 9, 2)
    assert second["nse_mean"] == pytest.approx(0.4)
    assert math.isnan(second["nse_mean_at_used"])


def test_scores_of_units_are_joined(tmp_path):
    paths = [tmp_path / "a.csv", tmp_path / "b.csv"]
    paths[0].write_text("epoch,01013500,01022500\n1,0.5,nan\n2,0.25,nan\n")
    paths[1].write_text("epoch,x_1\n1,-1.0\n2,-2\n")
    table = read_scores(paths)
    assert list(table.columns) == ["01013500", "01022500", "x_1"]
    assert table["x_1"].tolist() == [-1, -2]
    assert table["01022500"].isna().all()
    assert table.index.tolist() == [1, 2]


@pytest.mark.parametrize("text", ["", "day,01\n1,0.5\n"])
def test_damaged_scores_are_named(complaint, tmp_path, text):
    path = tmp_path / "scores.csv"
    path.write_text(text)
    message = complaint(read_scores, [path])
    assert message.startswith(f"{path}: no readable scores (")


def test_fine_tuning_table(tmp_path):
    rows = [("01", 2, [0.25, 0.75, 0.5]), ("03", 1, [-0.5, -0.75])]
    paths = []
    for basin, chosen, nse in rows:
        record = {"settings": {"basins": [basin]}}
        record |= {"epochs_chosen": chosen, "selection_nse": nse}
        paths.append(tmp_path / f"{basin}.yaml")
        paths[-1].write_text(yaml.safe_dump(record))
    table = fine_tuning_table(paths, {"huc01": ["02", "01"], "huc03": ["03"]})
    assert table.to_dict("records") == [
        {"basin": "01", "region": "huc01", "epochs": 2, "nse": 0.75, "tried": 3},
        {"basin": "03", "region": "huc03", "epochs": 1, "nse": -0.5, "tried": 2},
    ]


def test_last_traced_epoch_is_the_trained_network(tmp_path):
    store = make_series().write(tmp_path / "daymet.h5")
    small, path = run_settings(epochs=2), tmp_path / "trace.csv"
    where = workspace(store, tmp_path)
    trace_epochs(small, where, [2, 1, 7], TEST, path)
    trace = read_series(path)
    assert list(trace.columns) == ["2", "1"]  # the seventh is never reached
    assert [str(day)[:10] for day in trace.index[[0, -1]]] == list(TEST)
    assert not (tmp_path / "checkpoints").exists()
    for epochs in (1, 2):
        some = run_settings(epochs=epochs)
        train_run(some, where, outputs(tmp_path))
        data = read_store(store, INPUTS, (), BASINS[:1])
        trained = load_weights(tmp_path / "model.pt", CPU)
        expected = simulate(trained, data, data.days(TEST), CPU)[0]
        np.testing.assert_allclose(trace[str(epochs)], expected, rtol=1e-6)
    assert not np.allclose(trace["1"], trace["2"])


def test_damaged_series_is_named(complaint, tmp_path):
    path = tmp_path / "trace.csv"
    assert complaint(read_series, path).startswith(f"{path}: no such file")
    path.write_text("")
    assert complaint(read_series, path).startswith(f"{path}: no readable series (")
