"""kratzert2019b: two models against each other, basin by basin.

Content: main_plots.m of kratzert/lstm_for_pub (commit 36366e2).
"""

from rerunoff.evaluation.tables import read_ensembles
from rerunoff.figures.kratzert2019b.pairs import panel_per_pair
from rerunoff.protocol.benchmarks import BENCHMARKS

_NETWORKS = ("lstm_no_static", "lstm_static", "lstm_ungauged")


def draw(statistics, statistic, looks):
    """Read the statistics of the models, in the order of `looks`, and draw them."""
    by_model = read_ensembles(dict(zip(looks, statistics, strict=True)))
    return figure_of(by_model, statistic, looks)


def figure_of(by_model, statistic, looks):
    """Draw one statistic of two models against each other, basin by basin.

    Parameters
    ----------
    by_model, statistic, looks
        As in `densities.figure_of`.

    Returns
    -------
    matplotlib.figure.Figure
        A panel per pair: the benchmarks against each network, and the gauged LSTM with
        static inputs against the other networks. The titles say how
        many basins two models share, Spearman's rank correlation over them, and how
        many lie beyond the axes; these stand as crosses on the edge.

    Raises
    ------
    InputError
        If no two models to compare share a basin.
    """
    others = [m for m in by_model if m not in (*_NETWORKS, *BENCHMARKS)]
    networks = (*_NETWORKS, *others)
    pairs = [(x, y) for y in networks for x in BENCHMARKS]
    pairs += [("lstm_static", y) for y in networks if y != "lstm_static"]
    needed = "two models in the same basin"
    return panel_per_pair(by_model, statistic, looks, pairs, needed)
