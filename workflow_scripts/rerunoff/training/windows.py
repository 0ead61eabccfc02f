"""Samples as (basin, day) indices, and the windows that predict them."""

import logging

import numpy as np

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


def runs_of_days(basin, day):
    """Return the runs of consecutive days of a basin.

    Parameters
    ----------
    basin, day : ndarray of int64, shape (sample,)
        In the order of `valid_samples`; at least one.

    Returns
    -------
    basin, first, last : ndarray of int64, shape (run,)
    """
    follows = (np.diff(basin) == 0) & (np.diff(day) == 1)
    start = np.flatnonzero(np.concatenate([[True], ~follows]))
    end = np.concatenate([start[1:], [len(day)]]) - 1
    return basin[start], day[start], day[end]


def tiles(first, last, size, offset):
    """Cut runs of days into tiles of some days; each day lies in one tile.

    Parameters
    ----------
    first, last : ndarray of int64, shape (run,)
        Of days.
    size : int
        Days of a tile; the first and the last of a run may have fewer.
    offset : ndarray of int64, shape (run,)
        Days by which the first tile is shorter, less than `size`.

    Returns
    -------
    run, first, last : ndarray of int64, shape (tile,)
    """
    count = -(-(last - first + 1 + offset) // size)
    run = np.repeat(np.arange(len(first)), count)
    number = np.arange(len(run)) - np.repeat(np.cumsum(count) - count, count)
    start = first[run] - offset[run] + number * size
    return run, np.maximum(start, first[run]), np.minimum(start + size - 1, last[run])


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
