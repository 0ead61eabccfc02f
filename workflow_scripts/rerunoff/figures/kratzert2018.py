"""Figures of kratzert2018: skill over basins, and the choice of the epochs.

The authors published no scripts; what their figures show is in the captions.
"""

import textwrap

import numpy as np
from matplotlib import colormaps
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from rerunoff.figures.distributions import SHARES, cdf, edge_note
from rerunoff.figures.maps import difference_bar, difference_map, scatter_map
from rerunoff.figures.style import (
    COLOURS,
    counted,
    legend_below,
    mark_origin,
    new_figure,
    written,
)

_BIN_EDGES = np.linspace(0, 1, 21)
_BELOW_ZERO = -0.2  # where the bar of all basins below 0 stands
_LOWEST_SCORE = -0.5
_GUIDE = "#777777"
_LETTERS_OF_TITLE = 22


def nse_cdf(nse, looks, dataset):
    """Draw the cumulative distribution of NSE of each experiment.

    Parameters
    ----------
    nse : DataFrame
        Index basin, one column per experiment; NaN where a basin has none.
    looks : dict of str to dict
        Experiment to `title` and `model` (a key of `style.COLOURS`).
    dataset : str

    Returns
    -------
    matplotlib.figure.Figure
        NSE from 0 to 1; a dot on the left edge says which share of basins lies below
        0. The legend counts the basins of each experiment.
    """
    figure, axis = new_figure(4.8, 4.2)
    for experiment in nse:
        values = nse[experiment].dropna()
        if values.empty:
            continue
        title = looks[experiment]["title"]
        cdf(axis, values, looks[experiment], f"{title} ({len(values)} basins)")
    axis.set(xlabel=f"NSE (–)\n{edge_note()}", ylabel="cumulative share of basins (–)")
    axis.set(xlim=(0, 1), ylim=SHARES)
    legend_below(figure, axis, columns=1)
    mark_origin(figure, dataset)
    return figure


def nse_maps(nse, places, looks, dataset):
    """Draw NSE of each experiment as a map and as a histogram.

    Parameters
    ----------
    nse, looks, dataset
        As in `nse_cdf`.
    places : DataFrame
        Index basin; `lat` and `lon` in degrees.

    Returns
    -------
    matplotlib.figure.Figure
        One row per experiment. Basins below 0 have the lowest colour, and one bar of
        their own.
    """
    figure, axes = new_figure(
        7.2, 2.3 * nse.shape[1] + 0.7, nrows=nse.shape[1], ncols=2,
        squeeze=False, width_ratios=(1.75, 1),
    )  # fmt: skip
    norm, cmap = Normalize(0, 1), colormaps["viridis"]
    for (left, right), experiment in zip(axes, nse, strict=True):
        values = nse[experiment].dropna()
        title = f"{looks[experiment]['title']}, {len(values)} basins"
        scatter_map(left, places, values, norm, cmap, title)
        _histogram(right, values, norm, cmap)
    bar = figure.colorbar(
        ScalarMappable(norm, cmap), ax=axes[:, 0], extend="min", location="left",
        shrink=min(1, 1.4 / len(axes)), aspect=20,
    )  # fmt: skip
    bar.set_label("NSE (–)")
    mark_origin(figure, dataset)
    return figure


def _histogram(axis, values, norm, cmap):
    """Draw how many basins fall into each bin of NSE, those below 0 into one."""
    counts, _ = np.histogram(values, _BIN_EDGES)
    centres = np.append(_BELOW_ZERO, (_BIN_EDGES[:-1] + _BIN_EDGES[1:]) / 2)
    heights = np.append((values < 0).sum(), counts)
    width = _BIN_EDGES[1] - _BIN_EDGES[0]
    axis.bar(centres, heights, width, color=cmap(norm(centres)), edgecolor="white")
    axis.set_xticks([_BELOW_ZERO, 0, 0.25, 0.5, 0.75, 1])
    axis.set_xticklabels(["< 0", "0", "0.25", "0.5", "0.75", "1"])
    axis.yaxis.set_major_locator(MaxNLocator(integer=True))
    axis.set(xlabel="NSE (–)", ylabel="number of basins (–)")
    median, mean = written(values.median()), written(values.mean())
    axis.set_title(f"median {median}, mean {mean}")


