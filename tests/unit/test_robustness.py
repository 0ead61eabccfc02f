"""Noise on static attributes: what is drawn, what it does to NSE, and what is kept."""

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from rerunoff.analysis import robustness
from rerunoff.analysis.robustness import Noise, Where, forget, perturb_attributes
from rerunoff.analysis.robustness_numbers import robustness_numbers
from rerunoff.analysis.robustness_tables import (
    by_basin,
    by_level,
    read_levels,
    simulated_basins,
)
from rerunoff.data.store import read_store
from rerunoff.evaluation.evaluate import evaluate_experiment
from rerunoff.evaluation.moments import nse
from rerunoff.evaluation.simulate import simulate, simulate_member
from rerunoff.figures.kratzert2019a import robustness as figure
from rerunoff.models import build_model
from rerunoff.numbers.files import KEY
from rerunoff.numbers.published import read_published
from rerunoff.tables import write_table
from rerunoff.training.scaling import Scaler
from rerunoff.training.weights import load_weights, save_weights
from unit.stores import BASINS, INPUTS, TEST, TRAIN, make_series
from unit.stores import settings as run_settings

CPU = torch.device("cpu")
PUBLISHED = Path(__file__).parents[2] / "config/published/kratzert2019a.csv"
ATTRIBUTES = ("a", "b")
SCALER = Scaler([3.0, 2.0, 11.0], [6.0, 7.0, 7.0], 1.0, 0.8, [2.0, 3.0], [2.0, 4.0])
NOISE = Noise((0.0, 0.4, 1.0), 3, 111)
PERIODS = {"train": TRAIN, "test": TEST}
WAYS = ("windows", "continuous")
# So that the discharge of some days is below 0 and of others above.
LOWER = {"ealstm": 0.5, "lstm": 1.75}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    series = make_series()
    series.attributes = {"a": [1.0, 5.0, 2.0], "b": [0.0, 1.0, 7.0]}
    return series.write(tmp_path_factory.mktemp("store") / "daymet.h5")


@pytest.fixture(scope="module", params=["ealstm", "lstm"])
def weights(request, tmp_path_factory):
    model = {"kind": request.param, "static": True, "layers": 1}
    model |= {"layer_dropout": 0.0, "initialisation": "papers"}
    settings = run_settings("x", "all", None, attributes=ATTRIBUTES, model=model)
    torch.manual_seed(1)
    built = build_model(settings.model, len(INPUTS), len(ATTRIBUTES))
    with torch.no_grad():
        for weight in built.parameters():
            if weight.requires_grad:
                weight += 0.3 * torch.randn_like(weight)
        built.head.bias -= LOWER[request.param]
    path = tmp_path_factory.mktemp("weights") / "model.pt"
    save_weights(path, built, settings, SCALER)
    return path


@pytest.fixture
def listed(tmp_path):
    path = tmp_path / "basins.txt"
    path.write_text("\n".join(BASINS[::-1]) + "\n")  # not in the store's order
    return path


@pytest.fixture
def where(tmp_path):
    return Where("cpu", "exact", 1, tmp_path / "checkpoints", "code")


@pytest.mark.parametrize("way", WAYS)
def test_without_noise_nse_is_that_of_the_evaluation(
    store, weights, listed, where, way, tmp_path
):
    basins, values = perturb_attributes(
        weights, store, listed, PERIODS, NOISE, way, where
    )
    assert basins == BASINS[::-1]
    assert values.shape == (3, 1 + 3 + 3)
    path, how = tmp_path / "s.nc", ("cpu", "exact", 1)
    simulate_member([weights], store, listed, TEST, None, way, *how, path)
    table = evaluate_experiment(
        {"seed111": path}, store, PERIODS, False, "metrics", "x"
    )
    expected = table[table["member"] == "seed111"].set_index("basin")["NSE"]
    np.testing.assert_allclose(values[:, 0], expected[basins], rtol=1e-5)


@pytest.mark.parametrize("way", WAYS)
def test_nse_of_a_draw_is_that_of_a_basin_with_such_attributes(
    store, weights, listed, where, way
):
    basins, values = perturb_attributes(
        weights, store, listed, PERIODS, NOISE, way, where
    )
    trained = load_weights(weights, CPU)
    catchments = read_store(store, INPUTS, ATTRIBUTES, basins)
    days = catchments.days(TEST)
    for row, basin in enumerate(basins):
        shift = NOISE.of_level(1.0, 3, basin, len(ATTRIBUTES))[2]
        moved = catchments.attributes.copy()
        moved[row] += shift * np.array(SCALER.attribute_std)
        moved = dataclasses.replace(catchments, attributes=moved)
        flow = simulate(trained, moved, days, CPU, way)
        expected = nse(catchments.discharge[:, days], flow)[row]
        np.testing.assert_allclose(values[row, 6], expected, rtol=1e-4)
        assert abs(expected - values[row, 0]) > 1e-3


