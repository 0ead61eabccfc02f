"""Potential evapotranspiration from temperature and latitude (Oudin et al. 2005)."""

import numpy as np

# MJ/m²/min, and MJ/kg: Allen et al. 1998, FAO 56, equation 21 and annex 3.
_SOLAR_CONSTANT = 0.0820
_LATENT_HEAT = 2.45
_MINUTES = 24 * 60


def extraterrestrial_radiation(dates, latitude):
    """Return the radiation that would reach the ground without an atmosphere.

    Parameters
    ----------
    dates : ndarray of datetime64[D], shape (day,)
    latitude : ndarray, shape (basin,)
        Degrees north.

    Returns
    -------
    float64 ndarray, shape (basin, day)
        MJ/m²/d.

    Notes
    -----
    Allen et al. 1998 (FAO irrigation and drainage paper 56), equations 21 and 23 to 25.
    """
    day = (dates - dates.astype("datetime64[Y]")).astype(int) + 1
    angle = 2 * np.pi * day / 365
    distance = 1 + 0.033 * np.cos(angle)
    declination = 0.409 * np.sin(angle - 1.39)
    phi = np.radians(np.asarray(latitude, dtype=float))[:, None]
    # Beyond the polar circles the sun may not set, or not rise.
    sunset = np.arccos(np.clip(-np.tan(phi) * np.tan(declination), -1, 1))
    height = sunset * np.sin(phi) * np.sin(declination)
    height += np.cos(phi) * np.cos(declination) * np.sin(sunset)
    return _MINUTES / np.pi * _SOLAR_CONSTANT * distance * height


def oudin(dates, latitude, temperature):
    """Return potential evapotranspiration.

    Parameters
    ----------
    dates : ndarray of datetime64[D], shape (day,)
    latitude : ndarray, shape (basin,)
        Degrees north.
    temperature : ndarray, shape (basin, day)
        Mean of the day, degC.

    Returns
    -------
    float64 ndarray, shape (basin, day)
        mm/d; 0 below -5 degC.

    Notes
    -----
    Oudin et al. 2005, Journal of Hydrology 303, 290-306, equation 3: radiation over
    latent heat times (T + 5) / 100.
    """
    depth = extraterrestrial_radiation(dates, latitude) / _LATENT_HEAT
    return depth * np.clip(np.asarray(temperature, dtype=float) + 5, 0, None) / 100
