"""Figures of kratzert2019b: the models' statistics over basins, and where which wins.

Content: main_plots.m of kratzert/lstm_for_pub (commit 36366e2). Models are always
joined on the gauge; what the authors' figures do otherwise is in the captions.
"""

from statistics import NormalDist

import numpy as np
import pandas as pd
from matplotlib.ticker import MultipleLocator

from rerunoff.errors import InputError
from rerunoff.figures.distributions import SHARES, cdf, edge_note
from rerunoff.figures.style import (
    COLOURS,
    counted,
    legend_below,
    line_of,
    mark_origin,
    new_figure,
    written,
)

_LABELS = {
    "nse": "NSE (–)",
    "bias": "fractional bias (–)",
    "stdev": "standard deviation ratio (–)",
    "q95": "95th percentile difference (–)",
}
# What it means to stand to either side of the optimum; bias and q95 are observed minus
# simulated.
_SIDES = {
    "bias": "← too much water | too little →",
    "stdev": "← too even | too variable →",
    "q95": "← high flows too high | too low →",
}
_LIMITS = {"nse": (-1, 1), "bias": (-2, 1), "stdev": (0, 2.5), "q95": (-1, 1)}
_OPTIMA = {"nse": 1, "bias": 0, "stdev": 1, "q95": 0}
_GRID_POINTS = 500
_TICKS = 0.5
_GUIDE = "#777777"


