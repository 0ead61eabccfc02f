"""Simulated discharge, basin × date: ours, and that of benchmarks.

`simulation_writer.py` writes it.
"""

import dataclasses

import numpy as np

from rerunoff.data.series_files import open_series, read_days, read_labels
from rerunoff.errors import InputError

VARIABLE = "discharge_simulated"
SEEDS = "model_seed"
# What a simulation of a physical model may hold beside discharge.
STATES = ("swe", "soil_moisture")


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
    swe, soil_moisture : float32 ndarray, shape of `discharge`, optional
        Its snow and the water in its soil, in mm.
    """

    basins: list
    dates: np.ndarray
    discharge: np.ndarray
    seeds: list | None = None
    swe: np.ndarray | None = None
    soil_moisture: np.ndarray | None = None


def read_simulation(path, rows=slice(None)):
    """Read a simulation; InputError if the file is missing or damaged.

    Parameters
    ----------
    path : str or Path
    rows : slice
        Of the basins to read.
    """
    with open_series(path, "simulation") as file:
        basins, dates = read_labels(file, "basin"), read_days(file)
        seeds = read_labels(file, SEEDS) if SEEDS in file else None
        shape = (*((len(seeds),) if seeds else ()), len(basins), len(dates))
        series = {}
        for name in (VARIABLE, *STATES):
            if name in file:
                if file[name].shape != shape:
                    text = f"{name} has the shape {file[name].shape}, not {shape}"
                    raise ValueError(text)
                series[name] = file[name][..., rows, :]
        states = {name: series.get(name) for name in STATES}
        return Simulation(basins[rows], dates, series[VARIABLE], seeds, **states)


def read_members(paths, rows=slice(None)):
    """Read the simulations of all members of one experiment.

    Parameters
    ----------
    paths : dict of str to str or Path
        Member name to file.
    rows : slice
        Of the basins to read.

    Returns
    -------
    Simulation
        `discharge` of shape (member, basin, day).

    Raises
    ------
    InputError
        If the members do not cover the same basins and days.
    """
    basins = basins_of_members(paths)[rows]
    stacked = None
    for number, path in enumerate(paths.values()):
        member = read_simulation(path, rows)
        if stacked is None:
            stacked = np.empty((len(paths), *member.discharge.shape), dtype=np.float32)
        stacked[number] = member.discharge
    return Simulation(basins, member.dates, stacked)


def basins_of_members(paths):
    """Return the basins of all members; parameters and errors as of `read_members`."""
    first = None
    for path in paths.values():
        with open_series(path, "simulation") as file:
            found = read_labels(file, "basin"), read_days(file).tolist()
        if first is not None and found != first:
            raise InputError(
                f"{path}: other basins or days than the other members; delete it and "
                "run again."
            )
        first = first or found
    return first[0]


def ensemble_mean(discharge):
    """Return the mean over members, (member, basin, day) to (basin, day), in mm/d.

    The members are clipped at zero before the mean is taken (kratzert2019a).
    """
    return discharge.mean(axis=0, dtype=np.float64)
