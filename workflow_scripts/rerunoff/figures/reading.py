"""What several figures read, and how they cut simulations to basins and days."""

from rerunoff.errors import InputError
from rerunoff.evaluation import ENSEMBLE
from rerunoff.evaluation.summary import values_by_basin
from rerunoff.evaluation.tables import read_metrics


def read_by_experiment(paths, experiments):
    """Read the metrics of some experiments, given in the order of their files."""
    files = zip(experiments, paths, strict=True)
    return {experiment: read_metrics(path) for experiment, path in files}


def read_nse(paths, experiments, member=ENSEMBLE):
    """Read NSE of one member of some experiments: index basin, columns experiment."""
    return values_by_basin(read_by_experiment(paths, experiments), member=member)


def rows_of_days(dates, simulated, source, key="hydrographs.period"):
    """Return where consecutive days stand among the simulated days.

    Raises
    ------
    InputError
        On a day that was not simulated.
    """
    start = int((dates[0] - simulated[0]).astype(int))
    if start < 0 or dates[-1] > simulated[-1]:
        raise InputError(
            f"{source}: the key {key} is not within the simulated period "
            f"{simulated[0]} to {simulated[-1]}; correct it."
        )
    return slice(start, start + len(dates))


def rows_of(chosen, basins, source, key="hydrographs.basins"):
    """Return the rows of the chosen basins.

    Raises
    ------
    InputError
        On a basin that is not among those of the run.
    """
    for basin in chosen:
        if basin not in basins:
            raise InputError(
                f"{source}: basin {basin} of the key {key} was not simulated; name "
                f"some of its basins, such as {basins[0]}."
            )
    return [basins.index(basin) for basin in chosen]
