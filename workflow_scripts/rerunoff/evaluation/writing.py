"""Writing simulations; apart from reading, for figures do without xarray."""

import xarray as xr

from rerunoff.evaluation.members import VARIABLE
from rerunoff.files import atomic_path


def write_simulation(path, simulation):
    """Write a simulation as netCDF-4 (basin × date, mm/d), atomically."""
    dataset = xr.Dataset(
        {VARIABLE: (("basin", "date"), simulation.discharge, {"units": "mm/d"})},
        coords={
            "basin": simulation.basins,
            "date": simulation.dates.astype("datetime64[ns]"),
        },
        attrs={"Conventions": "CF-1.8"},
    )
    encoding = {
        VARIABLE: {"zlib": True, "complevel": 1, "shuffle": True},
        "date": {"units": "days since 1970-01-01", "dtype": "int32"},
    }
    with atomic_path(path) as part:
        dataset.to_netcdf(part, engine="h5netcdf", encoding=encoding)
