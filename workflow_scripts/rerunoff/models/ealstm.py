"""The Entity-Aware LSTM, as one fused LSTM call on assembled weights."""

import torch
from torch import nn

from rerunoff.models.initialisation import (
    initialise_input,
    initialise_recurrent,
    initialise_uniform,
)
from rerunoff.models.recurrent import predicted, sequence_with_statics


class Network(nn.Module):
    """LSTM whose input gate sees only the attributes, once per sample.

    Parameters
    ----------
    inputs : int
        Dynamic inputs.
    attributes : int
        Static attributes, at least 1.
    settings : ModelSettings
        `initialisation` is papers or uniform; `layers` and `layer_dropout` have no
        meaning here, because the network has one layer.

    Notes
    -----
    Source: kratzert2019a, equations 6 to 11. The equations are those of an LSTM on
    inputs [dynamic, static] whose weights are zero where a gate must not look, so
    `forward` assembles such weights and calls torch's fused kernel; gradients flow back
    to the parameters below. tests/unit/test_models.py compares with a per-day loop
    written from the equations.

    Parameters in rows forget, candidate, output: `weight_ih` (3·hidden × inputs),
    `weight_hh` (3·hidden × hidden), `bias` (3·hidden); input gate: `weight_sh`
    (hidden × attributes), `bias_s` (hidden).
    """

    def __init__(self, inputs, attributes, settings):
        super().__init__()
        hidden_size = settings.hidden_size
        self.inputs, self.attributes = inputs, attributes
        self.hidden_size = hidden_size
        self.weight_ih = nn.Parameter(torch.empty(3 * hidden_size, inputs))
        self.weight_hh = nn.Parameter(torch.empty(3 * hidden_size, hidden_size))
        self.weight_sh = nn.Parameter(torch.empty(hidden_size, attributes))
        self.bias = nn.Parameter(torch.zeros(3 * hidden_size))
        self.bias_s = nn.Parameter(torch.zeros(hidden_size))
        if settings.initialisation == "papers":
            initialise_input(self.weight_ih)
            initialise_recurrent(self.weight_hh)
            initialise_input(self.weight_sh)
        else:
            initialise_uniform(self.parameters(), hidden_size)
        with torch.no_grad():
            self.bias[:hidden_size] = settings.forget_bias
        self.dropout = nn.Dropout(settings.dropout)
        self.head = nn.Linear(hidden_size, 1)

    def forward(self, batch):
        """Predict discharge; see `Recurrent.forward` for the shapes."""
        sequence = sequence_with_statics(batch)
        zeros = sequence.new_zeros(1, sequence.shape[1], self.hidden_size)
        # What nn.LSTM calls; its module form cannot hold assembled weights.
        output, hidden, _ = torch._VF.lstm(
            sequence,
            (zeros, zeros),
            self._assembled_weights(),
            True,  # has biases
            1,  # layers
            0.0,  # dropout between layers
            self.training,
            False,  # bidirectional
            False,  # batch first
        )
        return predicted(self, output, hidden, batch)

    def static_gate(self, batch):
        """Return the embedding: each window's input gate, shape (window, hidden)."""
        return torch.sigmoid(batch.static @ self.weight_sh.t() + self.bias_s)

    def _assembled_weights(self):
        """Return weights in torch's gate order: input, forget, candidate, output."""
        size, zeros = self.hidden_size, self.weight_ih.new_zeros
        gate = torch.cat([zeros(size, self.inputs), self.weight_sh], dim=1)
        others = torch.cat([self.weight_ih, zeros(3 * size, self.attributes)], dim=1)
        bias = torch.cat([self.bias_s, self.bias])
        recurrent = torch.cat([zeros(size, size), self.weight_hh])
        return [torch.cat([gate, others]), recurrent, bias, torch.zeros_like(bias)]
