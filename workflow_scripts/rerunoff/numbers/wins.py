"""In how many basins one experiment is better than others, for each member."""

import pandas as pd

from rerunoff.evaluation import ENSEMBLE
from rerunoff.evaluation.comparisons import win_counts
from rerunoff.evaluation.summary import seed_members
from rerunoff.numbers.published import AT_LEAST

_KEYS = ["basin", "member"]


def join_experiments(tables, metric):
    """Lay the metric of several experiments side by side.

    Parameters
    ----------
    tables : dict of str to DataFrame
        Metrics tables by experiment, as from `read_metrics`.
    metric : str

    Returns
    -------
    DataFrame
        `basin` and `member` that all experiments have, one column per experiment, and
        `metric`: the lowest of them, NaN where an experiment lacks it. Seeds are left
        out unless all experiments that have any have the same ones; one without, such
        as a benchmark, stands against each of them with its ensemble.
    """
    seeds = {tuple(seed_members(table)) for table in tables.values()} - {()}
    common = seeds.pop() if len(seeds) == 1 else ()
    columns = {
        name: _with_seeds(table, common).set_index(_KEYS)[metric]
        for name, table in tables.items()
    }
    joined = pd.concat(columns, axis=1, join="inner")
    joined[metric] = joined[[*tables]].min(axis=1, skipna=False)
    joined = joined.reset_index()
    if not common:
        joined = joined[~joined["member"].isin(seed_members(joined))]
    return joined


def _with_seeds(table, seeds):
    """Repeat the ensemble of a table without seeds as each of them."""
    if seed_members(table):
        return table
    ensemble = table[table["member"] == ENSEMBLE]
    return pd.concat([table, *(ensemble.assign(member=seed) for seed in seeds)])


def each_member(joined, names):
    """Yield each member of a joined table with its NSE by model, indexed by basin."""
    for member, rows in joined.groupby("member"):
        by_basin = rows.set_index("basin")
        yield (
            member,
            {name: by_basin[[name]].set_axis(["nse"], axis=1) for name in names},
        )


def wins_by_member(joined, names, statistic):
    """Count the basins where the first experiment is above all others.

    Parameters
    ----------
    joined : DataFrame
        From `join_experiments` of NSE, less the basins not to be counted.
    names : sequence of str
        The experiments.
    statistic : str
        `count`, or `fraction` of the basins where all of them have an NSE, in which
        equal values are no win; or, of two experiments, `count_ge`, in which they are.

    Returns
    -------
    Series of float
        By member.
    """
    wins = {}
    for member, by_model in each_member(joined, names):
        counts = win_counts(by_model, [tuple(names)]).iloc[0]
        if statistic == AT_LEAST:
            first, second = (by_model[name]["nse"] for name in names)
            equal = first == second
            wins[member] = float(counts["count"] + equal.sum())
        else:
            wins[member] = float(counts[statistic])
    return pd.Series(wins, dtype=float)
