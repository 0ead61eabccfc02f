"""Simulated discharge, basin × date: ours, and that of benchmarks.

`simulation_writer.py` writes it.
"""

import dataclasses

import numpy as np

from rerunoff.data.series_files import open_series, read_days, read_labels
from rerunoff.errors import InputError

VARIABLE = "discharge_simulated"
SEEDS = "model_seed"


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


def read_simulation(path):
    """Read a simulation; InputError if the file is missing or damaged."""
    with open_series(path, "simulation") as file:
        return Simulation(
            read_labels(file, "basin"),
            read_days(file),
            file[VARIABLE][:],
            read_labels(file, SEEDS) if SEEDS in file else None,
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
