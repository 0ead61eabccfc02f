"""kratzert2019a: embeddings on a plane, coloured by attributes of the basins."""

import math

from rerunoff.figures.reading import read_attributes
from rerunoff.figures.style import new_figure
from rerunoff.tables import read_checked

# Attribute to its unit and the highest value of the colours (embedding.ipynb, cell 24).
COLOURED = {
    "aridity": ("–", 2.0),
    "elev_mean": ("m", None),
    "p_mean": ("mm/d", None),
    "area_gages2": ("km²", None),
    "frac_forest": ("–", None),
    "gvf_diff": ("–", None),
}
_COLUMNS = 3


def draw(places, store):
    """Read the places on the plane, and the attributes of the basins, and draw them."""
    table = read_checked(places, "places on the plane", dtype={"basin": str})
    basins = table["basin"].unique()
    return figure_of(table, read_attributes(store, COLOURED, basins, may_lack=True))


def figure_of(places, attributes):
    """Draw the embedding of the first member six times, and that of the others once.

    Parameters
    ----------
    places : DataFrame
        From `projection.project`.
    attributes : DataFrame
        Index basin, the columns `COLOURED`; those without any value are left out.

    Returns
    -------
    matplotlib.figure.Figure
        The others are coloured by the first attribute.
    """
    members = list(places["member"].unique())
    names = [name for name in COLOURED if attributes[name].notna().any()]
    names = names or [next(iter(COLOURED))]
    shown = [(members[0], name) for name in names]
    shown += [(member, names[0]) for member in members[1:]]
    rows = math.ceil(len(shown) / _COLUMNS)
    figure, axes = new_figure(
        7.2, 2.3 * rows + 0.3, nrows=rows, ncols=_COLUMNS, squeeze=False
    )
    for axis, (member, name) in zip(axes.flat, shown, strict=False):
        part = places[places["member"] == member].set_index("basin")
        values, (unit, highest) = attributes.loc[part.index, name], COLOURED[name]
        points = axis.scatter(
            part["x"], part["y"], c=values, vmax=highest, cmap="viridis", s=6, lw=0
        )
        axis.set(xticks=[], yticks=[], title=member.replace("seed", "seed "))
        extend = "max" if highest and values.max() > highest else "neither"
        bar = figure.colorbar(points, ax=axis, extend=extend, location="bottom")
        bar.set_label(f"{name} ({unit})")
    for axis in axes.flat[len(shown) :]:
        axis.remove()
    return figure
