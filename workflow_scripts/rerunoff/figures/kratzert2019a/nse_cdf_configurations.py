"""kratzert2019a: cumulative distribution of NSE over basins, by configuration.

Content: the authors' performance notebook, see the caption.
"""

from rerunoff.evaluation import ENSEMBLE
from rerunoff.figures.distributions import SHARES, cdf, edge_note
from rerunoff.figures.reading import read_by_experiment
from rerunoff.figures.style import legend_below, new_figure


def draw(metrics, looks, members):
    """Read the metrics of the experiments, in the order of `looks`, and draw them."""
    return figure_of(read_by_experiment(metrics, looks), looks, members)


def figure_of(metrics, looks, members):
    """Draw the cumulative distribution of NSE of each configuration.

    Parameters
    ----------
    metrics : dict of str to DataFrame
        Experiment to its metrics table.
    looks : dict of str to dict
        As in `style.colour_of`; the line is that of the loss.
    members : dict of str to str
        Experiment to its single member beside the ensemble, e.g. `seed111`.

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
    for axis, (chosen, title) in zip(axes, panels, strict=True):
        counts = []
        for experiment, table in metrics.items():
            values = table.loc[table["member"] == chosen[experiment], "NSE"].dropna()
            if len(values):
                cdf(axis, values, looks, experiment, by_loss=True)
                counts.append(len(values))
        fewest, most = min(counts, default=0), max(counts, default=0)
        basins = most if fewest == most else f"{fewest} to {most}"
        axis.set(title=f"{title}, {basins} basins", xlim=(0, 1), ylim=SHARES)
        axis.set_xlabel(f"NSE (–)\n{edge_note()}")
    axes[0].set_ylabel("cumulative share of basins (–)")
    legend_below(figure, axes[0], columns=3)
    return figure
