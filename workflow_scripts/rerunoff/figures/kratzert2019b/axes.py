"""The axes of kratzert2019b's figures: their words and limits, and whose values.

Models are always joined on the gauge; what the authors' figures do otherwise is in the
captions.
"""

import numpy as np
import pandas as pd

from rerunoff.errors import InputError
from rerunoff.figures.style import new_figure
from rerunoff.protocol.benchmarks import AUTHORS_FILES

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
LIMITS = {"nse": (-1, 1), "bias": (-2, 1), "stdev": (0, 2.5), "q95": (-1, 1)}
OPTIMA = {"nse": 1, "bias": 0, "stdev": 1, "q95": 0}


def label_of(statistic):
    """Return the words of an axis: what it shows, and what its two sides mean."""
    return "\n".join([_LABELS[statistic], *filter(None, [_SIDES.get(statistic)])])


def finite(by_model, statistic):
    """Return the finite values of one statistic, of each model that has any."""
    columns = {
        m: t[statistic].replace([np.inf, -np.inf], np.nan).dropna()
        for m, t in by_model.items()
    }
    return {model: column for model, column in columns.items() if len(column)}


def joined(by_model, statistic, pairs):
    """Return the values of each pair of models in the basins that both have.

    Pairs of the paper's own models stand before all others.
    """
    values = finite(by_model, statistic)
    found = {}
    for x, y in sorted(pairs, key=lambda pair: not {*pair} <= {*AUTHORS_FILES}):
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
