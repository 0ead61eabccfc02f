"""Questions: distributions of NSE, and paired differences with their intervals."""

import numpy as np

from rerunoff.evaluation import ENSEMBLE
from rerunoff.figures.distributions import SHARES, cdf, edge_note
from rerunoff.figures.reading import read_by_experiment
from rerunoff.figures.style import legend_below, new_figure
from rerunoff.tables import read_checked


def draw(metrics, comparison, looks):
    """Read the metrics and the table of comparisons, and draw them."""
    table = read_checked(comparison, "comparison")
    return figure_of(read_by_experiment(metrics, looks), table, looks)


def figure_of(metrics, table, looks):
    """Draw the distribution of NSE of each ensemble, and what the pairs differ by.

    Parameters
    ----------
    metrics : dict of str to DataFrame
        Model to its metrics table.
    table : DataFrame
        From `analysis.controlled.compare`.
    looks : dict of str to dict
        As in `style.colour_of`.

    Returns
    -------
    matplotlib.figure.Figure
        Left the distributions from 0 to 1, right the median paired difference of each
        pair and group of basins with its 95 % interval.
    """
    height = max(3.6, 1.6 + 0.24 * len(table))
    figure, (left, right) = new_figure(7.2, height, ncols=2)
    for name, rows in metrics.items():
        values = rows.loc[rows["member"] == ENSEMBLE, "NSE"].dropna()
        if len(values):
            cdf(left, values, looks, name)
    left.set(xlim=(0, 1), ylim=SHARES, ylabel="cumulative share of basins (–)")
    left.set_xlabel(f"NSE of the ensemble (–)\n{edge_note()}")
    _differences(right, table, looks)
    legend_below(figure, left, columns=2)
    return figure


def _differences(axis, table, looks):
    place, ticks, labels = 0, [], []
    for pair, rows in table.groupby(["experiment", "against"], sort=False):
        first, second = (looks[name]["title"] for name in pair)
        axis.text(
            0.02,
            place,
            f"{first} − {second}",
            transform=axis.get_yaxis_transform(),
            fontsize=7,
            weight="bold",
            va="center",
            # The line at zero ends before and goes on after the words.
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
            zorder=4,
        )
        for _, row in rows.iterrows():
            place += 1
            ends = [[row["difference"] - row["low"]], [row["high"] - row["difference"]]]
            whole = row["group"] == "all"
            axis.errorbar(
                row["difference"],
                place,
                xerr=np.array(ends),
                fmt="o",
                markersize=5 if whole else 3.5,
                color="#000000" if whole else "#777777",
                linewidth=1.2,
            )
            ticks.append(place)
            labels.append(f"{row['group']} ({row['basins']})")
        place += 1.4
    axis.axvline(0, color="#000000", linewidth=0.8)
    axis.set_yticks(ticks, labels, fontsize=7)
    axis.set_ylim(place - 0.6, -0.8)
    axis.yaxis.tick_right()
    axis.set_xlabel("median paired difference of NSE (–)\nwith its 95 % interval")
