"""Text tables, read fast, with exact messages for bad ones."""

import collections
import csv
import io
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

from rerunoff.errors import InputError
from rerunoff.seals import check_end, open_end
from rerunoff.tables import EXACTLY
from rerunoff.text_files import (
    DAMAGED,
    check_characters,
    check_names,
    is_number,
    rows_of,
)

_DATE = ("year", "mnth", "day")
# What stands for a missing value in tables of others.
_MISSING = {"", "nan", "NaN", "NA"}
_OPTIONS = {
    "sep": r"\s+",
    **EXACTLY,
    "header": None,
    "index_col": False,
    "keep_default_na": False,
    "on_bad_lines": "error",
    "quoting": csv.QUOTE_NONE,
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
    content = read_text_bytes(path)
    check_names(path, max(skip, 1), names)
    if columns is not None:
        text = (*text, *(name for name in names if name not in columns))
        # Of a part of the columns pandas takes lines of any length.
        if not _has_full_lines(content, len(names), skip):
            raise InputError(find_fault(path, content, names, skip, text))
    kinds = {name: str if name in text else np.float64 for name in columns or names}
    shape = {"names": names, "usecols": columns, "skiprows": skip}
    try:
        with warnings.catch_warnings():
            # Else fields too many in the first row are dropped from every row.
            warnings.simplefilter("error", pd.errors.ParserWarning)
            table = pd.read_csv(io.BytesIO(content), dtype=kinds, **shape, **_OPTIONS)
    except (ValueError, pd.errors.ParserError, pd.errors.ParserWarning):
        raise InputError(find_fault(path, content, names, skip, text)) from None
    # Rows are told by their lines.
    lines = len(content.rstrip().splitlines()[skip:])
    whole = np.isfinite(table.select_dtypes("number").to_numpy()).all()
    whole &= not (table.select_dtypes(exclude="number") == "").to_numpy().any()
    if not whole or lines != len(table):
        raise InputError(find_fault(path, content, names, skip, text))
    if names[-1] not in text:
        _check_last_number(path, content, skip)
    return table


def read_text_bytes(path):
    """Return the content of a file of plain letters.

    Raises
    ------
    InputError
        If it cannot be read, or holds bytes that no table has.
    """
    try:
        content = Path(path).read_bytes()
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file; download it.") from error
    except OSError as error:
        fault = f"cannot be read ({error.strerror}); make it a readable file"
        raise InputError(f"{path}: {fault}.") from error
    check_characters(path, content, ascii_only=True)
    return content


def _check_last_number(path, content, skip):
    """Refuse a last number without a line end, which may be cut, unless it is whole.

    Some files of CAMELS have no line end after the last line. Where all numbers of the
    last column have as many decimals, one that is cut has fewer.
    """
    if content.endswith(b"\n"):
        return
    lines = content.decode("ascii").split("\n")
    numbers = [line.split()[-1] for line in lines[skip:] if line.strip()]
    decimals = {len(number.partition(".")[2]) for number in numbers}
    if len(numbers) == 1 or len(decimals) > 1 or decimals == {0}:
        raise open_end(path, len(lines))


def _has_full_lines(content, fields, skip):
    """Tell whether each line has its fields and an end, without parsing it."""
    text = np.frombuffer(content, dtype=np.uint8)
    blank = text <= ord(" ")  # of these there are blanks and ends of lines only
    starts = np.flatnonzero(~blank & np.append(True, blank[:-1]))
    ends = np.flatnonzero(text == ord("\n"))
    counts = np.diff(np.searchsorted(starts, ends), prepend=0)[skip:]
    whole = ends.size > 0 and ends[-1] == text.size - 1
    return whole and np.isin(counts, (0, fields)).all()


def find_fault(path, content, names, skip, text):
    """Return the sentence on the first line that is short, long or not numeric."""
    lines = content.decode("ascii").split("\n")
    last = len(content.decode("ascii").rstrip().split("\n"))
    for number, line in enumerate(lines[:last], start=1):
        fields = line.split()
        if number <= skip:
            continue
        if not fields:
            return f"{path}, line {number}: the line is empty; remove it."
        if len(fields) != len(names):
            counted = f"{len(fields)} fields instead of {len(names)}"
            return f"{path}, line {number}: {counted}; {DAMAGED}."
        for name, field in zip(names, fields, strict=True):
            if name not in text and not is_number(field):
                fault = f"{field!r} in column {name} is no number"
                return f"{path}, line {number}: {fault}; {DAMAGED}."
    if last == len(lines):
        return str(open_end(path, last))
    return f"{path}: no readable table; {DAMAGED}."


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
    parts = [table[name].to_numpy() for name in _DATE]
    # First, because what is not whole would be rounded, and 1e300 is no integer.
    whole = np.all([(part == np.floor(part)) & (abs(part) < 1e5) for part in parts], 0)
    year, month, day = (np.where(whole, part, 0).astype(int) for part in parts)
    months = (year - 1970).astype("datetime64[Y]").astype("datetime64[M]") + (month - 1)
    dates = months.astype("datetime64[D]") + (day - 1)
    # An impossible day rolls over into another month.
    possible = (month >= 1) & (month <= 12) & (dates.astype("datetime64[M]") == months)
    possible &= whole
    if not possible.all():
        row = int(np.flatnonzero(~possible)[0])
        year, month, day = (part[row] for part in parts)
        raise InputError(
            f"{path}, line {first_line + row}: {year:g}-{month:02g}-{day:02g} is no "
            "day of the calendar; correct the line or download the file again."
        )
    return dates


def read_separated(path, separator, kinds, numbers=False):
    """Read a table with a header line and one separator between two fields.

    Parameters
    ----------
    path : str or Path
    separator : str
        One character.
    kinds : dict of str to type
        Types of columns; the others get theirs from their values.
    numbers : bool
        Whether the others must hold numbers, empty where missing.

    Raises
    ------
    InputError
        If the file is missing, empty or no UTF-8 text, a field is no number, the last
        line has no end, or as `rows_of` does.
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
        raise InputError(f"{path}: no UTF-8 text; {DAMAGED}.") from error
    if not text.strip():
        raise InputError(f"{path}: the file is empty; download it again.")
    check_characters(path, content)
    names, *_ = rows_of(path, text, separator)
    if not names[0]:
        raise InputError(f"{path}, line 1: a column without a name; {DAMAGED}.")
    check_end(path, content)
    if numbers and kinds.keys() <= set(names):
        kinds = kinds | {name: np.float64 for name in names if name not in kinds}
    options = {"sep": separator, "dtype": kinds, "index_col": False, **EXACTLY}
    try:
        return pd.read_csv(io.StringIO(text), low_memory=False, **options)
    except (ValueError, OverflowError) as error:
        raise _no_number(path, text, separator, kinds, error) from error


def _no_number(path, text, separator, kinds, error):
    """Return the `InputError` on the first field that is no number but should be."""
    names, *rows = rows_of(path, text, separator)
    for number, row in enumerate(rows, start=2):
        for name, field in zip(names, row, strict=True):
            known = field.strip() in _MISSING or is_number(field.strip())
            if kinds.get(name) is np.float64 and not known:
                fault = f"{field!r} in column {name} is no number"
                return InputError(f"{path}, line {number}: {fault}; {DAMAGED}.")
    return InputError(f"{path}: no readable table ({error}); {DAMAGED}.")


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
                f"({len(lost)} such gauges); {DAMAGED}."
            )
    for path, table in tables.items():
        extra = [gauge for gauge in partial if gauge in table.index]
        if extra:
            raise InputError(
                f"{path}: gauge {extra[0]} is missing from most tables beside it; "
                "remove its line, or download all of them again."
            )
