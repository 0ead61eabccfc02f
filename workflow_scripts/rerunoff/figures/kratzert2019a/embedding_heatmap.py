"""kratzert2019a: the input gate of every basin and cell as a heat map."""

from matplotlib.ticker import MaxNLocator

from rerunoff.figures.style import new_figure
from rerunoff.tables import read_checked


def draw(embedding, member):
    """Read the input gates of one member and draw them."""
    form = {"dtype": {"basin": str}, "index_col": "basin"}
    return figure_of(read_checked(embedding, "embedding", **form), member)


def figure_of(gates, member):
    """Draw the input gates of one network.

    Parameters
    ----------
    gates : DataFrame
        Index basin, one column per cell; 0 to 1. Basins are drawn in the order of their
        gauges, which are numbered downstream and from east to west.
    member : str

    Returns
    -------
    matplotlib.figure.Figure
    """
    gates = gates.sort_index()
    figure, axis = new_figure(7.2, 4.0)
    basins, cells = gates.shape
    image = axis.imshow(
        gates.to_numpy().T, vmin=0, vmax=1, cmap="viridis", aspect="auto",
        interpolation="nearest", extent=(0.5, basins + 0.5, cells + 0.5, 0.5),
    )  # fmt: skip
    axis.grid(False)
    for one in (axis.xaxis, axis.yaxis):
        one.set_major_locator(MaxNLocator(integer=True))
    axis.set(xlabel="basin, in the order of gauge numbers (–)", ylabel="cell (–)")
    axis.set_title(member.replace("seed", "seed "))
    figure.colorbar(image, ax=axis, label="input gate (–)")
    return figure
