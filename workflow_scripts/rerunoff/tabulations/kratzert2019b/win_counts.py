"""kratzert2019b: in how many basins which model is better."""

from rerunoff.evaluation import pub_tables
from rerunoff.evaluation.pub_files import read_ensembles


def tabulate(statistics, models):
    """Read the statistics of the models."""
    by_model = read_ensembles(dict(zip(models, statistics, strict=True)))
    return pub_tables.win_counts(by_model)
