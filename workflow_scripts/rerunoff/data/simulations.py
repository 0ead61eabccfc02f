"""Simulated discharge, basin × date: ours, and that of benchmarks."""

import dataclasses

import numpy as np

from rerunoff.data.series_files import (
    open_series,
    read_days,
    read_labels,
    write_series,
)
from rerunoff.errors import InputError

VARIABLE = "discharge_simulated"
_SEEDS = "model_seed"
_UNITS = {VARIABLE: "mm/d", "swe": "mm"}


@dataclasses.dataclass(frozen=True)
class Simulation:
    """Simulated discharge.

    Attributes
    ----------
    basins : list of str
    dates : ndarray of datetime64[D], shape (day,)
    discharge : float32 ndarray, shape (basin, day)
        mm/d; NaN where forcing or warm-up is missing. Of several members, or of
        calibrations: (member, basin, day).
    seeds : list of str, optional
        Of the calibrations of a model.
    swe : float32 ndarray, shape of `discharge`, optional
        Its snow, in mm.
    """

    basins: list
    dates: np.ndarray
    discharge: np.ndarray
    seeds: list | None = None
    swe: np.ndarray | None = None


def write_simulation(path, simulation):
    """Write a simulation as netCDF-4, atomically, with a checksum."""
    # Here, because it takes a second that those who only read need not wait.
    import xarray as xr

    dimensions, coordinates = ("basin", "date"), {"basin": simulation.basins}
    coordinates["date"] = simulation.dates.astype("datetime64[ns]")
    if simulation.seeds is not None:
        dimensions = (_SEEDS, *dimensions)
        coordinates[_SEEDS] = simulation.seeds
    series = {VARIABLE: simulation.discharge, "swe": simulation.swe}
    variables = {
        name: (dimensions, values, {"units": _UNITS[name]})
        for name, values in series.items()
        if values is not None
    }
    dataset = xr.Dataset(variables, coordinates, attrs={"Conventions": "CF-1.8"})
    encoding = {"zlib": True, "complevel": 1, "shuffle": True}
    if simulation.seeds is not None:
        # By series, of which a reader picks some.
        encoding["chunksizes"] = (1, 1, len(simulation.dates))
    write_series(path, dataset, dict.fromkeys(variables, encoding))


def read_simulation(path):
    """Read a simulation; InputError if the file is missing or damaged."""
    with open_series(path, "simulation") as file:
        return Simulation(
            read_labels(file, "basin"),
            read_days(file),
            file[VARIABLE][:],
            read_labels(file, _SEEDS) if _SEEDS in file else None,
            file["swe"][:] if "swe" in file else None,
        )


def read_members(paths):
    """Read the simulations of all members of one experiment.

    Parameters
    ----------
    paths : dict of str to str or Path
        Member name to file.

    Returns
    -------
    Simulation
        `discharge` of shape (member, basin, day).

    Raises
    ------
    InputError
        If the members do not cover the same basins and days.
    """
    members = {name: read_simulation(path) for name, path in paths.items()}
    first = next(iter(members.values()))
    for name, member in members.items():
        same_days = np.array_equal(member.dates, first.dates)
        if member.basins != first.basins or not same_days:
            raise InputError(
                f"{paths[name]}: other basins or days than the other members; delete "
                "it and run again."
            )
    stacked = np.stack([member.discharge for member in members.values()])
    return Simulation(first.basins, first.dates, stacked)


def ensemble_mean(discharge):
    """Return the mean over members, (member, basin, day) to (basin, day), in mm/d.

    The members are clipped at zero before the mean is taken (kratzert2019a).
    """
    return discharge.mean(axis=0, dtype=np.float64)
