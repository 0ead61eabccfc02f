"""The metrics of an experiment: every basin, each member and the ensemble."""

import importlib
import logging

import numpy as np
import pandas as pd

from rerunoff.data.periods import evaluation_days
from rerunoff.data.simulations import basins_of_members, ensemble_mean, read_members
from rerunoff.data.store import read_store, report_unobserved
from rerunoff.evaluation import ENSEMBLE
from rerunoff.progress import watched
from rerunoff.protocol.settings import DISCHARGE

_log = logging.getLogger(__name__)
# Basins whose metrics are computed at once.
_BLOCK = 128


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
    definitions = importlib.import_module(f"rerunoff.evaluation.{metrics}")
    test, parts = periods["test"], []
    basins = basins_of_members(paths)
    for rows in watched(_blocks(len(basins)), "metrics"):
        simulation = read_members(paths, rows)
        catchments = read_store(store, (), (), simulation.basins, target)
        tested = evaluation_days(catchments, periods["train"], test, own_start)
        observed = catchments.observed_on(tested).discharge[:, catchments.days(test)]
        parts.append(_part(simulation, observed, test, definitions))
    seen = np.concatenate([part.pop("seen") for part in parts])
    report_unobserved(seen, basins, test, store)
    basins = [name for name, has in zip(basins, seen, strict=True) if has]
    gaps = np.concatenate([part.pop("gaps") for part in parts])
    table = _table([*paths, ENSEMBLE], basins, parts)
    nse = definitions.METRICS[0]
    _report_undefined(table, nse)
    _report_gaps(gaps, basins, experiment)
    median = table.loc[table["member"] == ENSEMBLE, nse].median()
    text = "%s: ensemble median NSE %.3f over %d basins"
    _log.info(text, experiment, median, len(basins))
    return table


def _blocks(number):
    """Return the rows of as many basins as memory shall hold at once."""
    return [slice(start, start + _BLOCK) for start in range(0, number, _BLOCK)]


def _part(simulation, observed, test, definitions):
    """Return what there is to say of a block of basins.

    Returns
    -------
    dict of str to ndarray
        `seen`, whether a basin has an observation, and of those that have: `gaps`,
        observed days without a simulation; metrics and `days`, shape (member, basin).
    """
    seen = np.isfinite(observed).any(axis=1)
    first = int((np.datetime64(test[0]) - simulation.dates[0]).astype(int))
    members = simulation.discharge[:, seen, first : first + observed.shape[1]]
    simulated = np.concatenate([members, ensemble_mean(members)[None]])
    observed = observed[seen]
    metrics = definitions.compute_metrics(observed, simulated)
    return {
        "seen": seen,
        "gaps": (np.isfinite(observed) & np.isnan(simulated[-1])).sum(axis=1),
        **{name: metrics[name] for name in definitions.METRICS},
        "days": (np.isfinite(observed) & np.isfinite(simulated)).sum(axis=-1),
    }


def _table(names, basins, parts):
    """Lay metrics out, one row per member and basin."""
    columns = {
        name: np.concatenate([part[name] for part in parts], axis=1).ravel()
        for name in parts[0]
    }
    return pd.DataFrame(
        {
            "basin": np.tile(basins, len(names)),
            "member": np.repeat(names, len(basins)),
            **columns,
        }
    )


def _report_undefined(table, nse):
    undefined = table.loc[table[nse].isna(), "basin"].unique()
    if len(undefined):
        _log.warning(
            "NSE is undefined (constant observations or no simulated day) in: %s",
            " ".join(undefined),
        )


def _report_gaps(gaps, basins, experiment):
    """Log the basins in which observed days have no simulation."""
    for row in np.flatnonzero(gaps):
        _log.warning(
            "%s, basin %s: %d observed days have no simulation and do not count",
            *(experiment, basins[row], gaps[row]),
        )
