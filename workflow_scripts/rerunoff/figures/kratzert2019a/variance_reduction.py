"""kratzert2019a: how much less signatures of discharge vary within clusters."""

import numpy as np

from rerunoff.figures.kratzert2019a.silhouette import (
    EMBEDDING_COLOUR,
    RAW,
    RAW_COLOUR,
)
from rerunoff.figures.style import counted, legend_below, new_figure
from rerunoff.tables import read_checked

_WIDTH = 0.38


def draw(reductions):
    """Read the variance reductions and draw them."""
    return figure_of(read_checked(reductions, "variance reductions"))


def figure_of(reductions):
    """Draw the variance reduction of each signature by embedding and by attributes.

    Parameters
    ----------
    reductions : DataFrame
        From `signatures.variance_reduction`.

    Returns
    -------
    matplotlib.figure.Figure
        One panel per number of clusters. Bars of embeddings are means over members;
        lines go from the lowest to the highest.
    """
    numbers = sorted(reductions["clusters"].unique())
    figure, axes = new_figure(
        7.2, 2.6 * len(numbers) + 0.6, nrows=len(numbers), sharex=True, squeeze=False
    )
    order = reductions["signature"].unique()
    for axis, number in zip(axes[:, 0], numbers, strict=True):
        part = reductions[reductions["clusters"] == number]
        table = part.pivot(index="signature", columns="source", values="reduction")
        table = table.loc[order]
        members, at = table.drop(columns=RAW), np.arange(len(table))
        label = f"embedding, mean of {counted(members.shape[1], 'seed')}"
        left, right = at - _WIDTH / 2, at + _WIDTH / 2
        axis.bar(left, table[RAW], _WIDTH, color=RAW_COLOUR, label="attributes")
        mean = members.mean(axis=1)
        axis.bar(right, mean, _WIDTH, color=EMBEDDING_COLOUR, label=label)
        span = members.min(axis=1), members.max(axis=1)
        axis.vlines(right, *span, color="black", linewidth=1)
        axis.axhline(0, color="black", linewidth=0.6)
        axis.set_ylabel("variance reduction (–)")
        axis.set_title(f"{number} clusters")
        axis.set_xticks(at, order, rotation=45, ha="right")
        axis.grid(False, axis="x")
    legend_below(figure, axes[0, 0], 2)
    return figure
