"""kratzert2018: mean and median of NSE and its components by region and experiment."""

from rerunoff.evaluation.summary import region_table
from rerunoff.evaluation.tables import read_metrics


def tabulate(metrics, titles, regions):
    """Read the metrics of the experiments, in the order of `titles`, and summarise."""
    tables = {n: read_metrics(path) for n, path in zip(titles, metrics, strict=True)}
    return region_table(tables, regions, titles)