def densities(by_model, statistic, looks, dataset):
    """Draw the distribution of one statistic over basins for each model.

    Parameters
    ----------
    by_model : dict of str to DataFrame
        Model to its statistics: index basin; columns nse, bias, stdev, q95 (NaN
        where a basin has none).
    statistic : str
    looks : dict of str to dict
        Model to `title` and `model` (a key of `style.COLOURS`).
    dataset : str

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
    values = _values(by_model, statistic)
    if not values:
        raise nothing_of(f"the statistic {statistic}", "one model")
    figure, (left, right) = new_figure(7.2, 3.9, ncols=2, width_ratios=(1.6, 1))
    low, high = _LIMITS[statistic]
    for model, column in values.items():
        _draw_density(left, column, looks[model], low, high)
        cdf(right, column, looks[model], left=low)
    for axis, note in ((left, _moved(values, low)), (right, f"\n{edge_note(low)}")):
        axis.set(xlabel=label_of(statistic) + note, xlim=(low, high))
        axis.xaxis.set_major_locator(MultipleLocator(_TICKS))
    left.set(ylabel="density (–)", ylim=(0, None))
    right.set(ylabel="cumulative share of basins (–)", ylim=SHARES)
    legend_below(figure, left, columns=3)
    mark_origin(figure, dataset)
    return figure


def _moved(values, low):
    """Return the note on how many values are moved onto the lower limit."""
    count = sum(int((column < low).sum()) for column in values.values())
    values = counted(count, "value")
    return f"\n({values} below {written(low, 'g')} moved onto it)" * bool(count)


def label_of(statistic):
    """Return the words of an axis: what it shows, and what its two sides mean."""
    return "\n".join([_LABELS[statistic], *filter(None, [_SIDES.get(statistic)])])


def _draw_density(axis, values, look, low, high):
    """Draw the density of one model, values below `low` as `low`, and its median."""
    places = np.linspace(low, high, _GRID_POINTS)
    shown, median = values.clip(lower=low).to_numpy(), values.median()
    count = counted(len(values), "basin")
    label = f"{look['title']}\n{count}, median {written(median)}"
    curve = _density(shown, places)
    # Marked by length along the line, a narrow peak has marks too.
    style = line_of(look["model"], (0.05, 0.12))
    axis.plot(places, curve, label=label, linewidth=1.5, **style)
    height = np.interp(median, places, curve)
    line = {"linestyles": ":", "linewidth": 1, "colors": style["color"]}
    axis.vlines(median, 0, height, **line)


def _density(values, places):
    """Return the Gaussian kernel density, as wide as Matlab's ksdensity takes it.

    The width is the best for a normal distribution, whose standard deviation follows
    from the median absolute deviation: outliers do not widen it.
    """
    spread = np.median(np.abs(values - np.median(values)))
    spread = spread / NormalDist().inv_cdf(0.75) or np.ptp(values)
    width = spread * (4 / (3 * len(values))) ** 0.2 or 1
    # Not scipy's, whose import takes a second.
    distances = (places[:, None] - values) / width
    return np.exp(-(distances**2) / 2).mean(axis=1) / (width * np.sqrt(2 * np.pi))


def boxplots(by_model, looks, dataset):
    """Draw box plots over basins, one panel per statistic.

    Parameters
    ----------
    by_model, looks, dataset
        As in `densities`.

    Returns
    -------
    matplotlib.figure.Figure
        Whiskers reach to the last value within 1.5 times the box; a dashed line is
        the optimum. At either end of the axis stands how many basins lie beyond it.

    Raises
    ------
    InputError
        If no model has a value.
    """
    panels = {name: _values(by_model, name) for name in _LABELS}
    panels = {name: values for name, values in panels.items() if values}
    if not panels:
        raise nothing_of("any statistic", "one model")
    models = [m for m in by_model if any(m in values for values in panels.values())]
    figure, axes = grid_of(len(panels), 0.3 * len(models) + 0.8)
    for axis, (name, values) in zip(axes, panels.items(), strict=True):
        axis.axvline(_OPTIMA[name], color="black", ls="--", lw=1, clip_on=False)
        for place, model in enumerate(models):
            if model in values:
                _box(axis, place, values[model], looks[model], _LIMITS[name])
        axis.set(xlabel=label_of(name), xlim=_LIMITS[name])
        axis.set_yticks(range(len(models)), [""] * len(models))
        axis.set_ylim(len(models) - 0.4, -0.6)
        # Room for how many lie below.
        axis.tick_params(axis="y", length=0, pad=40)
        axis.grid(visible=False, axis="y")
    for axis in axes[::2]:  # at the left
        axis.set_yticklabels([looks[model]["title"] for model in models])
    mark_origin(figure, dataset)
    return figure


def _box(axis, place, values, look, limits):
    """Draw the box of one model and the note on what lies outside the axis."""
    tint = COLOURS[look["model"]]
    points = {"marker": ".", "markersize": 3, "markeredgecolor": tint}
    axis.boxplot(
        [values.to_numpy()], positions=[place], widths=0.6, orientation="horizontal",
        patch_artist=True, manage_ticks=False, flierprops=points,
        boxprops={"facecolor": tint, "alpha": 0.6}, medianprops={"color": "black"},
    )  # fmt: skip
    # Beside the axis, because outliers may lie up to its ends.
    style = {"fontsize": 7, "color": _GUIDE, "va": "center"}
    style["transform"] = axis.get_yaxis_transform()
    below, above = (values < limits[0]).sum(), (values > limits[1]).sum()
    if below:
        axis.text(-0.02, place, f"{below} below", ha="right", **style)
    if above:
        axis.text(1.02, place, f"{above} above", ha="left", **style)


def _values(by_model, statistic):
    """Return the finite values of one statistic, of each model that has any."""
    columns = {
        m: t[statistic].replace([np.inf, -np.inf], np.nan).dropna()
        for m, t in by_model.items()
    }
    return {model: column for model, column in columns.items() if len(column)}


def joined(by_model, statistic, pairs):
    """Return the values of each pair of models in the basins that both have."""
    values = _values(by_model, statistic)
    found = {}
    for x, y in pairs:
        if x in values and y in values:
            both = pd.DataFrame({x: values[x], y: values[y]}).dropna().sort_index()
            if len(both):
                found[x, y] = both
    return found


def grid_of(count, height):
    """Return a figure and `count` axes, two in a row of `height` inches."""
    columns = min(count, 2)
    rows = -(-count // columns)
    width = 7.2 if columns > 1 else 4.2
    shape = {"nrows": rows, "ncols": columns, "squeeze": False}
    figure, axes = new_figure(width, height * rows, **shape)
    for axis in axes.flat[count:]:
        axis.remove()
    return figure, axes.flat[:count]


def nothing_of(what, needed):
    """Return the error that there is nothing to draw, and what it would take."""
    return InputError(
        f"There is nothing to draw of {what}: it needs a value of {needed}; evaluate "
        "more experiments of kratzert2019b or run more basins."
    )
