"""Climate and discharge attributes computed from series, as published.

Definitions: Addor et al. (2017), doi:10.5194/hess-21-5293-2017, Tables 2 and 3. Theirs
are computed over 1989-10-01 to 2009-09-30; ours over the whole hydrological years
(1 October to 30 September) of the series, or over all of it if it holds none.
For 01022500 they give the published frequencies, durations and half-flow day of the
discharge exactly, the baseflow index to 2e-4, but 2.85 for `slope_fdc`, published
as 1.78; no model of the papers reads it.
"""

from itertools import pairwise

import numpy as np
import pandas as pd
from scipy.signal import lfilter

_SEASONS = ("djf", "mam", "jja", "son")
_YEAR = 365.25
_FILTER = 0.925  # Ladson et al. (2013)


def hydrological_years(dates):
    """Select whole hydrological years.

    Parameters
    ----------
    dates : numpy.ndarray of datetime64[D], (days,)

    Returns
    -------
    slice
        Of the days; everything if there is no whole hydrological year.
    list of slice
        One slice per year, within the first; empty if there is none.
    """
    days = pd.DatetimeIndex(dates)
    starts = np.flatnonzero((days.month == 10) & (days.day == 1))
    ends = np.flatnonzero((days.month == 9) & (days.day == 30)) + 1
    if not len(starts) or not (ends > starts[0]).any():
        return slice(0, len(dates)), []
    first, last = starts[0], ends.max()
    edges = [*starts[starts < last] - first, last - first]
    years = [slice(a, b) for a, b in pairwise(edges)]
    return slice(first, last), years


def climate(prcp, tmean, pet, dates):
    """Compute the columns of `camels_clim.txt` after `gauge_id`.

    Parameters
    ----------
    prcp, tmean, pet : numpy.ndarray, (days, basins)
        mm/d, °C, mm/d, already restricted to the wanted period.
    dates : numpy.ndarray of datetime64[D], (days,)

    Returns
    -------
    dict of str to array, (basins,)
        In the order of the file. High: at least five times the mean daily
        precipitation; low: below 1 mm/d; frequencies in days per year, durations in
        days; timing: the season with most such days; `frac_snow`: on days below 0 °C.
    """
    p_mean, pet_mean = prcp.mean(axis=0), pet.mean(axis=0)
    high, low = prcp >= 5 * p_mean, prcp < 1
    return {
        "p_mean": p_mean,
        "pet_mean": pet_mean,
        "p_seasonality": _seasonality(prcp, tmean, dates),
        "frac_snow": np.where(tmean < 0, prcp, 0).sum(axis=0) / prcp.sum(axis=0),
        "aridity": pet_mean / p_mean,
        "high_prec_freq": high.mean(axis=0) * _YEAR,
        "high_prec_dur": _mean_duration(high),
        "high_prec_timing": _timing(high, dates),
        "low_prec_freq": low.mean(axis=0) * _YEAR,
        "low_prec_dur": _mean_duration(low),
        "low_prec_timing": _timing(low, dates),
    }


def discharge(flow, prcp, years):
    """Compute the columns of `camels_hydro.txt` after `gauge_id`.

    Parameters
    ----------
    flow, prcp : numpy.ndarray, (days, basins)
        mm/d, already restricted to the wanted period.
    years : list of slice
        The hydrological years in it.

    Returns
    -------
    dict of str to numpy.ndarray, (basins,)
        In the order of the file; NaN where undefined. High: above nine times the
        median; low: below a fifth of the mean. Slope of the flow duration curve:
        Sawicz et al. (2011); baseflow index: Ladson et al. (2013); elasticity:
        Sankarasubramanian et al. (2001), equation 7.
    """
    q_mean = flow.mean(axis=0)
    q5, q33, median, q66, q95 = np.quantile(flow, [0.05, 1 / 3, 0.5, 2 / 3, 0.95], 0)
    high, low = flow > 9 * median, flow < 0.2 * q_mean
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = (np.log(q66) - np.log(q33)) * 3
    return {
        "q_mean": q_mean,
        "runoff_ratio": q_mean / prcp.mean(axis=0),
        "slope_fdc": np.where(q66 > 0, np.where(q33 > 0, slope, np.nan), 0.0),
        "baseflow_index": _baseflow_index(flow),
        "stream_elas": _elasticity(flow, prcp, years),
        "q5": q5,
        "q95": q95,
        "high_q_freq": high.mean(axis=0) * _YEAR,
        "high_q_dur": _mean_duration(high),
        "low_q_freq": low.mean(axis=0) * _YEAR,
        "low_q_dur": _mean_duration(low),
        "zero_q_freq": (flow == 0).mean(axis=0),
        "hfd_mean": _half_flow_day(flow, years),
    }


def _seasonality(prcp, tmean, dates):
    """Return Woods (2009), equation 14: positive if precipitation peaks in summer."""
    angle = 2 * np.pi * (dates - dates[0]).astype(int)[:, None] / _YEAR
    waves = np.concatenate([np.ones_like(angle), np.cos(angle), np.sin(angle)], axis=1)
    mean, *rain = np.linalg.lstsq(waves, prcp, rcond=None)[0]
    _, *warmth = np.linalg.lstsq(waves, tmean, rcond=None)[0]
    together = rain[0] * warmth[0] + rain[1] * warmth[1]
    return together / np.hypot(*warmth) / mean


def _mean_duration(event):
    """Return the mean length of runs of True in days, 0 without any; (basins,)."""
    starts = (event[1:] & ~event[:-1]).sum(axis=0) + event[0]
    return event.sum(axis=0) / np.maximum(starts, 1)


def _timing(event, dates):
    season = pd.DatetimeIndex(dates).month.to_numpy() % 12 // 3
    counts = [event[season == number].sum(axis=0) for number in range(4)]
    return np.array(_SEASONS)[np.argmax(counts, axis=0)]


def _baseflow_index(flow):
    # Reflected ends and three passes keep the filter's start out of the result.
    pad = min(30, len(flow) - 1)
    base = np.pad(flow, ((pad, pad), (0, 0)), mode="reflect")
    gain = 0.5 * (1 + _FILTER)
    for step in (1, -1, 1):
        series = base[::step]
        state = -gain * series[:1]  # the quick flow starts at 0
        quick, _ = lfilter([gain, -gain], [1, -_FILTER], series, axis=0, zi=state)
        base = np.where(quick > 0, series - quick, series)[::step]
    total = flow.sum(axis=0)
    return base[pad : pad + len(flow)].sum(axis=0) / np.where(total > 0, total, np.nan)


def _elasticity(flow, prcp, years):
    if len(years) < 2:
        return np.full(flow.shape[1], np.nan)
    q = np.array([flow[year].mean(axis=0) for year in years])
    p = np.array([prcp[year].mean(axis=0) for year in years])
    q_mean, p_mean = q.mean(axis=0), p.mean(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.median((q - q_mean) / (p - p_mean), axis=0) * p_mean / q_mean


def _half_flow_day(flow, years):
    """Return the mean day of the year (1 is 1 October) with half the flow past."""
    if not years:
        return np.full(flow.shape[1], np.nan)
    days = []
    for year in years:
        total = np.cumsum(flow[year], axis=0)
        days.append(np.argmax(total >= total[-1] / 2, axis=0) + 1)
    return np.mean(days, axis=0)
