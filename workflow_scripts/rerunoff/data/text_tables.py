"""Text tables, read fast, with exact messages for bad ones."""

import collections
import csv
import io
import os
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

from rerunoff.errors import InputError
from rerunoff.seals import check_end, open_end
from rerunoff.tables import EXACTLY

_DATE = ("year", "mnth", "day")
_AGAIN = "the file is damaged or truncated, download it again"
_OPTIONS = {
    "sep": r"\s+",
    **EXACTLY,
    "header": None,
    "index_col": False,
    "keep_default_na": False,
    "on_bad_lines": "error",
}


def read_table(path, names, skip, text=(), columns=None):
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
    columns : sequence of str, optional
        Columns to read; of the others only the fields are counted. All by default.

    Raises
    ------
    InputError
        If a line has too few or too many fields, a field is no number, or the last
        line may be cut.
    """
    if columns is not None:
        text = (*text, *(name for name in names if name not in columns))
        # Of a part of the columns pandas takes lines of any length.
        if not _has_full_lines(path, len(names), skip):
            raise InputError(find_fault(path, names, skip, text))
    kinds = {name: str if name in text else np.float64 for name in columns or names}
    shape = {"names": names, "usecols": columns, "skiprows": skip}
    try:
        with warnings.catch_warnings():
            # Else fields too many in the first row are dropped from every row.
            warnings.simplefilter("error", pd.errors.ParserWarning)
            table = pd.read_csv(path, dtype=kinds, **shape, **_OPTIONS)
    except (ValueError, pd.errors.ParserError, pd.errors.ParserWarning):
        raise InputError(find_fault(path, names, skip, text)) from None
    if not np.isfinite(table.select_dtypes("number").to_numpy()).all():
        raise InputError(find_fault(path, names, skip, text))
    if names[-1] not in text:
        _check_last_number(path, skip)
    return table


def _check_last_number(path, skip):
    """Refuse a last number without a line end, which may be cut, unless it is whole.

    Some files of CAMELS have no line end after the last line. Where all numbers of the
    last column have as many decimals, one that is cut has fewer.
    """
    with open(path, "rb") as file:
        file.seek(-1, os.SEEK_END)
        if file.read() == b"\n":
            return
        file.seek(0)
        lines = file.read().decode("utf-8", errors="replace").split("\n")
    numbers = [line.split()[-1] for line in lines[skip:] if line.strip()]
    decimals = {len(number.partition(".")[2]) for number in numbers}
    if len(numbers) == 1 or len(decimals) > 1 or decimals == {0}:
        raise open_end(path, len(lines))


def _has_full_lines(path, fields, skip):
    """Tell whether each line has its fields and an end, without parsing it."""
    text = np.fromfile(path, dtype=np.uint8)
    blank = text <= ord(" ")
    starts = np.flatnonzero(~blank & np.append(True, blank[:-1]))
    ends = np.flatnonzero(text == ord("\n"))
    counts = np.diff(np.searchsorted(starts, ends), prepend=0)[skip:]
    whole = ends.size > 0 and ends[-1] == text.size - 1
    return whole and np.isin(counts, (0, fields)).all()


def find_fault(path, names, skip, text):
    """Return the sentence on the first line that is short, long or not numeric."""
    with open(path, encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, start=1):
            fields = line.split()
            if number <= skip or not fields:
                continue
            if len(fields) != len(names):
                counted = f"{len(fields)} fields instead of {len(names)}"
                return f"{path}, line {number}: {counted}; {_AGAIN}."
            for name, field in zip(names, fields, strict=True):
                if name not in text and not _is_number(field):
                    fault = f"{field!r} in column {name} is no number"
                    return f"{path}, line {number}: {fault}; {_AGAIN}."
            if not line.endswith("\n"):
                return str(open_end(path, number))
    return f"{path}: no readable table; {_AGAIN}."


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


def read_separated(path, separator, kinds):
    """Read a table with a header line and one separator between two fields.

    Parameters
    ----------
    path : str or Path
    separator : str
        One character.
    kinds : dict of str to type
        Types of columns; the others get theirs from their values.

    Raises
    ------
    InputError
        If the file is missing, empty or no UTF-8 text, a line has too few or too many
        fields, or the last line has no end.
    """
    try:
        content = Path(path).read_bytes()
        text = content.decode("utf-8-sig")
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file; download it.") from error
    except OSError as error:
        fault = f"cannot be read ({error.strerror}); make it a readable file"
        raise InputError(f"{path}: {fault}.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: no UTF-8 text; {_AGAIN}.") from error
    expected = 0
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        fields = _count(line, separator)
        expected = expected or fields
        if fields != expected:
            counted = f"{fields} fields instead of {expected}"
            raise InputError(f"{path}, line {number}: {counted}; {_AGAIN}.")
    if not expected:
        raise InputError(f"{path}: the file is empty; download it again.")
    check_end(path, content)
    shape = {"sep": separator, "dtype": kinds, "index_col": False}
    return pd.read_csv(io.StringIO(text), **shape, **EXACTLY)


def _count(line, separator):
    """Count the fields of a line; a separator in quotes is none."""
    if '"' in line:
        return len(next(csv.reader([line], delimiter=separator)))
    return line.count(separator) + 1


def read_gauge_table(path, separator, text):
    """Read a table of attributes, one gauge a line; index: `gauge_id`.

    Parameters
    ----------
    path, separator
        As for `read_separated`.
    text : sequence of str
        Columns to keep as text.

    Raises
    ------
    InputError
        As `read_separated`, or if `gauge_id` is missing, empty or not unique.
    """
    table = read_separated(path, separator, dict.fromkeys(("gauge_id", *text), str))
    gauges = table.get("gauge_id")
    if gauges is None or gauges.isna().any() or gauges.duplicated().any():
        fault = "gauge_id is missing, empty or not unique"
        raise InputError(f"{path}: {fault}; correct the file or download it again.")
    if table.empty:
        raise InputError(f"{path}: the table has no gauge; download it again.")
    return table.set_index("gauge_id")


def check_same_gauges(tables):
    """Check that tables are of the same gauges, as a table cut short is not.

    Parameters
    ----------
    tables : dict of Path to DataFrame
        Index: gauge.

    Raises
    ------
    InputError
        If a gauge that at least half of the tables have is missing from one, or if
        fewer tables have one.
    """
    counts = collections.Counter(
        gauge for table in tables.values() for gauge in table.index
    )
    partial = {gauge: count for gauge, count in counts.items() if count < len(tables)}
    for path, table in tables.items():
        lost = [gauge for gauge in partial if gauge not in table.index]
        lost = [gauge for gauge in lost if 2 * partial[gauge] >= len(tables)]
        if lost:
            raise InputError(
                f"{path}: gauge {lost[0]} is missing, which the tables beside it have "
                f"({len(lost)} such gauges); {_AGAIN}."
            )
    for path, table in tables.items():
        extra = [gauge for gauge in partial if gauge in table.index]
        if extra:
            raise InputError(
                f"{path}: gauge {extra[0]} is missing from most tables beside it; "
                "remove its line, or download all of them again."
            )
