"""kratzert2019b: in how many basins which model is better."""

from rerunoff.evaluation import comparisons
from rerunoff.evaluation.tables import read_ensembles


def tabulate(statistics, models):
    """Read the statistics of the models."""
    by_model = read_ensembles(dict(zip(models, statistics, strict=True)))
    return comparisons.win_counts(by_model)
