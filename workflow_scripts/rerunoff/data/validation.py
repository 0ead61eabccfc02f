"""Checks of raw data; each ends in one sentence with file, line and remedy."""

import logging

import numpy as np
import pandas as pd

from rerunoff.errors import InputError

_log = logging.getLogger(__name__)
_DAY = np.timedelta64(1, "D")
# Another year is a slip, and would make a calendar that fits into no memory.
FIRST_DAY, LAST_DAY = np.datetime64("1700-01-01"), np.datetime64("2099-12-31")
# What stands for a missing value in data of others: texts have the first two, netCDF
# files the others.
_CODES = np.float32([-999, -9999, 1e20, 9.969209968386869e36])
# What a daily value over a catchment can be; the limits leave room beyond the records
# (rain of 1,825 mm/d, -89 and 57 °C, dew point of 35 °C) and beyond what ERA5-Land
# has (evaporation from -5 to 81 mm/d). The solar constant is 1,361 W/m².
_POSSIBLE = {
    "prcp": (0, 2000),  # mm/d
    "pet": (-50, 200),  # mm/d
    "swe": (0, 50000),  # mm
    "srad": (0, 1400),  # W/m²
    "vp": (0, 10000),  # Pa
    "dayl": (0, 86400),  # s
    "tmax": (-90, 70),  # °C
    "tmin": (-90, 70),
    "tmean": (-90, 70),
}
MOST_FLOW = 2000  # mm/d, as of rain


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
        On an empty file, a day of no year that has data, a duplicate or unsorted day,
        or a gap.
    """
    if not len(dates):
        message = f"{path}: no day of data; download the file again."
        raise InputError(message)
    odd = np.flatnonzero(~((dates >= FIRST_DAY) & (dates <= LAST_DAY)))
    if odd.size:
        fault = f"{dates[odd[0]]} is not between {FIRST_DAY} and {LAST_DAY}"
        raise InputError(f"{row_at(path, first_line, odd[0])}: {fault}; correct it.")
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
        By their names in the store, in its units (`store_builder.UNITS`).
    path : str or Path
    first_line : int or None
        As for `check_calendar`.
    impossible : {'stop', 'warn'}

    Raises
    ------
    InputError
        On -999 and other codes for missing values; with `stop`, on tmin > tmax and on
        what no catchment can have, such as negative rain.
    """
    faults = []
    for name, values in variables.items():
        refuse_codes(name, values, path, first_line)
        low, high = _POSSIBLE.get(name, (-np.inf, np.inf))
        below = "is negative" if low == 0 else f"is below {low}"
        faults.append((f"{name} {below}", values < low))
        faults.append((f"{name} is above {high}", values > high))
    if "tmin" in variables and "tmax" in variables:
        faults.append(("tmin > tmax", variables["tmin"] > variables["tmax"]))
    for fault, where in faults:
        _judge(f"impossible forcing, {fault}", where, path, first_line, impossible)


def check_discharge(discharge, path, first_line, impossible="stop"):
    """Check for more discharge than there can be.

    Parameters
    ----------
    discharge : ndarray, shape (day,)
        mm/d, NaN where missing.
    path, first_line, impossible
        As for `check_forcing`.

    Raises
    ------
    InputError
        With `stop`, on more than 2000 mm/d.
    """
    fault = f"impossible discharge, above {MOST_FLOW} mm/d"
    _judge(fault, discharge > MOST_FLOW, path, first_line, impossible)


def refuse_codes(name, values, path, first_line):
    """Refuse what stands for a missing value, which no network may see.

    Parameters
    ----------
    name : str
    values : float32 ndarray, shape (day,)
    path, first_line
        As for `check_calendar`.

    Raises
    ------
    InputError
        On -999, -9999 and the fill values of netCDF files.
    """
    rows = np.flatnonzero(np.isin(values, _CODES))
    if rows.size:
        fault = f"{name} is {values[rows[0]]:g}, which stands for a missing value"
        raise InputError(
            f"{row_at(path, first_line, int(rows[0]))}: {fault} ({rows.size} such "
            "days); fill these days, or leave them empty where the format can."
        )


def _judge(fault, where, path, first_line, impossible):
    """Stop or warn on the first of some days, with how many there are."""
    rows = np.flatnonzero(where)
    if not rows.size:
        return
    where = row_at(path, first_line, int(rows[0]))
    settle(f"{where}: {fault} ({rows.size} such days)", impossible)


def settle(message, impossible):
    """Stop or warn, as the key `impossible_values` says.

    Parameters
    ----------
    message : str
        What is impossible, and where.
    impossible : {'stop', 'warn'}
    """
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
        fault = _first_text(table[text[0]])
        message = f"{source}: attribute {text[0]} is no number{fault}"
        raise InputError(f"{message}; correct attributes or the table.")
    values = table.loc[list(basins), list(names)]
    rows, columns = np.nonzero(~np.isfinite(values.to_numpy(dtype=float)))
    if rows.size:
        raise InputError(
            f"{source}: attribute {names[columns[0]]} of basin {basins[rows[0]]} is "
            "empty; drop the attribute from the key attributes, or the basin."
        )


def _first_text(column):
    """Say where a column has the first value that is no number."""
    odd = column.notna() & pd.to_numeric(column, errors="coerce").isna()
    if not odd.any():
        return ""
    return f", but {column[odd].iloc[0]!r} in basin {column.index[odd][0]}"
