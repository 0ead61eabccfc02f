"""What the datasets hold: forcing products and attribute tables."""

FORCINGS = {
    "camels_us": ("daymet", "maurer", "maurer_extended", "nldas", "nldas_extended"),
    "virtual": ("daymet", "maurer", "maurer_extended", "nldas", "nldas_extended"),
    "caravan": ("era5_land",),
}

# The seven attribute tables of CAMELS US, below camels_attributes_v2.0.
CAMELS_TABLES = tuple(
    f"camels_{topic}.txt"
    for topic in ("clim", "geol", "hydro", "name", "soil", "topo", "vege")
)
