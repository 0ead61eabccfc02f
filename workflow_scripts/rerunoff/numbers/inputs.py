"""What is counted: metrics, ours and the authors', and the sets of basins."""

from pathlib import Path

from rerunoff.data.basin_lists import read_basin_list
from rerunoff.errors import InputError
from rerunoff.evaluation.metrics import METRICS
from rerunoff.evaluation.metrics_2019b import STATISTICS
from rerunoff.evaluation.tables import read_authors_statistics, read_metrics
from rerunoff.evaluation.third_party import read_third_party
from rerunoff.numbers.published import MEASURED, experiments_of
from rerunoff.protocol.benchmarks import (
    AUTHORS_FILES,
    THIRD_PARTY_FILE,
    THIRD_PARTY_MODELS,
)
from rerunoff.tables import read_checked

_EVALUATED = (*METRICS, *STATISTICS)
OUTSIDE = "outside_"


def read_ours(paths, published):
    """Read our metrics.

    Parameters
    ----------
    paths : dict of str to (str or Path)
        Files as for `read_metrics`, by experiment.
    published : DataFrame
        From `read_published`. Of the metrics that it names those must be in every
        file that our evaluation knows: `METRICS`, of kratzert2019b `STATISTICS`.

    Returns
    -------
    dict of str to DataFrame
        By experiment.

    Raises
    ------
    InputError
        If a file cannot be used.
    """
    named = {name for used in _wanted(published).values() for name in used}
    metrics = tuple(name for name in _EVALUATED if name in named)
    return {name: read_metrics(path, metrics) for name, path in paths.items()}


def read_authors(root, paper, published):
    """Read the authors' own per-basin values of the experiments in `published`.

    Parameters
    ----------
    root : str or Path, or None
        Holds `<paper>/metrics_<experiment>.csv`, of kratzert2019b `AUTHORS_FILES`, of
        the benchmarks of kratzert2019a `THIRD_PARTY_FILE`, which others made.
    paper : str
    published : DataFrame
        From `read_published`.

    Returns
    -------
    dict of str to DataFrame
        By experiment, as from `read_metrics`; none where there is no file.
        `AUTHORS_FILES` hold ensembles.

    Raises
    ------
    InputError
        If a file cannot be used.
    """
    tables, others = {}, Path(root or "", paper, THIRD_PARTY_FILE)
    for name, used in _wanted(published).items() if root else ():
        path = Path(root, paper, f"metrics_{name}.csv")
        statistics = Path(root, paper, AUTHORS_FILES.get(name, path.name))
        if path.is_file():
            tables[name] = read_metrics(path, used)
        elif statistics.is_file():
            tables[name] = read_authors_statistics(statistics)
        elif name in THIRD_PARTY_MODELS and others.is_file():
            tables[name] = read_third_party(others, name)
    return tables


def _wanted(published):
    """Return the metrics that the measured rows name, by experiment."""
    wanted = {}
    for row in published[published["quantity"].isin(MEASURED)].to_dict("records"):
        for name in experiments_of(row):
            wanted.setdefault(name, {})[row["metric"]] = None
    return {name: tuple(used) for name, used in wanted.items()}


def read_basin_sets(paths):
    """Read the basin sets that the column `basins` of the published numbers names.

    Parameters
    ----------
    paths : dict of str to (str or Path)
        A `.csv` has a column `basin`, any other file one id a line. `outside_447`
        makes the set `447`: the one whole set given, less the basins of this file;
        without a whole set it is left out.

    Returns
    -------
    dict of str to list of str
        Basin ids in the order of the file.

    Raises
    ------
    InputError
        If a file cannot be used, or a set whose name is a number has another size.
    """
    wholes = {n: path for n, path in paths.items() if not n.startswith(OUTSIDE)}
    sets = {name: _read_basins(path) for name, path in wholes.items()}
    for name, path in paths.items():
        if name in wholes or not wholes:
            continue
        if len(wholes) > 1:
            raise InputError(
                f"{path}: basins outside of which set? Give one of "
                f"{', '.join(wholes)} beside {name}, not several."
            )
        whole, outside = sets[next(iter(wholes))], set(read_basin_list(path))
        sets[name.removeprefix(OUTSIDE)] = [b for b in whole if b not in outside]
    for name, basins in sets.items():
        if name.isdigit() and len(basins) != int(name):
            raise InputError(
                f"{paths.get(name) or paths[OUTSIDE + name]}: the list leads to "
                f"{len(basins)} basins where the paper has {name}; restore the list "
                "from the repository."
            )
    return sets


def _read_basins(path):
    """Read basin ids from a table with a column `basin` or from a list."""
    if Path(path).suffix != ".csv":
        return read_basin_list(path)
    what, remedy = "comma-separated table", "correct it or make it again"
    table = read_checked(path, what, remedy, dtype=str, keep_default_na=False)
    if "basin" not in table:
        raise InputError(f"{path}: no {what} with a column basin; {remedy}.")
    basins = table["basin"]
    if basins.duplicated().any():
        basin = basins[basins.duplicated()].iloc[0]
        raise InputError(f"{path}: basin {basin} a second time; remove it.")
    return basins.tolist()
