"""Reading the small tables of analyses."""

from rerunoff.tables import read_checked


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
    return read_checked(path, "series", index_col=0, parse_dates=[0])
