"""kratzert2019a: cumulative distribution of NSE beside models of others.

Content: the authors' performance notebook, see the captions.
"""

from rerunoff.data.basin_lists import read_basin_list
from rerunoff.figures.distributions import cdf_panels
from rerunoff.figures.reading import read_by_experiment


def draw(metrics, looks, members, outside):
    """Read the metrics of the models, in the order of `looks`, and draw them."""
    tables = read_by_experiment(metrics, looks)
    return figure_of(tables, looks, members, read_basin_list(outside))


def figure_of(metrics, looks, members, outside):
    """Draw the cumulative distribution of NSE of networks and benchmarks.

    Parameters
    ----------
    metrics : dict of str to DataFrame
        Model to its metrics table.
    looks : dict of str to dict
        As in `style.colour_of`.
    members : dict of str to str
        Network to its single member beside the ensemble, e.g. `seed111`; benchmarks
        have none.
    outside : sequence of str
        Basins that are left out, because not all benchmarks have simulated them.

    Returns
    -------
    matplotlib.figure.Figure
        Left the single member, right the ensemble of each network, benchmarks in both;
        NSE from 0 to 1. A dot on the left edge says which share of basins lies below 0.
    """
    kept = {
        name: table[~table["basin"].isin(outside)] for name, table in metrics.items()
    }
    return cdf_panels(kept, looks, members, height=4.3)
