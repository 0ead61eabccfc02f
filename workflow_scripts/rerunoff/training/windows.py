"""Samples as (basin, day) indices; windows are gathered batch by batch.

Series stay basin × date on the training device, for materialised windows of the papers'
training data would take 10 to 70 GB (design, decision 2).
"""

import logging

import numpy as np
import torch

_log = logging.getLogger(__name__)


def valid_samples(inputs, target, days, length):
    """List the samples whose window and target are complete.

    Parameters
    ----------
    inputs : ndarray, shape (basin, day, input)
        NaN where missing.
    target : ndarray, shape (basin, day) or None
        NaN where missing; None asks for complete windows only.
    days : slice
        The period of the targets; windows reach back before it.
    length : int
        Days of a window, the target's day included.

    Returns
    -------
    basin, day : ndarray of int64, shape (sample,)
    """
    missing = np.isnan(inputs).any(axis=2)
    # Missing days in each window, from the difference of a running count.
    count = np.zeros((missing.shape[0], missing.shape[1] + 1), dtype=np.int32)
    np.cumsum(missing, axis=1, out=count[:, 1:])
    first = max(days.start, length - 1)
    day = np.arange(first, days.stop)
    complete = count[:, day + 1] == count[:, day + 1 - length]
    if target is not None:
        complete &= np.isfinite(target[:, first : days.stop])
    basin, offset = np.nonzero(complete)
    return basin, offset + first


def report_unused(target, days, basin, basins, what):
    """Log, by name, basins with fewer samples than observations in a period."""
    wanted = np.isfinite(target[:, days]).sum(axis=1)
    used = np.bincount(basin, minlength=len(basins))
    short = np.flatnonzero(used < wanted)
    if short.size:
        names = ", ".join(f"{basins[i]} ({wanted[i] - used[i]})" for i in short)
        _log.warning(
            "days of %s left out because warm-up or forcing is missing: %s", what, names
        )


class WindowBatches:
    """Gathers batches of windows from series that stay on the device.

    Parameters
    ----------
    inputs : Tensor, shape (basin, day, input)
        Scaled.
    attributes : Tensor, shape (basin, attribute)
        Scaled.
    length : int
        Days of a window.
    """

    def __init__(self, inputs, attributes, length):
        self.attributes = attributes
        self.days = inputs.shape[1]
        self.flat = inputs.reshape(-1, inputs.shape[2])
        self.back = torch.arange(1 - length, 1, device=inputs.device).unsqueeze(1)

    def gather(self, basin, day):
        """Return the windows that end on the given days.

        Parameters
        ----------
        basin, day : Tensor of int64, shape (batch,)

        Returns
        -------
        x_dynamic : Tensor, shape (batch, time, input)
            A view of a time-first array, as the recurrent kernel wants it.
        x_static : Tensor, shape (batch, attribute)
        """
        index = self.back + (basin * self.days + day)
        windows = self.flat[index]
        return windows.transpose(0, 1), self.attributes[basin]
