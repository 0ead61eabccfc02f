"""Conceptual hydrological models as torch modules: equations, calibration, transfer."""
