"""Figures of kratzert2019b: the models' statistics over basins, and where which wins.

Content: main_plots.m of kratzert/lstm_for_pub (commit 36366e2). Models are always
joined on the gauge; what the authors' figures do otherwise is in the captions.
"""

import numpy as np
import pandas as pd
from matplotlib.ticker import MultipleLocator
from scipy.stats import norm as normal

from rerunoff.benchmarks import BENCHMARKS
from rerunoff.errors import InputError
from rerunoff.figures.distributions import cdf
from rerunoff.figures.style import (
    COLOURS,
    legend_below,
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
_LIMITS = {"nse": (-1, 1), "bias": (-2, 1), "stdev": (0, 2.5), "q95": (-1, 1)}
_OPTIMA = {"nse": 1, "bias": 0, "stdev": 1, "q95": 0}
_GRID_POINTS = 100
_TICKS = 0.5
_GUIDE = "#777777"

# Per panel: pairs of models (x, y), and which of the two the colours tell apart.
_SCATTERS = [
    ([(x, y) for x in BENCHMARKS], 0)
    for y in ("lstm_no_static", "lstm_static", "lstm_ungauged")
]
_SCATTERS += [([("lstm_static", y) for y in ("lstm_no_static", "lstm_ungauged")], 1)]
_AGAINST_GAUGED = [("lstm_static", y) for y in (*BENCHMARKS, "lstm_no_static")]
_MARKERS = {"sac_sma": "o", "nwm": "+", "lstm_no_static": "^", "lstm_ungauged": "x"}


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
        Left the density, values below the axis moved onto its lower limit; right the
        cumulative distribution, a dot on the left edge for the share below it.

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
    for axis, note in ((left, _moved(values, low)), (right, "")):
        axis.set(xlabel=_LABELS[statistic] + note, xlim=(low, high))
        axis.xaxis.set_major_locator(MultipleLocator(_TICKS))
    left.set(ylabel="density (–)", ylim=(0, None))
    right.set(ylabel="cumulative share of basins (–)", ylim=(0, 1))
    legend_below(figure, left, columns=3)
    mark_origin(figure, dataset)
    return figure


def _moved(values, low):
    """Return the note on how many values are moved onto the lower limit."""
    count = sum(int((column < low).sum()) for column in values.values())
    values = counted(count, "value")
    return f"\n({values} below {written(low, 'g')} moved onto it)" * bool(count)


def _draw_density(axis, values, look, low, high):
    """Draw the density of one model; values below `low` count as `low`."""
    places = np.linspace(low, high, _GRID_POINTS)
    curve = _density(values.clip(lower=low).to_numpy(), places)
    label = f"{look['title']} ({counted(len(values), 'basin')})"
    axis.plot(places, curve, color=COLOURS[look["model"]], label=label, linewidth=1.5)


def _density(values, places):
    """Return the Gaussian kernel density, as wide as Matlab's ksdensity takes it.

    The width is the best for a normal distribution, whose standard deviation follows
    from the median absolute deviation: outliers do not widen it.
    """
    spread = np.median(np.abs(values - np.median(values))) / normal.ppf(0.75)
    spread = spread or np.ptp(values)
    width = spread * (4 / (3 * len(values))) ** 0.2 or 1
    return normal.pdf(places[:, None], values, width).mean(axis=1)


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
        the optimum. Beside a box stands how many of its basins lie outside the axis.

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
    figure, axes = _grid(len(panels), 0.3 * len(models) + 0.8)
    for axis, (name, values) in zip(axes, panels.items(), strict=True):
        axis.axvline(_OPTIMA[name], color="black", ls="--", lw=1, clip_on=False)
        for place, model in enumerate(models):
            if model in values:
                _box(axis, place, values[model], looks[model], _LIMITS[name])
        axis.set(xlabel=_LABELS[name], xlim=_LIMITS[name])
        axis.set_yticks(range(len(models)), [""] * len(models))
        axis.set_ylim(len(models) - 0.4, -0.6)
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
    outside = (~values.between(*limits)).sum()
    if outside:
        style = {"fontsize": 7, "color": _GUIDE, "va": "center"}
        right = axis.get_yaxis_transform()
        axis.text(1.02, place, f"{outside} outside", transform=right, **style)


def scatters(by_model, statistic, looks, dataset):
    """Draw one statistic of two models against each other, basin by basin.

    Parameters
    ----------
    by_model, statistic, looks, dataset
        As in `densities`. Models: sac_sma, nwm, lstm_no_static, lstm_static,
        lstm_ungauged; panels for which one is missing are left out.

    Returns
    -------
    matplotlib.figure.Figure
        The benchmarks against each of the three networks, and the gauged network with
        static inputs against the other two. The legends say Spearman's rank
        correlation, and how many basins two models share and lie outside the axes.

    Raises
    ------
    InputError
        If no two models to compare share a basin.
    """
    panels = [(joined(by_model, statistic, pairs), by) for pairs, by in _SCATTERS]
    panels = [(pairs, by) for pairs, by in panels if pairs]
    if not panels:
        raise nothing_of(f"the statistic {statistic}", "two models in the same basin")
    figure, axes = _grid(len(panels), 4.1)
    for axis, (pairs, by) in zip(axes, panels, strict=True):
        x, y = (looks[model]["title"] for model in next(iter(pairs)))
        names = (x, "other LSTM") if by else ("benchmark", y)
        _scatter(axis, pairs, by, looks, statistic, names)
    mark_origin(figure, dataset)
    return figure


def gauged_scatters(by_model, statistic, looks, dataset):
    """Draw one statistic of all other gauged models against the LSTM with statics.

    Parameters
    ----------
    by_model, statistic, looks, dataset
        As in `scatters`.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    InputError
        If none of them shares a basin with the LSTM.
    """
    pairs = joined(by_model, statistic, _AGAINST_GAUGED)
    if not pairs:
        needed = "lstm_static and of another gauged model in the same basin"
        raise nothing_of(f"the statistic {statistic}", needed)
    figure, axis = new_figure(4.8, 5.5)
    names = looks["lstm_static"]["title"], "other model"
    _scatter(axis, pairs, 1, looks, statistic, names)
    mark_origin(figure, dataset)
    return figure


def _scatter(axis, pairs, by, looks, statistic, names):
    """Draw the points of some pairs of models over the line of equality."""
    limits = _LIMITS[statistic]
    axis.plot(limits, limits, "--", color="black", linewidth=1, label="1:1")
    for pair, both in pairs.items():
        model = pair[by]
        style = {"color": COLOURS[looks[model]["model"]], "marker": _MARKERS[model]}
        style |= {"linestyle": "", "mfc": "none", "markersize": 3.5, "mew": 0.6}
        rank = both.corr("spearman").iloc[0, 1]
        outside = ((both < limits[0]) | (both > limits[1])).any(axis=1).sum()
        words = [counted(len(both), "basin")]
        words += [f"ρ {written(rank)}"] if np.isfinite(rank) else []
        words += [f"{outside} outside"] if outside else []
        label = f"{looks[model]['title']}\n{', '.join(words)}"
        axis.plot(both[pair[0]], both[pair[1]], alpha=0.8, label=label, **style)
    axis.set(xlim=limits, ylim=limits, box_aspect=1)
    x, y = (f"{name}\n{_LABELS[statistic]}" for name in names)
    axis.set(xlabel=x, ylabel=y)
    for one in (axis.xaxis, axis.yaxis):
        one.set_major_locator(MultipleLocator(_TICKS))
    # Above, for points may lie anywhere within.
    axis.legend(loc="lower left", bbox_to_anchor=(-0.02, 1), fontsize=8)


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


def _grid(count, height):
    """Return a figure and `count` axes, two in a row of `height` inches."""
    columns = min(count, 2)
    rows = -(-count // columns)
    width = 7.2 if columns == 2 else 4.2
    shape = {"nrows": rows, "ncols": columns, "squeeze": False}
    figure, axes = new_figure(width, height * rows, **shape)
    for axis in axes.flat[count:]:
        axis.remove()
    return figure, axes.flat[:count]


def counted(count, noun):
    """Return a count with its noun."""
    return f"{count} {noun}" + "s" * (count != 1)


def nothing_of(what, needed):
    """Return the error that there is nothing to draw, and what it would take."""
    return InputError(
        f"There is nothing to draw of {what}: it needs a value of {needed}; evaluate "
        "more experiments of kratzert2019b or run more basins."
    )
