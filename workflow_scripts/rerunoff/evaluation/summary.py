"""Statistics over basins of the per-basin metrics, per seed and for the ensemble.

The order is the papers': a statistic is taken over basins for each member first, and
only then averaged over the seeds. The other order (mean over seeds per basin first)
gives other numbers.
"""

import pandas as pd

from rerunoff.evaluation import ENSEMBLE

# NSE and what it is composed of (Gupta et al. 2009; kratzert2018, p. 6013).
COMPONENTS = ("NSE", "r", "alpha_nse", "beta_nse")
SEED_PREFIX = "seed"

# NaN compares as False, so a basin without a value is never a failure.
STATISTICS = {
    "mean": lambda values: values.mean(),
    "median": lambda values: values.median(),
    "minimum": lambda values: values.min(),
    "maximum": lambda values: values.max(),
    "failures_le0": lambda values: float((values <= 0).sum()),
    "failures_lt0": lambda values: float((values < 0).sum()),
}
_OVER_SEEDS = {
    "seeds_mean": lambda values: values.mean(),
    "seeds_std": lambda values: values.std(ddof=0),
    "seeds_median": lambda values: values.median(),
}


def seed_members(metrics):
    """Return the names of the single seeds in a metrics table, sorted."""
    members = metrics["member"].unique()
    return sorted(name for name in members if name.startswith(SEED_PREFIX))


def statistic_by_member(metrics, metric, statistic):
    """Take a statistic over basins for each member.

    Parameters
    ----------
    metrics : DataFrame
        As from `tables.read_metrics`.
    metric : str
        Column name.
    statistic : str
        A key of `STATISTICS`; `failures_le0` counts basins with a value ≤ 0,
        `failures_lt0` those with a value < 0.

    Returns
    -------
    Series
        One value per member, indexed by its name. NaN metrics are left out; the
        statistic is NaN where a member has no value at all.
    """
    return metrics.groupby("member")[metric].agg(STATISTICS[statistic])


def over_members(values, members):
    """Take one of the values by member, or what they are over the seeds.

    Parameters
    ----------
    values : Series
        By member, as from `statistic_by_member`.
    members : str
        `seeds_mean`, `seeds_std` (ddof 0, as in the papers), `seeds_median`,
        `ensemble`, or the name of one seed such as `seed111`.

    Returns
    -------
    float

    Raises
    ------
    KeyError
        If there is no such member, or no seed at all.
    """
    if members not in _OVER_SEEDS:
        return float(values[members])
    seeds = [name for name in values.index if name.startswith(SEED_PREFIX)]
    if not seeds:
        raise KeyError(members)
    return float(_OVER_SEEDS[members](values[seeds]))


def mean_of_seeds(table, metric):
    """Return each basin's mean over seeds of a metric.

    Parameters
    ----------
    table : DataFrame
        Metrics table; of one without seeds, such as a benchmark's, the ensemble counts.
    metric : str

    Returns
    -------
    Series
        By basin; NaN where a seed has no value (evalutils.py of the authors,
        get_mean_basin_performance).
    """
    rows = table[table["member"].isin(seed_members(table) or [ENSEMBLE])]
    by_seed = rows.pivot(index="basin", columns="member", values=metric)
    return by_seed.mean(axis=1, skipna=False)


def configuration_table(metrics_by_experiment, titles):
    """Make the table of model configurations ([2019a], the 531-basin table).

    Parameters
    ----------
    metrics_by_experiment : dict of str to DataFrame
        Metrics tables in the order of the rows.
    titles : dict of str to str
        Readable names of the experiments; the name itself where there is none.

    Returns
    -------
    DataFrame
        One row per experiment: `experiment`, `title`; of `nse_mean`, `nse_median`
        and `failures` (basins) the columns `…_seeds`, `…_seeds_std` (ddof 0) and
        `…_ensemble`, NaN without such members; `basins`, `seeds`, and
        `basins_without_nse`, the number that lack a value in at least one member
        and are left out of that member's mean and median.

    Notes
    -----
    Failures are basins with NSE ≤ 0 for single seeds but NSE < 0 for the ensemble,
    as the authors counted them (performance.ipynb, cell 8).
    """
    rows = []
    for experiment, metrics in metrics_by_experiment.items():
        row = {"experiment": experiment, "title": titles.get(experiment, experiment)}
        row |= _performance_cells(metrics)
        row["basins"] = metrics["basin"].nunique()
        row["seeds"] = len(seed_members(metrics))
        without = metrics.loc[metrics["NSE"].isna(), "basin"]
        row["basins_without_nse"] = without.nunique()
        rows.append(row)
    return pd.DataFrame(rows)


def _performance_cells(metrics):
    """Return the mean, median and failure cells of one configuration."""
    cells = {}
    columns = (
        ("nse_mean", "mean", "mean"),
        ("nse_median", "median", "median"),
        ("failures", "failures_le0", "failures_lt0"),
    )
    for name, single, ensemble in columns:
        for suffix, members, statistic in (
            ("seeds", "seeds_mean", single),
            ("seeds_std", "seeds_std", single),
            ("ensemble", ENSEMBLE, ensemble),
        ):
            try:
                values = statistic_by_member(metrics, "NSE", statistic)
                value = over_members(values, members)
            except KeyError:
                value = float("nan")
            cells[f"{name}_{suffix}"] = value
    return cells


def values_by_basin(metrics_by_experiment, metric="NSE", member=ENSEMBLE):
    """Lay out one metric of one member of several experiments.

    Parameters
    ----------
    metrics_by_experiment : dict of str to DataFrame
        Metrics tables.
    metric, member : str

    Returns
    -------
    DataFrame
        Index basin, one column per experiment; NaN where an experiment lacks a basin.
    """
    columns = {}
    for experiment, metrics in metrics_by_experiment.items():
        chosen = metrics[metrics["member"] == member]
        columns[experiment] = chosen.set_index("basin")[metric]
    return pd.DataFrame(columns)


def region_table(metrics_by_experiment, regions, titles):
    """Make the table of NSE and its components by region ([2018]).

    Parameters
    ----------
    metrics_by_experiment : dict of str to DataFrame
        Metrics tables in the order of the rows.
    regions : dict of str to list of str
        Region to its basins; a last row per experiment, `all`, joins them.
    titles : dict of str to str
        Readable names of the experiments.

    Returns
    -------
    DataFrame
        One row per region and experiment: `region`, `experiment`, `title`, `basins`
        (with an NSE), and mean and median over them of NSE, r, alpha_nse and beta_nse
        of the ensemble. Regions in which an experiment has no basin are left out.
    """
    everything = [basin for basins in regions.values() for basin in basins]
    rows = []
    for region, basins in [*regions.items(), ("all", everything)]:
        for experiment, metrics in metrics_by_experiment.items():
            here = metrics["basin"].isin(set(basins)) & (metrics["member"] == ENSEMBLE)
            values = metrics.loc[here, [*COMPONENTS]].dropna(subset="NSE")
            if values.empty:
                continue
            row = {"region": region, "experiment": experiment}
            row |= {"title": titles[experiment], "basins": len(values)}
            for name in COMPONENTS:
                row |= {f"{name}_mean": values[name].mean()}
                row |= {f"{name}_median": values[name].median()}
            rows.append(row)
    return pd.DataFrame(rows)
