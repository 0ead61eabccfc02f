"""Writing and reading the CSV tables of results."""

import io

import pandas as pd

from rerunoff.errors import InputError
from rerunoff.seals import read_sealed, write_sealed

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
        without one, ends within a line.
    """
    text = read_sealed(path)
    try:
        return pd.read_csv(io.StringIO(text), **EXACTLY, **options)
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
    return read_checked(path, "series", index_col=0, parse_dates=[0])


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
