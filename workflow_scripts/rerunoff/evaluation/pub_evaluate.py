"""The statistics of kratzert2019b for every basin, member and the ensemble."""

import logging

import numpy as np
import pandas as pd

from rerunoff.data.store import check_observations, read_store
from rerunoff.evaluation import ENSEMBLE
from rerunoff.evaluation.members import ensemble_mean, read_members
from rerunoff.evaluation.pub_statistics import COLUMNS, compute_statistics

_log = logging.getLogger(__name__)


def evaluate_statistics(paths, store, period, experiment):
    """Compute the statistics of an experiment or a benchmark.

    Parameters
    ----------
    paths : dict of str to str or Path
        Member name to simulation file.
    store : str or Path
    period : sequence of str
        First and last day.
    experiment : str
        For the log.

    Returns
    -------
    DataFrame
        `basin`, `member` (the keys of `paths`, then `ensemble`), `COLUMNS`, `q95`.
        Basins without observations in the period are named in the log and left out.

    Raises
    ------
    InputError
        If no basin has an observation in the period.
    """
    simulation = read_members(paths)
    catchments = read_store(store, (), (), simulation.basins)
    # A benchmark may start later than the networks.
    first = int((np.datetime64(period[0]) - simulation.dates[0]).astype(int))
    observed = catchments.discharge[:, catchments.days(period)]
    seen = check_observations(observed, simulation.basins, period, store)
    members = simulation.discharge[:, seen, first : first + observed.shape[1]]
    simulated = np.concatenate([members, ensemble_mean(members)[None]])
    statistics = compute_statistics(observed[seen], simulated.astype(np.float32))
    names = [*paths, ENSEMBLE]
    basins = [name for name, has in zip(simulation.basins, seen, strict=True) if has]
    _report_gaps(observed[seen], simulated[-1], basins, experiment)
    table = pd.DataFrame(
        {"basin": np.tile(basins, len(names)), "member": np.repeat(names, len(basins))}
        | {name: statistics[name].ravel() for name in (*COLUMNS, "q95")}
    )
    median = table.loc[table["member"] == ENSEMBLE, "nse"].median()
    _log.info(
        "%s: ensemble median NSE %.3f, %d basins", experiment, median, len(basins)
    )
    return table


def _report_gaps(observed, simulated, basins, experiment):
    """Log the basins in which observed days have no simulation."""
    gaps = (np.isfinite(observed) & np.isnan(simulated)).sum(axis=1)
    for row in np.flatnonzero(gaps):
        _log.warning(
            "%s, basin %s: %d observed days have no simulation and do not count",
            *(experiment, basins[row], gaps[row]),
        )
