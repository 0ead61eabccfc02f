"""Which reader belongs to which dataset."""

from rerunoff.data.camels_us import CamelsUS
from rerunoff.data.caravan import Caravan

# The virtual catchments are written in CAMELS' own formats.
_READERS = {"camels_us": CamelsUS, "virtual": CamelsUS, "caravan": Caravan}


def open_reader(dataset, root, forcing, impossible="stop"):
    """Return the reader of a dataset: `basins()`, `attributes()`, `read(basin)`.

    Parameters
    ----------
    dataset : {'camels_us', 'virtual', 'caravan'}
    root : str or Path
    forcing : str
    impossible : {'stop', 'warn'}
    """
    return _READERS[dataset](root, forcing, impossible)
