"""How alike the basins of a region are (kratzert2018, p. 6017)."""

import pandas as pd

from rerunoff.data.periods import training_days
from rerunoff.data.store import read_store

_FEWEST_DAYS = 365


def discharge_correlation(store, regions, train, own_start):
    """Correlate observed discharge between the basins of each region.

    Parameters
    ----------
    store : str or Path
    regions : dict of str to list of str
    train : sequence of str
        First and last day of the training period.
    own_start : bool
        See `data.periods.training_days`.

    Returns
    -------
    DataFrame
        `region`, `basin`, `other`, `r`: Pearson's correlation of daily discharge in
        mm/d over common days of the training period, NaN with fewer than 365 of them.
    """
    parts = []
    for region, basins in regions.items():
        catchments = read_store(store, (), (), basins)
        days = training_days(catchments, train, own_start)
        discharge = pd.DataFrame(catchments.observed_on(days).discharge.T)
        discharge.columns = pd.Index(basins, name="basin")
        r = discharge.astype(float).corr(min_periods=_FEWEST_DAYS)
        r.columns.name = "other"
        parts.append(r.stack(future_stack=True).rename("r").reset_index())
        parts[-1].insert(0, "region", region)
    return pd.concat(parts, ignore_index=True)
