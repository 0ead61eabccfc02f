"""Distributions over basins."""

import numpy as np

from rerunoff.figures.style import line_of, written

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
