"""Two epochs of `fit`, against a loop written out from the papers' equations.

Only the initial weights, the random order of samples and the masks of dropout are taken
from torch; gradients are torch's automatic ones of the equations below. All is done in
double precision.
"""

import dataclasses
import math

import numpy as np
import pytest
import torch
from rerunoff.data.store import Catchments
from rerunoff.models import build_model
from rerunoff.protocol.settings import ModelSettings, TrainingSettings
from rerunoff.training.loop import fit
from rerunoff.training.run import prepare
from unit.stores import settings as run_settings

LENGTH, HIDDEN, BATCH, SEED = 6, 4, 16, 5
DROPOUT, EPSILON, CLIP, RATES = 0.4, 0.1, 2.0, (0.02, 0.003)
# Exact in float32, in which the series are kept.
SCALING = {
    "input_mean": [2.0, -1.0],
    "input_std": [4.0, 0.5],
    "output_mean": 1.5,
    "output_std": 2.0,
}
FIRST, LAST = 10, 39  # days of training


def catchments():
    """Return a calm and a flashy basin; some days have no discharge."""
    random = np.random.default_rng(0)
    inputs = np.round(random.normal(0, 3, (2, 50, 2)) * 64) / 64
    flow = np.abs(inputs[..., 0]) * np.array([[0.25], [4.0]]) + 0.5
    flow[0, 20:23] = flow[1, 12] = np.nan
    return Catchments(
        basins=["01", "02"],
        dates=np.datetime64("2000-01-01") + np.arange(50),
        inputs=inputs.astype(np.float32),
        discharge=flow.astype(np.float32),
        attributes=np.array([[1.0, 8.0, 0.5], [3.0, 2.0, 0.25]]),
        content="abc",
    )


def run(kind):
    rates = zip((1, 2), RATES, strict=True)
    return run_settings(
        inputs=("prcp", "tmin"),
        attributes=("a", "b", "c"),
        scaling=SCALING,
        model=dataclasses.asdict(
            ModelSettings(kind, True, 1, HIDDEN, LENGTH, 0.0, DROPOUT, 3.0, "papers")
        ),
        training=TrainingSettings(
            "nse",
            EPSILON,
            2,
            BATCH,
            tuple({"from_epoch": epoch, "rate": rate} for epoch, rate in rates),
            CLIP,
        ),
    )


def trained(kind):
    """Return the initial and final weights and the history of the project's path."""
    data, settings = catchments(), run(kind)
    days = np.zeros((2, 50), dtype=bool)
    days[:, FIRST : LAST + 1] = True
    _, samples = prepare(settings, data, "a store", torch.device("cpu"), days)
    samples.target, samples.basin_std = (
        samples.target.double(),
        samples.basin_std.double(),
    )
    samples.series.scaled = samples.series.scaled.double()
    samples.series.attributes = samples.series.attributes.double()
    torch.manual_seed(SEED)
    model = build_model(settings.model, 2, 3).double()
    with torch.no_grad():  # so that no gate is alike any other
        for weight in model.parameters():
            if weight.requires_grad:
                weight += 0.2 * torch.randn_like(weight)
    initial = {name: value.clone() for name, value in model.state_dict().items()}
    torch.manual_seed(SEED)
    history = fit(model, samples, settings.training, SEED)
    return initial, model.state_dict(), history


def lstm(weights, days, attributes):
    """Return the last hidden state of kratzert2019a's LSTM with statics."""
    hidden = cell = torch.zeros(HIDDEN, dtype=torch.float64)
    for day in days:
        x = torch.cat([day, attributes])
        gates = weights["core.weight_ih_l0"] @ x + weights["core.bias_ih_l0"]
        gates = gates + weights["core.weight_hh_l0"] @ hidden
        i, f, g, o = gates.split(HIDDEN)
        cell = torch.sigmoid(f) * cell + torch.sigmoid(i) * torch.tanh(g)
        hidden = torch.sigmoid(o) * torch.tanh(cell)
    return hidden


def ealstm(weights, days, attributes):
    """Return the last hidden state of kratzert2019a's EA-LSTM."""
    hidden = cell = torch.zeros(HIDDEN, dtype=torch.float64)
    i = torch.sigmoid(weights["weight_sh"] @ attributes + weights["bias_s"])
    for day in days:
        gates = weights["weight_ih"] @ day + weights["bias"]
        gates = gates + weights["weight_hh"] @ hidden
        f, g, o = gates.split(HIDDEN)
        cell = torch.sigmoid(f) * cell + i * torch.tanh(g)
        hidden = torch.sigmoid(o) * torch.tanh(cell)
    return hidden


