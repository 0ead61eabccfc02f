"""Figures that several papers have, one module each."""
