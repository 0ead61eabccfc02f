"""The virtual catchments, which are written in CAMELS' own formats."""

from rerunoff.data.readers.camels_us import Reader

__all__ = ["Reader"]
