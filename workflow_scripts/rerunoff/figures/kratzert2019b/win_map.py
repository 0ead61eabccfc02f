"""kratzert2019b: map of where the ungauged LSTM is better than SAC-SMA."""

from rerunoff.evaluation.tables import read_ensembles
from rerunoff.figures.kratzert2019b.axes import joined, nothing_of
from rerunoff.figures.maps import difference_bar, difference_map
from rerunoff.figures.style import new_figure
from rerunoff.tables import read_checked


def draw(statistics, places, looks):
    """Read the statistics of two models and the gauges' places, and draw them."""
    by_model = read_ensembles(dict(zip(looks, statistics, strict=True)))
    form = {"dtype": {"basin": str}, "index_col": "basin"}
    places = read_checked(places, "places of gauges", **form)
    return figure_of(by_model, places, *looks, looks)


def figure_of(by_model, places, first, second, looks):
    """Draw a map of the difference in NSE between two models.

    Parameters
    ----------
    by_model, looks
        As in `densities.figure_of`.
    places : DataFrame
        Index basin; `lat` and `lon` in degrees.
    first, second : str
        Minuend and subtrahend.

    Returns
    -------
    matplotlib.figure.Figure
        The title says in how many basins the first is better; basins that lack one of
        the two are left out.

    Raises
    ------
    InputError
        If the two share no basin.
    """
    pair = (first, second)
    both = joined(by_model, "nse", [pair]).get(pair)
    if both is None:
        raise nothing_of("the statistic nse", f"{first} and {second} in the same basin")
    titles = [looks[name]["title"] for name in pair]
    figure, axis = new_figure(7.2, 4.9)
    difference_map(axis, places, both[first] - both[second], *titles)
    difference_bar(figure, axis, *titles)
    return figure
