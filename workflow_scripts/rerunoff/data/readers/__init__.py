"""One file per dataset, found by its name, so that a new one rebuilds no store."""

import importlib


def open_reader(dataset, root, forcing, impossible="stop"):
    """Return the reader of a dataset: `basins()`, `attributes()`, `read(basin)`.

    Parameters
    ----------
    dataset : str
        The reader is the class `Reader` of `data/readers/<dataset>.py`.
    root : str or Path
    forcing : str
    impossible : {'stop', 'warn'}
    """
    module = importlib.import_module(f"{__name__}.{dataset}")
    return module.Reader(root, forcing, impossible)
