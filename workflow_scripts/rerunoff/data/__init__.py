"""Readers, validation, the HDF5 store, downloads and virtual catchments."""
