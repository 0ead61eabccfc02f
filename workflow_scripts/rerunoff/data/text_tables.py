"""Whitespace-separated text tables, read fast, with exact messages for bad ones."""

import warnings

import numpy as np
import pandas as pd

from rerunoff.errors import InputError

_DATE = ("year", "mnth", "day")


def read_table(path, names, skip, text=()):
    """Read whitespace-separated columns.

    Parameters
    ----------
    path : str or Path
    names : sequence of str
        Names of the columns.
    skip : int
        Number of header lines.
    text : sequence of str
        Columns to keep as text; all others are float64.

    Raises
    ------
    InputError
        If a line has too few or too many fields, or a field is no number.
    """
    kinds = {name: str if name in text else np.float64 for name in names}
    options = {
        "sep": r"\s+",
        "header": None,
        "names": names,
        "skiprows": skip,
        "index_col": False,
        "keep_default_na": False,
        "on_bad_lines": "error",
    }
    try:
        with warnings.catch_warnings():
            # Else fields too many in the first row are dropped from every row.
            warnings.simplefilter("error", pd.errors.ParserWarning)
            table = pd.read_csv(path, dtype=kinds, **options)
    except (ValueError, pd.errors.ParserError, pd.errors.ParserWarning):
        raise InputError(find_fault(path, names, skip, text)) from None
    if not np.isfinite(table.select_dtypes("number").to_numpy()).all():
        raise InputError(find_fault(path, names, skip, text))
    return table


def find_fault(path, names, skip, text):
    """Return the sentence on the first line that is short, long or not numeric."""
    again = "the file is damaged or truncated, download it again"
    with open(path, encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, start=1):
            fields = line.split()
            if number <= skip or not fields:
                continue
            if len(fields) != len(names):
                counted = f"{len(fields)} fields instead of {len(names)}"
                return f"{path}, line {number}: {counted}; {again}."
            for name, field in zip(names, fields, strict=True):
                if name not in text and not _is_number(field):
                    fault = f"{field!r} in column {name} is no number"
                    return f"{path}, line {number}: {fault}; {again}."
    return f"{path}: no readable table; {again}."


def _is_number(field):
    try:
        return bool(np.isfinite(float(field)))
    except ValueError:
        return False


def calendar_days(table, path, first_line):
    """Build days from the columns year, mnth and day.

    Parameters
    ----------
    table : DataFrame
    path : str or Path
        The file, named in the message.
    first_line : int
        Line of the first row, counted from 1.

    Raises
    ------
    InputError
        On a day that no calendar has, such as 30 February.
    """
    year, month, day = (table[name].to_numpy().astype(int) for name in _DATE)
    months = (year - 1970).astype("datetime64[Y]").astype("datetime64[M]") + (month - 1)
    dates = months.astype("datetime64[D]") + (day - 1)
    # An impossible day rolls over into another month.
    possible = (month >= 1) & (month <= 12) & (dates.astype("datetime64[M]") == months)
    if not possible.all():
        row = int(np.flatnonzero(~possible)[0])
        raise InputError(
            f"{path}, line {first_line + row}: {year[row]}-{month[row]:02d}-"
            f"{day[row]:02d} is no day of the calendar; correct the line or download "
            "the file again."
        )
    return dates
