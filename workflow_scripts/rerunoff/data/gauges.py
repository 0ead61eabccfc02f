"""Where the gauges are; apart from the store, which every training depends on."""

import pandas as pd

from rerunoff.data.store import read_store


def read_places(path, basins):
    """Read where the gauges are.

    Parameters
    ----------
    path : str or Path
        A store.
    basins : sequence of str

    Returns
    -------
    DataFrame
        Indexed by basin: `lat`, `lon` (degrees).

    Raises
    ------
    InputError
        As `read_store`.
    """
    attributes = read_store(path, (), ("gauge_lat", "gauge_lon"), basins).attributes
    index = pd.Index(basins, name="basin")
    return pd.DataFrame(attributes, columns=["lat", "lon"], index=index)
