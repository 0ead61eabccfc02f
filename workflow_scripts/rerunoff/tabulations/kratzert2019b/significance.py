"""kratzert2019b: whether two models differ in NSE."""

from rerunoff.evaluation import comparisons
from rerunoff.evaluation.tables import read_ensembles


def tabulate(statistics, models):
    """Read the statistics of the models."""
    by_model = read_ensembles(dict(zip(models, statistics, strict=True)))
    return comparisons.significance(by_model)
