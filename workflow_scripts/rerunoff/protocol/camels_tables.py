"""The attribute tables of CAMELS US, for the reader and for the checks before it."""

# Below camels_attributes_v2.0.
CAMELS_TABLES = tuple(
    f"camels_{topic}.txt"
    for topic in ("clim", "geol", "hydro", "name", "soil", "topo", "vege")
)
