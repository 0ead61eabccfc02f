"""Gradients and elementary effects: against differences, in double precision."""

import dataclasses

import numpy as np
import pytest
import torch
from rerunoff.analysis.attribute_gradients import (
    backward_gradients,
    forward_gradients,
    mean_absolute_gradients,
    rank_attributes,
)
from rerunoff.analysis.elementary_effects import (
    LEVELS,
    as_basins,
    effects,
    problem_of,
    sampling,
    screen_attributes,
    spread,
)
from rerunoff.data.store import read_store
from rerunoff.evaluation.simulate import simulate
from rerunoff.models import build_model
from rerunoff.training.batch import Batch, Series
from rerunoff.training.scaling import Scaler
from rerunoff.training.weights import TrainedModel, load_weights, save_weights
from unit.stores import BASINS, INPUTS, LENGTH, make_series
from unit.stores import settings as run_settings

CPU = torch.device("cpu")
ATTRIBUTES = ("p_mean", "aridity", "elev_mean", "slope_mean")
VALUES = np.array([[3.0, 0.5, 200, 1], [1.0, 2.0, 900, 9], [2.5, 1.1, 50, 4]])
PERIOD = ("1993-10-01", "1994-03-31")
# A day without forcing ends a run of days; the next one starts after its warm-up.
GAP = np.datetime64("1993-12-05")
KINDS = ("ealstm", "lstm")


def trained_network(kind):
    layers = {"layers": 1, "layer_dropout": 0.0, "dropout": 0.4, "hidden_size": 6}
    model = {"kind": kind, "static": True, "initialisation": "uniform", **layers}
    settings = run_settings("e", "all", None, attributes=ATTRIBUTES, model=model)
    torch.manual_seed(5)
    network = build_model(settings.model, len(INPUTS), len(ATTRIBUTES))
    with torch.no_grad():
        for weight in network.parameters():
            if weight.requires_grad:
                weight += 0.6 * torch.randn_like(weight)
    mean, std = VALUES.mean(axis=0), VALUES.std(axis=0, ddof=1)
    outer = [3.0, 2.0, 11.0], [6.0, 7.0, 7.0], 3.0, 2.0
    scaler = Scaler(*outer, mean.tolist(), std.tolist())
    return TrainedModel(network.eval(), settings, scaler)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    series = make_series(last="1994-12-31")
    series.inputs["tmin"][2, series.dates == GAP] = np.nan
    columns = zip(ATTRIBUTES, VALUES.T, strict=True)
    series.attributes = dict(columns)
    return series.write(tmp_path_factory.mktemp("store") / "daymet.h5")


@pytest.fixture
def catchments(store):
    return read_store(store, INPUTS, ATTRIBUTES, BASINS)


def doubled(trained, catchments):
    """Return the network and the series in double precision."""
    series = Series(catchments, trained.scaler, trained.settings, CPU)
    series.scaled, series.attributes = (
        series.scaled.double(),
        series.attributes.double(),
    )
    return trained.model.double(), series


def by_differences(model, series, batch, step=1e-6):
    """Return central differences of each predicted day by each scaled attribute."""
    columns, own = [], series.attributes.clone()
    for column in range(own.shape[1]):
        ends = []
        for sign in (1, -1):
            series.attributes = own.clone()
            series.attributes[:, column] += sign * step
            with torch.no_grad():
                ends.append(model(batch))
        columns.append((ends[0] - ends[1]) / (2 * step))
    series.attributes = own
    return torch.stack(columns, dim=2)


@pytest.mark.parametrize("kind", KINDS)
def test_forward_gradients_are_those_of_every_single_day(kind, catchments):
    model, series = doubled(trained_network(kind), catchments)
    basin, day = torch.tensor([0, 2, 1]), torch.tensor([90, 90, 140])
    batch = Batch(series, basin, day, predicted_days=40)
    found = forward_gradients(model, batch)
    assert found.shape == (3, 40, len(ATTRIBUTES))
    expected = by_differences(model, series, batch)
    assert expected.abs().min(dim=1).values.max() > 1e-5
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-9)
    # Both signs occur, so that a sum over days would be another number.
    assert (found.abs().sum(dim=1) > 1.02 * found.sum(dim=1).abs()).any()