def test_test_of_a_late_basin_starts_late(store, weights, listed, where):
    periods = PERIODS | {"own_start": True}
    series = make_series()
    series.attributes = {"a": [1.0, 5.0, 2.0], "b": [0.0, 1.0, 7.0]}
    series.discharge[1, series.dates < np.datetime64("1992-01-01")] = np.nan
    late = series.write(where.checkpoints.parent / "late.h5")
    given = (weights, late, listed)
    _, whole = perturb_attributes(*given, PERIODS, NOISE, "continuous", where)
    _, cut = perturb_attributes(*given, periods, NOISE, "continuous", where)
    assert (whole != cut).all(axis=1).tolist() == [False, True, False]


def test_noise_follows_from_seed_level_basin_and_draw_alone():
    drawn = NOISE.of_level(0.4, 3, "01022500", 27)
    whole = NOISE.of_basin("01022500", 27)
    assert whole.shape == (7, 27)
    assert (whole[0] == 0).all()
    assert (whole[1:4] == drawn).all()
    # Of a run with other levels, more draws, another order.
    other = Noise((1.0, 0.2, 2 * 0.2), 9, 111).of_basin("01022500", 27)
    assert (other[18:21] == drawn).all()
    assert (other[:3] == whole[4:]).all()
    different = [
        Noise(NOISE.levels, 3, 222).of_level(0.4, 3, "01022500", 27),
        NOISE.of_level(0.4, 3, "01022501", 27),
        NOISE.of_level(1.0, 3, "01022500", 27) * 0.4,
    ]
    for one in different:
        assert not np.isclose(one, drawn).any()
    assert len(np.unique(drawn)) == drawn.size


def test_noise_has_the_standard_deviation_of_its_level():
    drawn = NOISE.of_level(0.4, 400, "camels_01022500", 27)
    assert drawn.mean() == pytest.approx(0, abs=0.02)
    assert drawn.std() == pytest.approx(0.4, rel=0.02)


def killed_after(count, monkeypatch):
    """Let the job be killed after some basins; return those it computed."""
    computed, whole = [], robustness._Job.nse

    def until(job, row, *arguments):
        if len(computed) == count:
            raise KeyboardInterrupt
        computed.append(job.catchments.basins[row])
        return whole(job, row, *arguments)

    monkeypatch.setattr(robustness._Job, "nse", until)
    return computed


def test_a_killed_job_goes_on_where_it_was(
    store, weights, listed, where, monkeypatch, tmp_path, caplog
):
    caplog.set_level("INFO")
    job = weights, store, listed, PERIODS, NOISE, "continuous"
    aside = dataclasses.replace(where, checkpoints=tmp_path / "aside")
    _, expected = perturb_attributes(*job, aside)
    with monkeypatch.context() as patch:
        assert killed_after(2, patch) == []
        with pytest.raises(KeyboardInterrupt):
            perturb_attributes(*job, where)
    with monkeypatch.context() as patch:
        computed = killed_after(9, patch)
        _, values = perturb_attributes(*job, where)
    assert computed == BASINS[:1]  # the last of the list
    assert "resuming after 2 basins" in caplog.text
    assert (values == expected).all()
    forget(where.checkpoints)
    assert not where.checkpoints.exists()


OTHERS = {
    "levels": {"noise": dataclasses.replace(NOISE, levels=(0.0, 0.4, 0.9))},
    "draws": {"noise": dataclasses.replace(NOISE, draws=4)},
    "seed": {"noise": dataclasses.replace(NOISE, seed=112)},
    "way": {"simulation": "windows"},
    "period": {"periods": PERIODS | {"test": (TEST[0], "1996-09-29")}},
    "code": {"code": "other"},
}


@pytest.mark.parametrize("other", OTHERS)
def test_basins_of_another_analysis_are_not_taken(
    store, weights, listed, where, monkeypatch, other
):
    told = {"periods": PERIODS, "noise": NOISE, "simulation": "continuous"}
    perturb_attributes(weights, store, listed, **told, where=where)
    change = dict(OTHERS[other])
    if "code" in change:
        where = dataclasses.replace(where, code=change.pop("code"))
    computed = killed_after(9, monkeypatch)
    perturb_attributes(weights, store, listed, **told | change, where=where)
    assert computed == BASINS[::-1]


def test_a_damaged_basin_is_computed_once_more(
    store, weights, listed, where, monkeypatch, caplog
):
    job = weights, store, listed, PERIODS, NOISE, "continuous", where
    _, expected = perturb_attributes(*job)
    path = next(where.checkpoints.rglob(f"{BASINS[1]}.npy"))
    content = bytearray(path.read_bytes())
    content[-100] ^= 1  # of a number
    path.write_bytes(content)
    computed = killed_after(9, monkeypatch)
    _, values = perturb_attributes(*job)
    assert computed == BASINS[1:2]
    assert f"{path} cannot be used" in caplog.text
    assert (values == expected).all()


