"""Members and their mean, and the metrics of both as one table."""

import logging

import numpy as np
import pandas as pd

from rerunoff.data.store import read_store
from rerunoff.data.validation import check_observations
from rerunoff.errors import InputError
from rerunoff.evaluation.metrics import METRICS, compute_metrics
from rerunoff.evaluation.simulate import Simulation, read_simulation

_log = logging.getLogger(__name__)


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


def evaluate_experiment(paths, store, period, experiment):
    """Compute the metrics of every basin, for each member and for the ensemble.

    Parameters
    ----------
    paths : dict of str to str or Path
        Member name to simulation file.
    store : str or Path
    period : sequence of str
        First and last day of the evaluation.
    experiment : str
        For the log.

    Returns
    -------
    DataFrame
        Columns `basin`, `member` (the keys of `paths`, then `ensemble`), the metrics
        and `days` (with an observation and a simulation). Basins without observations
        in the period are named in the log and left out.

    Raises
    ------
    InputError
        If no basin has an observation in the period.
    """
    simulation = read_members(paths)
    catchments = read_store(store, (), (), simulation.basins)
    observed = catchments.discharge[:, catchments.days(period)]
    seen = check_observations(observed, simulation.basins, period, store)
    observed = observed[seen]
    members = simulation.discharge[:, seen]
    names = [*paths, "ensemble"]
    simulated = np.concatenate([members, ensemble_mean(members)[None]])
    metrics = compute_metrics(observed, simulated)
    basins = [name for name, has in zip(simulation.basins, seen, strict=True) if has]
    days = (np.isfinite(observed) & np.isfinite(simulated)).sum(axis=-1)
    table = pd.DataFrame(
        {
            "basin": np.tile(basins, len(names)),
            "member": np.repeat(names, len(basins)),
            **{name: metrics[name].ravel() for name in METRICS},
            "days": days.ravel(),
        }
    )
    _report_undefined(table)
    median = table[table["member"] == "ensemble"]["NSE"].median()
    _log.info(
        "%s: ensemble median NSE %.3f over %d basins", experiment, median, len(basins)
    )
    return table


def _report_undefined(table):
    undefined = table.loc[table["NSE"].isna(), "basin"].unique()
    if len(undefined):
        _log.warning(
            "NSE is undefined (constant observations or no simulated day) in: %s",
            " ".join(undefined),
        )
