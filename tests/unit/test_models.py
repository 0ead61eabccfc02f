"""The networks against per-day loops written from the papers' equations."""

import pytest
import torch
from rerunoff.models import build_model
from rerunoff.settings import ModelSettings

BATCH, TIME, INPUTS, ATTRIBUTES, HIDDEN = 7, 23, 5, 4, 6


def settings(kind, static=True, dropout=0.0, initialisation="papers"):
    return ModelSettings(kind, static, HIDDEN, TIME, dropout, 5.0, initialisation)


def perturbed(kind, attributes=ATTRIBUTES):
    """Return a float64 network away from its initial weights, where gates matter."""
    torch.manual_seed(3)
    model = build_model(settings(kind, attributes > 0), INPUTS, attributes).double()
    with torch.no_grad():
        for weight in model.parameters():
            if weight.requires_grad:
                weight += 0.3 * torch.randn_like(weight)
    return model


def batch(attributes=ATTRIBUTES):
    torch.manual_seed(4)
    x_dynamic = torch.randn(BATCH, TIME, INPUTS, dtype=torch.float64)
    return x_dynamic, torch.randn(BATCH, attributes, dtype=torch.float64)


def ealstm_loop(model, x_dynamic, x_static):
    """Equations 6 to 11 of kratzert2019a, day by day."""
    gate = torch.sigmoid(x_static @ model.weight_sh.T + model.bias_s)
    hidden = cell = x_dynamic.new_zeros(BATCH, HIDDEN)
    for day in range(TIME):
        gates = (
            x_dynamic[:, day] @ model.weight_ih.T
            + hidden @ model.weight_hh.T
            + model.bias
        )
        forget, candidate, output = gates.chunk(3, dim=1)
        cell = torch.sigmoid(forget) * cell + gate * torch.tanh(candidate)
        hidden = torch.sigmoid(output) * torch.tanh(cell)
    return model.head(hidden)


def lstm_loop(model, x_dynamic, x_static):
    """Equations 1 to 5 of kratzert2019a, day by day, attributes beside the forcing."""
    lstm = model.lstm
    hidden = cell = x_dynamic.new_zeros(BATCH, HIDDEN)
    for day in range(TIME):
        x = torch.cat([x_dynamic[:, day], x_static], dim=1)
        gates = x @ lstm.weight_ih_l0.T + hidden @ lstm.weight_hh_l0.T
        gates = gates + lstm.bias_ih_l0
        input_, forget, candidate, output = gates.chunk(4, dim=1)
        cell = torch.sigmoid(forget) * cell + torch.sigmoid(input_) * torch.tanh(
            candidate
        )
        hidden = torch.sigmoid(output) * torch.tanh(cell)
    return model.head(hidden)


CASES = [
    ("ealstm", ealstm_loop, ATTRIBUTES),
    ("lstm", lstm_loop, ATTRIBUTES),
    ("lstm", lstm_loop, 0),
]


@pytest.mark.parametrize(("kind", "oracle", "attributes"), CASES)
def test_forward_equals_the_equations(kind, oracle, attributes):
    model, x = perturbed(kind, attributes), batch(attributes)
    torch.testing.assert_close(model(*x), oracle(model, *x), rtol=1e-11, atol=1e-11)


@pytest.mark.parametrize(("kind", "oracle", "attributes"), CASES)
def test_gradients_equal_those_of_the_equations(kind, oracle, attributes):
    model, x = perturbed(kind, attributes), batch(attributes)
    weights = [weight for weight in model.parameters() if weight.requires_grad]
    ours = torch.autograd.grad((model(*x) ** 2).sum(), weights)
    theirs = torch.autograd.grad((oracle(model, *x) ** 2).sum(), weights)
    for mine, other in zip(ours, theirs, strict=True):
        torch.testing.assert_close(mine, other, rtol=1e-9, atol=1e-9)


