"""Units: what one network is trained on, and the regions that make them.

`all` (every basin of the paper), `huc01` (a region), `basin01022500` (one basin),
`fold03` (all basins but those of a fold). The basins behind regions and basins are part
of the configuration, so that the jobs of a run are known before any data are there.
"""

import re
from pathlib import Path

from rerunoff.errors import InputError
from rerunoff.protocol.experiments import ALL, BASIN, FOLD, REGION
from rerunoff.seals import check_end
from rerunoff.text_files import check_characters, rows_of

_REMEDY = "correct the table of regions"
_COLUMNS = ["basin", "region"]
_NAME = re.compile(r"(huc|region)[a-z0-9]+")
_ID = re.compile(r"[A-Za-z0-9_]+")


def read_regions(value, root):
    """Resolve the key `regions`.

    Parameters
    ----------
    value : str or None
        The name of a list in config/basins, or a file with the columns basin and
        region, seen from the working folder.
    root : str or Path
        The folder of the Snakefile.

    Returns
    -------
    dict of str to list of str
        Region to its basins, in the order given; empty for None.

    Raises
    ------
    InputError
        If there is no such file, it lacks a column, or a basin is in two regions.
    """
    if value is None:
        return {}
    shipped = Path(root, "config", "basins", f"{value}.csv")
    path = shipped if shipped.is_file() else Path(value)
    regions, seen = {}, set()
    for line, row in enumerate(_rows(path), start=2):
        basin, region = row["basin"], row["region"]
        if basin in seen:
            raise InputError(
                f"{path}, line {line}: basin {basin} occurs twice; leave it in one "
                "region."
            )
        if not (_NAME.fullmatch(region) and _ID.fullmatch(basin)):
            raise InputError(
                f"{path}, line {line}: {basin!r} in region {region!r} is no basin id "
                "in a region named like huc01 (huc or region, then letters or digits)."
            )
        seen.add(basin)
        regions.setdefault(region, []).append(basin)
    return regions


def _rows(path):
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except (OSError, ValueError) as error:  # no text, or no name of a file
        raise InputError(
            f"{path}: no readable table of regions ({error}); name a list in "
            "config/basins, or a file with the columns basin and region."
        ) from error
    check_characters(path, content, _REMEDY)
    columns, *rows = rows_of(path, text, ",", _REMEDY) if text.strip() else [[]]
    if not set(_COLUMNS) <= set(columns):
        raise InputError(f"{path}: needs the columns {' and '.join(_COLUMNS)}.")
    check_end(path, content)
    return [dict(zip(columns, row, strict=True)) for row in rows]


def units_of(experiment):
    """List the units of an experiment, in the order of regions and basins.

    Parameters
    ----------
    experiment : Experiment

    Raises
    ------
    InputError
        If the units are basins or regions and the configuration names none.
    """
    kind = experiment.units
    if kind == ALL:
        return [ALL]
    if kind == FOLD:
        return [f"{FOLD}{index:02d}" for index in range(experiment.folds)]
    if kind == REGION:
        names = list(experiment.regions)
    else:
        names = [f"{BASIN}{basin}" for basin in named_basins(experiment)]
    if not names:
        raise InputError(
            f"the experiment {experiment.name} has units: {kind}, but no basins are "
            "named; fill the key regions, or list ids in the key basins."
        )
    return names


def named_basins(experiment):
    """Return the basins that the configuration names: the list, or the regions'."""
    if isinstance(experiment.basins, list):
        return experiment.basins
    return [basin for basins in experiment.regions.values() for basin in basins]


def units_within(experiment, regions):
    """List the units whose basins all lie in some regions; all units for None.

    Parameters
    ----------
    experiment : Experiment
        Its units are basins or regions.
    regions : list of str or None

    Raises
    ------
    InputError
        As `units_of`.
    """
    units = units_of(experiment)
    if regions is None:
        return units
    held = {basin for name in regions for basin in experiment.regions[name]}
    return [unit for unit in units if held.issuperset(basins_of_unit(experiment, unit))]


def basins_of_unit(experiment, unit):
    """Return the basins that a unit's network learns.

    None for all of the store, and for a fold, which divides them (`fold_of`).
    """
    if unit == ALL or unit.startswith(FOLD):
        return None
    if unit in experiment.regions:
        return list(experiment.regions[unit])
    return [unit.removeprefix(BASIN)]


def fold_of(experiment, unit, seed):
    """Return the fold that a unit's network does not learn; None if it is no fold.

    The folds of a seed are those of the random state of the same number, as in
    kratzert2019b.
    """
    if not unit.startswith(FOLD):
        return None
    index = int(unit.removeprefix(FOLD))
    return {"index": index, "number": experiment.folds, "random_state": seed}


def region_of(experiment, basin):
    """Return the region of a basin; InputError if it is in none."""
    for region, basins in experiment.regions.items():
        if basin in basins:
            return region
    raise InputError(f"basin {basin} is in none of the regions; add it to one.")
