"""The files behind the numbers of the page, by the naming of results."""

import os
from pathlib import Path

import pandas as pd

from rerunoff.numbers.published import MEASURED, experiments_of

# Kind of file to what a link to it says; a figure as PDF is there as PNG, too.
_LABELS = {".png": "figure", ".csv": "table", ".html": "notebook"}


def shown_in(rows, files, folder):
    """Return links to the tables and figures that show some of these numbers.

    Parameters
    ----------
    rows : list of dict
        Rows of `compare`.
    files : dict
        `results`: paths of the tables and figures of the paper; `metrics` and
        `records`: the values by basin, and the record of a run, by experiment;
        `experiments`: their titles.
    folder : str or Path
        Where the page lies, relative as the files.

    Returns
    -------
    list of tuple of str
        Text and address, relative to `folder`.
    """
    names = {name for row in rows for name in row["results"].split()}
    paths = [Path(path) for path in files["results"]]
    return [
        (f"{path.stem.replace('_', ' ')} ({_LABELS[path.suffix]})", _to(path, folder))
        for path in paths
        if path.stem in names and path.suffix in _LABELS
    ]


def behind(row, files, folder):
    """Return links to the values by basin and to a run's record, as in `shown_in`.

    A number without one of ours has none.
    """
    if row["quantity"] not in MEASURED or pd.isna(row["ours"]):
        return []
    names, found = experiments_of(row), []
    for name in names:
        of = f": {files['experiments'].get(name, name)}" if len(names) > 1 else ""
        for text, kind in (("by basin", "metrics"), ("run", "records")):
            if name in files[kind]:
                found.append((text + of, _to(files[kind][name], folder)))
    return found


def _to(path, folder):
    """Return the address of a file on a page in `folder`."""
    return Path(os.path.relpath(path, folder)).as_posix()
