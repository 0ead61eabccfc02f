"""The plain recurrent network that kratzert2018 compares with its LSTM."""

from torch import nn

from rerunoff.models.initialisation import initialise_gates
from rerunoff.models.recurrent import Recurrent


class Network(Recurrent):
    """Elman network with tanh units: no gates, no cell state.

    Parameters
    ----------
    inputs : int
        Dynamic inputs.
    attributes : int
        Static attributes, seen beside the forcing of each day; 0 for none.
    settings : ModelSettings
        `forget_bias` has no meaning here.

    Notes
    -----
    Source: kratzert2018, p. 6013: 41 units in both layers, so that the number of
    weights is that of the LSTM with 20.
    """

    def __init__(self, inputs, attributes, settings):
        core = nn.RNN(
            inputs + attributes,
            settings.hidden_size,
            num_layers=settings.layers,
            dropout=settings.layer_dropout,
        )
        super().__init__(core, settings.dropout)
        for layer in range(settings.layers):
            initialise_gates(core, layer, settings.initialisation)
        if settings.initialisation == "keras":
            nn.init.xavier_uniform_(self.head.weight)
            nn.init.zeros_(self.head.bias)
