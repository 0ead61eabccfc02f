"""kratzert2019a: maps of clusters of basins, by embedding and by attributes."""

from rerunoff.figures.kratzert2019a.silhouette import RAW
from rerunoff.figures.maps import category_looks, category_map
from rerunoff.figures.reading import read_places
from rerunoff.figures.style import new_figure
from rerunoff.tables import read_checked


def draw(clusters, store):
    """Read the clusters and the gauges' places and draw them."""
    table = read_checked(clusters, "clusters", dtype={"basin": str})
    return figure_of(table, read_places(store, table["basin"].unique()))


def figure_of(clusters, places):
    """Draw the clusters of the first member's embedding and of the attributes.

    Parameters
    ----------
    clusters : DataFrame
        From `clusters.cluster`.
    places : DataFrame
        Index basin; `lat` and `lon` in degrees.

    Returns
    -------
    matplotlib.figure.Figure
        One row per source, one column per number of clusters. The titles say in how
        many basins the other members agree with the first.
    """
    members = [name for name in clusters["source"].unique() if name != RAW]
    numbers = sorted(clusters["clusters"].unique())
    looks = category_looks(sorted(clusters["cluster"].unique()))
    size = 3.7 * len(numbers), 5.4
    figure, axes = new_figure(*size, nrows=2, ncols=len(numbers), squeeze=False)
    for row, source in zip(axes, (members[0], RAW), strict=True):
        for axis, number in zip(row, numbers, strict=True):
            labels = _labels(clusters, source, number)
            title = f"Attributes, {number} clusters"
            if source != RAW:
                others = [_labels(clusters, name, number) for name in members[1:]]
                name = source.replace("seed", "seed ")
                title = f"Embedding of {name}, {number} clusters"
                title += _agreement(labels, others)
            category_map(axis, places, labels, looks, title)
    handles, _ = axes[0, -1].get_legend_handles_labels()
    names = [f"cluster {name}" for name in looks]
    figure.legend(handles, names, ncols=6, loc="outside lower center")
    return figure


def _labels(clusters, source, number):
    part = clusters[(clusters["source"] == source) & (clusters["clusters"] == number)]
    return part.set_index("basin")["cluster"]


def _agreement(labels, others):
    """Return the words on how many basins of other members have the same cluster."""
    if not others:
        return ""
    shares = [(other.loc[labels.index] == labels).mean() for other in others]
    low, high = (round(100 * share) for share in (min(shares), max(shares)))
    span = f"{low} %" if low == high else f"{low} to {high} %"
    return f"\nother seeds: the same cluster in {span} of basins"