@pytest.mark.parametrize("kind", KINDS)
def test_backward_gradients_are_those_of_every_window(kind, catchments):
    model, series = doubled(trained_network(kind), catchments)
    basin, day = torch.tensor([0, 2, 1, 1]), torch.tensor([90, 91, 50, 140])
    batch = Batch(series, basin, day)
    found = backward_gradients(model, batch)
    expected = by_differences(model, series, batch)[:, 0]
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-9)
    torch.testing.assert_close(found, forward_gradients(model, batch)[:, 0])


@pytest.mark.parametrize("way", ["windows", "continuous"])
@pytest.mark.parametrize("kind", KINDS)
def test_mean_over_the_days_that_are_simulated_so(kind, way, catchments):
    """The derivative of scaled, unclipped discharge, by simulating with others."""
    trained, days = trained_network(kind), catchments.days(PERIOD)
    # Far above 0, so that nothing is clipped.
    high = dataclasses.replace(trained.scaler, output_mean=1e3)
    seen = dataclasses.replace(trained, scaler=high)
    found = mean_absolute_gradients(trained, catchments, days, CPU, way)
    assert found.shape == (len(BASINS), len(ATTRIBUTES))
    for column, std in enumerate(trained.scaler.attribute_std):
        ends = []
        for sign in (1, -1):
            values = catchments.attributes.copy()
            values[:, column] += sign * 0.05 * std
            moved = dataclasses.replace(catchments, attributes=values)
            ends.append(simulate(seen, moved, days, CPU, way).astype(float))
        slope = (ends[0] - ends[1]) / 0.1 / trained.scaler.output_std
        missing = np.isnan(slope).sum(axis=1)
        assert missing.tolist() == [0, 0, LENGTH]
        expected = np.nanmean(np.abs(slope), axis=1)
        np.testing.assert_allclose(found[:, column], expected, rtol=0.01, atol=2e-4)


def test_both_ways_differ_as_the_simulations_do(catchments):
    trained, days = trained_network("lstm"), catchments.days(PERIOD)
    ways = [
        mean_absolute_gradients(trained, catchments, days, CPU, way)
        for way in ("windows", "continuous")
    ]
    assert not np.allclose(*ways, rtol=1e-2)
    # Of a window that begins with the data they are the same network on the same days.
    first = slice(LENGTH - 1, LENGTH)
    ways = [
        mean_absolute_gradients(trained, catchments, first, CPU, way)
        for way in ("windows", "continuous")
    ]
    np.testing.assert_allclose(*ways, rtol=1e-3)


def test_memory_bounds_how_many_basins_go_together(catchments, monkeypatch):
    trained, days = trained_network("ealstm"), catchments.days(PERIOD)
    whole = mean_absolute_gradients(trained, catchments, days, CPU, "continuous")
    monkeypatch.setattr("rerunoff.analysis.attribute_gradients._DERIVATIVES", 1)
    alone = mean_absolute_gradients(trained, catchments, days, CPU, "continuous")
    np.testing.assert_allclose(alone, whole, rtol=1e-5)


@pytest.fixture
def files(tmp_path, store):
    """Weights, store and basin list as a job gets them, the list in another order."""
    trained = trained_network("ealstm")
    outer = trained.model, trained.settings, trained.scaler
    save_weights(tmp_path / "model.pt", *outer)
    listed = tmp_path / "basins.txt"
    listed.write_text("\n".join(BASINS[::-1]) + "\n")
    return tmp_path / "model.pt", store, listed


