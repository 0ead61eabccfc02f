"""kratzert2018: NSE of each experiment as a map and as a histogram."""

import numpy as np
from matplotlib import colormaps
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.ticker import MaxNLocator

from rerunoff.figures.maps import scatter_map
from rerunoff.figures.reading import read_nse, read_places_of
from rerunoff.figures.style import new_figure, written

_BIN_EDGES = np.linspace(0, 1, 21)
_BELOW_ZERO = -0.2  # where the bar of all basins below 0 stands


def draw(metrics, stores, looks):
    """Read metrics, in the order of `looks`, and the gauges' places, and draw them."""
    nse = read_nse(metrics, looks)
    return figure_of(nse, read_places_of(nse, stores), looks)


def figure_of(nse, places, looks):
    """Draw NSE of each experiment as a map and as a histogram.

    Parameters
    ----------
    nse, looks
        As in `nse_cdf.figure_of`.
    places : DataFrame
        Index basin; `lat` and `lon` in degrees.

    Returns
    -------
    matplotlib.figure.Figure
        One row per experiment. Basins below 0 have the lowest colour, and one bar of
        their own.
    """
    figure, axes = new_figure(
        7.2, 2.3 * nse.shape[1] + 0.7, nrows=nse.shape[1], ncols=2,
        squeeze=False, width_ratios=(1.75, 1),
    )  # fmt: skip
    norm, cmap = Normalize(0, 1), colormaps["viridis"]
    for (left, right), experiment in zip(axes, nse, strict=True):
        values = nse[experiment].dropna()
        title = f"{looks[experiment]['title']}, {len(values)} basins"
        scatter_map(left, places, values, norm, cmap, title)
        _histogram(right, values, norm, cmap)
    bar = figure.colorbar(
        ScalarMappable(norm, cmap), ax=axes[:, 0], extend="min", location="left",
        shrink=min(1, 1.4 / len(axes)), aspect=20,
    )  # fmt: skip
    bar.set_label("NSE (–)")
    return figure


def _histogram(axis, values, norm, cmap):
    """Draw how many basins fall into each bin of NSE, those below 0 into one."""
    counts, _ = np.histogram(values, _BIN_EDGES)
    centres = np.append(_BELOW_ZERO, (_BIN_EDGES[:-1] + _BIN_EDGES[1:]) / 2)
    heights = np.append((values < 0).sum(), counts)
    width = _BIN_EDGES[1] - _BIN_EDGES[0]
    axis.bar(centres, heights, width, color=cmap(norm(centres)), edgecolor="white")
    axis.set_xticks([_BELOW_ZERO, 0, 0.25, 0.5, 0.75, 1])
    axis.set_xticklabels(["< 0", "0", "0.25", "0.5", "0.75", "1"])
    axis.yaxis.set_major_locator(MaxNLocator(integer=True))
    axis.set(xlabel="NSE (–)", ylabel="number of basins (–)")
    median, mean = written(values.median()), written(values.mean())
    axis.set_title(f"median {median}, mean {mean}")
