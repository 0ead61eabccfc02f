"""The LSTM of the papers, of one or more layers, with or without static attributes."""

import torch
from torch import nn

from rerunoff.models.initialisation import initialise_gates
from rerunoff.models.recurrent import Recurrent, sequence_with_statics


class Network(Recurrent):
    """LSTM that sees attributes, if any, beside the forcing of each day.

    Parameters
    ----------
    inputs : int
        Dynamic inputs.
    attributes : int
        Static attributes; 0 gives the model without statics.
    settings : ModelSettings

    Notes
    -----
    Source: kratzert2018, section 2.1 and p. 6011 (two layers, dropout between them);
    kratzert2019a, section 2.2.1 and the authors' lstm.py (one layer, dropout on the
    last hidden state).
    """

    def __init__(self, inputs, attributes, settings):
        core = nn.LSTM(
            inputs + attributes,
            settings.hidden_size,
            num_layers=settings.layers,
            dropout=settings.layer_dropout,
        )
        super().__init__(core, settings.dropout)
        size = settings.hidden_size
        for layer in range(settings.layers):
            initialise_gates(core, layer, settings.initialisation)
            with torch.no_grad():
                # torch's gate order: input, forget, candidate, output.
                bias = getattr(core, f"bias_ih_l{layer}")
                bias[size : 2 * size] = settings.forget_bias
        if settings.initialisation == "keras":
            nn.init.xavier_uniform_(self.head.weight)
            nn.init.zeros_(self.head.bias)

    @torch.no_grad()
    def cell_states(self, batch):
        """Return the cell states of the last day, shape (window, layer, hidden)."""
        _, (_, cells) = self.core(sequence_with_statics(batch))
        return cells.transpose(0, 1)