class Hand:
    """The data of the run as the equations need them, straight from the raw series."""

    def __init__(self, network):
        data, self.network = catchments(), network
        self.flow = data.discharge.astype(float)
        self.samples = [
            (basin, day)
            for basin in (0, 1)
            for day in range(FIRST, LAST + 1)
            if not math.isnan(self.flow[basin, day])
        ]
        mean, std = np.array(SCALING["input_mean"]), np.array(SCALING["input_std"])
        self.series = torch.from_numpy((data.inputs.astype(float) - mean) / std)
        # The z-scores of two values with ddof 1.
        half = math.sqrt(0.5)
        self.attributes = torch.tensor([[-half, half, half], [half, -half, -half]])
        self.attributes = self.attributes.double()

    def std(self, basin):
        own = [self.flow[sample] for sample in self.samples if sample[0] == basin]
        mean = sum(own) / len(own)
        return math.sqrt(sum((q - mean) ** 2 for q in own) / len(own))

    def batches(self, epoch):
        generator = torch.Generator().manual_seed(SEED * 10_000 + epoch)
        order = torch.randperm(len(self.samples), generator=generator).tolist()
        for start in range(0, len(order), BATCH):
            yield [self.samples[place] for place in order[start : start + BATCH]]

    def loss(self, weights, batch):
        ones = torch.ones(len(batch), HIDDEN, dtype=torch.float64)
        kept = torch.nn.functional.dropout(ones, DROPOUT) > 0
        total = 0
        for (basin, day), mask in zip(batch, kept, strict=True):
            window = self.series[basin, day - LENGTH + 1 : day + 1]
            hidden = self.network(weights, window, self.attributes[basin])
            hidden = hidden * mask / (1 - DROPOUT)
            simulated = weights["head.weight"][0] @ hidden + weights["head.bias"][0]
            observed = (self.flow[basin, day] - 1.5) / 2
            error = (simulated - observed) / (self.std(basin) + EPSILON)
            total = total + error**2
        return total / len(batch)


def adam(weights, gradients, moments, rate, step):
    """Change the weights as Kingma and Ba 2015 do, algorithm 1."""
    for weight, gradient, (m, v) in zip(weights, gradients, moments, strict=True):
        m.mul_(0.9).add_(0.1 * gradient)
        v.mul_(0.999).add_(0.001 * gradient**2)
        unbiased, root = m / (1 - 0.9**step), (v / (1 - 0.999**step)).sqrt()
        with torch.no_grad():
            weight -= rate * unbiased / (root + 1e-8)


def by_hand(network, initial):
    """Train for two epochs; return weights, mean losses and norms of the gradients."""
    hand, fixed = Hand(network), {name for name in initial if "bias_hh" in name}
    assert hand.std(1) > 10 * hand.std(0)
    weights = {name: value.clone() for name, value in initial.items()}
    learned = [value for name, value in weights.items() if name not in fixed]
    moments = [(torch.zeros_like(w), torch.zeros_like(w)) for w in learned]
    torch.manual_seed(SEED)
    losses, norms = [], []
    for epoch, rate in enumerate(RATES, start=1):
        total = 0.0
        for batch in hand.batches(epoch):
            for weight in learned:
                weight.requires_grad_(True)
            loss = hand.loss(weights, batch)
            gradients = torch.autograd.grad(loss, learned)
            norms.append(math.sqrt(sum(float((g**2).sum()) for g in gradients)))
            clipped = [g * min(1, CLIP / norms[-1]) for g in gradients]
            adam(learned, clipped, moments, rate, len(norms))
            total += loss.item() * len(batch)
        losses.append(total / len(hand.samples))
    return weights, losses, norms


@pytest.mark.parametrize(("kind", "network"), [("lstm", lstm), ("ealstm", ealstm)])
def test_two_epochs_are_those_of_the_equations(kind, network):
    initial, final, history = trained(kind)
    expected, losses, norms = by_hand(network, initial)
    # Clipping matters here, and so does that small gradients are left alone.
    assert len(norms) == 8
    assert min(norms) < CLIP < max(norms)
    assert [row["loss"] for row in history] == pytest.approx(losses, rel=1e-6)
    assert final.keys() == expected.keys()
    for name, weight in expected.items():
        difference = (final[name] - weight.detach()).abs().max()
        assert difference < 1e-6, name
        moved = (final[name] - initial[name]).abs().max()
        assert "bias_hh" in name or moved > 1e-2, name
