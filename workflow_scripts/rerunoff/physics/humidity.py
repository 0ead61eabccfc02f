"""Humidity of the air from vapour pressure and the day's temperatures (FAO 56)."""

import numpy as np

# Below it, e.g. in hard frost, quotients of two small pressures mean nothing. Pa.
_LEAST = 1e-3


def saturation_vapour_pressure(temperature):
    """Return the vapour pressure at which air of a temperature is saturated.

    Parameters
    ----------
    temperature : ndarray
        degC.

    Returns
    -------
    float64 ndarray, shape of `temperature`
        Pa.

    Notes
    -----
    Allen et al. 1998 (FAO irrigation and drainage paper 56), equation 11; over water,
    below 0 degC too.
    """
    celsius = np.asarray(temperature, dtype=float)
    return 610.8 * np.exp(17.27 * celsius / (celsius + 237.3))


def relative_humidity(vp, tmin, tmax):
    """Return the relative humidity of a day.

    Parameters
    ----------
    vp : ndarray
        Mean of the day's vapour pressure, Pa.
    tmin, tmax : ndarray, shape of `vp`
        degC.

    Returns
    -------
    float64 ndarray, shape of `vp`
        0 to 1: vapour pressure over the mean of the saturated ones at both
        temperatures (FAO 56, equation 12), and no more than 1, which `vp` and
        temperatures of different sources may exceed.
    """
    vp = np.asarray(vp, dtype=float)
    return np.clip(vp / np.maximum(_saturated(tmin, tmax), _LEAST), 0, 1)


def vapour_pressure_deficit(vp, tmin, tmax):
    """Return how much vapour pressure a day's air lacks to saturation.

    Parameters
    ----------
    vp, tmin, tmax : ndarray
        As of `relative_humidity`.

    Returns
    -------
    float64 ndarray, shape of `vp`
        Pa, not below 0.
    """
    return np.clip(_saturated(tmin, tmax) - np.asarray(vp, dtype=float), 0, None)


def _saturated(tmin, tmax):
    """Return the mean saturation vapour pressure of a day, FAO 56, equation 12."""
    low, high = saturation_vapour_pressure(tmin), saturation_vapour_pressure(tmax)
    return (low + high) / 2
