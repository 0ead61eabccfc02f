"""kratzert2019b: mean and range of NSE over the ungauged LSTM's members, by basin.

Content: main_plots_all_basins.m of kratzert/lstm_for_pub (commit 36366e2).
"""

import numpy as np

from rerunoff.figures.kratzert2019b.ranks import rank_axis, ranked_by_mean, read
from rerunoff.figures.style import COLOURS, legend_below, new_figure

_MANY_BASINS = 100
_COLOUR = COLOURS["lstm_ungauged"]
_GUIDE = "#777777"


def draw(statistics, members):
    """Read the statistics of the members and draw their NSE."""
    return figure_of(read(statistics, members))


def figure_of(nse):
    """Draw the mean, the range and each value of NSE over members, basin by basin.

    Parameters
    ----------
    nse : DataFrame
        As in `members_by_basin.figure_of`.

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
    ranked = ranked_by_mean(nse)
    ranks = np.arange(1, ranked.shape[1] + 1)
    figure, axis = new_figure(7.2, 3.8)
    bars = {"color": _COLOUR, "alpha": 0.45, "label": "mean over members"}
    axis.bar(ranks, ranked.mean(), width=1, **bars)
    lines = {"color": _GUIDE, "linewidth": 0.6, "label": "worst to best member"}
    axis.vlines(ranks, ranked.min(), ranked.max(), **lines)
    x = np.broadcast_to(ranks, ranked.shape)
    dots = {"marker": "o", "linestyle": "", "color": "black", "mew": 0}
    size = 1.2 if len(ranks) > _MANY_BASINS else 4
    axis.plot(x.ravel(), ranked.to_numpy().ravel(), markersize=size, **dots)
    axis.plot([], [], markersize=4, label="one member", **dots)
    axis.axhline(0, color="black", linewidth=0.8)
    rank_axis(axis, ranked)
    axis.set(ylabel="NSE (–)", xlim=(0.5, ranks[-1] + 0.5), ylim=(None, 1))
    legend_below(figure, axis, columns=3)
    return figure
