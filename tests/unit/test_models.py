"""The networks against per-day loops written from the papers' equations."""

from types import SimpleNamespace

import pytest
import torch
from rerunoff.models import build_model
from rerunoff.protocol.settings import ModelSettings

BATCH, TIME, INPUTS, ATTRIBUTES, HIDDEN = 7, 23, 5, 4, 6


def settings(kind, static=True, dropout=0.0, initialisation="papers", layers=1):
    return ModelSettings(
        kind=kind,
        static=static,
        layers=layers,
        hidden_size=HIDDEN,
        sequence_length=TIME,
        layer_dropout=0.0,
        dropout=dropout,
        forget_bias=5.0,
        initialisation=initialisation,
    )


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
    dynamic = torch.randn(BATCH, TIME, INPUTS, dtype=torch.float64)
    static = torch.randn(BATCH, attributes, dtype=torch.float64)
    return SimpleNamespace(dynamic=dynamic, static=static, predicted_days=1)


def ealstm_loop(model, batch):
    """Equations 6 to 11 of kratzert2019a, day by day."""
    x_dynamic, x_static = batch.dynamic, batch.static
    gate = torch.sigmoid(x_static @ model.weight_sh.T + model.bias_s)
    hidden = cell = x_dynamic.new_zeros(BATCH, HIDDEN)
    for day in range(x_dynamic.shape[1]):
        gates = (
            x_dynamic[:, day] @ model.weight_ih.T
            + hidden @ model.weight_hh.T
            + model.bias
        )
        forget, candidate, output = gates.chunk(3, dim=1)
        cell = torch.sigmoid(forget) * cell + gate * torch.tanh(candidate)
        hidden = torch.sigmoid(output) * torch.tanh(cell)
    return model.head(hidden)


def lstm_loop(model, batch):
    """Equations 1 to 5 of kratzert2019a, day by day, attributes beside the forcing."""
    x_dynamic, x_static = batch.dynamic, batch.static
    lstm = model.core
    hidden = cell = x_dynamic.new_zeros(BATCH, HIDDEN)
    for day in range(x_dynamic.shape[1]):
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
    torch.testing.assert_close(model(x), oracle(model, x), rtol=1e-11, atol=1e-11)


