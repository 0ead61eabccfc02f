"""Whitespace-separated text tables, read fast, with exact messages for bad ones."""

import numpy as np
import pandas as pd

from rerunoff.errors import InputError


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
        table = pd.read_csv(path, dtype=kinds, **options)
    except (ValueError, pd.errors.ParserError):
        raise InputError(find_fault(path, names, skip, text)) from None
    if not text and np.isnan(table.to_numpy().sum()):
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
    return f"{path}: no line of data; {again}."


def _is_number(field):
    try:
        return bool(np.isfinite(float(field)))
    except ValueError:
        return False


def calendar_days(years, months, days):
    """Build days from numeric columns; an impossible day rolls over and is found."""
    year = (years.to_numpy().astype(int) - 1970).astype("datetime64[Y]")
    month = year.astype("datetime64[M]") + (months.to_numpy().astype(int) - 1)
    return month.astype("datetime64[D]") + (days.to_numpy().astype(int) - 1)
