"""kratzert2019b: gauged models against the LSTM with statics, basin by basin.

Content: main_plots.m of kratzert/lstm_for_pub (commit 36366e2).
"""

from rerunoff.evaluation.tables import read_ensembles
from rerunoff.figures.kratzert2019b.pairs import panel_per_pair
from rerunoff.protocol.benchmarks import BENCHMARKS

_ORDER = (*BENCHMARKS, "lstm_no_static")


def draw(statistics, statistic, looks):
    """Read the statistics of the models, in the order of `looks`, and draw them."""
    by_model = read_ensembles(dict(zip(looks, statistics, strict=True)))
    return figure_of(by_model, statistic, looks)


def figure_of(by_model, statistic, looks):
    """Draw one statistic of all other gauged models against the LSTM with statics.

    Parameters
    ----------
    by_model, statistic, looks
        As in `scatters.figure_of`, of gauged models only.

    Returns
    -------
    matplotlib.figure.Figure
        As of `scatters.figure_of`.

    Raises
    ------
    InputError
        If none of them shares a basin with the LSTM.
    """
    others = [m for m in by_model if m not in (*_ORDER, "lstm_static")]
    pairs = [("lstm_static", y) for y in (*_ORDER, *others)]
    needed = "lstm_static and of another gauged model in the same basin"
    return panel_per_pair(by_model, statistic, looks, pairs, needed)
