"""Figures of kratzert2019b that show two models against each other, basin by basin.

Content: main_plots.m of kratzert/lstm_for_pub (commit 36366e2).
"""

import numpy as np
from matplotlib.ticker import MultipleLocator

from rerunoff.figures.kratzert2019b import grid_of, joined, label_of, nothing_of
from rerunoff.figures.style import COLOURS, counted, mark_origin, written
from rerunoff.protocol.benchmarks import BENCHMARKS

# Closer than the authors', because most basins would stand in one corner.
_LIMITS = {"nse": (0, 1), "bias": (-1, 1), "stdev": (0, 2), "q95": (-1, 1)}

_NETWORKS = ("lstm_no_static", "lstm_static", "lstm_ungauged")
# Pairs of models (x, y).
_SCATTERS = [
    *((x, y) for y in _NETWORKS for x in BENCHMARKS),
    *(("lstm_static", y) for y in _NETWORKS if y != "lstm_static"),
]
_AGAINST_GAUGED = [("lstm_static", y) for y in (*BENCHMARKS, "lstm_no_static")]


def scatters(by_model, statistic, looks, dataset):
    """Draw one statistic of two models against each other, basin by basin.

    Parameters
    ----------
    by_model, statistic, looks, dataset
        As in `densities`. Models: sac_sma, nwm, lstm_no_static, lstm_static,
        lstm_ungauged; panels for which one is missing are left out.

    Returns
    -------
    matplotlib.figure.Figure
        A panel per pair: the benchmarks against each of the three networks, and the
        gauged network with static inputs against the other two. The titles say how
        many basins two models share, Spearman's rank correlation over them, and how
        many lie beyond the axes; these stand as crosses on the edge.

    Raises
    ------
    InputError
        If no two models to compare share a basin.
    """
    pairs = joined(by_model, statistic, _SCATTERS)
    if not pairs:
        raise nothing_of(f"the statistic {statistic}", "two models in the same basin")
    return _scattered(pairs, statistic, looks, dataset)


def gauged_scatters(by_model, statistic, looks, dataset):
    """Draw one statistic of all other gauged models against the LSTM with statics.

    Parameters
    ----------
    by_model, statistic, looks, dataset
        As in `scatters`.

    Returns
    -------
    matplotlib.figure.Figure
        As of `scatters`.

    Raises
    ------
    InputError
        If none of them shares a basin with the LSTM.
    """
    pairs = joined(by_model, statistic, _AGAINST_GAUGED)
    if not pairs:
        needed = "lstm_static and of another gauged model in the same basin"
        raise nothing_of(f"the statistic {statistic}", needed)
    return _scattered(pairs, statistic, looks, dataset)


def _scattered(pairs, statistic, looks, dataset):
    """Draw a panel per pair of models."""
    figure, axes = grid_of(len(pairs), 3.7)
    for axis, ((x, y), both) in zip(axes, pairs.items(), strict=True):
        _scatter(axis, both, COLOURS[looks[y]["model"]], _LIMITS[statistic])
        axis.set_xlabel(f"{looks[x]['title']}\n{label_of(statistic)}")
        axis.set_ylabel(f"{looks[y]['title']}\n{label_of(statistic)}")
    mark_origin(figure, dataset)
    return figure


def _scatter(axis, both, tint, limits):
    """Draw the points of two models over the line of equality."""
    axis.plot(limits, limits, "--", color="black", linewidth=1)
    # Where points are few, because both models would be far from the optimum.
    place = [limits[0] + 0.08 * np.ptp(limits)] * 2
    note = {"xytext": (-3, 3), "textcoords": "offset points", "fontsize": 8}
    axis.annotate("1:1", place, rotation=45, rotation_mode="anchor", **note)
    outside = ((both < limits[0]) | (both > limits[1])).any(axis=1)
    points = {"color": tint, "linestyle": "", "clip_on": False, "zorder": 3}
    sides = ((both[~outside], "o", 0, 0.5), (both[outside].clip(*limits), "x", 0.8, 1))
    for shown, marker, edge, alpha in sides:
        # An unclipped line without points would have no size, and so no layout.
        if len(shown):
            look = {"marker": marker, "markersize": 3.5, "mew": edge, "alpha": alpha}
            axis.plot(*shown.to_numpy().T, **look, **points)
    rank = both.corr("spearman").iloc[0, 1]
    words = [counted(len(both), "basin")]
    words += [f"ρ {written(rank)}"] if np.isfinite(rank) else []
    words += [f"{outside.sum()} beyond (×)"] if outside.any() else []
    axis.set(xlim=limits, ylim=limits, box_aspect=1, title=", ".join(words))
    for one in (axis.xaxis, axis.yaxis):
        one.set_major_locator(MultipleLocator(np.ptp(limits) / 4))
