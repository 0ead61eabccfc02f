"""What the networks on torch's recurrent modules share: inputs, biases, head."""

import torch
from torch import nn


class Recurrent(nn.Module):
    """A recurrent torch module, dropout on its last hidden states, a linear output.

    Parameters
    ----------
    core : torch.nn.RNNBase
        Time first.
    dropout : float
        On the last hidden state, or that of each predicted day.

    Notes
    -----
    torch's recurrent layers have two bias vectors where the papers' have one; the
    second is held at zero, because as a second parameter it would double the bias's
    step in Adam.
    """

    def __init__(self, core, dropout):
        super().__init__()
        self.core = core
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(core.hidden_size, 1)
        for layer in range(core.num_layers):
            second = getattr(core, f"bias_hh_l{layer}")
            with torch.no_grad():
                second.zero_()
            second.requires_grad_(False)

    def forward(self, batch):
        """Predict the discharge of the last days of a window.

        Parameters
        ----------
        batch : Batch

        Returns
        -------
        Tensor, shape (window, predicted day)
            Scaled discharge.
        """
        output, state = self.core(sequence_with_statics(batch))
        # An LSTM's state is its hidden and its cell state.
        hidden = state[0] if isinstance(state, tuple) else state
        return predicted(self, output, hidden, batch)


def predicted(network, output, hidden, batch):
    """Return what a network's head says of the predicted days.

    Parameters
    ----------
    network : torch.nn.Module
        With `dropout` and `head`.
    output : Tensor, shape (time, window, hidden)
        Of the last layer.
    hidden : Tensor, shape (layer, window, hidden)
        Of the last day.
    batch : Batch

    Returns
    -------
    Tensor, shape (window, predicted day)
        Scaled discharge.
    """
    days = batch.predicted_days
    # The last state has the same values, without a gradient of the whole output.
    states = hidden[-1:] if days == 1 else output[-days:]
    return network.head(network.dropout(states)).squeeze(2).t()


def sequence_with_statics(batch):
    """Append the scaled attributes to the scaled inputs of every day, time first.

    Returns
    -------
    Tensor, shape (time, window, inputs + attributes), contiguous
    """
    steps, static = batch.dynamic.transpose(0, 1), batch.static
    if not static.shape[1]:
        return steps.contiguous()
    repeated = static.expand(steps.shape[0], -1, -1)
    return torch.cat([steps, repeated], dim=2)
