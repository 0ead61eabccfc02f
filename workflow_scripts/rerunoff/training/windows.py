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
    return np.nonzero(complete_windows(inputs, target, days, length))


def complete_windows(inputs, target, days, length):
    """Mark the samples whose window and target are complete, as `valid_samples` does.

    Returns
    -------
    ndarray of bool, shape (basin, day)
    """
    complete = np.zeros(inputs.shape[:2], dtype=bool)
    first = max(days.start, length - 1)
    stop = max(days.stop, first)
    # By basins, because of the counts; a sample takes no more memory than its mark.
    for row in range(len(inputs)):
        missing = np.isnan(inputs[row]).any(axis=1)
        # Missing days in each window, from the difference of a running count.
        count = np.zeros(len(missing) + 1, dtype=np.int32)
        np.cumsum(missing, out=count[1:])
        before = count[first + 1 - length : stop + 1 - length]
        complete[row, first:stop] = count[first + 1 : stop + 1] == before
    if target is not None:
        complete[:, first:stop] &= np.isfinite(target[:, first:stop])
    return complete


def runs_of(marked):
    """Return the runs of consecutive days that are marked, as `runs_of_days` does.

    Parameters
    ----------
    marked : ndarray of bool, shape (basin, day)
    """
    edge = np.zeros((len(marked), 1), dtype=bool)
    before = np.concatenate([edge, marked[:, :-1]], axis=1)
    basin, first = np.nonzero(marked & ~before)
    after = np.concatenate([marked[:, 1:], edge], axis=1)
    return basin, first, np.nonzero(marked & ~after)[1]


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


class Tiles:
    """Runs of days cut into tiles of some days; each day lies in one tile.

    Parameters
    ----------
    basin, first, last : ndarray of int64, shape (run,)
        Of runs of days.
    size : int
        Days of a tile; the first and the last of a run may have fewer.
    offset : ndarray of int64, shape (run,)
        Days by which the first tile is shorter, less than `size`.
    """

    def __init__(self, basin, first, last, size, offset):
        self._runs, self._size, self._offset = (basin, first, last), size, offset
        self._ends = np.cumsum(-(-(last - first + 1 + offset) // size))

    def __len__(self):
        """Return the number of tiles."""
        return int(self._ends[-1])

    def at(self, numbers):
        """Return some of the tiles.

        Parameters
        ----------
        numbers : ndarray of int, shape (tile,)
            Counted through all runs, from 0.

        Returns
        -------
        ndarray of int64, shape (tile, 4)
            Basin, first and last day, last day of the run.
        """
        run = np.searchsorted(self._ends, numbers, side="right")
        before = np.where(run > 0, self._ends[run - 1], 0)
        basin, first, last = (values[run] for values in self._runs)
        start = first - self._offset[run] + (numbers - before) * self._size
        end = np.minimum(start + self._size - 1, last)
        return np.stack([basin, np.maximum(start, first), end, last], axis=1)


def report_unused(target, days, learned, basins, what):
    """Log, by name, basins with fewer samples than observations in a period."""
    wanted = np.isfinite(target[:, days]).sum(axis=1)
    used = learned.sum(axis=1)
    short = np.flatnonzero(used < wanted)
    if short.size:
        names = ", ".join(f"{basins[i]} ({wanted[i] - used[i]})" for i in short)
        _log.warning(
            "days of %s left out because warm-up or forcing is missing: %s", what, names
        )
