"""The forcing products of each dataset, and the variables that each product holds."""

_CAMELS = ("daymet", "maurer", "maurer_extended", "nldas", "nldas_extended")
FORCINGS = {"camels_us": _CAMELS, "virtual": _CAMELS, "caravan": ("era5_land",)}

# The SWE column of the others is 0 throughout.
_VARIABLES = ("prcp", "srad", "tmax", "tmin", "vp", "dayl")
# These carry one temperature in both columns, and networks are trained with both.
ONE_TEMPERATURE = ("maurer", "nldas")
_OWN = {"daymet": (*_VARIABLES, "swe")}


def variables_of(forcing):
    """Return the variables of a product; None where each set of files has its own."""
    return _OWN.get(forcing, _VARIABLES) if forcing in _CAMELS else None
