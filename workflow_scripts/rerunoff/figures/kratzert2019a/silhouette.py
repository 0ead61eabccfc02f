"""kratzert2019a: how well clusters of basins are told apart, by their number."""

from rerunoff.figures.style import COLOURS, counted, legend_below, new_figure
from rerunoff.tables import read_checked

RAW = "raw_attributes"
# The attributes as they are, beside what the network makes of them.
RAW_COLOUR, EMBEDDING_COLOUR = "#555555", COLOURS["ealstm"]


def draw(silhouettes):
    """Read the silhouettes and draw them."""
    return figure_of(read_checked(silhouettes, "silhouettes"))


def figure_of(silhouettes):
    """Draw mean and minimum over basins of the silhouette against the clusters.

    Parameters
    ----------
    silhouettes : DataFrame
        From `clusters.silhouettes`.

    Returns
    -------
    matplotlib.figure.Figure
        A thin line for each member, a thick one for their mean, a dashed one for the
        attributes.
    """
    figure, axes = new_figure(7.2, 3.4, ncols=2)
    for axis, statistic in zip(axes, ("mean", "minimum"), strict=True):
        table = silhouettes.pivot(index="clusters", columns="source", values=statistic)
        members = table.drop(columns=RAW)
        thin = {"color": EMBEDDING_COLOUR, "linewidth": 0.6, "alpha": 0.5}
        axis.plot(
            members, label=["single seeds", *[None] * (members.shape[1] - 1)], **thin
        )
        label = f"embedding, mean of {counted(members.shape[1], 'seed')}"
        style = {"color": EMBEDDING_COLOUR, "linewidth": 1.8, "marker": "o", "ms": 3}
        axis.plot(members.mean(axis=1), label=label, **style)
        style = {"color": RAW_COLOUR, "linestyle": "--", "marker": "s", "ms": 3}
        axis.plot(table[RAW], label="attributes", **style)
        axis.set(xlabel="number of clusters (–)", ylabel=f"{statistic} silhouette (–)")
        axis.set_xticks(table.index)
    figure.get_layout_engine().set(w_pad=0.1)
    legend_below(figure, axes[0], 3)
    return figure
