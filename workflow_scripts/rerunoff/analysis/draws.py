"""Simulations of one basin with many sets of attributes; what they share is done once.

A network of one layer is taken apart here: the product of its input weights with the
forcing, which all sets of attributes share, is made once, and what is left of a day is
the product with the hidden states. Nothing is left out: a set of attributes gives what
`evaluation.simulate` gives, up to rounding, with windows and continuously.
"""

import itertools

import torch

# Cells (states times hidden size) that take a step together: on a CPU as many as its
# caches hold, on a GPU as many as keep it busy (benchmarks/README.md, "Robustness").
_CELLS = {"cpu": 1 << 17, "cuda": 1 << 22}


@torch.no_grad()
def simulate_draws(model, kind, forcing, attributes, length, simulation):
    """Simulate one basin with each of many sets of attributes.

    Parameters
    ----------
    model : torch.nn.Module
        In evaluation mode, of one layer.
    kind : {'ealstm', 'lstm'}
        Of the network.
    forcing : Tensor, shape (day, input)
        Scaled; NaN where missing. The first `length` - 1 days are warm-up.
    attributes : Tensor, shape (draw, attribute)
        Scaled.
    length : int
        Days of a window.
    simulation : {'windows', 'continuous'}
        As of `evaluation.simulate`.

    Returns
    -------
    Tensor, shape (draw, day)
        Scaled discharge; NaN in the warm-up, and where forcing or warm-up is missing.
    """
    cell = _Cell(model, kind, attributes)
    shared = forcing @ cell.forcing.t() + cell.bias
    if simulation == "windows":
        parts = [cell.alone(draw) for draw in range(len(attributes))]
        return torch.stack([_windows(part, shared, length) for part in parts])
    return _continuous(cell, shared, length)


class _Cell:
    """The weights of a network, arranged so that every gate is a sigmoid.

    tanh(x) is 2 sigmoid(2x) - 1, and torch's sigmoid is ten times as fast on a CPU as
    its tanh. So the candidate's weights are doubled, and of the two states 2c and h / 2
    are kept.

    Attributes
    ----------
    forcing : Tensor, shape (gate, input)
    bias : Tensor, shape (gate,)
    gates : Tensor, shape (draw, gate), or None
        What the attributes add to the gates, which in an LSTM see them each day.
    inside : Tensor, shape (draw, hidden), or None
        The input gate of an EA-LSTM, which sees nothing else.
    """

    def __init__(self, model, kind, attributes):
        taken = (_of_ealstm if kind == "ealstm" else _of_lstm)(model, attributes)
        self.forcing, recurrent, self.bias, self.gates, self.inside = taken
        self.hidden = model.head.in_features
        double = torch.ones_like(self.bias)
        double[self.hidden : 2 * self.hidden] = 2  # the candidate
        self.forcing, self.bias = self.forcing * double[:, None], self.bias * double
        if self.gates is not None:
            self.gates = self.gates * double
        self._product = _Product(2 * recurrent * double[:, None])
        self._head = 2 * model.head.weight[0], model.head.bias

    def alone(self, draw):
        """Return the cell with one draw's attributes, the same in all rows."""
        one = object.__new__(_Cell)
        one.__dict__.update(self.__dict__)
        one.gates = None if self.gates is None else self.gates[draw]
        one.inside = None if self.inside is None else self.inside[draw]
        return one

    def start(self, rows):
        """Return the states before the first day: zeros, shape (row, hidden) each."""
        zeros = self.forcing.new_zeros(rows, self.hidden)
        return zeros, zeros.clone()

    def step(self, hidden, cell, shared, inside):
        """Return the states after one more day.

        Parameters
        ----------
        hidden, cell : Tensor, shape (row, hidden)
            h / 2, and 2c, which is changed in place.
        shared : Tensor, shape (row, gate) or (gate,)
            What forcing, bias and attributes add to the gates.
        inside : Tensor, shape (row, hidden) or (hidden,), or None
            The input gate where the states do not make it.
        """
        gates = self._product(hidden, shared).sigmoid_()
        forget, candidate, output, *more = gates.split(self.hidden, dim=1)
        inside = more[0] if more else inside
        cell.mul_(forget).addcmul_(candidate.sub_(0.5), inside, value=4)
        return torch.sigmoid(cell).sub_(0.5).mul_(output), cell

    def predicted(self, hidden):
        """Return what the head says of hidden states, shape (row,)."""
        weight, bias = self._head
        return hidden @ weight + bias


