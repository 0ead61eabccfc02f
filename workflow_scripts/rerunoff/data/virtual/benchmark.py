"""An imperfect model of the virtual catchments, as the benchmark of CAMELS US is one.

The bucket model, driven by a forcing product instead of the true weather and with
parameters that are off: a part of the error all SCE seeds of a basin share, as they
share the model and its data, the rest is each seed's own.
"""

import re

import numpy as np

from rerunoff.data.virtual import formats, hydrology
from rerunoff.data.virtual.places import random
from rerunoff.errors import InputError

PRODUCTS = ("daymet", "maurer", "nldas")
SEEDS = ("05", "11", "27")
_FIRST_DAY = np.datetime64("1980-10-01")  # of the published files
_STREAM = 100  # of the random numbers; the SCE seed is added
_SHARED_STREAM = 200
_SHARED, _OWN = 0.7, 0.6  # largest errors of the logarithm of a parameter
_EVAPORATED = 0.8  # of the potential: the bucket model keeps no account of it


def check(products, seeds):
    """Check the arguments of `write_catchments` on the benchmark model.

    Raises
    ------
    InputError
        If a product has no benchmark model, or a seed is not of two digits.
    """
    where = "Virtual catchments"
    if isinstance(products, str) or not set(products) <= set(PRODUCTS):
        raise InputError(
            f"{where}: model_output is {products!r}; give a list of "
            f"{', '.join(PRODUCTS)}, or an empty one."
        )
    good = not isinstance(seeds, str) and all(
        isinstance(seed, str) and re.fullmatch("[0-9]{2}", seed) for seed in seeds
    )
    if not good or not seeds or len(set(seeds)) < len(seeds):
        raise InputError(
            f"{where}: model_seeds are {seeds!r}; give a list of different seeds of "
            f"two digits, such as {', '.join(SEEDS)}."
        )


def simulate(places, forcing, dates, seed, model_seed):
    """Simulate as one SCE seed of the benchmark model would.

    Parameters
    ----------
    places : pandas.DataFrame
        From `places.describe`, one row per basin.
    forcing : dict of numpy.ndarray, (days, basins)
        From `forcings.observe`.
    dates : numpy.ndarray of datetime64[D], (days,)
    seed : int
        Of the catchments.
    model_seed : str
        Two digits.

    Returns
    -------
    list of numpy.ndarray, (days, basins)
        SWE mm, PRCP mm/d, RAIM (rain and melt) mm/d, TAIR °C, PET, ET and MOD_RUN
        mm/d: the columns of the file up to the observations.
    """
    tmean = (forcing["tmax"] + forcing["tmin"]) / 2
    weather = {**forcing, "tmean": tmean}
    pet = hydrology.potential_evaporation(weather)
    wrong = _parameters(places, seed, model_seed)
    runoff, swe = hydrology.run(wrong, places, weather, pet, dates)
    stored = np.diff(swe, axis=0, prepend=swe[:1])
    water = np.maximum(forcing["prcp"] - stored, 0)
    return [swe, forcing["prcp"], water, tmean, pet, _EVAPORATED * pet, runoff]


def _parameters(places, seed, model_seed):
    """Return the parameters of the bucket model, each times a random factor."""
    true = hydrology.parameters(places)
    own = _STREAM + int(model_seed)
    wrong = {name: values.copy() for name, values in true.items()}
    for column, basin_id in enumerate(places.index):
        shared = random(seed, basin_id, _SHARED_STREAM).uniform(-1, 1, len(true))
        error = random(seed, basin_id, own).uniform(-1, 1, len(true))
        factors = np.exp(_SHARED * shared + _OWN * error)
        for name, factor in zip(true, factors, strict=True):
            wrong[name][column] *= factor
    # The rest of the runoff has to go somewhere.
    wrong["slow_share"] = np.minimum(wrong["slow_share"], 1)
    return wrong


def write(folder, basins, columns, model_seed, observed, dates):
    """Write the files of some basins and one SCE seed.

    Parameters
    ----------
    folder : pathlib.Path
        `model_output/<forcing product>`.
    basins : sequence of namedtuple
        As for `formats.write_model_output`.
    columns : list of numpy.ndarray, (days, basins)
        From `simulate`.
    model_seed : str
    observed : numpy.ndarray, (days, basins)
        mm/d; NaN where the gauge has no record, which the published files give as 0.
    dates : numpy.ndarray of datetime64[D], (days,)
    """
    kept = _kept(dates)
    days = formats.date_texts(dates[kept], "forcing")
    series = [*columns, np.nan_to_num(observed, nan=0.0)]
    for column, basin in enumerate(basins):
        values = [values[kept, column] for values in series]
        formats.write_model_output(folder, basin, model_seed, values, days)


def _kept(dates):
    """Return the days from the first 1 October that the published files could hold."""
    months = dates.astype("datetime64[M]")
    october = months.astype(int) % 12 == 9
    opens = october & (dates == months.astype("datetime64[D]")) & (dates >= _FIRST_DAY)
    return slice(int(opens.argmax()), None)
