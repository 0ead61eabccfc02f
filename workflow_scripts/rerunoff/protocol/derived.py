"""Inputs that no forcing product holds: made of its variables, or of models."""

import re

# Name to the variables that it is made of (`physics.derived`).
OF_HUMIDITY = dict.fromkeys(
    ("relative_humidity", "vapour_pressure_deficit"), ("vp", "tmin", "tmax")
)
OF_WEATHER = OF_HUMIDITY | {
    "log_swe": ("swe",),
    "rainfall": ("prcp", "tmin", "tmax"),
    "snowfall": ("prcp", "tmin", "tmax"),
}
# Physical models that are calibrated here, and what an input may be of them, as in
# `hbv_swe`. The second knows few observations; the third has parameters of other
# basins, of each seed and fold those that its network learns.
HBV, HBV_REGIONAL = "hbv", "hbv_regional"
HBV_FEW = ("hbv_1_year", "hbv_3_years")
SHYFT = ("shyft_pt_gs_k", "shyft_pt_st_hbv")
# Those with parameters that are fitted in each basin.
CALIBRATED = (HBV, *HBV_FEW, *SHYFT)
PHYSICAL_MODELS = (*CALIBRATED, HBV_REGIONAL)
OUTPUTS = ("discharge", "swe", "log_swe", "soil_moisture")
_OF_MODEL = re.compile(
    rf"((?:{'|'.join(PHYSICAL_MODELS)})(?:_fold\d\d)?)_({'|'.join(OUTPUTS)})"
)
_OF_HBV = ("prcp", "tmin", "tmax")
_OF_SHYFT = ("prcp", "tmin", "tmax", "vp", "srad", "dayl")


def derived(names):
    """Return those of some variables that no forcing product holds, sorted."""
    return sorted(name for name in set(names) if name in OF_WEATHER or of_model(name))


def of_model(name):
    """Return the physical model and the output that a variable is of, or None."""
    found = _OF_MODEL.fullmatch(name)
    return found and found.groups()


def in_fold(name, unit):
    """Return what an input is called for the network of a unit, such as `fold03`.

    Parameters of other basins are those of basins that the network learns, so that it
    knows nothing of the others' discharge.
    """
    model, output = of_model(name) or (None, None)
    return f"{model}_{unit}_{output}" if model == HBV_REGIONAL else name


def models_of(names):
    """Return the physical models whose output is among some variables, sorted."""
    return sorted({found[0] for found in map(of_model, names) if found})


def made_of(name):
    """Return the variables of the forcing product that a variable is made of."""
    if of_model(name):
        return _OF_SHYFT if name.startswith(SHYFT) else _OF_HBV
    return OF_WEATHER.get(name, (name,))
