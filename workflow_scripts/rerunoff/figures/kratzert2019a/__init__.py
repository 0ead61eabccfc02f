"""Figures of kratzert2019a, one module each."""
