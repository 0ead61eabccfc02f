"""Reading and writing the small tables of analyses."""

import pandas as pd

from rerunoff.errors import InputError
from rerunoff.files import atomic_path


def write_table(table, path, index=False):
    """Write a DataFrame as CSV, atomically, with all its digits."""
    with atomic_path(path) as part:
        table.to_csv(part, index=index)


def read_series(path):
    """Read a table whose first column holds dates.

    Returns
    -------
    DataFrame
        Indexed by day.

    Raises
    ------
    InputError
        If the file is missing or damaged.
    """
    try:
        return pd.read_csv(path, index_col=0, parse_dates=[0])
    except (OSError, ValueError) as error:
        raise InputError(
            f"{path}: no readable table ({error}); delete it and run again."
        ) from error
