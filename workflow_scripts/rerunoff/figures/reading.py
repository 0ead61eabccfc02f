"""What several figures read, and how they cut simulations to basins and days."""

import pandas as pd

from rerunoff.data.series_files import open_series, read_labels
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


def read_places_of(nse, stores):
    """Read the places of the basins that have a value in any column of a table.

    Parameters
    ----------
    nse : DataFrame
        Index basin, one column per experiment.
    stores : sequence of str
        That of each experiment; several may share one.

    Returns
    -------
    DataFrame
        Indexed by basin: `lat`, `lon` (degrees); errors are those of `read_attributes`.
    """
    basins = {}
    for experiment, store in zip(nse, stores, strict=True):
        valued = nse.index[nse[experiment].notna()]
        basins[store] = basins.get(store, valued[:0]).union(valued)
    places = pd.concat([read_places(store, [*ids]) for store, ids in basins.items()])
    return places[~places.index.duplicated()]


def read_places(path, basins):
    """Read where the gauges of basins are: `lat`, `lon` (degrees), by basin."""
    attributes = read_attributes(path, ("gauge_lat", "gauge_lon"), basins)
    return attributes.set_axis(["lat", "lon"], axis=1)


def read_attributes(path, names, basins, may_lack=False):
    """Read static attributes, for a figure of them.

    Parameters
    ----------
    path : str or Path
        A store.
    names, basins : sequence of str
    may_lack : bool
        Whether an attribute that the data lack is NaN, as in data of one's own.

    Returns
    -------
    DataFrame
        Index basin, one column per attribute in the order of `names`, in the data's own
        units; NaN where the data have no value.

    Raises
    ------
    InputError
        If the store is damaged, or lacks a basin or a numeric attribute.
    """
    with open_series(path, "store") as file:
        known = [key for key in file if file[key].dtype.kind == "f"]
        there = [name for name in names if f"attribute_{name}" in known]
        for name in names:
            if name not in there and not may_lack:
                have = [k[len("attribute_") :] for k in known if "attribute_" in k]
                raise InputError(
                    f"{path}: no numeric attribute {name}; it has {', '.join(have)}."
                )
        columns = {name: file[f"attribute_{name}"][:] for name in there}
        index = pd.Index(read_labels(file, "basin"), name="basin")
    table = pd.DataFrame(columns, index, columns=list(names), dtype=float)
    rows_of(basins, list(index), path, "basins")
    return table.loc[list(basins)]


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