VALUES = np.array(
    [
        [0.8, 0.5, 0.6, 0.7, -1.0, 0.1, 0.3],
        [0.4, 0.3, 0.2, 0.4, 0.0, -3.0, 0.2],
        [np.nan] * 7,  # observations that never change
    ]
)


def test_statistics_are_over_basins_and_draws_together():
    table = by_level(VALUES, NOISE).set_index("level")
    assert table["basins"].tolist() == [2, 2, 2]
    assert table["draws"].tolist() == [1, 3, 3]
    assert table["mean"].tolist() == pytest.approx([0.6, 0.45, -3.4 / 6])
    assert table["median"].tolist() == pytest.approx([0.6, 0.45, 0.05])
    ordered = np.sort([-1.0, 0.1, 0.3, 0.0, -3.0, 0.2])
    for name, share in (("p05", 0.05), ("p25", 0.25), ("p75", 0.75), ("p95", 0.95)):
        place = share * 5
        low = int(place)
        value = ordered[low] + (place - low) * (ordered[low + 1] - ordered[low])
        assert table.loc[1.0, name] == pytest.approx(value)
    rows = by_basin(BASINS, VALUES, NOISE).set_index(["basin", "level"])
    assert rows.loc[(BASINS[1], 1.0), "median"] == 0
    assert rows.loc[(BASINS[0], 0.4), "mean"] == 0.6
    assert rows.loc[(BASINS[0], 0.4), "draws"] == 3


def written(folder, values=VALUES, noise=NOISE):
    levels, basins = folder / "levels.csv", folder / "basins.csv"
    write_table(by_level(values, noise), levels)
    write_table(by_basin(BASINS, values, noise), basins)
    return read_levels(levels), simulated_basins(basins)


def test_numbers_have_the_keys_of_the_published_ones(tmp_path):
    paper = Noise(tuple(step / 10 for step in range(11)), 2, 111)
    values = np.linspace(0, 1, 3 * 21).reshape(3, 21)
    levels, basins = written(tmp_path, values, paper)
    rows = robustness_numbers(levels, basins, BASINS, "ealstm_nse", "seed111")
    published = read_published(PUBLISHED)
    published = published[published["quantity"] == "robustness"]
    keys = {tuple(row[name] for name in KEY) for row in rows}
    assert keys == set(published[list(KEY)].itertuples(index=False, name=None))
    assert rows[2]["value"] == pytest.approx(np.median(values[:, 1:3]))
    assert {row["incomplete"] for row in rows} == {""}


def test_numbers_say_which_basins_are_missing(tmp_path):
    levels, basins = written(tmp_path)
    assert basins == BASINS[:2]  # the last has no NSE

    def told(wanted):
        rows = robustness_numbers(levels, basins, wanted, "x", "seed1")
        return {row["incomplete"] for row in rows}

    assert told(BASINS) == {"basin set incomplete: 2 of 3"}
    assert told(None) == {"the paper's basin list is not at hand"}


def test_damaged_table_is_named(tmp_path, complaint):
    path = tmp_path / "levels.csv"
    write_table(pd.DataFrame({"level": [0.1]}), path)
    assert complaint(read_levels, path) == (
        f"{path}: column basins is missing; make it again."
    )


def test_figure_shows_boxes_whiskers_and_the_papers_curve():
    table = by_level(VALUES, NOISE)
    looks = {"x": {"title": "Mine", "model": "ealstm", "loss": "nse"}}
    published = {("NSE_sigma0.4", "median"): 0.66, ("NSE_sigma0.3", "mean"): 0.5}
    drawn = figure.figure_of(table, published, looks, "x", "seed111")
    boxes, lines = drawn.axes
    assert boxes.get_ylim() == (-6, 1)
    assert len(boxes.patches) == 3
    last = table.iloc[2]
    heights = boxes.patches[2].get_path().vertices[:, 1]
    ends = [heights.min(), heights.max()]
    assert ends == pytest.approx(last[["p25", "p75"]].tolist())
    drawn_values = [line.get_ydata() for line in boxes.lines]
    for name in ("p05", "p95", "median", "mean"):
        assert any(last[name] in values for values in drawn_values), name
    assert lines.lines[0].get_ydata().tolist() == table["median"].tolist()
    (theirs,) = [line for line in lines.lines if line.get_linestyle() == "None"]
    assert (theirs.get_xdata().tolist(), theirs.get_ydata().tolist()) == ([0.4], [0.66])
    labels = [text.get_text() for text in drawn.legends[0].texts]
    assert labels == ["median, here", "mean, here", "median, paper", "mean, paper"]
    alone = figure.figure_of(table, {}, looks, "x", "seed111")
    assert len(alone.legends[0].texts) == 2
