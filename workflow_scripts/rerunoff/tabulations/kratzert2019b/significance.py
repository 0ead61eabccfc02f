"""kratzert2019b: whether two models differ in NSE."""

from rerunoff.evaluation import pub_tables
from rerunoff.evaluation.pub_files import read_ensembles


def tabulate(statistics, models):
    """Read the statistics of the models."""
    by_model = read_ensembles(dict(zip(models, statistics, strict=True)))
    return pub_tables.significance(by_model)
