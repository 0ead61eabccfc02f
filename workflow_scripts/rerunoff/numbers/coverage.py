"""In how many basins the benchmarks of kratzert2019a have a metric."""

import logging

import pandas as pd

from rerunoff.numbers.count import not_run
from rerunoff.numbers.published import COVERAGE
from rerunoff.tables import read_checked

_log = logging.getLogger(__name__)
# All benchmarks of the paper together.
ALL_MODELS = "all_models"
_COLUMNS = ("benchmark", "source", "basins", "shared")


def coverage_table(covered, basins, outside):
    """Count basins with a finite NSE.

    Parameters
    ----------
    covered : dict of str to set of str
        By benchmark all gauges of its source where it has an NSE.
    basins : sequence of str
        Of the paper's.
    outside : sequence of str
        Those of them that the paper's comparison with benchmarks leaves out.

    Returns
    -------
    DataFrame
        One row per benchmark and a last one for all of them (`all_models`):
        `benchmark`, `source` (all gauges with an NSE), `basins` (of `basins`), `shared`
        (of `basins` less `outside`). Where in the last row the last two differ, the
        basins are named in the log, or those that lack.
    """
    ours, left_out = set(basins), set(outside)
    together = set.intersection(*covered.values())
    rows = [
        (name, len(found), len(found & ours), len((found & ours) - left_out))
        for name, found in (covered | {ALL_MODELS: together}).items()
    ]
    for text, names in (
        (
            "Left out by the paper, but not by these benchmarks",
            together & ours & left_out,
        ),
        (
            "Not left out by the paper, but by these benchmarks",
            ours - left_out - together,
        ),
    ):
        if names:
            _log.info("%s: %d (%s)", text, len(names), " ".join(sorted(names)))
    return pd.DataFrame(rows, columns=[*_COLUMNS])


def read_coverage(path):
    """Read a table written from `coverage_table`, indexed by benchmark."""
    return read_checked(path, "coverage").set_index("benchmark")


def read_skill(path):
    """Return the gauges with an NSE by benchmark, as `published_runs` gave them."""
    table = read_checked(path, "benchmarks", dtype={"basin": str}).dropna()
    return {name: set(rows["basin"]) for name, rows in table.groupby("benchmark")}


def coverage_numbers(table, benchmarks):
    """Return the numbers of a coverage table.

    Parameters
    ----------
    table : DataFrame
        From `read_coverage`.
    benchmarks : sequence of str
        All of the paper: only all together leave its 447 basins.

    Returns
    -------
    list of dict
        As for `write_numbers`.
    """
    rows = []
    for name in (*benchmarks, ALL_MODELS):
        key = {"quantity": COVERAGE, "experiment": name, "basins": ""}
        key |= {"members": "ensemble", "metric": "NSE", "statistic": "count"}
        lacking = [other for other in benchmarks if other not in table.index]
        if name == ALL_MODELS and lacking:
            number = {
                "why_not": f"{len(lacking)} of {len(benchmarks)} benchmarks not at hand"
            }
        elif name not in table.index:
            number = {"why_not": not_run(name)}
        else:
            column = "basins" if name == ALL_MODELS else "source"
            number = {"value": table.loc[name, column]}
        rows.append(key | number)
    return rows
