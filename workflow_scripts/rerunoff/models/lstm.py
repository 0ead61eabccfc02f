"""The LSTM of the papers, with or without static attributes as inputs."""

import torch
from torch import nn

from rerunoff.models.initialisation import initialise_input, initialise_recurrent


class LSTM(nn.Module):
    """One-layer LSTM that sees attributes, if any, beside the forcing of each day.

    Parameters
    ----------
    inputs : int
        Dynamic inputs.
    attributes : int
        Static attributes; 0 gives the model without statics.
    hidden_size : int
    dropout : float
        On the last hidden state only.
    forget_bias : float
        Initial bias of the forget gate.
    initialisation : {'papers', 'uniform'}
        As in the papers, or torch's default for recurrent networks.

    Notes
    -----
    Source: kratzert2019a, section 2.2.1 and the authors' lstm.py. torch's LSTM has two
    bias vectors where the authors have one; the second is held at zero, for as a second
    parameter it would double the bias's step in Adam.
    """

    def __init__(
        self, inputs, attributes, hidden_size, dropout, forget_bias, initialisation
    ):
        super().__init__()
        self.lstm = nn.LSTM(inputs + attributes, hidden_size)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(hidden_size, 1)
        with torch.no_grad():
            self.lstm.bias_hh_l0.zero_()
            if initialisation == "papers":
                initialise_input(self.lstm.weight_ih_l0)
                initialise_recurrent(self.lstm.weight_hh_l0)
                self.lstm.bias_ih_l0.zero_()
            # torch's gate order: input, forget, candidate, output.
            self.lstm.bias_ih_l0[hidden_size : 2 * hidden_size] = forget_bias
        self.lstm.bias_hh_l0.requires_grad_(False)

    def forward(self, x_dynamic, x_static):
        """Predict the last day's discharge.

        Parameters
        ----------
        x_dynamic : Tensor, shape (batch, time, inputs)
        x_static : Tensor, shape (batch, attributes)

        Returns
        -------
        Tensor, shape (batch, 1)
            Scaled discharge.
        """
        _, (hidden, _) = self.lstm(sequence_with_statics(x_dynamic, x_static))
        return self.head(self.dropout(hidden[-1]))


def sequence_with_statics(x_dynamic, x_static):
    """Append the attributes to every day, time first.

    Parameters
    ----------
    x_dynamic : Tensor, shape (batch, time, inputs)
    x_static : Tensor, shape (batch, attributes)

    Returns
    -------
    Tensor, shape (time, batch, inputs + attributes), contiguous
    """
    steps = x_dynamic.transpose(0, 1)
    if not x_static.shape[1]:
        return steps.contiguous()
    repeated = x_static.expand(steps.shape[0], -1, -1)
    return torch.cat([steps, repeated], dim=2)
