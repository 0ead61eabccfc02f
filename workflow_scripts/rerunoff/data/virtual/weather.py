"""A stochastic weather generator: what really happens over the virtual catchments.

Arrays have the shape (days, basins) because the only loops run over days.
"""

import numpy as np
from scipy.signal import lfilter

from rerunoff.data.virtual.places import random

_SOLAR_CONSTANT = 1367.0  # W/m²
_PERSISTENCE = 0.3  # lag-one correlation of wet and dry days
_GAMMA_SHAPE = 0.72
_AR1 = 0.72  # of daily temperature anomalies
_WARMEST_DAY = 201  # 20 July


def saturation_pressure(temperature):
    """Return the saturation vapour pressure in Pa over water (Tetens), from °C."""
    return 610.78 * np.exp(17.27 * temperature / (temperature + 237.3))


def day_of_year(dates):
    """Return the day of the year, 1 to 366, of datetime64[D] `dates` (days,)."""
    return (dates - dates.astype("datetime64[Y]")).astype(int) + 1


def generate(places, dates, seed):
    """Generate daily weather.

    Parameters
    ----------
    places : pandas.DataFrame
        From `places.describe`, one row per basin.
    dates : numpy.ndarray of datetime64[D], (days,)
    seed : int

    Returns
    -------
    dict of str to numpy.ndarray, (days, basins)
        `prcp` mm/d, `tmax`, `tmin`, `tmean` °C, `srad` W/m² (mean over daylight, as in
        Daymet), `vp` Pa, `dayl` s.
    """
    draws = _draws(places.index, len(dates), seed)
    day = day_of_year(dates)[:, None]
    summer = np.cos(2 * np.pi * (day - _WARMEST_DAY) / 365.25)
    prcp = _precipitation(places, summer, draws)
    wet = prcp > 0
    tmean = _temperature(places, summer, wet, draws["temperature"])
    spread = _diurnal_range(places, wet, draws["range"])
    tmax, tmin = tmean + spread / 2, tmean - spread / 2
    dayl, top = _sun(places["gauge_lat"].to_numpy(), day)
    # Bristow and Campbell (1984): a large diurnal range means a clear sky.
    clearness = 0.78 * (1 - np.exp(-0.035 * spread**1.5)) * np.where(wet, 0.8, 1.0)
    depression = np.clip(2.5 * (places["_dryness"].to_numpy() - 1.0), -1.5, 7)
    dew = tmin - depression * (0.6 + 0.4 * summer) + 0.8 * draws["dew"]
    return {
        "prcp": prcp,
        "tmax": tmax,
        "tmin": tmin,
        "tmean": tmean,
        "srad": top * (0.06 + clearness),
        "vp": saturation_pressure(np.minimum(dew, tmean)),
        "dayl": np.broadcast_to(dayl, prcp.shape),
    }


def _draws(ids, days, seed):
    names = ("temperature", "range", "dew")
    result = {name: np.empty((days, len(ids))) for name in ("wet", "amount", *names)}
    for column, basin_id in enumerate(ids):
        rng = random(seed, basin_id, 1)
        result["wet"][:, column] = rng.random(days)
        result["amount"][:, column] = rng.standard_gamma(_GAMMA_SHAPE, days)
        for name in names:
            result[name][:, column] = rng.standard_normal(days)
    return result


def _precipitation(places, summer, draws):
    """Return rain in mm/d: a two-state Markov chain with gamma amounts."""
    season = np.maximum(1 + places["_p_summer"].to_numpy() * summer, 0.06)
    season /= season.mean(axis=0)
    share = np.clip(places["_wet_share"].to_numpy() * season**0.5, 0.02, 0.8)
    after_wet = share + _PERSISTENCE * (1 - share)
    after_dry = share * (1 - _PERSISTENCE)
    wet = np.empty(share.shape, dtype=bool)
    state = draws["wet"][0] < share[0]
    for t, draw in enumerate(draws["wet"]):
        state = draw < np.where(state, after_wet[t], after_dry[t])
        wet[t] = state
    mean_amount = places["_p_mean"].to_numpy() * season / share / _GAMMA_SHAPE
    # At least a readable trace, else a wet day would be written as 0.00.
    return np.where(wet, np.maximum(draws["amount"] * mean_amount, 0.01), 0.0)


def _temperature(places, summer, wet, noise):
    anomaly = lfilter([np.sqrt(1 - _AR1**2)], [1, -_AR1], noise, axis=0)
    clouds = np.where(wet, -1.2 * summer, 0.0)  # cooler in summer, milder in winter
    cycle = places["_t_swing"].to_numpy() * summer
    return places["_t_mean"].to_numpy() + cycle + clouds + (3.6 - summer) * anomaly


def _diurnal_range(places, wet, noise):
    clear = 10.5 + 2.2 * np.clip(places["_dryness"].to_numpy() - 1, -0.5, 2)
    return np.clip(clear * np.where(wet, 0.62, 1.05) * np.exp(0.2 * noise), 1.5, 26)


def _sun(latitude, day):
    """Return day length (s) and radiation above the atmosphere (W/m² over daylight)."""
    angle = 2 * np.pi * day / 365.25
    tilt = 0.409 * np.sin(angle - 1.39)  # FAO-56 (Allen et al. 1998), equations 21-25
    distance = 1 + 0.033 * np.cos(angle)
    north = np.deg2rad(latitude)
    half = np.arccos(np.clip(-np.tan(north) * np.tan(tilt), -1, 1))
    dose = half * np.sin(north) * np.sin(tilt) + np.cos(north) * np.cos(tilt) * np.sin(
        half
    )
    dayl = 86400 * half / np.pi
    return dayl, _SOLAR_CONSTANT * distance * dose / half
