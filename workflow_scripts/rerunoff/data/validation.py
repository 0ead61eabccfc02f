"""Checks of raw data; each ends in one sentence with file, line and remedy."""

import logging

import numpy as np

from rerunoff.errors import InputError

_log = logging.getLogger(__name__)
_DAY = np.timedelta64(1, "D")


def row_at(path, first_line, row):
    """Name a row: by its line in a text file, by its number in any other file."""
    if first_line is None:
        return f"{path}, entry {row + 1}"
    return f"{path}, line {first_line + row}"


def check_calendar(dates, path, first_line, gaps=False):
    """Check that days are sorted, unique and, unless `gaps`, without a gap.

    Parameters
    ----------
    dates : ndarray of datetime64[D], shape (day,)
    path : str or Path
        The file, named in the message.
    first_line : int or None
        Line of the first day, counted from 1; None if the file has no lines.
    gaps : bool
        Whether days may be missing (observations) or not (forcing).

    Raises
    ------
    InputError
        On an empty file, a duplicate or unsorted day, or a gap.
    """
    if not len(dates):
        message = f"{path}: no day of data; download the file again."
        raise InputError(message)
    steps = np.diff(dates)
    bad = np.flatnonzero(steps < _DAY if gaps else steps != _DAY)
    if not bad.size:
        return
    row = int(bad[0])
    before, day = dates[row], dates[row + 1]
    if steps[row] == 0 * _DAY:
        fault = f"{day} stands there twice; remove one of the two"
    elif steps[row] < _DAY:
        fault = f"{day} comes after {before}; sort the days"
    else:
        fault = (
            f"a gap, {before} is followed by {day}; forcing must have every day, so "
            "download the file again or fill the gap"
        )
    raise InputError(f"{row_at(path, first_line, row + 1)}: {fault}.")


def check_forcing(variables, path, first_line, impossible="stop"):
    """Check for physically impossible values.

    Parameters
    ----------
    variables : dict of str to ndarray, shape (day,)
        `prcp` mm/d, `srad` W/m², `tmax`, `tmin` °C, whichever there are.
    path : str or Path
    first_line : int or None
        As for `check_calendar`.
    impossible : {'stop', 'warn'}

    Raises
    ------
    InputError
        With `stop`, on prcp < 0, srad < 0 or tmin > tmax.
    """
    faults = [
        (f"{name} is negative", variables[name] < 0)
        for name in ("prcp", "srad", "vp", "swe")
        if name in variables
    ]
    if "tmin" in variables and "tmax" in variables:
        faults.append(("tmin > tmax", variables["tmin"] > variables["tmax"]))
    for fault, where in faults:
        rows = np.flatnonzero(where)
        if not rows.size:
            continue
        message = (
            f"{row_at(path, first_line, int(rows[0]))}: impossible forcing, {fault} "
            f"({rows.size} such days)"
        )
        if impossible == "stop":
            raise InputError(
                f"{message}; correct the file, or use it as it is with "
                "impossible_values: warn in the configuration."
            )
        _log.warning("%s; used as it is (impossible_values: warn).", message)


def check_finite(variables, dates, path, first_line):
    """Check that no value is infinite, as a large one becomes in float32.

    Parameters
    ----------
    variables : dict of str to float32 ndarray, shape (day,)
        NaN where missing.
    dates : ndarray of datetime64[D], shape (day,)
    path : str or Path
    first_line : int or None
        As for `check_calendar`.

    Raises
    ------
    InputError
        On an infinite value.
    """
    for name, values in variables.items():
        rows = np.flatnonzero(np.isinf(values))
        if rows.size:
            raise InputError(
                f"{row_at(path, first_line, int(rows[0]))}: {name} of {dates[rows[0]]} "
                "is infinite, or too large for a 32-bit number; the file is damaged, "
                "download it again."
            )


def check_attributes(table, basins, names, source):
    """Check that every basin has a finite value of every attribute.

    Parameters
    ----------
    table : DataFrame, index basin
    basins : sequence of str
    names : sequence of str
    source : str or Path
        Where the table comes from, named in the message.

    Raises
    ------
    InputError
        On an unknown attribute or one of text, a basin without attributes, or an empty
        cell.
    """
    unknown = [name for name in names if name not in table.columns]
    if unknown:
        message = f"{source}: no attribute {unknown[0]}; correct the key attributes."
        raise InputError(message)
    missing = [basin for basin in basins if basin not in table.index]
    if missing:
        raise InputError(
            f"{source}: basin {missing[0]} has no attributes ({len(missing)} such "
            "basins); remove it from the basin list or add its row."
        )
    text = [name for name in names if table[name].dtype.kind not in "fiu"]
    if text:
        message = f"{source}: attribute {text[0]} is no number; correct attributes."
        raise InputError(message)
    values = table.loc[list(basins), list(names)]
    rows, columns = np.nonzero(~np.isfinite(values.to_numpy(dtype=float)))
    if rows.size:
        raise InputError(
            f"{source}: attribute {names[columns[0]]} of basin {basins[rows[0]]} is "
            "empty; drop the attribute from the key attributes, or the basin."
        )
