"""kratzert2019b: the distribution of one statistic over basins, by model.

Content: main_plots.m of kratzert/lstm_for_pub (commit 36366e2).
"""

from statistics import NormalDist

import numpy as np
from matplotlib.ticker import MultipleLocator

from rerunoff.evaluation.tables import read_ensembles
from rerunoff.figures.distributions import SHARES, cdf, edge_note
from rerunoff.figures.kratzert2019b.axes import LIMITS, finite, label_of, nothing_of
from rerunoff.figures.style import counted, legend_below, line_of, new_figure, written

_GRID_POINTS = 500
_TICKS = 0.5


def draw(statistics, statistic, looks):
    """Read the statistics of the models, in the order of `looks`, and draw them."""
    by_model = read_ensembles(dict(zip(looks, statistics, strict=True)))
    return figure_of(by_model, statistic, looks)


def figure_of(by_model, statistic, looks):
    """Draw the distribution of one statistic over basins for each model.

    Parameters
    ----------
    by_model : dict of str to DataFrame
        Model to its statistics: index basin; columns nse, bias, stdev, q95 (NaN
        where a basin has none).
    statistic : str
    looks : dict of str to dict
        As in `style.colour_of`.

    Returns
    -------
    matplotlib.figure.Figure
        Left the density, values below the axis moved onto its lower limit, a dotted
        line at the median; right the cumulative distribution, a dot on the left edge
        for the share below it.

    Raises
    ------
    InputError
        If no model has a value.
    """
    values = finite(by_model, statistic)
    if not values:
        raise nothing_of(f"the statistic {statistic}", "one model")
    figure, (left, right) = new_figure(7.2, 3.9, ncols=2, width_ratios=(1.6, 1))
    low, high = LIMITS[statistic]
    for model, column in values.items():
        _draw_density(left, column, looks, model, low, high)
        cdf(right, column, looks, model, left=low)
    for axis, note in ((left, _moved(values, low)), (right, f"\n{edge_note(low)}")):
        axis.set(xlabel=label_of(statistic) + note, xlim=(low, high))
        axis.xaxis.set_major_locator(MultipleLocator(_TICKS))
    left.set(ylabel="density (–)", ylim=(0, None))
    right.set(ylabel="cumulative share of basins (–)", ylim=SHARES)
    legend_below(figure, left, columns=3)
    return figure


def _moved(values, low):
    """Return the note on how many values are moved onto the lower limit."""
    count = sum(int((column < low).sum()) for column in values.values())
    values = counted(count, "value")
    return f"\n({values} below {written(low, 'g')} moved onto it)" * bool(count)


def _draw_density(axis, values, looks, model, low, high):
    """Draw the density of one model, values below `low` as `low`, and its median."""
    grid = np.linspace(low, high, _GRID_POINTS)
    moved, median = values.clip(lower=low).to_numpy(), values.median()
    count = counted(len(values), "basin")
    label = f"{looks[model]['title']}\n{count}, median {written(median)}"
    curve = _density(moved, grid)
    # Marked by length along the line, a narrow peak has marks too.
    style = line_of(looks, model, (0.05, 0.12))
    axis.plot(grid, curve, label=label, linewidth=1.5, **style)
    height = np.interp(median, grid, curve)
    line = {"linestyles": ":", "linewidth": 1, "colors": style["color"]}
    axis.vlines(median, 0, height, **line)


def _density(values, grid):
    """Return the Gaussian kernel density, as wide as Matlab's ksdensity takes it.

    The width is the best for a normal distribution, whose standard deviation follows
    from the median absolute deviation: outliers do not widen it.
    """
    spread = np.median(np.abs(values - np.median(values)))
    spread = spread / NormalDist().inv_cdf(0.75) or np.ptp(values)
    width = spread * (4 / (3 * len(values))) ** 0.2 or 1
    # Not scipy's, whose import takes a second.
    distances = (grid[:, None] - values) / width
    return np.exp(-(distances**2) / 2).mean(axis=1) / (width * np.sqrt(2 * np.pi))