def test_input_gate_of_the_ealstm_ignores_forcing_and_hidden_state():
    model = perturbed("ealstm")
    x_dynamic, x_static = batch()
    expected = torch.sigmoid(x_static @ model.weight_sh.T + model.bias_s)
    torch.testing.assert_close(model.static_gate(x_static), expected)
    with torch.no_grad():
        model.weight_ih.zero_()
        model.weight_hh.zero_()
    # Without dynamic weights only the bias and the static gate are left.
    other = model(torch.randn_like(x_dynamic), x_static)
    torch.testing.assert_close(model(x_dynamic, x_static), other)


def test_initial_weights_of_the_lstm():
    torch.manual_seed(0)
    model = build_model(settings("lstm"), INPUTS, ATTRIBUTES)
    weight = model.lstm.weight_ih_l0.detach()
    torch.testing.assert_close(weight.T @ weight, torch.eye(INPUTS + ATTRIBUTES))
    for block in model.lstm.weight_hh_l0.detach().chunk(4):
        torch.testing.assert_close(block, torch.eye(HIDDEN))
    input_, forget, candidate, output = model.lstm.bias_ih_l0.detach().chunk(4)
    assert (forget == 5).all()
    assert not torch.cat([input_, candidate, output]).any()
    assert not model.lstm.bias_hh_l0.any()
    assert not model.lstm.bias_hh_l0.requires_grad


def test_initial_weights_of_the_ealstm():
    torch.manual_seed(0)
    model = build_model(settings("ealstm"), INPUTS, ATTRIBUTES)
    weight = model.weight_ih.detach()
    torch.testing.assert_close(weight.T @ weight, torch.eye(INPUTS))
    static = model.weight_sh.detach()
    torch.testing.assert_close(static.T @ static, torch.eye(ATTRIBUTES))
    for block in model.weight_hh.detach().chunk(3):
        torch.testing.assert_close(block, torch.eye(HIDDEN))
    forget, candidate, output = model.bias.detach().chunk(3)
    assert (forget == 5).all()
    assert not torch.cat([candidate, output, model.bias_s.detach()]).any()


@pytest.mark.parametrize("kind", ["lstm", "ealstm"])
def test_parameter_count_is_the_papers(kind):
    """Published state dicts: one bias vector per network, beside the head's."""
    size, inputs, attributes = 256, 5, 27
    wide = ModelSettings(kind, True, size, 270, 0.4, 5.0, "papers")
    model = build_model(wide, inputs, attributes)
    count = sum(w.numel() for w in model.parameters() if w.requires_grad)
    lstm = 4 * size * (inputs + attributes + size + 1)
    ealstm = 3 * size * (inputs + size + 1) + size * (attributes + 1)
    assert count == {"lstm": lstm, "ealstm": ealstm}[kind] + size + 1


@pytest.mark.parametrize("kind", ["lstm", "ealstm"])
def test_dropout_acts_on_the_last_hidden_state_in_training_only(kind):
    torch.manual_seed(0)
    model = build_model(settings(kind, dropout=0.5), INPUTS, ATTRIBUTES).double()
    x = batch()
    model.eval()
    torch.testing.assert_close(model(*x), model(*x))
    model.train()
    assert not torch.equal(model(*x), model(*x))


@pytest.mark.parametrize("kind", ["lstm", "ealstm"])
def test_uniform_initial_weights(kind):
    torch.manual_seed(0)
    model = build_model(settings(kind, initialisation="uniform"), INPUTS, ATTRIBUTES)
    recurrent = model.lstm if kind == "lstm" else model
    bound = HIDDEN**-0.5
    for name, weight in recurrent.named_parameters(recurse=False):
        if name.startswith("weight"):
            assert weight.abs().max() <= bound
            assert weight.std() > bound / 3
    bias = recurrent.bias_ih_l0 if kind == "lstm" else recurrent.bias
    forget = slice(HIDDEN, 2 * HIDDEN) if kind == "lstm" else slice(0, HIDDEN)
    assert (bias[forget] == 5).all()
