"""Tables and numbers of the robustness to noise (`analysis.robustness`)."""

import numpy as np
import pandas as pd

from rerunoff.errors import InputError
from rerunoff.numbers.published import ROBUSTNESS
from rerunoff.tables import read_checked

_SHARES = {"p05": 5, "p25": 25, "median": 50, "p75": 75, "p95": 95}
_DIGITS = 5  # of the table by basin, which holds thousands of rows
_COUNTED = ("median", "mean")
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


def metric_of(level):
    """Return what the published numbers call NSE with noise of a level."""
    return f"NSE_sigma{float(level)!r}"


def simulated_basins(path):
    """Read the basins of what `by_basin` gave that have an NSE, each once."""
    table = read_checked(path, "table of noise by basin", dtype={"basin": str})
    return table.loc[table["mean"].notna(), "basin"].unique().tolist()


def robustness_numbers(levels, basins, wanted, experiment, member):
    """Return median and mean of each level with the keys of the published ones.

    Parameters
    ----------
    levels : DataFrame
        From `by_level`.
    basins : sequence of str
        Those with an NSE.
    wanted : sequence of str or None
        The paper's 531 basins; None where their list is not at hand.
    experiment, member : str

    Returns
    -------
    list of dict
        As for `write_numbers`.
    """
    key = {"quantity": ROBUSTNESS, "experiment": experiment, "basins": "531"}
    key |= {"members": member, "incomplete": _incomplete(basins, wanted)}
    return [
        key | {"metric": metric_of(row["level"]), "statistic": one, "value": row[one]}
        for row in levels.to_dict("records")
        for one in _COUNTED
    ]


def _incomplete(basins, wanted):
    """Return what is missing from the paper's basins; empty if nothing."""
    if wanted is None:
        return "the paper's basin list is not at hand"
    if set(basins) == set(wanted):
        return ""
    there = len(set(basins) & set(wanted))
    return f"basin set incomplete: {there} of {len(wanted)}"
