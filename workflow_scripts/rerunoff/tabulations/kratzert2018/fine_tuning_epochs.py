"""kratzert2018: the number of epochs that fine-tuning chose for each basin."""

from rerunoff.analysis.epochs import fine_tuning_table


def tabulate(records, regions):
    """Read the records of the fine-tuned networks."""
    return fine_tuning_table(records, regions)
