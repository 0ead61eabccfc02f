"""Writing and reading the CSV tables of results."""

import collections
import io

import numpy as np
import pandas as pd

from rerunoff.errors import InputError
from rerunoff.seals import read_sealed, write_sealed
from rerunoff.text_files import check_characters, rows_of

# Numbers as they are written: pandas before 3.1 may else be a bit beside them.
EXACTLY = {"float_precision": "round_trip"}


def write_table(table, path, index=False):
    """Write a DataFrame as CSV, atomically, with all its digits and a checksum."""
    write_sealed(path, table.to_csv(index=index, lineterminator="\n"))


def read_checked(path, what, remedy="delete it and run again", **options):
    """Read a CSV, ours or somebody else's, that is whole.

    Parameters
    ----------
    path : str or Path
    what : str
        What the table holds, for the message.
    remedy : str
    **options
        Of `pandas.read_csv`.

    Returns
    -------
    DataFrame

    Raises
    ------
    InputError
        If the file cannot be read as a table, differs from the checksum beside it or,
        without one, ends within a line; or as `rows_of` does.
    """
    text = read_sealed(path)
    if not text.strip():
        raise InputError(f"{path}: no readable {what} (it is empty); {remedy}.")
    check_characters(path, text.encode(), remedy)
    collections.deque(rows_of(path, text, ",", remedy), maxlen=0)
    try:
        options = {"low_memory": False, **EXACTLY, **options}
        return pd.read_csv(io.StringIO(text), **options)
    except MemoryError:
        raise
    except Exception as error:  # damage may end in nearly any
        why = " ".join(str(error).split()).rstrip(".")
        raise InputError(f"{path}: no readable {what} ({why}); {remedy}.") from error


def read_series(path):
    """Read a table of an analysis whose first column holds dates.

    Returns
    -------
    DataFrame
        Indexed by day.

    Raises
    ------
    InputError
        If the file is missing or damaged.
    """
    table = read_checked(path, "series", index_col=0)
    days = pd.to_datetime(table.index, format="%Y-%m-%d", errors="coerce")
    if days.hasnans or not days.is_unique:
        row = (days.isna() | days.duplicated()).argmax()
        raise InputError(
            f"{path}, line {row + 2}: {table.index[row]} is no day (YYYY-MM-DD), or "
            "stands there twice; delete the file and run again."
        )
    check_numbers(path, table, list(table))
    return table.set_axis(days)


def check_numbers(path, table, columns):
    """Raise `InputError` on text where numbers belong, or if there is no row at all.

    Parameters
    ----------
    path : str or Path
    table : DataFrame
        As read, one row a line.
    columns : sequence of str
    """
    if table.empty:
        raise InputError(f"{path}: the table has no row; make the file again.")
    for name in columns:
        column = table[name]
        if column.dtype.kind in "iuf":
            continue
        # A column of true and false would count as ones and zeros.
        odd = [column.dtype.kind == "b"] * len(column)
        if column.dtype.kind != "b":
            odd = column.notna() & pd.to_numeric(column, errors="coerce").isna()
        row = int(np.argmax(odd))
        raise InputError(
            f"{path}, line {row + 2}: column {name} holds text where a number belongs, "
            f"{column.iloc[row]!r}; leave a missing value empty."
        )


def check_members(path, table):
    """Raise `InputError` if a member lacks a basin of another, as in a cut table."""
    basins = table.groupby("member", sort=False)["basin"].agg(set)
    for member, own in basins.items():
        lost = sorted(set().union(*basins) - own)
        if lost:
            raise InputError(
                f"{path}: member {member} lacks basin {lost[0]}, which another has "
                f"({len(lost)} such basins); make the file again, it may be cut."
            )
