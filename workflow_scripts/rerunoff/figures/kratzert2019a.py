"""Figures of kratzert2019a (content: the authors' notebooks, see the captions)."""

from rerunoff.evaluation import ENSEMBLE
from rerunoff.figures.distributions import SHARES, cdf, edge_note
from rerunoff.figures.style import legend_below, mark_origin, new_figure

_LINE_OF_LOSS = {"nse": "-", "mse": "--"}


def nse_cdf(metrics, looks, members, dataset):
    """Draw the cumulative distribution of NSE of each configuration.

    Parameters
    ----------
    metrics : dict of str to DataFrame
        Experiment to its metrics table.
    looks : dict of str to dict
        Experiment to `title`, `model` (a key of `style.COLOURS`) and `loss`.
    members : dict of str to str
        Experiment to its single member beside the ensemble, e.g. `seed111`.
    dataset : str

    Returns
    -------
    matplotlib.figure.Figure
        Left the single member, right the ensemble; NSE from 0 to 1 as in the paper.
        A dot on the left edge says which share of basins lies below 0.
    """
    figure, axes = new_figure(7.2, 3.9, ncols=2, sharey=True)
    names = ", ".join(dict.fromkeys(members.values()))
    ensembles = dict.fromkeys(members, ENSEMBLE)
    panels = ((members, f"single network ({names})"), (ensembles, ENSEMBLE))
    for axis, (shown, title) in zip(axes, panels, strict=True):
        for experiment, table in metrics.items():
            values = table.loc[table["member"] == shown[experiment], "NSE"].dropna()
            look = looks[experiment]
            cdf(axis, values, look, line=_LINE_OF_LOSS[look["loss"]])
        count = len(values)
        axis.set(title=f"{title}, {count} basins", xlim=(0, 1), ylim=SHARES)
        axis.set_xlabel(f"NSE (–)\n{edge_note()}")
    axes[0].set_ylabel("cumulative share of basins (–)")
    legend_below(figure, axes[0], columns=3)
    mark_origin(figure, dataset)
    return figure
