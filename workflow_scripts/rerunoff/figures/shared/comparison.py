"""Questions: distributions of NSE, and paired differences with their intervals."""

from textwrap import fill

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from rerunoff.evaluation import ENSEMBLE
from rerunoff.figures.distributions import SHARES, cdf, edge_note
from rerunoff.figures.reading import read_by_experiment
from rerunoff.figures.style import new_figure
from rerunoff.tables import read_checked

_PAIR = ["experiment", "against"]
# Letters on a line, so that a long title leaves room for the panel.
_WIDTHS = {"legend": 44, "pair": 60}


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
        Left the distributions from 0 to 1, a panel for each set of models that pairs
        join; right the median paired difference of each pair and group of basins with
        its 95 % interval.
    """
    panels = _joined(list(metrics), table)
    height = max(3.6 * len(panels), 1.6 + 0.24 * len(table))
    figure, axes = new_figure(7.2, height, nrows=len(panels), ncols=2, squeeze=False)
    for axis, names in zip(axes[:, 0], panels, strict=True):
        _distributions(axis, {name: metrics[name] for name in names}, looks)
    for axis in axes[:, 1]:
        axis.remove()
    _differences(figure.add_subplot(axes[0, 1].get_gridspec()[:, 1]), table, looks)
    return figure


def _joined(names, table):
    """Return the models that pairs join, each with another or through others."""
    pairs = table[_PAIR].drop_duplicates()
    places = [[names.index(name) for name in pairs[column]] for column in _PAIR]
    joins = coo_array((np.ones(len(pairs)), places), shape=(len(names),) * 2)
    _, labels = connected_components(joins, directed=False)
    panels = {}
    for name, label in zip(names, labels, strict=True):
        panels.setdefault(label, []).append(name)
    return list(panels.values())


def _distributions(axis, metrics, looks):
    looks = _apart({name: looks[name] for name in metrics})
    for name, rows in metrics.items():
        values = rows.loc[rows["member"] == ENSEMBLE, "NSE"].dropna()
        if len(values):
            label = fill(looks[name]["title"], _WIDTHS["legend"])
            cdf(axis, values, looks, name, label)
    axis.set(xlim=(0, 1), ylim=SHARES, ylabel="cumulative share of basins (–)")
    axis.set_xlabel(f"NSE of the ensemble (–)\n{edge_note()}")
    # Above, because a curve may lie anywhere.
    where = {"loc": "lower left", "bbox_to_anchor": (-0.1, 1), "borderaxespad": 0.3}
    axis.legend(**where, fontsize=7, handlelength=1.2)


def _apart(looks):
    """Leave the colour of a family to its first model: here nearly all are of one."""
    seen, apart = set(), {}
    for name, look in looks.items():
        model = look["model"]
        # A family of its own, which has no colour yet and gets a spare one.
        apart[name] = look | {"model": f"{model} {name}"} if model in seen else look
        seen.add(model)
    return apart


def _differences(axis, table, looks):
    place, ticks, labels = 0, [], []
    for pair, rows in table.groupby(_PAIR, sort=False):
        first, second = (looks[name]["title"] for name in pair)
        title = f"{first} − {second}"
        if len(title) > _WIDTHS["pair"]:
            title = "\n".join(
                fill(name, _WIDTHS["pair"]) for name in (f"{first} −", second)
            )
        place += 0.7 * title.count("\n")
        axis.text(
            0.02,
            place + 0.3,
            title,
            transform=axis.get_yaxis_transform(),
            fontsize=7,
            weight="bold",
            va="bottom",
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
