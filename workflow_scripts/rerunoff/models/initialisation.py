"""Initial weights: the 2019 papers' (authors' lstm.py, ealstm.py), and torch's."""

import torch


@torch.no_grad()
def initialise_input(weight):
    """Make input weights, shape (gates·hidden × inputs), orthogonal.

    The authors draw them with inputs in rows and gates in columns: the transpose.
    """
    weight.copy_(torch.nn.init.orthogonal_(torch.empty(weight.shape[::-1])).t())


@torch.no_grad()
def initialise_recurrent(weight):
    """Make recurrent weights, shape (gates·hidden × hidden), stacked identities."""
    size = weight.shape[1]
    weight.copy_(torch.eye(size).repeat(len(weight) // size, 1))


@torch.no_grad()
def initialise_uniform(weights, hidden_size):
    """Draw weights from ±1/√hidden, as torch does for its recurrent networks."""
    bound = hidden_size**-0.5
    for weight in weights:
        weight.uniform_(-bound, bound)
