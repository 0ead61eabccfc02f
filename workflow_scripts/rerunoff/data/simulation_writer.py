"""Writing simulated discharge; apart from reading, which does without xarray."""

import xarray as xr

from rerunoff.data.series_files import write_series
from rerunoff.data.simulations import SEEDS, STATES, VARIABLE

_UNITS = {VARIABLE: "mm/d"} | dict.fromkeys(STATES, "mm")


def write_simulation(path, simulation):
    """Write a simulation as netCDF-4, atomically, with a checksum."""
    dimensions, coordinates = ("basin", "date"), {"basin": simulation.basins}
    coordinates["date"] = simulation.dates.astype("datetime64[ns]")
    if simulation.seeds is not None:
        dimensions = (SEEDS, *dimensions)
        coordinates[SEEDS] = simulation.seeds
    series = {VARIABLE: simulation.discharge}
    series |= {name: getattr(simulation, name) for name in STATES}
    variables = {
        name: (dimensions, values, {"units": _UNITS[name]})
        for name, values in series.items()
        if values is not None
    }
    dataset = xr.Dataset(variables, coordinates, attrs={"Conventions": "CF-1.8"})
    # By series, of which a reader picks some.
    chunks = (*(1 for _ in dimensions[:-1]), len(simulation.dates))
    encoding = {"zlib": True, "complevel": 1, "shuffle": True, "chunksizes": chunks}
    write_series(path, dataset, dict.fromkeys(variables, encoding))
