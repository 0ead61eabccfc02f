"""kratzert2018: how alike the basins of each region discharge."""

import numpy as np
from matplotlib import colormaps

from rerunoff.figures.style import counted, new_figure, written
from rerunoff.tables import read_checked

_MOST_LABELS = 15


def draw(correlation, regions):
    """Read the correlations and draw those of each region, basins in its order."""
    kinds = {"basin": str, "other": str}
    table = read_checked(correlation, "correlations", dtype=kinds)
    matrices = {}
    for region, basins in regions.items():
        part = table[table["region"] == region]
        matrix = part.pivot(index="basin", columns="other", values="r")
        matrices[region] = matrix.loc[basins, basins]
    return figure_of(matrices)


def figure_of(correlations):
    """Draw how alike the basins of each region discharge.

    Parameters
    ----------
    correlations : dict of str to DataFrame
        Region to Pearson r of observed daily discharge, basin x basin; NaN where two
        basins share too few days.

    Returns
    -------
    matplotlib.figure.Figure
        One panel per region, with the mean over its pairs of basins.
    """
    columns = min(len(correlations), 2)
    rows = -(-len(correlations) // columns)
    size = (7.2 if columns > 1 else 4.6, 3.4 * rows)
    figure, axes = new_figure(*size, nrows=rows, ncols=columns, squeeze=False)
    panels = list(axes.flat[: len(correlations)])
    cmap = colormaps["viridis"].with_extremes(bad="#DDDDDD")
    for axis, (region, table) in zip(panels, correlations.items(), strict=True):
        image = axis.imshow(table.to_numpy(), vmin=0, vmax=1, cmap=cmap)
        count = counted(len(table), "basin")
        axis.set_title(f"{region}, {count}{_mean_of_pairs(table)}")
        axis.grid(False)
        labels = list(table.columns) if len(table) <= _MOST_LABELS else []
        axis.set_xticks(range(len(labels)), labels, rotation=90, fontsize=6)
        axis.set_yticks(range(len(labels)), labels, fontsize=6)
    for axis in axes.flat[len(correlations) :]:
        axis.remove()
    negative = any((table < 0).to_numpy().any() for table in correlations.values())
    extend = "min" if negative else "neither"
    bar = figure.colorbar(image, ax=panels, extend=extend, shrink=0.7, aspect=30)
    bar.set_label("correlation of daily discharge (–)")
    return figure


def _mean_of_pairs(table):
    """Return the words on the mean correlation of two different basins."""
    pairs = table.to_numpy()[~np.eye(len(table), dtype=bool)]
    pairs = pairs[~np.isnan(pairs)]
    if not pairs.size:
        return ""
    return f", mean r {written(pairs.mean())}"