@pytest.mark.parametrize(("kind", "oracle", "attributes"), CASES)
def test_gradients_equal_those_of_the_equations(kind, oracle, attributes):
    model, x = perturbed(kind, attributes), batch(attributes)
    weights = [weight for weight in model.parameters() if weight.requires_grad]
    ours = torch.autograd.grad((model(x) ** 2).sum(), weights)
    theirs = torch.autograd.grad((oracle(model, x) ** 2).sum(), weights)
    for mine, other in zip(ours, theirs, strict=True):
        torch.testing.assert_close(mine, other, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(("kind", "oracle", "attributes"), CASES)
@pytest.mark.parametrize("days", [2, 5, TIME])
def test_each_predicted_day_is_what_a_window_up_to_it_gives(
    kind, oracle, attributes, days
):
    """Of windows that start on the same day; so do the gradients."""
    model, x = perturbed(kind, attributes), batch(attributes)
    shorter = [first(x, TIME - days + 1 + day) for day in range(days)]
    expected = torch.cat([oracle(model, one) for one in shorter], dim=1)
    x.predicted_days = days
    found = model(x)
    torch.testing.assert_close(found, expected, rtol=1e-11, atol=1e-11)
    weights = [weight for weight in model.parameters() if weight.requires_grad]
    ours = torch.autograd.grad((found**2).sum(), weights)
    theirs = torch.autograd.grad((expected**2).sum(), weights)
    for mine, other in zip(ours, theirs, strict=True):
        torch.testing.assert_close(mine, other, rtol=1e-9, atol=1e-9)


def first(batch, days):
    """Return the first days of each window."""
    return SimpleNamespace(
        dynamic=batch.dynamic[:, :days], static=batch.static, predicted_days=1
    )


def test_dropout_of_each_predicted_day_is_its_own():
    torch.manual_seed(0)
    model = build_model(settings("lstm", dropout=0.5), INPUTS, ATTRIBUTES).double()
    torch.nn.init.ones_(model.head.weight)
    x = batch()
    x.dynamic, x.predicted_days = torch.zeros_like(x.dynamic), 2
    with torch.no_grad():
        model.core.weight_hh_l0.zero_()
        model.core.bias_ih_l0[HIDDEN : 2 * HIDDEN] = -99  # nothing is remembered
    found = model.train()(x)
    assert not torch.equal(found[:, 0], found[:, 1])
    found = model.eval()(x)
    torch.testing.assert_close(found[:, 0], found[:, 1])


def test_input_gate_of_the_ealstm_ignores_forcing_and_hidden_state():
    model = perturbed("ealstm")
    x = batch()
    expected = torch.sigmoid(x.static @ model.weight_sh.T + model.bias_s)
    torch.testing.assert_close(model.static_gate(x), expected)
    with torch.no_grad():
        model.weight_ih.zero_()
        model.weight_hh.zero_()
    # Without dynamic weights only the bias and the static gate are left.
    x.dynamic, expected = torch.randn_like(x.dynamic), model(x)
    torch.testing.assert_close(model(x), expected)


def test_initial_weights_of_the_lstm():
    torch.manual_seed(0)
    model = build_model(settings("lstm"), INPUTS, ATTRIBUTES)
    weight = model.core.weight_ih_l0.detach()
    torch.testing.assert_close(weight.T @ weight, torch.eye(INPUTS + ATTRIBUTES))
    for block in model.core.weight_hh_l0.detach().chunk(4):
        torch.testing.assert_close(block, torch.eye(HIDDEN))
    input_, forget, candidate, output = model.core.bias_ih_l0.detach().chunk(4)
    assert (forget == 5).all()
    assert not torch.cat([input_, candidate, output]).any()
    assert not model.core.bias_hh_l0.any()
    assert not model.core.bias_hh_l0.requires_grad


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
    wide = ModelSettings(kind, True, 1, size, 270, 0.0, 0.4, 5.0, "papers")
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
    torch.testing.assert_close(model(x), model(x))
    model.train()
    assert not torch.equal(model(x), model(x))


@pytest.mark.parametrize("kind", ["lstm", "ealstm"])
def test_uniform_initial_weights(kind):
    torch.manual_seed(0)
    model = build_model(settings(kind, initialisation="uniform"), INPUTS, ATTRIBUTES)
    recurrent = model.core if kind == "lstm" else model
    bound = HIDDEN**-0.5
    for name, weight in recurrent.named_parameters(recurse=False):
        if name.startswith("weight"):
            assert weight.abs().max() <= bound
            assert weight.std() > bound / 3
    bias = recurrent.bias_ih_l0 if kind == "lstm" else recurrent.bias
    forget = slice(HIDDEN, 2 * HIDDEN) if kind == "lstm" else slice(0, HIDDEN)
    assert (bias[forget] == 5).all()


def deep(kind, layers=2, size=HIDDEN, layer_dropout=0.3, initialisation="keras"):
    """Settings of a network of kratzert2018: layers, no attributes."""
    return ModelSettings(
        kind, False, layers, size, TIME, layer_dropout, 0.0, 1.0, initialisation
    )


def perturbed_deep(kind, layers=2, attributes=0):
    torch.manual_seed(5)
    model = build_model(deep(kind, layers), INPUTS, attributes).double().eval()
    with torch.no_grad():
        for weight in model.parameters():
            if weight.requires_grad:
                weight += 0.3 * torch.randn_like(weight)
    return model


def layer_of(core, layer):
    names = ("weight_ih", "weight_hh", "bias_ih")
    return [getattr(core, f"{name}_l{layer}") for name in names]


def lstm_step(x, hidden, cell, incoming, recurrent, bias):
    gates = x @ incoming.T + hidden @ recurrent.T + bias
    input_, forget, candidate, output = gates.chunk(4, dim=1)
    cell = torch.sigmoid(forget) * cell + torch.sigmoid(input_) * torch.tanh(candidate)
    return torch.sigmoid(output) * torch.tanh(cell), cell


def rnn_step(x, hidden, cell, incoming, recurrent, bias):
    return torch.tanh(x @ incoming.T + hidden @ recurrent.T + bias), cell


STEPS = {"lstm": lstm_step, "rnn": rnn_step}


def deep_loop(kind, model, batch):
    """Equations of kratzert2018, section 2.1, day by day and layer by layer.

    Returns the prediction and the cell states of the last day, by layer.
    """
    x_dynamic, x_static = batch.dynamic, batch.static
    zeros = x_dynamic.new_zeros(BATCH, model.core.hidden_size)
    state = [(zeros, zeros)] * model.core.num_layers
    for day in range(TIME):
        x = torch.cat([x_dynamic[:, day], x_static], dim=1)
        for layer, (hidden, cell) in enumerate(state):
            weights = layer_of(model.core, layer)
            state[layer] = STEPS[kind](x, hidden, cell, *weights)
            x = state[layer][0]
    head = model.head
    return x @ head.weight.T + head.bias, torch.stack([cell for _, cell in state], 1)


@pytest.mark.parametrize("kind", ["lstm", "rnn"])
@pytest.mark.parametrize(("layers", "attributes"), [(2, 0), (3, 0), (2, ATTRIBUTES)])
def test_layers_equal_the_equations(kind, layers, attributes):
    model, x = perturbed_deep(kind, layers, attributes), batch(attributes)
    expected, _ = deep_loop(kind, model, x)
    torch.testing.assert_close(model(x), expected, rtol=1e-11, atol=1e-11)


def test_plain_network_equals_the_equations_in_one_layer():
    torch.manual_seed(6)
    model = build_model(deep("rnn", 1, layer_dropout=0.0), INPUTS, 0).double()
    x = batch(0)
    expected, _ = deep_loop("rnn", model, x)
    torch.testing.assert_close(model(x), expected, rtol=1e-11, atol=1e-11)


@pytest.mark.parametrize("attributes", [0, ATTRIBUTES])
def test_cell_states_are_those_of_the_equations(attributes):
    model, x = perturbed_deep("lstm", 2, attributes), batch(attributes)
    states = model.cell_states(x)
    assert states.shape == (BATCH, 2, HIDDEN)
    assert not states.requires_grad
    _, expected = deep_loop("lstm", model, x)
    torch.testing.assert_close(states, expected, rtol=1e-11, atol=1e-11)
    assert not torch.allclose(states[:, 0], states[:, 1])


def count(model):
    return sum(weight.numel() for weight in model.parameters() if weight.requires_grad)


def test_plain_network_has_nearly_as_many_weights_as_the_lstm():
    """kratzert2018, p. 6013: 41 units in both layers against 20 of the LSTM."""
    lstm = count(build_model(deep("lstm", size=20), 5, 0))
    plain = {
        size: count(build_model(deep("rnn", size=size), 5, 0)) for size in (41, 42)
    }
    # 4·20·(5 + 20 + 1) + 4·20·(20 + 20 + 1) + 20 + 1
    assert lstm == 5381
    # 41·(5 + 41 + 1) + 41·(41 + 41 + 1) + 41 + 1
    assert plain[41] == 5372
    # No other size comes nearer.
    assert abs(plain[41] - lstm) < abs(plain[42] - lstm)


@pytest.mark.parametrize(("kind", "gates"), [("lstm", 4), ("rnn", 1)])
def test_initial_weights_are_those_of_keras(kind, gates):
    torch.manual_seed(0)
    size = 20
    model = build_model(deep(kind, size=size), INPUTS, 0)
    for layer, inputs in enumerate((INPUTS, size)):
        incoming, recurrent, bias = layer_of(model.core, layer)
        # Rows of Keras' kernel (hidden × gates·hidden), the transpose, are orthogonal.
        torch.testing.assert_close(recurrent.T @ recurrent, torch.eye(size))
        bound = (6 / (inputs + gates * size)) ** 0.5
        assert 0.9 * bound < incoming.abs().max() <= bound
        assert incoming.std().item() == pytest.approx(bound / 3**0.5, rel=0.15)
        expected = torch.zeros(gates * size)
        if kind == "lstm":
            expected[size : 2 * size] = 1  # the forget gate
        assert torch.equal(bias, expected)
        assert not getattr(model.core, f"bias_hh_l{layer}").any()
    # torch would draw the head's from ±1/√20.
    assert size**-0.5 < model.head.weight.abs().max() <= (6 / (size + 1)) ** 0.5
    assert not model.head.bias.any()


@pytest.mark.parametrize("initialisation", ["papers", "uniform", "keras"])
def test_every_layer_gets_the_forget_bias_alone(initialisation):
    torch.manual_seed(0)
    model = build_model(deep("lstm", 3, initialisation=initialisation), INPUTS, 0)
    for layer in range(3):
        _, recurrent, bias = layer_of(model.core, layer)
        assert (bias[HIDDEN : 2 * HIDDEN] == 1).all()
        assert (bias[2 * HIDDEN :] == 1).sum() == 0
        assert bias[:HIDDEN].any() == (initialisation == "uniform")
        eye = torch.eye(HIDDEN).repeat(4, 1)
        assert torch.equal(recurrent, eye) == (initialisation == "papers")


@pytest.mark.parametrize("kind", ["lstm", "rnn"])
def test_second_bias_never_moves(kind):
    torch.manual_seed(1)
    model = build_model(deep(kind, initialisation="uniform"), INPUTS, 0)
    trained = [weight for weight in model.parameters() if weight.requires_grad]
    optimizer = torch.optim.Adam(trained, lr=0.1)
    before = [bias.detach().clone() for bias in trained]
    x = batch(0)
    x.dynamic, x.static = x.dynamic.float(), x.static.float()
    for _ in range(5):
        optimizer.zero_grad()
        (model(x) ** 2).mean().backward()
        optimizer.step()
    assert all(
        not torch.equal(old, new) for old, new in zip(before, trained, strict=True)
    )
    for layer in range(2):
        second = getattr(model.core, f"bias_hh_l{layer}")
        assert second.grad is None
        assert not second.any()


@pytest.mark.parametrize("kind", ["lstm", "rnn"])
def test_dropout_acts_between_layers_in_training_only(kind):
    model, x = perturbed_deep(kind), batch(0)
    torch.testing.assert_close(model(x), model(x))
    model.train()
    assert not torch.equal(model(x), model(x))
    # Its rate is 0 after the last layer: with one layer there is nothing to drop.
    single = build_model(deep(kind, 1, layer_dropout=0.0), INPUTS, 0).double().train()
    torch.testing.assert_close(single(x), single(x))


def refined_batch(days):
    whole = batch()
    names = (["prcp", "tmin", "tmax", "hbv_discharge", "hbv_swe"], [])
    whole.series = SimpleNamespace(names=names)
    whole.predicted_days = days
    return whole


@pytest.mark.parametrize("days", [1, 4])
def test_refined_lstm_adds_to_the_discharge_of_the_physical_model(days):
    model, given = perturbed("lstm_refined"), refined_batch(days)
    plain = build_model(settings("lstm"), INPUTS, ATTRIBUTES).double()
    state = model.state_dict()
    weight = state.pop("weight")
    plain.load_state_dict(state)
    physical = given.dynamic[:, TIME - days :, 3]
    assert torch.allclose(model(given), plain(given) + weight * physical)
    torch.manual_seed(3)
    fresh = build_model(settings("lstm_refined"), INPUTS, ATTRIBUTES)
    assert fresh.weight.item() == 1
    assert fresh.head.weight.abs().max() <= 0.1 * HIDDEN**-0.5
