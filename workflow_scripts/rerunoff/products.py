"""The forcing products of each dataset."""

FORCINGS = {
    "camels_us": ("daymet", "maurer", "maurer_extended", "nldas", "nldas_extended"),
    "virtual": ("daymet", "maurer", "maurer_extended", "nldas", "nldas_extended"),
    "caravan": ("era5_land",),
}
