"""Figures of kratzert2018, one module each.

The authors published no scripts; what their figures show is in the captions.
"""
