"""What drives a physical model, read from the store."""

import logging

import numpy as np

from rerunoff.data.store import read_store
from rerunoff.errors import InputError

_log = logging.getLogger(__name__)
LATITUDE = "gauge_lat"
# Groundwater that flows out over years begins empty: calibrated in few years it is
# fitted while it fills; in the long run that inputs are made of, it is full.
_SPIN_UP = 10 * 365


def read_forcing(store, basins, variables, attributes=(LATITUDE,)):
    """Read what a physical model needs, every day of it.

    Parameters
    ----------
    store : str or Path
    basins : sequence of str
    variables, attributes : sequence of str

    Returns
    -------
    Catchments

    Raises
    ------
    InputError
        As `read_store` does, or if a day of forcing is missing.
    """
    catchments = read_store(store, variables, attributes, basins)
    lost = np.isnan(catchments.inputs)
    if lost.any():
        row, day, column = (index[0] for index in lost.nonzero())
        raise InputError(
            f"{store}: basin {basins[row]} has no {variables[column]} on "
            f"{catchments.dates[day]}, and a physical model needs every day; leave the "
            "basin out of the basin list."
        )
    return catchments


def with_spin_up(first, warmup):
    """Return the day from which a calibration simulates: ten years before its first.

    Parameters
    ----------
    first : int or ndarray of int
        Day of the store, counted from 0.
    warmup : int
        At least so many days are before it.

    Returns
    -------
    int or ndarray of int
        The store's first day where it does not reach so far back.
    """
    return np.maximum(0, first - max(warmup, _SPIN_UP))


def before_days(marked, warmup, period):
    """Return the days of a calibration with those before it for spin-up, a slice.

    Parameters
    ----------
    marked : ndarray of bool, shape (basin, day)
        The days of each basin.
    warmup : int
        As many are there at least.
    period : sequence of str
        For the message.

    Raises
    ------
    InputError
        If the data do not reach so far back.
    """
    some = marked.any(axis=0).nonzero()[0]
    if some[0] < warmup:
        raise InputError(
            f"the period from {period[0]} has {some[0]} days of data before it, and "
            f"warmup asks for {warmup}; make it shorter, or the period later."
        )
    return slice(int(with_spin_up(some[0], warmup)), int(some[-1]) + 1)


def report_uncalibrated(basins, known, store):
    """Report basins whose observations do not vary, so that nothing can be fitted.

    Parameters
    ----------
    basins : sequence of str
    known : ndarray of bool, shape (basin,)
        Which have observations that vary.
    store : str or Path

    Raises
    ------
    InputError
        If no basin has.
    """
    if not known.any():
        raise InputError(
            f"{store}: no basin has observations that vary in the training period; "
            "choose another period in the configuration."
        )
    if not known.all():
        lost = " ".join(np.array(basins)[~known])
        _log.warning("not calibrated, without observations that vary: %s", lost)
