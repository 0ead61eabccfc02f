"""How five forcing products see the same weather, each with its own errors."""

from typing import NamedTuple

import numpy as np

from rerunoff.data.virtual.places import random


class Product(NamedTuple):
    """One forcing product: whose errors it has and how its files look."""

    family: str  # products of one family differ in nothing but temperature
    file_name: str  # the word in <id>_lump_<word>_forcing_leap.txt
    header: str
    short: bool = False  # tabs throughout, no leading or trailing zeros
    daily_mean: bool = False  # Tmax and Tmin both carry the daily mean
    snow: bool = False  # SWE is filled


_MIXED = (
    "Year Mnth Day Hr\tDayl(s)\tPRCP(mm/day)\tSRAD(W/m2)\tSWE(mm)\tTmax(C)\tTmin(C)"
    "\tVp(Pa)"
)
_LOWER = (
    "Year Mnth Day Hr dayl(s) prcp(mm/day) srad(W/m2) swe(mm) tmax(C) tmin(C) vp(Pa)"
)
PRODUCTS = {
    "daymet": Product("daymet", "cida", _LOWER, snow=True),
    "maurer": Product("maurer", "maurer", _MIXED, daily_mean=True),
    "maurer_extended": Product(
        "maurer", "maurer", _LOWER.replace(" ", "\t"), short=True
    ),
    "nldas": Product("nldas", "nldas", _MIXED, daily_mean=True),
    "nldas_extended": Product("nldas", "nldas", _MIXED),
}
# Family: random stream, then relative daily noise and regional bias of precipitation,
# daily noise of temperature (°C), factors of radiation and vapour pressure.
_ERRORS = {
    "daymet": (3, 0.05, 0.02, 0.3, 1.00, 1.00),
    "maurer": (4, 0.10, 0.04, 0.5, 1.07, 0.94),
    "nldas": (5, 0.12, 0.04, 0.6, 0.99, 1.12),
}


def observe(weather, swe, ids, family, seed):
    """Return the weather as one family of products gives it.

    Parameters
    ----------
    weather : dict of numpy.ndarray, (days, basins)
        From `weather.generate`.
    swe : numpy.ndarray, (days, basins)
        Snow water equivalent of the bucket model in mm.
    ids : sequence of str
    family : str
        "daymet", "maurer" or "nldas".
    seed : int

    Returns
    -------
    dict of str to numpy.ndarray, (days, basins)
        `dayl` s, `prcp` mm/d, `srad` W/m², `swe` mm, `tmax` > `tmin` °C, `vp` Pa.
    """
    stream, rain, bias, degrees, sun, vapour = _ERRORS[family]
    shape = weather["prcp"].shape
    factor, shift, light, moist = (np.empty(shape) for _ in range(4))
    for column, basin_id in enumerate(ids):
        rng = random(seed, basin_id, stream)
        wrong, warm = bias * rng.standard_normal(), 0.3 * rng.standard_normal()
        # Minus half the variance: noise must not add water on the mean.
        error = rain * rng.standard_normal(shape[0]) - rain**2 / 2
        factor[:, column] = np.exp(wrong + error)
        shift[:, column] = warm + degrees * rng.standard_normal(shape[0])
        light[:, column] = sun * np.exp(0.04 * rng.standard_normal(shape[0]))
        moist[:, column] = vapour * np.exp(0.03 * rng.standard_normal(shape[0]))
    return {
        "dayl": weather["dayl"],
        "prcp": weather["prcp"] * factor,
        "srad": weather["srad"] * light,
        "swe": swe * np.exp(bias),
        "tmax": weather["tmax"] + shift,
        "tmin": weather["tmin"] + shift,
        "vp": weather["vp"] * moist,
    }