def test_table_of_gradients_follows_the_list(files, catchments):
    table = rank_attributes(*files, PERIOD, "windows", "cpu", "exact", 1)
    assert list(table.index) == BASINS[::-1]
    assert list(table.columns) == list(ATTRIBUTES)
    days = catchments.days(PERIOD)
    trained = trained_network("ealstm")
    expected = mean_absolute_gradients(trained, catchments, days, CPU, "windows")
    np.testing.assert_allclose(table.loc[BASINS], expected, rtol=1e-5)


# ------------------------------------------------------------------ Morris


def test_effects_of_a_linear_model_are_its_slopes():
    """Mean over days of the absolute change, for the whole range of the attribute."""
    attributes = np.array([[0.0, 10.0], [4.0, 30.0], [1.0, 20.0]])
    problem = problem_of(["a", "b"], attributes)
    assert problem["bounds"] == [[0.0, 4.0], [10.0, 30.0]]
    design = sampling.sample(problem, 5, LEVELS, seed=1)
    # The first attribute raises one day and lowers the other: no change of the mean.
    by_day = np.array([[0.5, -0.5], [0.01, 0.03]])
    table = effects(problem, design, design @ by_day).set_index("attribute")
    np.testing.assert_allclose(table["mu_star"], [4 * 0.5, 20 * 0.02])
    assert table["mu_star_conf"].abs().max() < 1e-9


def test_basins_are_spread_over_the_list():
    assert spread(531, 4).tolist() == [0, 177, 353, 530]
    assert spread(3, 10).tolist() == [0, 1, 2]
    assert spread(5, 1).tolist() == [0]


def test_other_attributes_and_the_basins_own_weather(files, catchments):
    table = screen_attributes(*files, PERIOD, "continuous", 2, 3, "cpu", "exact", 1)
    assert table["basin"].unique().tolist() == [BASINS[2], BASINS[0]]
    assert list(table["attribute"][:4]) == list(ATTRIBUTES)
    # The second of the list's basins that are taken, by hand.
    problem = problem_of(ATTRIBUTES, VALUES)
    design = sampling.sample(problem, 3, LEVELS, seed=2)
    assert len(design) == 3 * (len(ATTRIBUTES) + 1)
    trained, days = load_weights(files[0], CPU), catchments.days(PERIOD)
    discharge = []
    for values in design:
        moved = catchments.attributes.copy()
        moved[0] = values
        seen = dataclasses.replace(catchments, attributes=moved)
        discharge.append(simulate(trained, seen, days, CPU, "continuous")[0])
    expected = effects(problem, design, np.array(discharge))
    found = table[table["basin"] == BASINS[0]].reset_index(drop=True)
    np.testing.assert_allclose(found["mu_star"], expected["mu_star"], rtol=1e-4)
    assert found["mu_star"].min() > 0


def test_basin_as_many(catchments):
    design = np.arange(8.0).reshape(2, 4)
    many = as_basins(catchments, 1, design)
    assert many.basins == [BASINS[1]] * 2
    np.testing.assert_array_equal(many.inputs[0], catchments.inputs[1])
    np.testing.assert_array_equal(many.inputs[1], catchments.inputs[1])
    np.testing.assert_array_equal(many.attributes, design)


def test_period_without_forcing_is_named(files, complaint, tmp_path):
    series = make_series(last="1994-12-31")
    series.inputs["prcp"][2] = np.nan
    series.attributes = dict(zip(ATTRIBUTES, VALUES.T, strict=True))
    store = series.write(tmp_path / "other.h5")
    arguments = (files[0], store, files[2], PERIOD, "windows", 3, 2, "cpu", "exact", 1)
    assert complaint(screen_attributes, *arguments) == (
        f"{store}: basin {BASINS[2]} has no day of the test period with forcing and "
        "warm-up; choose a later one."
    )
    table = rank_attributes(*arguments[:5], "cpu", "exact", 1)
    assert table.loc[BASINS[2]].isna().all()
    assert table.loc[BASINS[:2]].notna().all(axis=None)