def _of_ealstm(model, attributes):
    """Take an EA-LSTM apart: gates forget, candidate, output."""
    inside = torch.sigmoid(attributes @ model.weight_sh.t() + model.bias_s)
    return model.weight_ih, model.weight_hh, model.bias, None, inside


def _of_lstm(model, attributes):
    """Take an LSTM apart: gates forget, candidate, output, input."""
    core, size = model.core, model.head.in_features
    inputs = core.input_size - attributes.shape[1]

    def ordered(rows):
        return torch.cat([rows[size:], rows[:size]])  # torch has the input gate first

    weight, bias = ordered(core.weight_ih_l0), core.bias_ih_l0 + core.bias_hh_l0
    gates = attributes @ weight[:, inputs:].t()
    recurrent = ordered(core.weight_hh_l0)
    return weight[:, :inputs], recurrent, ordered(bias), gates, None


class _Product:
    """Product of rows with the transpose of a weight, plus what is shared.

    On a CPU by oneDNN, whose kernel torch has no public name for: on an AMD CPU the
    public one is MKL's, at half the speed.
    """

    def __init__(self, weight):
        self._weight, self._packed = weight.t(), None
        onednn = weight.device.type == "cpu" and torch.backends.mkldnn.is_available()
        if onednn and weight.dtype == torch.float32:
            self._packed = torch.ops.mkldnn._reorder_linear_weight(weight.contiguous())

    def __call__(self, rows, shared):
        if self._packed is None:
            return torch.addmm(shared, rows, self._weight)
        linear = torch.ops.mkldnn._linear_pointwise
        if shared.ndim == 1:
            return linear(rows, self._packed, shared, "none", [], "")
        return linear.binary(rows, shared, self._packed, None, "add")


def _blocks(rows, cell):
    """Return slices of about equal size that together are all rows."""
    most = max(1, _CELLS[cell.bias.device.type] // cell.hidden)
    count = -(-rows // most)
    ends = [rows * number // max(count, 1) for number in range(count + 1)]
    return [slice(*pair) for pair in itertools.pairwise(ends)]


def _windows(cell, shared, length):
    """Simulate each day from its own window, with the attributes of one draw.

    The windows of consecutive days take each step together, so that what the forcing
    adds to their gates is a slice of `shared`: no window is ever laid out.
    """
    if cell.gates is not None:
        shared = shared + cell.gates
    predicted = shared.new_full((len(shared),), torch.nan)
    for block in _blocks(max(0, len(shared) - length + 1), cell):
        states = cell.start(block.stop - block.start)
        for age in range(length):
            seen = shared[block.start + age : block.stop + age]
            states = cell.step(*states, seen, cell.inside)
        days = slice(block.start + length - 1, block.stop + length - 1)
        predicted[days] = cell.predicted(states[0])
    return predicted


def _continuous(cell, shared, length):
    """Simulate once through all days; a gap in the forcing starts a new warm-up."""
    missing = shared.isnan().any(dim=1).tolist()
    parts = cell.inside if cell.gates is None else cell.gates
    predicted = shared.new_full((len(parts), len(shared)), torch.nan)
    for block in _blocks(len(parts), cell):
        inside = None if cell.inside is None else cell.inside[block]
        states, age = cell.start(block.stop - block.start), 0
        for day, gap in enumerate(missing):
            if gap:
                states, age = cell.start(block.stop - block.start), 0
                continue
            seen = shared[day]
            if cell.gates is not None:
                seen = cell.gates[block] + seen
            states, age = cell.step(*states, seen, inside), age + 1
            if age >= length:
                predicted[block, day] = cell.predicted(states[0])
    return predicted
