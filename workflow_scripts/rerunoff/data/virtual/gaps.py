"""Which days of observed discharge are missing, as at real gauges."""

import numpy as np

from rerunoff.data.virtual.places import random


def cut(basin_id, order, days, seed):
    """Decide one basin's gaps.

    Every second basin keeps its ends; of the others one starts late and one ends
    early, in turn, and every fourth has runs of missing days inside.

    Parameters
    ----------
    basin_id : str
    order : int
        The basin's number in the order of generation, so that a few basins suffice to
        meet each kind of gap.
    days : int
        Length of the series.
    seed : int

    Returns
    -------
    slice
        Days for which the file has a line at all.
    numpy.ndarray of bool, (days,)
        Days with a line that says missing.
    """
    rng = random(seed, basin_id, 6)
    kept = slice(0, days)
    missing = np.zeros(days, dtype=bool)
    kind = order % 4
    if kind == 1:
        kept = slice(int(rng.integers(9, max(10, days // 20))), days)
    elif kind == 3:
        kept = slice(0, days - int(rng.integers(3, 10)))
    elif kind == 2:
        for _ in range(int(rng.integers(2, 5))):
            first = int(rng.integers(0, days))
            missing[first : first + int(rng.integers(5, 60))] = True
    return kept, missing
