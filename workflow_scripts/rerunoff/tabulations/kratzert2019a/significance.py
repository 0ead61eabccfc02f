"""kratzert2019a: whether networks differ from each other, and from models of others."""

from rerunoff.data.basin_lists import read_basin_list
from rerunoff.evaluation.against_benchmarks import significance_table
from rerunoff.evaluation.tables import read_metrics


def tabulate(metrics, experiments, outside):
    """Read the metrics, in the order of `experiments`, and test them."""
    files = zip(experiments, metrics, strict=True)
    tables = {name: read_metrics(path) for name, path in files}
    return significance_table(tables, read_basin_list(outside))
