"""The metrics of an experiment: every basin, each member and the ensemble."""

import logging

import numpy as np
import pandas as pd

from rerunoff.data.periods import evaluation_days
from rerunoff.data.store import check_observations, read_store
from rerunoff.evaluation import ENSEMBLE
from rerunoff.evaluation.members import ensemble_mean, read_members
from rerunoff.evaluation.metrics import METRICS, compute_metrics

_log = logging.getLogger(__name__)


def evaluate_experiment(paths, store, periods, own_start, experiment):
    """Compute the metrics of every basin, for each member and for the ensemble.

    Parameters
    ----------
    paths : dict of str to str or Path
        Member name to simulation file.
    store : str or Path
    periods : dict of str to sequence of str
        First and last day of `train` and `test`; the metrics are of the test.
    own_start : bool
        Whether the training period of a basin starts with its own first discharge, so
        that its test starts later.
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
    test = periods["test"]
    tested = evaluation_days(catchments, periods["train"], test, own_start)
    observed = catchments.observed_on(tested).discharge[:, catchments.days(test)]
    seen = check_observations(observed, simulation.basins, test, store)
    observed = observed[seen]
    members = simulation.discharge[:, seen]
    basins = [name for name, has in zip(simulation.basins, seen, strict=True) if has]
    simulated = np.concatenate([members, ensemble_mean(members)[None]])
    table = _table([*paths, ENSEMBLE], basins, observed, simulated)
    _report_undefined(table)
    median = table[table["member"] == ENSEMBLE]["NSE"].median()
    text = "%s: ensemble median NSE %.3f over %d basins"
    _log.info(text, experiment, median, len(basins))
    return table


def _table(names, basins, observed, simulated):
    """Compute the metrics and lay them out, one row per member and basin."""
    metrics = compute_metrics(observed, simulated)
    days = (np.isfinite(observed) & np.isfinite(simulated)).sum(axis=-1)
    columns = {name: metrics[name].ravel() for name in METRICS}
    return pd.DataFrame(
        {
            "basin": np.tile(basins, len(names)),
            "member": np.repeat(names, len(basins)),
            **columns,
            "days": days.ravel(),
        }
    )


def _report_undefined(table):
    undefined = table.loc[table["NSE"].isna(), "basin"].unique()
    if len(undefined):
        _log.warning(
            "NSE is undefined (constant observations or no simulated day) in: %s",
            " ".join(undefined),
        )
