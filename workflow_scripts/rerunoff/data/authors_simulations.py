"""The simulations that kratzert2019a's authors stored beside their networks.

A pickle, a dict of gauge to a table of pandas with a day a row: `qobs` and `qsim` in
mm/d (authors' main.py). `pickles.py` reads it, and nothing that it names is run.
"""

import logging

import numpy as np

from rerunoff.data.pickles import AGAIN, load_pickle, read_columns
from rerunoff.data.simulations import Simulation
from rerunoff.errors import InputError

_log = logging.getLogger(__name__)
_COLUMNS = ("qobs", "qsim")


def read_stored(path, basins, dates):
    """Read one network's simulation, and the observations beside it.

    Parameters
    ----------
    path : str or Path
    basins : list of str
        In the order wanted.
    dates : ndarray of datetime64[D], shape (day,)
        One continuous calendar.

    Returns
    -------
    simulation : Simulation
        NaN on days that the table lacks.
    observed : float64 ndarray, shape (basin, day)
        mm/d; NaN where negative, which means missing.

    Raises
    ------
    InputError
        If the file cannot be used, lacks a basin, or has no day of the calendar.
    """
    tables = load_pickle(path)
    if not isinstance(tables, dict):
        raise InputError(f"{path}: no dict of gauges to tables; {AGAIN}.")
    observed = np.full((len(basins), len(dates)), np.nan)
    simulated = observed.copy()
    for row, basin in enumerate(basins):
        if basin not in tables:
            raise InputError(
                f"{path}: no simulation of basin {basin}; take it out of the basins, "
                "or set kratzert2019a.stored_simulations: false."
            )
        here = f"{path}, table of gauge {basin}"
        days, columns = read_columns(tables[basin], _COLUMNS, here)
        place = (days - dates[0]).astype(int)
        known = (place >= 0) & (place < len(dates))
        observed[row, place[known]], simulated[row, place[known]] = (
            column[known] for column in columns
        )
    if np.isnan(simulated).all():
        raise InputError(
            f"{path}: has no day from {dates[0]} to {dates[-1]}; correct periods.test."
        )
    observed[~(observed >= 0)] = np.nan
    return Simulation(basins, dates, simulated.astype(np.float32)), observed
