"""kratzert2018: one basin's hydrograph after several epochs of training."""

import numpy as np
from matplotlib import colormaps

from rerunoff.data.river_names import read_headings
from rerunoff.data.store import read_store
from rerunoff.figures.kratzert2018.one_basin import against_observed
from rerunoff.figures.style import counted
from rerunoff.tables import read_series


def draw(series, store, basin):
    """Read the traced simulations of a basin and its observations, and draw them."""
    table = read_series(series)
    catchments = read_store(store, (), (), [basin])
    days = catchments.days([str(table.index[i].date()) for i in (0, -1)])
    observed, dates = catchments.discharge[0, days], catchments.dates[days]
    simulated = {int(epoch): table[epoch].to_numpy() for epoch in table}
    return figure_of(observed, simulated, dates, read_headings(store, [basin])[basin])


def figure_of(observed, simulated, dates, heading):
    """Draw discharge of one basin as simulated after several epochs of training.

    Parameters
    ----------
    observed : ndarray, shape (day,)
        mm/d; NaN where missing.
    simulated : dict of int to ndarray, shape (day,)
        Number of epochs to discharge in mm/d.
    dates : ndarray of datetime64[D], shape (day,)
    heading : str
        Which basin it is.

    Returns
    -------
    matplotlib.figure.Figure
        One panel per number of epochs, the darker the longer trained.
    """
    shades = colormaps["YlOrRd"](np.linspace(0.45, 0.95, len(simulated)))
    panels = [
        (f"after {counted(epoch, 'epoch')}", discharge, shade)
        for (epoch, discharge), shade in zip(simulated.items(), shades, strict=True)
    ]
    return against_observed(observed, panels, dates, heading)
