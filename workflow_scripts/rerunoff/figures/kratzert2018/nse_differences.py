"""kratzert2018: maps of the differences in NSE between experiments."""

from rerunoff.figures.maps import difference_bar, difference_map
from rerunoff.figures.reading import read_nse, read_places_of
from rerunoff.figures.style import new_figure


def draw(metrics, stores, looks, pairs):
    """Read metrics, in the order of `looks`, and the gauges' places, and draw them."""
    nse = read_nse(metrics, looks)
    return figure_of(nse, read_places_of(nse, stores), pairs, looks)


def figure_of(nse, places, pairs, looks):
    """Draw maps of the difference in NSE between two experiments.

    Parameters
    ----------
    nse, places, looks
        As in `nse_maps.figure_of`.
    pairs : sequence of tuple of str
        The minuend and the subtrahend of each map; a basin that lacks one of the two
        is left out.

    Returns
    -------
    matplotlib.figure.Figure
        Each title says the median difference, and in how many basins the minuend is
        better.
    """
    columns = min(len(pairs), 2)
    rows = -(-len(pairs) // columns)
    height = 7.2 / columns * 0.56 + 0.75
    figure, axes = new_figure(
        7.2, height * rows + 0.6, nrows=rows, ncols=columns, squeeze=False
    )
    for axis, (first, second) in zip(axes.flat, pairs, strict=False):
        titles = [looks[name]["title"] for name in (first, second)]
        difference_map(axis, places, nse[first] - nse[second], *titles)
    for axis in axes.flat[len(pairs) :]:
        axis.remove()
    difference_bar(figure, list(axes.flat[: len(pairs)]), "first", "second")
    return figure
