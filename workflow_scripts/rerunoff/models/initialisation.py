"""Initial weights of the 2019 papers (HESS 23, authors' code: lstm.py, ealstm.py)."""

import torch


def orthogonal(rows, columns):
    """Return an orthogonal (rows × columns) matrix as the authors draw it.

    They draw it with inputs in rows and gates in columns; torch stores the transpose.
    """
    return torch.nn.init.orthogonal_(torch.empty(columns, rows)).t().contiguous()


def stacked_identity(gates, size):
    """Return `gates` identity matrices on top of each other: (gates·size × size)."""
    return torch.eye(size).repeat(gates, 1)
