"""kratzert2019a: cumulative distribution of NSE over basins, by configuration.

Content: the authors' performance notebook, see the caption.
"""

from rerunoff.figures.distributions import cdf_panels
from rerunoff.figures.reading import read_by_experiment


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
    return cdf_panels(metrics, looks, members, height=3.9, by_loss=True)
