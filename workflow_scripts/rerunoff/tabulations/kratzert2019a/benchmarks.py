"""kratzert2019a: Table 3, networks and models of others on the basins of all."""

import pandas as pd

from rerunoff.data.basin_lists import read_basin_list
from rerunoff.evaluation.against_benchmarks import benchmark_table
from rerunoff.evaluation.tables import read_metrics
from rerunoff.numbers.coverage import read_coverage


def tabulate(metrics, titles, outside, coverage):
    """Read the metrics, in the order of `titles`, and the rest, and summarise."""
    tables = {n: read_metrics(path) for n, path in zip(titles, metrics, strict=True)}
    none = pd.Series(dtype=float)
    covered = read_coverage(coverage)["source"] if coverage else none
    return benchmark_table(tables, titles, read_basin_list(outside), covered)
