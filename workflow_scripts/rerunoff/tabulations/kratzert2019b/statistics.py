"""kratzert2019b: statistics over basins, by model."""

from rerunoff.evaluation import comparisons
from rerunoff.evaluation.tables import read_ensembles


def tabulate(statistics, models):
    """Read the statistics of the models."""
    by_model = read_ensembles(dict(zip(models, statistics, strict=True)))
    return comparisons.statistics_table(by_model)
