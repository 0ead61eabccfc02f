"""Inputs that no forcing product holds: made of its variables, or of models."""

# Name to the variables that it is made of (`physics.derived`).
OF_WEATHER = {
    "rainfall": ("prcp", "tmin", "tmax"),
    "snowfall": ("prcp", "tmin", "tmax"),
    "relative_humidity": ("vp", "tmin", "tmax"),
    "vapour_pressure_deficit": ("vp", "tmin", "tmax"),
}
# Physical models that are calibrated here, and what an input may be of them, as in
# `hbv_swe`. The second has parameters of other basins, a set for each seed's folds.
HBV, HBV_REGIONAL = "hbv", "hbv_regional"
SHYFT = ("shyft_pt_gs_k", "shyft_pt_st_hbv")
PHYSICAL_MODELS = (HBV, HBV_REGIONAL, *SHYFT)
OUTPUTS = ("discharge", "swe", "soil_moisture")
OF_MODELS = {
    f"{model}_{output}": (model, output)
    for model in PHYSICAL_MODELS
    for output in OUTPUTS
}
# What each model is driven by.
DRIVEN_BY = {
    HBV: ("prcp", "tmin", "tmax"),
    HBV_REGIONAL: ("prcp", "tmin", "tmax"),
    **dict.fromkeys(SHYFT, ("prcp", "tmin", "tmax", "vp", "srad", "dayl")),
}


def derived(names):
    """Return those of some variables that no forcing product holds, sorted."""
    return sorted(
        name for name in set(names) if name in OF_WEATHER or name in OF_MODELS
    )


def models_of(names):
    """Return the physical models whose output is among some variables, sorted."""
    return sorted({OF_MODELS[name][0] for name in names if name in OF_MODELS})


def made_of(name):
    """Return the variables of the forcing product that a variable is made of."""
    if name in OF_MODELS:
        return DRIVEN_BY[OF_MODELS[name][0]]
    return OF_WEATHER.get(name, (name,))
