"""kratzert2019a: map of the attribute that discharge of each basin reacts to most."""

from rerunoff.analysis.feature_ranking import read_gradients, top_counts
from rerunoff.figures.maps import category_looks, category_map
from rerunoff.figures.reading import read_places
from rerunoff.figures.style import new_figure


def draw(gradients, store, members):
    """Read the gradients of all members, and the gauges' places, and draw them."""
    read = read_gradients(gradients, members)
    return figure_of(read, read_places(store, read[members[0]].index))


def figure_of(gradients, places):
    """Draw the top attribute of each basin, and how often each attribute is on top.

    Parameters
    ----------
    gradients : dict of str to DataFrame
        By member; index basin, one column per attribute. The map is of the first.
    places : DataFrame
        Index basin; `lat` and `lon` in degrees.

    Returns
    -------
    matplotlib.figure.Figure
        The bars, which are the map's legend, count basins of the first member; lines
        go from the lowest to the highest count of all members.
    """
    counts = top_counts(gradients)
    first = counts.columns[0]
    on_top = counts[counts.max(axis=1) > 0].sort_values(first, ascending=False)
    looks = category_looks(on_top.index)
    height = 4.2 + 0.16 * len(on_top)
    figure, (upper, lower) = new_figure(
        7.2, height, nrows=2, height_ratios=(4.2, height - 4.2)
    )
    top = gradients[first].idxmax(axis=1)
    title = f"Attribute of rank 1, {first.replace('seed', 'seed ')}, {len(top)} basins"
    # The most frequent first, so that rare ones lie on top.
    category_map(upper, places, top, looks, title)
    _count_bars(lower, on_top, looks)
    return figure


def _count_bars(axis, counts, looks):
    first, rows = counts.columns[0], range(len(counts))
    axis.barh(rows, counts[first], color="#DDDDDD", height=0.75)
    span = counts.min(axis=1), counts.max(axis=1)
    axis.hlines(rows, *span, color="#444444", linewidth=1.2)
    for row, look in zip(rows, looks.values(), strict=True):
        axis.scatter(
            counts[first].iloc[row], row, s=22, linewidths=0.3,
            edgecolors="#444444", zorder=3, **look,
        )  # fmt: skip
    axis.set_yticks(rows, counts.index, fontsize=7)
    axis.set_ylim(len(counts) - 0.5, -0.5)
    axis.set_xlim(left=0)
    members = counts.shape[1]
    spread = f"; line: lowest to highest of {members} seeds" if members > 1 else ""
    axis.set_xlabel(f"number of basins where it has rank 1 (–){spread}")
    axis.grid(False, axis="y")
