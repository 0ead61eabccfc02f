"""Units that netCDF files give their variables."""

# How files may write the store's units, without blanks and in small letters; a day's
# sum in mm is in mm/d.
PER_DAY = ("mm/d", "mm/day", "mm", "mmd-1", "mmday-1", "mm*d-1", "mmd**-1", "mm/1d")
CELSIUS = ("°c", "degc", "c", "celsius", "deg_c", "degree_celsius", "degrees_celsius")
WATER = ("mm", "mmw.e.", "mmwe", "kg/m2", "kgm-2", "kg/m**2", "kgm**-2")


class UnitError(Exception):
    """A variable is in another unit than the store's; continues a file's name."""


def check_unit(name, attributes, known):
    """Compare the unit of a variable; without any nothing can be compared.

    Parameters
    ----------
    name : str
    attributes : mapping
        Of the variable; those of the whole file are not looked at.
    known : sequence of str
        One of the above.

    Raises
    ------
    UnitError
        If it is another one.
    """
    for key in ("units", "unit"):
        unit = str(attributes.get(key, "")).strip()
        if unit and "".join(unit.lower().split()) not in known:
            fault = f"{name} is in {unit!r}, not in {known[0]}"
            raise UnitError(f"{fault}; convert it, or correct its attribute {key}")
