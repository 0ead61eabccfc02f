"""Panels of two models of kratzert2019b against each other, a point per basin."""

import numpy as np
from matplotlib.ticker import MultipleLocator

from rerunoff.figures.kratzert2019b.axes import grid_of, joined, label_of, nothing_of
from rerunoff.figures.style import colour_of, counted, marker_of, written

# Closer than the authors', because most basins would stand in one corner.
_LIMITS = {"nse": (0, 1), "bias": (-1, 1), "stdev": (0, 2), "q95": (-1, 1)}


def panel_per_pair(by_model, statistic, looks, pairs, needed):
    """Draw a panel for each pair of models that share basins.

    Parameters
    ----------
    by_model, statistic, looks
        As in `densities.figure_of`.
    pairs : sequence of (str, str)
    needed : str
        Of what a value is needed, in the error that there is nothing to draw.

    Raises
    ------
    InputError
        If no pair shares a basin.
    """
    pairs = joined(by_model, statistic, pairs)
    if not pairs:
        raise nothing_of(f"the statistic {statistic}", needed)
    figure, axes = grid_of(len(pairs), 3.7)
    for axis, ((x, y), both) in zip(axes, pairs.items(), strict=True):
        marker = marker_of(looks, y, first="o")
        _scatter(axis, both, colour_of(looks, y), marker, _LIMITS[statistic])
        axis.set_xlabel(f"{looks[x]['title']}\n{label_of(statistic)}")
        axis.set_ylabel(f"{looks[y]['title']}\n{label_of(statistic)}")
    return figure


def _scatter(axis, both, tint, marker, limits):
    """Draw the points of two models over the line of equality."""
    axis.plot(limits, limits, "--", color="black", linewidth=1)
    # Where points are few, because both models would be far from the optimum.
    corner = [limits[0] + 0.08 * np.ptp(limits)] * 2
    note = {"xytext": (-3, 3), "textcoords": "offset points", "fontsize": 8}
    axis.annotate("1:1", corner, rotation=45, rotation_mode="anchor", **note)
    outside = ((both < limits[0]) | (both > limits[1])).any(axis=1)
    points = {"color": tint, "linestyle": "", "clip_on": False, "zorder": 3}
    sides = (
        (both[~outside], marker, 0, 0.5),
        (both[outside].clip(*limits), "x", 0.8, 1),
    )
    for some, symbol, edge, alpha in sides:
        # An unclipped line without points would have no size, and so no layout.
        if len(some):
            marks = {"marker": symbol, "markersize": 3.5, "mew": edge, "alpha": alpha}
            axis.plot(*some.to_numpy().T, **marks, **points)
    rank = both.corr("spearman").iloc[0, 1]
    words = [counted(len(both), "basin")]
    words += [f"ρ {written(rank)}"] if np.isfinite(rank) else []
    words += [f"{outside.sum()} beyond (×)"] if outside.any() else []
    axis.set(xlim=limits, ylim=limits, box_aspect=1, title=", ".join(words))
    for one in (axis.xaxis, axis.yaxis):
        one.set_major_locator(MultipleLocator(np.ptp(limits) / 4))
