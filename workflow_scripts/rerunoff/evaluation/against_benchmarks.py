"""kratzert2019a: networks beside models of others, and whether they differ.

Both are taken over the basins that all benchmarks of the paper have simulated, 447 of
its 531; networks are compared with each other over all basins.
"""

import numpy as np
import pandas as pd

from rerunoff.evaluation import ENSEMBLE
from rerunoff.evaluation.comparisons import (
    pairs_among,
    significance,
    unpaired_p_values,
)
from rerunoff.evaluation.metrics import METRICS
from rerunoff.evaluation.summary import (
    mean_of_seeds,
    over_members,
    seed_members,
    statistic_by_member,
)
from rerunoff.protocol.benchmarks import BENCHMARKS

# What Table 3 has: a median of each, of NSE also the mean and the failures.
TABULATED = tuple(name for name in METRICS if name != "r")
_OF_NSE = (("NSE_mean", "mean"), ("failures", "failures_le0"))
_NETWORKS = tuple(
    f"{network}_{loss}"
    for network in ("ealstm", "lstm", "lstm_no_static")
    for loss in ("nse", "mse")
)
# performance.ipynb, cell 12.
PAIRS = (
    ("lstm_no_static_mse", "lstm_mse"),
    ("lstm_no_static_nse", "lstm_nse"),
    ("lstm_mse", "ealstm_mse"),
    ("lstm_nse", "ealstm_nse"),
    ("ealstm_nse", "ealstm_mse"),
    ("lstm_no_static_mse", "lstm_no_static_nse"),
)
AGAINST_BENCHMARKS = "ealstm_nse"  # cell 23
MEMBERS = ("seeds_mean", ENSEMBLE)
_QUANTILES = {"p_unpaired": 0.5, "p_unpaired_low": 0.05, "p_unpaired_high": 0.95}
_COLUMNS = ("first", "second", "members", "metric", "basins", "p_value", *_QUANTILES)
_REST = ("cohens_d", "median_difference")


def benchmark_table(by_experiment, titles, outside, coverage):
    """Make the table of networks and benchmarks ([2019a], Table 3).

    Parameters
    ----------
    by_experiment : dict of str to DataFrame
        Metrics tables, in the order of the rows.
    titles : dict of str to str
    outside : sequence of str
        Basins that are left out: those that not all benchmarks have simulated.
    coverage : Series
        By benchmark the gauges of its source with an NSE; empty without benchmarks.

    Returns
    -------
    DataFrame
        Of each network two rows, `members` being `seeds_mean` (a statistic over basins
        for each seed, then the mean over seeds, and `…_std`, ddof 0) and `ensemble`; of
        a benchmark one. `basins` (with an NSE), `NSE_mean`, `<metric>_median`,
        `failures` (NSE ≤ 0, unlike in the 531-basin table also of ensembles), and
        `coverage`. Metrics that were not evaluated are NaN.
    """
    rows = []
    for name, table in by_experiment.items():
        here = table[~table["basin"].isin(outside)]
        for member in MEMBERS if seed_members(table) else (ENSEMBLE,):
            row = {"experiment": name, "title": titles[name], "members": member}
            ensemble = here[here["member"] == ENSEMBLE]
            row["basins"] = int(ensemble["NSE"].notna().sum())
            row |= _cells(here, member)
            row["coverage"] = coverage.get(name, np.nan)
            rows.append(row)
    return pd.DataFrame(rows)


def _cells(metrics, member):
    wanted = [(name, "NSE", statistic) for name, statistic in _OF_NSE]
    wanted += [(f"{name}_median", name, "median") for name in TABULATED]
    cells = {}
    for name, metric, statistic in wanted:
        values = statistic_by_member(metrics, metric, statistic)
        cells[name] = over_members(values, member)
        averaged = member == "seeds_mean"
        cells[f"{name}_std"] = over_members(values, "seeds_std") if averaged else np.nan
    return cells


def significance_table(by_experiment, outside):
    """Test whether networks differ from each other, and from benchmarks.

    Parameters
    ----------
    by_experiment, outside
        As in `benchmark_table`; only against benchmarks `outside` is left out.

    Returns
    -------
    DataFrame
        One row per pair, members and metric: `first`, `second`, `members` (`ensemble`,
        or each basin's mean over seeds, `seeds_mean`), `metric`, `basins`, and as of
        `comparisons.significance` `p_value`, `cohens_d` and `median_difference`.
        `p_unpaired` is the median p of the same test without regard to the basin,
        between `…_low` and `…_high` 90 % of them; empty for networks, whose basins the
        paper's tests pair as well. Metrics that one of the two lacks have no row.
    """
    networks = [name for name in by_experiment if name not in BENCHMARKS]
    benchmarks = [name for name in by_experiment if name in BENCHMARKS]
    pairs = pairs_among(PAIRS, dict.fromkeys(networks), _NETWORKS)
    tested = [(pair, "NSE", ()) for pair in pairs]
    own = [name for name in networks if name not in _NETWORKS]
    for network in (AGAINST_BENCHMARKS, *own):
        for benchmark in benchmarks if network in networks else ():
            tested += [((network, benchmark), name, outside) for name in TABULATED]
    rows = [
        _tested(by_experiment, pair, members, metric, left_out)
        for pair, metric, left_out in tested
        for members in MEMBERS
    ]
    rows = [row for row in rows if row["basins"]]
    return pd.DataFrame(rows, columns=[*_COLUMNS, *_REST])


def _tested(by_experiment, pair, members, metric, outside):
    """Return one row of `significance_table`."""
    values = {}
    for name in pair:
        table = by_experiment[name]
        here = table[~table["basin"].isin(outside)]
        if members == ENSEMBLE:
            here = here[here["member"] == ENSEMBLE]
        values[name] = mean_of_seeds(here, metric)
    both = pd.DataFrame(values).dropna()
    by_model = {name: both[[name]].set_axis(["nse"], axis=1) for name in pair}
    row = significance(by_model, [pair]).iloc[0].to_dict()
    if pair[1] in BENCHMARKS and len(both):
        first, second = (both[name].to_numpy() for name in pair)
        found = unpaired_p_values(first, second, [*_QUANTILES.values()])
        row |= dict(zip(_QUANTILES, found, strict=True))
    return row | {"members": members, "metric": metric}
