"""Text files with one basin id a line."""

from pathlib import Path

from rerunoff.errors import InputError


def read_basin_list(path):
    """Read basin ids, one a line; blank lines and lines with # are skipped.

    Raises
    ------
    InputError
        If the file is missing, empty, or names a basin twice.
    """
    try:
        lines = Path(path).read_text(encoding="utf-8").split("\n")
    except FileNotFoundError as error:
        message = f"{path}: no such basin list; correct the key basins."
        raise InputError(message) from error
    lines = [line.strip() for line in lines]
    basins = [line for line in lines if line and not line.startswith("#")]
    if not basins:
        message = f"{path}: the basin list is empty; write one basin id a line."
        raise InputError(message)
    seen = set()
    for number, basin in enumerate(lines, start=1):
        if basin in seen:
            message = f"{path}, line {number}: basin {basin} a second time; remove it."
            raise InputError(message)
        if basin and not basin.startswith("#"):
            seen.add(basin)
    return basins
