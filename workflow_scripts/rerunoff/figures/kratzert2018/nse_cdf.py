"""kratzert2018: cumulative distribution of NSE over basins, by experiment."""

from rerunoff.figures.distributions import SHARES, cdf, edge_note
from rerunoff.figures.reading import read_nse
from rerunoff.figures.style import legend_below, new_figure


def draw(metrics, looks):
    """Read the metrics of the experiments, in the order of `looks`, and draw them."""
    return figure_of(read_nse(metrics, looks), looks)


def figure_of(nse, looks):
    """Draw the cumulative distribution of NSE of each experiment.

    Parameters
    ----------
    nse : DataFrame
        Index basin, one column per experiment; NaN where a basin has none.
    looks : dict of str to dict
        As in `style.colour_of`.

    Returns
    -------
    matplotlib.figure.Figure
        NSE from 0 to 1; a dot on the left edge says which share of basins lies below
        0. The legend counts the basins of each experiment.
    """
    figure, axis = new_figure(4.8, 4.2)
    for experiment in nse:
        values = nse[experiment].dropna()
        if values.empty:
            continue
        title = looks[experiment]["title"]
        cdf(axis, values, looks, experiment, f"{title} ({len(values)} basins)")
    axis.set(xlabel=f"NSE (–)\n{edge_note()}", ylabel="cumulative share of basins (–)")
    axis.set(xlim=(0, 1), ylim=SHARES)
    legend_below(figure, axis, columns=1)
    return figure
