"""Reading the small tables of analyses."""

import pandas as pd

from rerunoff.errors import InputError


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
