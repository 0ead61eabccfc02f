"""One file per network, and the one place that builds them from settings."""

from rerunoff.models.ealstm import EALSTM
from rerunoff.models.lstm import LSTM
from rerunoff.models.rnn import RNN


def build_model(settings, inputs, attributes):
    """Build a network with its initial weights.

    Parameters
    ----------
    settings : ModelSettings
    inputs : int
        Number of dynamic inputs.
    attributes : int
        Number of static attributes (0 without).

    Returns
    -------
    torch.nn.Module
        ``forward(x_dynamic (batch, time, inputs), x_static (batch, attributes))``
        returns scaled discharge, shape (batch, 1).
    """
    kind = {"lstm": LSTM, "ealstm": EALSTM, "rnn": RNN}[settings.kind]
    return kind(inputs, attributes, settings)
