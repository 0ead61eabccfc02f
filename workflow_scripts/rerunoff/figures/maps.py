"""Maps of the conterminous United States: outlines of the states, basins as points."""

import numpy as np
from bokeh_sampledata.us_states import data as _states
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection
from matplotlib.colors import Normalize

from rerunoff.errors import InputError
from rerunoff.figures.style import counted, written

_ELSEWHERE = ("AK", "HI", "PR")
_LONGITUDES, _LATITUDES = (-125.5, -66.3), (23.9, 49.9)  # degrees
_MARGIN = 1.0  # degrees, around points outside the box
# Plate carrée, true to scale at 39° N.
_ASPECT = float(1 / np.cos(np.deg2rad(39)))
_DIFFERENCES = ScalarMappable(Normalize(-0.4, 0.4), "RdBu")  # in NSE
# Okabe and Ito's palette. Eight colours and seven markers go round at different paces,
# so that 56 categories have a pair of their own.
_COLOURS = (
    *("#0072B2", "#E69F00", "#009E73", "#CC79A7"),
    *("#56B4E9", "#D55E00", "#F0E442", "#222222"),
)
_MARKERS = ("o", "s", "^", "D", "v", "P", "X")


def state_outlines():
    """Return the outlines of the 48 conterminous states and of the federal district.

    Returns
    -------
    dict of str to list of ndarray, shape (vertex, 2)
        Postal code to its rings, each closed; longitude and latitude in degrees. From
        the TIGER/Line data of the U.S. Census Bureau, coarsened by the publisher of
        the package: straight across some bays, and through the Great Lakes.
    """
    outlines = {}
    for code in sorted(set(_states) - set(_ELSEWHERE)):
        state = _states[code]
        vertices = np.column_stack([state["lons"], state["lats"]])
        # The rings of a state stand one after the other, a NaN between two.
        gaps = np.flatnonzero(np.isnan(vertices[:, 0]))
        rings = np.split(vertices, gaps)
        rings = [ring[~np.isnan(ring[:, 0])] for ring in rings]
        outlines[code] = [np.vstack([ring, ring[:1]]) for ring in rings]
    return outlines


def draw_states(axis):
    """Draw the outlines of the states as thin grey lines, and nothing else.

    Parameters
    ----------
    axis : matplotlib.axes.Axes
        Its ticks and frame are taken off, its limits set to the conterminous states.
    """
    rings = [ring for state in state_outlines().values() for ring in state]
    lines = LineCollection(rings, colors="#AAAAAA", linewidths=0.4, zorder=1)
    axis.add_collection(lines, autolim=False)
    axis.set(xlim=_LONGITUDES, ylim=_LATITUDES)
    axis.set_aspect(_ASPECT)
    axis.set_axis_off()


def scatter_map(axis, places, values, norm, cmap, label):
    """Draw one point per basin over the outlines of the states.

    Parameters
    ----------
    axis : matplotlib.axes.Axes
    places : DataFrame
        Index basin; `lat` and `lon` in degrees.
    values : Series
        Index basin; basins without a value are left out.
    norm : matplotlib.colors.Normalize
    cmap : str or matplotlib.colors.Colormap
    label : str
        Title of the map.

    Returns
    -------
    matplotlib.collections.PathCollection
        The points; basins outside the conterminous states widen the map.

    Raises
    ------
    InputError
        If a basin has no place.
    """
    values = values.dropna()
    gauges = _gauges(axis, places, values.index)
    points = axis.scatter(
        gauges["lon"],
        gauges["lat"],
        c=values.to_numpy(),
        norm=norm,
        cmap=cmap,
        s=11,
        linewidths=0.3,
        edgecolors="#444444",
        zorder=3,
    )
    axis.set_title(label)
    return points


def category_looks(categories):
    """Return colour and marker of each category, in its order, for `category_map`.

    Parameters
    ----------
    categories : iterable

    Returns
    -------
    dict
        Category to arguments of `Axes.scatter`; all look different among 56.
    """
    return {
        category: {
            "color": _COLOURS[place % len(_COLOURS)],
            "marker": _MARKERS[place % len(_MARKERS)],
        }
        for place, category in enumerate(categories)
    }


def category_map(axis, places, categories, looks, label):
    """Draw one point per basin, whose colour and marker say its category.

    Parameters
    ----------
    axis, places, label
        As in `scatter_map`.
    categories : Series
        Index basin.
    looks : dict
        From `category_looks`; the last ones lie on top.

    Raises
    ------
    InputError
        If a basin has no place.
    """
    gauges = _gauges(axis, places, categories.index)
    for category, look in looks.items():
        here = gauges[(categories == category).to_numpy()]
        edges = {"s": 13, "linewidths": 0.3, "edgecolors": "#444444", "zorder": 3}
        axis.scatter(here["lon"], here["lat"], label=str(category), **look, **edges)
    axis.set_title(label)


def _gauges(axis, places, basins):
    """Draw the states, make room for the basins, and return their places."""
    nowhere = basins.difference(places.index)
    if len(nowhere):
        raise InputError(
            f"Basin {nowhere[0]} is in no attribute table, so the map has no place for "
            "it; complete the tables of data_root, or correct its id."
        )
    gauges = places.loc[basins]
    draw_states(axis)
    axis.set(
        xlim=_widened(_LONGITUDES, gauges["lon"]),
        ylim=_widened(_LATITUDES, gauges["lat"]),
    )
    return gauges


def difference_map(axis, places, difference, first, second):
    """Draw a map of how much better one model is than another, basin by basin.

    Parameters
    ----------
    axis, places
        As in `scatter_map`.
    difference : Series
        Index basin; NSE of the first model minus that of the second.
    first, second : str
        Titles of the models. The title of the map says the median difference, and in
        how many basins the first is better.
    """
    difference = difference.dropna()
    title = f"{first}\nminus {second}\nmedian {written(difference.median(), '+.2f')}"
    basins = counted(len(difference), "basin")
    title += f", first better in {(difference > 0).sum()} of {basins}"
    norm, cmap = _DIFFERENCES.norm, _DIFFERENCES.cmap
    scatter_map(axis, places, difference, norm, cmap, title)


def difference_bar(figure, axes, first, second):
    """Draw the colour bar of `difference_map`; it says which colour is whose."""
    bar = {"location": "bottom", "shrink": 0.6, "aspect": 35, "extend": "both"}
    label = f"difference in NSE (–)\n← {second} better | {first} better →"
    figure.colorbar(_DIFFERENCES, ax=axes, label=label, **bar)


def _widened(limits, coordinates):
    """Return limits that hold the points too."""
    outside = coordinates[(coordinates < limits[0]) | (coordinates > limits[1])]
    if outside.empty:
        return limits
    lowest, highest = outside.min() - _MARGIN, outside.max() + _MARGIN
    return min(limits[0], lowest), max(limits[1], highest)
