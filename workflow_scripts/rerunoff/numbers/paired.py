"""Tests of whether two experiments differ, for each member."""

import pandas as pd

from rerunoff.evaluation.comparisons import significance
from rerunoff.evaluation.summary import mean_of_seeds, seed_members
from rerunoff.numbers.wins import each_member, join_experiments

# The mean over seeds of each basin's metric, which the paper tests beside ensembles.
MEAN = "mean_of_seeds"


def join_pair(tables, metric):
    """Lay the metric of two experiments side by side, with `MEAN` as one more member.

    Parameters and return value are those of `join_experiments`.
    """
    joined = join_experiments(tables, metric)
    if not any(seed_members(table) for table in tables.values()):
        return joined
    means = {name: mean_of_seeds(table, metric) for name, table in tables.items()}
    rows = pd.concat(means, axis=1, join="inner").rename_axis("basin").reset_index()
    rows[metric] = rows[[*tables]].min(axis=1, skipna=False)
    return pd.concat([joined, rows.assign(member=MEAN)], ignore_index=True)


def tests_by_member(joined, names, statistic):
    """Test whether two experiments differ.

    Parameters
    ----------
    joined : DataFrame
        From `join_pair`, less the basins not to be counted.
    names : sequence of str
        The two experiments.
    statistic : str
        `p_value` or `cohens_d`, as of `comparisons.significance`.

    Returns
    -------
    Series of float
        By member.
    """
    tests = {}
    for member, by_model in each_member(joined, names):
        tests[member] = float(significance(by_model, [tuple(names)])[statistic].iloc[0])
    return pd.Series(tests, dtype=float)
