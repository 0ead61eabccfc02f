"""kratzert2019a: the 531-basin table, NSE of the configurations."""

from rerunoff.evaluation.summary import configuration_table
from rerunoff.evaluation.tables import read_metrics


def tabulate(metrics, titles):
    """Read the metrics of the experiments, in the order of `titles`, and summarise."""
    tables = {n: read_metrics(path) for n, path in zip(titles, metrics, strict=True)}
    return configuration_table(tables, titles)
