"""Which days of which basin belong to a period.

In kratzert2018 (p. 6010) a basin's first 15 hydrological years with streamflow train
the network and the rest tests it, so a basin whose record starts late has its training
period moved by whole years.
"""

import numpy as np

from rerunoff.errors import InputError


def years_late(discharge, dates, first):
    """Count the years from a day to each basin's first one with discharge.

    Parameters
    ----------
    discharge : ndarray, shape (basin, day)
        mm/d, NaN where missing.
    dates : ndarray of datetime64[D], shape (day,)
    first : str
        First day of the training period; hydrological years start on its anniversary.

    Returns
    -------
    ndarray of int, shape (basin,)
        Whole years; 0 for a basin without any discharge from `first` on.
    """
    from_first = dates >= np.datetime64(first, "D")
    seen = np.isfinite(discharge) & from_first
    day = dates[seen.argmax(axis=1)]
    return np.where(seen.any(axis=1), _years_between(first, day), 0)


def _years_between(first, day):
    """Return the completed years from a day to others."""
    first = np.datetime64(first, "D")
    years = day.astype("datetime64[Y]").astype(int) - first.astype("M8[Y]").astype(int)
    return years - (anniversary(first, years) > day)


def anniversary(day, years):
    """Return a day some years later, e.g. 1980-10-01 and 2 to 1982-10-01."""
    day = np.datetime64(day, "D")
    month = day.astype("datetime64[M]")
    return (month + 12 * np.asarray(years)).astype("datetime64[D]") + (day - month)


def training_days(catchments, period, own_start):
    """Mark the days of each basin that may train a network.

    Parameters
    ----------
    catchments : Catchments
    period : sequence of str
        First and last day.
    own_start : bool
        Whether the period moves to the basin's own first year with discharge.

    Returns
    -------
    ndarray of bool, shape (basin, day)

    Raises
    ------
    InputError
        If the calendar does not hold the period.
    """
    catchments.days(period)  # complains
    late = _late(catchments, period, own_start)
    # The day after the last, because 29 February has no anniversary.
    period = (np.datetime64(period[0], "D"), np.datetime64(period[1], "D") + 1)
    first, after = (anniversary(day, late)[:, None] for day in period)
    return (catchments.dates >= first) & (catchments.dates < after)


def evaluation_days(catchments, train, test, own_start):
    """Mark the days of each basin that test a network.

    Parameters
    ----------
    catchments : Catchments
    train, test : sequence of str
        First and last days.
    own_start : bool
        Whether the basin's training period is its own; the test then starts as much
        later.

    Returns
    -------
    ndarray of bool, shape (basin, day)
    """
    days = catchments.days(test)
    late = _late(catchments, train, own_start)
    first = anniversary(test[0], late)[:, None]
    marked = np.zeros(catchments.discharge.shape, dtype=bool)
    marked[:, days] = catchments.dates[days] >= first
    return marked


def _late(catchments, train, own_start):
    if not own_start:
        return np.zeros(len(catchments.basins), dtype=int)
    return years_late(catchments.discharge, catchments.dates, train[0])


def last_year(days, discharge, dates):
    """Split training days into all but the last hydrological year, and that year.

    Parameters
    ----------
    days : ndarray of bool, shape (basin, day)
        From `training_days`.
    discharge : ndarray, shape (basin, day)
        mm/d, NaN where missing.
    dates : ndarray of datetime64[D], shape (day,)

    Returns
    -------
    before, held_out : ndarray of bool, shape (basin, day)
        The held-out year of a basin is the last one whose observations vary, because
        the NSE of others is not defined; later days are in neither. A basin without
        such a year has no day in the two.

    Raises
    ------
    InputError
        If no basin has an observation both before and in its last year.
    """
    seen = days & np.isfinite(discharge)
    before, held_out = np.zeros_like(days), np.zeros_like(days)
    for row in range(len(days)):
        year = _last_varying(
            days[row], np.where(seen[row], discharge[row], np.nan), dates
        )
        if year is not None:
            held_out[row] = year
            before[row] = days[row] & (dates < dates[year][0])
    if not ((before & seen).any(axis=1) & (held_out & seen).any(axis=1)).any():
        raise InputError(
            "no basin has discharge both in and before the last year of its training "
            "period, which selecting epochs needs; choose a longer periods.train."
        )
    return before, held_out


def _last_varying(days, observed, dates):
    """Return the days of the last year with varying observations, or None."""
    last = dates[days][-1] if days.any() else None
    while last is not None and (days & (dates <= last)).any():
        first = anniversary(last, -1)
        year = days & (dates > first) & (dates <= last)
        values = observed[year]
        values = values[np.isfinite(values)]
        if values.size and np.ptp(values) > 0:
            return year
        last = first
    return None
