"""kratzert2019b: NSE of each member of the ungauged LSTM in each basin, as an image.

Content: main_plots_all_basins.m of kratzert/lstm_for_pub (commit 36366e2).
"""

import numpy as np
from matplotlib import colormaps
from matplotlib.ticker import MaxNLocator

from rerunoff.figures.kratzert2019b.ranks import LOWEST, rank_axis, ranked_by_mean, read
from rerunoff.figures.style import new_figure

_MOST_LABELS = 20


def draw(statistics, members):
    """Read the statistics of the members and draw their NSE."""
    return figure_of(read(statistics, members))


def figure_of(nse):
    """Draw NSE of each member in each basin as an image.

    Parameters
    ----------
    nse : DataFrame
        Index member, columns basin; NaN where a member has none. A basin without any
        value is left out.

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
    ranked = ranked_by_mean(nse)
    figure, axis = new_figure(7.2, 0.16 * min(len(ranked), _MOST_LABELS) + 1.5)
    cmap = colormaps["viridis"].with_extremes(bad="#DDDDDD")
    image = axis.imshow(
        np.ma.masked_invalid(ranked), cmap=cmap, vmin=LOWEST, vmax=1,
        aspect="auto", interpolation="nearest",
        extent=(0.5, ranked.shape[1] + 0.5, len(ranked) - 0.5, -0.5),
    )  # fmt: skip
    rank_axis(axis, ranked)
    if len(ranked) <= _MOST_LABELS:
        axis.set_yticks(range(len(ranked)), ranked.index, fontsize=7)
    else:
        axis.yaxis.set_major_locator(MaxNLocator(integer=True))
    axis.set_ylabel("member")
    axis.grid(False)
    extend = "min" if (nse < LOWEST).any(axis=None) else "neither"
    figure.colorbar(image, extend=extend, aspect=15, label="NSE (–)")
    return figure
