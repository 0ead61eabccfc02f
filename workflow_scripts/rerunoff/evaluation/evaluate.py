"""The metrics of an experiment: every basin, each member and the ensemble."""

import importlib
import logging

import numpy as np
import pandas as pd

from rerunoff.data.periods import evaluation_days
from rerunoff.data.simulations import ensemble_mean, read_members
from rerunoff.data.store import check_observations, read_store
from rerunoff.evaluation import ENSEMBLE
from rerunoff.protocol.settings import DISCHARGE

_log = logging.getLogger(__name__)


def evaluate_experiment(
    paths, store, periods, own_start, metrics, experiment, target=DISCHARGE
):
    """Compute the metrics of every basin, for each member and for the ensemble.

    Parameters
    ----------
    paths : dict of str to str or Path
        Member name to simulation file.
    store : str or Path
    periods : dict of str to sequence of str
        First and last day of `train` and `test`; the metrics are of the test, which
        may start later than the simulations.
    own_start : bool
        Whether the training period of a basin starts with its own first discharge, so
        that its test starts later.
    metrics : str
        The module of `evaluation` that defines the metrics, with `METRICS` (names, the
        NSE first) and `compute_metrics`.
    experiment : str
        For the log.
    target : str
        The variable of the store that was learned.

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
    catchments = read_store(store, (), (), simulation.basins, target)
    test = periods["test"]
    tested = evaluation_days(catchments, periods["train"], test, own_start)
    observed = catchments.observed_on(tested).discharge[:, catchments.days(test)]
    seen = check_observations(observed, simulation.basins, test, store)
    first = int((np.datetime64(test[0]) - simulation.dates[0]).astype(int))
    members = simulation.discharge[:, seen, first : first + observed.shape[1]]
    simulated = np.concatenate([members, ensemble_mean(members)[None]])
    basins = [name for name, has in zip(simulation.basins, seen, strict=True) if has]
    definitions = importlib.import_module(f"rerunoff.evaluation.{metrics}")
    names = [*paths, ENSEMBLE]
    table = _table(names, basins, observed[seen], simulated, definitions)
    nse = definitions.METRICS[0]
    _report_undefined(table, nse)
    _report_gaps(observed[seen], simulated[-1], basins, experiment)
    median = table.loc[table["member"] == ENSEMBLE, nse].median()
    text = "%s: ensemble median NSE %.3f over %d basins"
    _log.info(text, experiment, median, len(basins))
    return table


def _table(names, basins, observed, simulated, definitions):
    """Compute the metrics and lay them out, one row per member and basin."""
    metrics = definitions.compute_metrics(observed, simulated)
    days = (np.isfinite(observed) & np.isfinite(simulated)).sum(axis=-1)
    columns = {name: metrics[name].ravel() for name in definitions.METRICS}
    return pd.DataFrame(
        {
            "basin": np.tile(basins, len(names)),
            "member": np.repeat(names, len(basins)),
            **columns,
            "days": days.ravel(),
        }
    )


def _report_undefined(table, nse):
    undefined = table.loc[table[nse].isna(), "basin"].unique()
    if len(undefined):
        _log.warning(
            "NSE is undefined (constant observations or no simulated day) in: %s",
            " ".join(undefined),
        )


def _report_gaps(observed, simulated, basins, experiment):
    """Log the basins in which observed days have no simulation."""
    gaps = (np.isfinite(observed) & np.isnan(simulated)).sum(axis=1)
    for row in np.flatnonzero(gaps):
        _log.warning(
            "%s, basin %s: %d observed days have no simulation and do not count",
            *(experiment, basins[row], gaps[row]),
        )
