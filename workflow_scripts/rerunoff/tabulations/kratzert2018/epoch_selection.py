"""kratzert2018: the best number of epochs in the held-out year beside the one used."""

from rerunoff.analysis.epochs import read_scores, selection_table


def tabulate(used, **scores):
    """Read the scores of each experiment, by its name."""
    tables = {name: read_scores(paths) for name, paths in scores.items()}
    return selection_table(tables, used)
