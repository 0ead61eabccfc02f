"""Tables of the robustness to noise (`analysis.robustness`)."""

import numpy as np
import pandas as pd

from rerunoff.errors import InputError
from rerunoff.tables import read_checked

_SHARES = {"p05": 5, "p25": 25, "median": 50, "p75": 75, "p95": 95}
_DIGITS = 5  # of the table by basin, which holds thousands of rows
LEVELS = ("level", "basins", "draws", "mean", *_SHARES)


def by_level(values, noise):
    """Take statistics of NSE over basins and draws together, as published.

    Parameters
    ----------
    values : ndarray, shape (basin, draw)
        From `perturb_attributes`; basins without an NSE are left out.
    noise : Noise

    Returns
    -------
    DataFrame
        `LEVELS`, one row for each level: `draws` of each basin, `mean` and percentiles
        of NSE.
    """
    values = values[~np.isnan(values).any(axis=1)]
    rows = [
        {"level": level, "basins": len(part), "draws": part.shape[1], **_taken(part)}
        for level, part in _parts(values, noise)
    ]
    return pd.DataFrame(rows, columns=list(LEVELS))


def by_basin(basins, values, noise):
    """Take the same statistics over the draws of each basin, in rounded numbers."""
    tables = []
    for level, part in _parts(values, noise):
        columns = {"basin": basins, "level": level, "draws": part.shape[1]}
        table = pd.DataFrame(columns | _taken(part, axis=1))
        tables.append(table.round(_DIGITS))
    return pd.concat(tables, ignore_index=True)


def _parts(values, noise):
    parts = np.split(values, np.cumsum(noise.counts())[:-1], axis=1)
    return zip(noise.levels, parts, strict=True)


def _taken(values, axis=None):
    """Return mean and percentiles, by name."""
    shares = np.percentile(values, list(_SHARES.values()), axis=axis)
    taken = dict(zip(_SHARES, shares, strict=True))
    return {"mean": values.mean(axis=axis)} | taken


def read_levels(path):
    """Read what `by_level` gave.

    Raises
    ------
    InputError
        If the file is damaged or lacks a column.
    """
    table = read_checked(path, "table of noise levels")
    missing = [name for name in LEVELS if name not in table]
    if missing:
        raise InputError(f"{path}: column {missing[0]} is missing; make it again.")
    return table


def simulated_basins(path):
    """Read the basins of what `by_basin` gave that have an NSE, each once."""
    table = read_checked(path, "table of noise by basin", dtype={"basin": str})
    return table.loc[table["mean"].notna(), "basin"].unique().tolist()
