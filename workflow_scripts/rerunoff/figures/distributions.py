"""Distributions over basins."""

import numpy as np

from rerunoff.figures.style import line_of, written

SHARES = (-0.02, 1.02)  # limits of an axis on which marks at 0 and 1 are whole


def cdf(axis, values, look, label=None, line="-", left=0):
    """Draw one empirical distribution function over basins.

    Parameters
    ----------
    axis : matplotlib.axes.Axes
        It may show a part only, such as NSE from 0 on: a dot on its left edge says
        which share of basins lies below that (`edge_note` says so in words).
    values : Series
        One value per basin, none of them missing.
    look : dict
        `title` and `model` (a key of `style.COLOURS`).
    label : str, optional
        For the legend; the title unless given.
    line : str
        Matplotlib's line style.
    left : float, optional
        Where the axis begins.
    """
    ordered = np.sort(values.to_numpy())
    share = np.arange(len(ordered) + 1) / len(ordered)
    style = line_of(look["model"], (0.05, 0.15)) | {"linestyle": line}
    # From zero: the lowest value too is a step.
    steps = np.insert(ordered, 0, ordered[0])
    label = label or look["title"]
    axis.step(steps, share, where="post", linewidth=1.3, label=label, **style)
    below = float((ordered < left).mean())
    axis.plot(left, below, ".", color=style["color"], clip_on=False, zorder=3)


def edge_note(left=0):
    """Return what the dots of `cdf` mean, for the label of the axis."""
    return f"• on the edge: share below {written(left, 'g')}"
