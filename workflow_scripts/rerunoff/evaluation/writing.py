"""Writing simulations; apart from reading, for figures do without xarray."""

import xarray as xr

from rerunoff.data.series_files import write_series
from rerunoff.evaluation.members import VARIABLE


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
    encoding = {VARIABLE: {"zlib": True, "complevel": 1, "shuffle": True}}
    write_series(path, dataset, encoding)
