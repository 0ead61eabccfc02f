"""Initial weights: the 2019 papers' (authors' code), Keras' (2018), and torch's."""

import torch
from torch import nn


@torch.no_grad()
def initialise_gates(core, layer, initialisation):
    """Set the initial weights of one layer of a torch recurrent module.

    Parameters
    ----------
    core : torch.nn.RNNBase
    layer : int
        From 0.
    initialisation : {'papers', 'keras', 'uniform'}
        `papers`: orthogonal input weights, identities as recurrent ones, biases 0
        (authors' lstm.py of 2019). `keras`: Glorot's uniform distribution for input
        weights, orthogonal recurrent ones, biases 0: the defaults of Keras, in which
        kratzert2018 was written. `uniform`: torch's default, left as it is.
    """
    if initialisation == "uniform":
        return
    incoming = getattr(core, f"weight_ih_l{layer}")
    recurrent = getattr(core, f"weight_hh_l{layer}")
    getattr(core, f"bias_ih_l{layer}").zero_()
    if initialisation == "papers":
        initialise_input(incoming)
        initialise_recurrent(recurrent)
    else:
        nn.init.xavier_uniform_(incoming)
        _orthogonal(recurrent)


@torch.no_grad()
def initialise_input(weight):
    """Make input weights, shape (gates·hidden × inputs), orthogonal.

    The authors draw them with inputs in rows and gates in columns: the transpose.
    """
    _orthogonal(weight)


def _orthogonal(weight):
    weight.copy_(nn.init.orthogonal_(torch.empty(weight.shape[::-1])).t())


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
