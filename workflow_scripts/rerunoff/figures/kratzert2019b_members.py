"""Figures of kratzert2019b that show each basin: members of an ensemble, and a map.

Members: main_plots_all_basins.m of kratzert/lstm_for_pub (commit 36366e2).
"""

import numpy as np
from matplotlib import colormaps
from matplotlib.ticker import MaxNLocator

from rerunoff.figures.kratzert2019b import joined, nothing_of
from rerunoff.figures.maps import difference_bar, difference_map
from rerunoff.figures.style import (
    COLOURS,
    counted,
    legend_below,
    mark_origin,
    new_figure,
)

_LOWEST = -1
_MOST_LABELS = 20
_MANY_BASINS = 100
_COLOUR = COLOURS["lstm_ungauged"]
_GUIDE = "#777777"


def members_by_basin(nse, dataset):
    """Draw NSE of each member in each basin as an image.

    Parameters
    ----------
    nse : DataFrame
        Index member, columns basin; NaN where a member has none. A basin without any
        value is left out.
    dataset : str

    Returns
    -------
    matplotlib.figure.Figure
        Basins by their mean over members, worst at the left. NSE below -1 counts as
        -1; grey has no value.

    Raises
    ------
    InputError
        If there is no value.
    """
    ranked = _ranked(nse)
    figure, axis = new_figure(7.2, 0.16 * min(len(ranked), _MOST_LABELS) + 1.5)
    cmap = colormaps["viridis"].with_extremes(bad="#DDDDDD")
    image = axis.imshow(
        np.ma.masked_invalid(ranked), cmap=cmap, vmin=_LOWEST, vmax=1,
        aspect="auto", interpolation="nearest",
        extent=(0.5, ranked.shape[1] + 0.5, len(ranked) - 0.5, -0.5),
    )  # fmt: skip
    _rank_axis(axis, ranked)
    if len(ranked) <= _MOST_LABELS:
        axis.set_yticks(range(len(ranked)), ranked.index, fontsize=7)
    else:
        axis.yaxis.set_major_locator(MaxNLocator(integer=True))
    axis.set_ylabel("member")
    axis.grid(False)
    extend = "min" if (nse < _LOWEST).any(axis=None) else "neither"
    figure.colorbar(image, extend=extend, aspect=15, label="NSE (–)")
    mark_origin(figure, dataset)
    return figure


def members_ranked(nse, dataset):
    """Draw the mean, the range and each value of NSE over members, basin by basin.

    Parameters
    ----------
    nse, dataset
        As in `members_by_basin`.

    Returns
    -------
    matplotlib.figure.Figure
        Bars are means over members, thin lines reach from the worst to the best, dots
        are the members; basins by their mean, worst at the left. NSE below -1 counts
        as -1.

    Raises
    ------
    InputError
        If there is no value.
    """
    ranked = _ranked(nse)
    places = np.arange(1, ranked.shape[1] + 1)
    figure, axis = new_figure(7.2, 3.8)
    bars = {"color": _COLOUR, "alpha": 0.45, "label": "mean over members"}
    axis.bar(places, ranked.mean(), width=1, **bars)
    lines = {"color": _GUIDE, "linewidth": 0.6, "label": "worst to best member"}
    axis.vlines(places, ranked.min(), ranked.max(), **lines)
    x = np.broadcast_to(places, ranked.shape)
    dots = {"marker": "o", "linestyle": "", "color": "black", "mew": 0}
    size = 1.2 if len(places) > _MANY_BASINS else 4
    axis.plot(x.ravel(), ranked.to_numpy().ravel(), markersize=size, **dots)
    axis.plot([], [], markersize=4, label="one member", **dots)
    axis.axhline(0, color="black", linewidth=0.8)
    _rank_axis(axis, ranked)
    axis.set(ylabel="NSE (–)", xlim=(0.5, places[-1] + 0.5), ylim=(None, 1))
    legend_below(figure, axis, columns=3)
    mark_origin(figure, dataset)
    return figure


def win_map(by_model, places, first, second, looks, dataset):
    """Draw a map of the difference in NSE between two models.

    Parameters
    ----------
    by_model, looks, dataset
        As in `kratzert2019b.densities`.
    places : DataFrame
        Index basin; `lat` and `lon` in degrees.
    first, second : str
        Minuend and subtrahend.

    Returns
    -------
    matplotlib.figure.Figure
        The title says in how many basins the first is better; basins that lack one of
        the two are left out.

    Raises
    ------
    InputError
        If the two share no basin.
    """
    pair = (first, second)
    both = joined(by_model, "nse", [pair]).get(pair)
    if both is None:
        raise nothing_of("the statistic nse", f"{first} and {second} in the same basin")
    titles = [looks[name]["title"] for name in pair]
    figure, axis = new_figure(7.2, 4.9)
    difference_map(axis, places, both[first] - both[second], *titles)
    difference_bar(figure, axis, *titles)
    mark_origin(figure, dataset)
    return figure


def _ranked(nse):
    """Return NSE from -1 on, basins in ascending order of their mean over members."""
    shown = nse.where(np.isfinite(nse)).clip(lower=_LOWEST).dropna(axis=1, how="all")
    if shown.empty:
        raise nothing_of("the members' NSE", "one member")
    return shown[shown.mean().sort_values(kind="stable").index]


def _rank_axis(axis, ranked):
    """Say what the horizontal axis counts, and how much is shown."""
    axis.set_xlabel("basin, ranked by mean NSE")
    axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    members, basins = ranked.shape
    axis.set_title(f"{counted(members, 'member')}, {counted(basins, 'basin')}")
