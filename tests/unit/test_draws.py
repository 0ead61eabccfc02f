"""Simulations with many sets of attributes against plain ones, one set at a time."""

import dataclasses

import numpy as np
import pytest
import torch
from rerunoff.analysis import draws
from rerunoff.analysis.draws import simulate_draws
from rerunoff.data.store import Catchments
from rerunoff.evaluation.batches import cut_days, cut_runs, on_each_day
from rerunoff.models import build_model
from rerunoff.training.scaling import Scaler
from rerunoff.training.weights import TrainedModel
from unit.stores import INPUTS, LENGTH
from unit.stores import settings as run_settings

CPU = torch.device("cpu")
DAYS, ATTRIBUTES, HIDDEN = 60, ("a", "b", "c", "d"), 6
GAP = 30  # a day without forcing
WAYS = {"windows": cut_days, "continuous": cut_runs}
KINDS = ("ealstm", "lstm")


class Exact(Scaler):
    """Scales to float64, so that a comparison need not allow for rounding."""

    def inputs(self, values, place=None):
        return (values - np.array(self.input_mean)) / self.input_std

    def attributes(self, values):
        return (values - np.array(self.attribute_mean)) / self.attribute_std


@pytest.fixture
def catchment():
    """One basin whose forcing has a gap."""
    random = np.random.default_rng(2)
    inputs = random.normal(size=(1, DAYS, len(INPUTS)))
    inputs[0, GAP, 1] = np.nan
    dates = np.datetime64("1990-10-01") + np.arange(DAYS)
    flow = np.ones((1, DAYS))
    attributes = random.normal(5, 2, (1, len(ATTRIBUTES)))
    return Catchments(["01"], dates, inputs, flow, attributes, "abc")


def network(kind, catchment):
    """Return a network of float64 away from its initial weights."""
    model = {"kind": kind, "static": True, "layers": 1, "hidden_size": HIDDEN}
    model |= {"layer_dropout": 0.0, "initialisation": "papers", "dropout": 0.4}
    settings = run_settings("x", "all", None, attributes=ATTRIBUTES, model=model)
    torch.manual_seed(3)
    built = build_model(settings.model, len(INPUTS), len(ATTRIBUTES)).double()
    with torch.no_grad():
        for weight in built.parameters():
            if weight.requires_grad:
                weight += 0.3 * torch.randn_like(weight)
    means = [4.0, 5.0, 6.0, 5.0], [2.0, 1.0, 3.0, 2.0]
    scaler = Exact([0.1, 0.2, -0.1], [1.1, 0.9, 1.3], 3.0, 2.0, *means)
    return TrainedModel(built.eval(), settings, scaler)


def plain(trained, catchment, days, way, shift):
    """Simulate scaled discharge with attributes that are shifted in the data."""
    std = np.array(trained.scaler.attribute_std)
    moved = catchment.attributes + shift * std
    moved = dataclasses.replace(catchment, attributes=moved)

    def predicted(batch):
        values = trained.model(batch)
        return values.squeeze(1) if batch.counts is None else values[batch.counts]

    _, day, values = on_each_day(predicted, trained, moved, days, CPU, WAYS[way])
    all_days = np.full(DAYS, np.nan)
    all_days[day] = values
    return all_days


@pytest.mark.parametrize("cells", [1 << 17, 3 * HIDDEN])  # one block, and many
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", KINDS)
def test_each_draw_is_a_plain_simulation_with_its_attributes(
    kind, way, cells, catchment, monkeypatch
):
    monkeypatch.setitem(draws._CELLS, "cpu", cells)
    trained = network(kind, catchment)
    shifts = np.random.default_rng(5).normal(size=(7, len(ATTRIBUTES)))
    shifts[0] = 0
    own = trained.scaler.attributes(catchment.attributes)
    given = [trained.scaler.inputs(catchment.inputs[0]), own + shifts]
    found = simulate_draws(trained.model, kind, *map(torch.tensor, given), LENGTH, way)
    assert found.shape == (7, DAYS)
    for row, shift in zip(found, shifts, strict=True):
        expected = plain(trained, catchment, slice(0, DAYS), way, shift)
        np.testing.assert_allclose(row, expected, rtol=1e-10, atol=1e-12)
    missing = found[0].isnan().nonzero().flatten().tolist()
    assert missing == [*range(LENGTH - 1), *range(GAP, GAP + LENGTH)]
    assert found[1:, -1].std() > 1e-3


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", KINDS)
def test_float32_gives_the_same_but_for_rounding(kind, way, catchment):
    """It has a kernel of its own on a CPU."""
    trained = network(kind, catchment)
    forcing = torch.tensor(trained.scaler.inputs(catchment.inputs[0]))
    given = forcing, torch.randn(9, len(ATTRIBUTES), dtype=torch.float64)
    exact = simulate_draws(trained.model, kind, *given, LENGTH, way)
    rounded = [values.float() for values in given]
    found = simulate_draws(trained.model.float(), kind, *rounded, LENGTH, way)
    assert found.dtype == torch.float32
    np.testing.assert_allclose(found, exact, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("way", WAYS)
def test_shorter_series_than_a_window_gives_nothing(way, catchment):
    trained = network("ealstm", catchment)
    forcing = torch.tensor(trained.scaler.inputs(catchment.inputs[0, : LENGTH - 1]))
    one = torch.zeros(2, len(ATTRIBUTES), dtype=torch.float64)
    found = simulate_draws(trained.model, "ealstm", forcing, one, LENGTH, way)
    assert found.shape == (2, LENGTH - 1)
    assert found.isnan().all()
