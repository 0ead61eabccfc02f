"""An LSTM that refines the discharge of a physical model, instead of replacing it."""

import torch
from torch import nn

from rerunoff.models import lstm


class Network(lstm.Network):
    """LSTM whose output is added to a physical model's discharge of the day.

    The network sees that discharge as an input too. Added is its standardised value
    times a weight that starts at 1 and is learned, because the constants of the input
    and those of the observations differ a little; the bias of the output takes up the
    difference of their means.

    Parameters
    ----------
    inputs, attributes : int
    settings : ModelSettings

    Notes
    -----
    A network that learns the errors of a physical model is one of the hybrids of
    Konapala et al. 2020 (Environmental Research Letters 15, 104022).
    """

    def __init__(self, inputs, attributes, settings):
        super().__init__(inputs, attributes, settings)
        self.weight = nn.Parameter(torch.ones(1))
        # The residual is small at first: the network begins as the physical model.
        with torch.no_grad():
            self.head.weight.mul_(0.1)

    def forward(self, batch):
        """Predict discharge; see `Recurrent.forward` for the shapes."""
        names, _ = batch.series.names
        column = next(i for i, name in enumerate(names) if name.endswith("_discharge"))
        physical = batch.dynamic[:, -batch.predicted_days :, column]
        return super().forward(batch) + self.weight * physical
