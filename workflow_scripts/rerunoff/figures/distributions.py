"""Distributions over basins."""

import numpy as np

from rerunoff.evaluation import ENSEMBLE
from rerunoff.figures.style import legend_below, line_of, new_figure, written

SHARES = (-0.02, 1.02)  # limits of an axis on which marks at 0 and 1 are whole


def cdf(axis, values, looks, name, label=None, left=0, by_loss=False):
    """Draw one empirical distribution function over basins.

    Parameters
    ----------
    axis : matplotlib.axes.Axes
        It may show a part only, such as NSE from 0 on: a dot on its left edge says
        which share of basins lies below that (`edge_note` says so in words).
    values : Series
        One value per basin, none of them missing.
    looks, name
        As in `style.colour_of`.
    label : str, optional
        For the legend; the title unless given.
    left : float, optional
        Where the axis begins.
    by_loss : bool
        As in `style.line_of`.
    """
    ordered = np.sort(values.to_numpy())
    share = np.arange(len(ordered) + 1) / len(ordered)
    style = line_of(looks, name, (0.05, 0.15), by_loss)
    # From zero: the lowest value too is a step.
    steps = np.insert(ordered, 0, ordered[0])
    label = label or looks[name]["title"]
    axis.step(steps, share, where="post", linewidth=1.3, label=label, **style)
    below = float((ordered < left).mean())
    axis.plot(left, below, ".", color=style["color"], clip_on=False, zorder=3)


def edge_note(left=0):
    """Return what the dots of `cdf` mean, for the label of the axis."""
    return f"• on the edge: share below {written(left, 'g')}"


def cdf_panels(metrics, looks, members, height, by_loss=False):
    """Draw the distribution of NSE of single networks, and beside it of ensembles.

    Parameters
    ----------
    metrics : dict of str to DataFrame
        Model to its metrics table.
    looks, by_loss
        As of `cdf`.
    members : dict of str to str
        Network to its single member, e.g. `seed111`; a model without one, such as a
        benchmark, is the same in both panels.
    height : float
        Of the figure, inches.

    Returns
    -------
    matplotlib.figure.Figure
        NSE from 0 to 1.
    """
    figure, axes = new_figure(7.2, height, ncols=2, sharey=True)
    names = ", ".join(dict.fromkeys(members.values()))
    panels = ((members, f"single network ({names})"), ({}, ENSEMBLE))
    for axis, (chosen, title) in zip(axes, panels, strict=True):
        counts = []
        for name, table in metrics.items():
            member = chosen.get(name, ENSEMBLE)
            values = table.loc[table["member"] == member, "NSE"].dropna()
            if len(values):
                cdf(axis, values, looks, name, by_loss=by_loss)
                counts.append(len(values))
        fewest, most = min(counts, default=0), max(counts, default=0)
        basins = most if fewest == most else f"{fewest} to {most}"
        axis.set(title=f"{title}, {basins} basins", xlim=(0, 1), ylim=SHARES)
        axis.set_xlabel(f"NSE (–)\n{edge_note()}")
    axes[0].set_ylabel("cumulative share of basins (–)")
    legend_below(figure, axes[0], columns=3)
    return figure