def nse_differences(nse, places, pairs, looks, dataset):
    """Draw maps of the difference in NSE between two experiments.

    Parameters
    ----------
    nse, places, looks, dataset
        As in `nse_maps`.
    pairs : sequence of tuple of str
        The minuend and the subtrahend of each map; a basin that lacks one of the two
        is left out.

    Returns
    -------
    matplotlib.figure.Figure
        Each title says the median difference, and in how many basins the minuend is
        better.
    """
    columns = min(len(pairs), 2)
    rows = -(-len(pairs) // columns)
    height = 7.2 / columns * 0.56 + 0.75
    figure, axes = new_figure(
        7.2, height * rows + 0.6, nrows=rows, ncols=columns, squeeze=False
    )
    for axis, (first, second) in zip(axes.flat, pairs, strict=False):
        titles = [looks[name]["title"] for name in (first, second)]
        difference_map(axis, places, nse[first] - nse[second], *titles)
    for axis in axes.flat[len(pairs) :]:
        axis.remove()
    shown = list(axes.flat[: len(pairs)])
    difference_bar(figure, shown, "first", "second")
    mark_origin(figure, dataset)
    return figure


def epoch_selection(scores, best, used, fine_tuning, looks, dataset):
    """Draw NSE of the held-out year against the number of epochs.

    Parameters
    ----------
    scores : dict of str to DataFrame
        Experiment to NSE of the held-out fifteenth year: index epoch, columns basins.
    best : dict of str to int
        Experiment to the epoch with the highest mean.
    used : dict of str to int
        Experiment to the number of epochs that its networks are trained for.
    fine_tuning : Series or None
        Index basin, the number of epochs chosen for it; a panel of its own.
    looks : dict of str to dict
        As in `nse_cdf`.
    dataset : str

    Returns
    -------
    matplotlib.figure.Figure
        NSE from -0.5 on at the lowest; a panel says if means below are left out.
    """
    count = len(scores) + (fine_tuning is not None)
    figure, axes = new_figure(2.6 * max(count, 2), 3.1, ncols=count, squeeze=False)
    for axis, (experiment, table) in zip(axes[0], scores.items(), strict=False):
        _learning_curve(axis, table, COLOURS[looks[experiment]["model"]])
        marks = _epoch_marks(axis, table, best[experiment], used[experiment])
        title = textwrap.fill(looks[experiment]["title"], _LETTERS_OF_TITLE)
        axis.set_title(f"{title}\n{marks}")
    axes[0, 0].set_ylabel("NSE of the held-out year (–)")
    if fine_tuning is not None:
        _epochs_of_fine_tuning(axes[0, -1], fine_tuning)
    # Panels side by side whose labels would else touch.
    figure.get_layout_engine().set(w_pad=0.1)
    columns = 4 if count > 2 else 2  # two panels are too narrow for four words
    figure.legend(handles=_epoch_legend(), ncols=columns, loc="outside lower center")
    mark_origin(figure, dataset)
    return figure


def _learning_curve(axis, table, tint):
    """Draw mean and median over basins; the first means may be far below 0."""
    mean, median = table.mean(axis=1), table.median(axis=1)
    axis.plot(mean.index, mean, color=tint, linewidth=1.6)
    axis.plot(median.index, median, color=tint, linewidth=0.8, linestyle="--")
    axis.set_xlabel("number of epochs (–)")
    axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    below = int((mean < _LOWEST_SCORE).sum())
    if below and max(mean.max(), median.max()) > _LOWEST_SCORE:
        axis.set_ylim(bottom=_LOWEST_SCORE)
        below = (
            f"{counted(below, 'mean')} below {written(_LOWEST_SCORE, 'g')} not shown"
        )
        # On the panel it would lie over a curve.
        axis.set_xlabel(f"number of epochs (–)\n({below})")


def _epoch_marks(axis, table, best, used):
    """Mark the best epoch and the one used, and return the words on them."""
    mean = table.mean(axis=1).loc[best]
    axis.plot(best, mean, "o", color="black", mfc="white", zorder=4)
    axis.axvline(used, color=_GUIDE, linestyle=":")
    return f"best {best}, used {used}"


def _epochs_of_fine_tuning(axis, epochs):
    """Draw in how many basins each number of epochs was chosen."""
    counts = epochs.dropna().astype(int).value_counts().sort_index()
    axis.bar(counts.index, counts, color=COLOURS["lstm_fine_tuned"])
    axis.set(xlabel="number of epochs (–)", ylabel="number of basins (–)")
    for one in (axis.xaxis, axis.yaxis):
        one.set_major_locator(MaxNLocator(integer=True))
    axis.set_title(f"Fine-tuning\n{counts.sum()} basins, median {epochs.median():g}")


def _epoch_legend():
    """Return what the lines and marks of the learning curves mean."""
    return [
        Line2D([], [], color=_GUIDE, linewidth=1.6, label="mean over basins"),
        Line2D([], [], color=_GUIDE, lw=0.8, ls="--", label="median"),
        Line2D([], [], color="black", ls="", marker="o", mfc="white", label="best"),
        Line2D([], [], color=_GUIDE, ls=":", label="used in the experiments"),
    ]
