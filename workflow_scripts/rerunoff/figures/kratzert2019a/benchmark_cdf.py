"""kratzert2019a: cumulative distribution of NSE beside models of others.

Content: the authors' performance notebook, see the captions.
"""

from rerunoff.data.basin_lists import read_basin_list
from rerunoff.evaluation import ENSEMBLE
from rerunoff.figures.distributions import SHARES, cdf, edge_note
from rerunoff.figures.reading import read_by_experiment
from rerunoff.figures.style import legend_below, new_figure


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
    figure, axes = new_figure(7.2, 4.3, ncols=2, sharey=True)
    names = ", ".join(dict.fromkeys(members.values()))
    panels = ((members, f"single network ({names})"), ({}, ENSEMBLE))
    for axis, (chosen, title) in zip(axes, panels, strict=True):
        counts = []
        for name, table in metrics.items():
            here = ~table["basin"].isin(outside)
            here &= table["member"] == chosen.get(name, ENSEMBLE)
            values = table.loc[here, "NSE"].dropna()
            if len(values):
                cdf(axis, values, looks, name)
                counts.append(len(values))
        fewest, most = min(counts, default=0), max(counts, default=0)
        basins = most if fewest == most else f"{fewest} to {most}"
        axis.set(title=f"{title}, {basins} basins", xlim=(0, 1), ylim=SHARES)
        axis.set_xlabel(f"NSE (–)\n{edge_note()}")
    axes[0].set_ylabel("cumulative share of basins (–)")
    legend_below(figure, axes[0], columns=3)
    return figure
