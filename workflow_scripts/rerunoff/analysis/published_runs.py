"""The benchmarks of kratzert2019a as simulations on our basins and days."""

import logging

import numpy as np
import pandas as pd

from rerunoff.data.benchmark_files import read_benchmark_files
from rerunoff.data.simulations import Simulation
from rerunoff.data.store import read_store
from rerunoff.errors import InputError
from rerunoff.evaluation.moments import nse

_log = logging.getLogger(__name__)
# Observations of the same gauges that are further apart are of other units.
_SAME_UNITS = (0.8, 1.25)


def published_runs(source, variables, store, basins, period, impossible="stop"):
    """Return the benchmarks of kratzert2019a, read from the authors' netCDF files.

    Parameters
    ----------
    source, variables
        As of `read_benchmark_files`.
    store : str or Path
    basins : list of str
    period : sequence of str
        First and last day.
    impossible : {'stop', 'warn'}

    Returns
    -------
    simulations : dict of str to Simulation
        By benchmark; NaN for basins and days without one.
    skill : DataFrame
        `basin`, `benchmark`, `NSE` of all gauges of the files over all their days, by
        their own observations; NaN where a benchmark has no series.

    Raises
    ------
    InputError
        Also if none of the basins is in the files, or their observations are of other
        units than those of the store.
    """
    runs = read_benchmark_files(source, variables, impossible)
    catchments = read_store(store, (), (), basins)
    dates = catchments.dates[catchments.days(period)]

    def ours(values):
        table = pd.DataFrame(values, runs.basins, runs.dates)
        return table.reindex(basins, columns=dates).to_numpy(dtype=np.float32)

    observed = catchments.discharge[:, catchments.days(period)]
    _check_units(ours(runs.observed), observed, source)
    simulations = {
        name: Simulation(basins, dates, ours(values))
        for name, values in runs.simulated.items()
    }
    rows = [
        pd.DataFrame(
            {"basin": runs.basins, "benchmark": name, "NSE": nse(runs.observed, values)}
        )
        for name, values in runs.simulated.items()
    ]
    return simulations, pd.concat(rows, ignore_index=True)


def _check_units(theirs, observed, source):
    """Compare the observations in the files with those of the store."""
    both = np.isfinite(theirs) & np.isfinite(observed)
    seen = both.any(axis=1)
    if not seen.any():
        raise InputError(
            f"{source}: no gauge has an observation on a day of the test period that "
            "the store has, too; name the benchmarks' files of these basins, or set "
            "benchmark_files to null."
        )
    sums = [np.where(both, flow, 0).sum(axis=1)[seen] for flow in (theirs, observed)]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = sums[0] / sums[1]
    middle = float(np.nanmedian(ratio))
    if not _SAME_UNITS[0] <= middle <= _SAME_UNITS[1]:
        raise InputError(
            f"{source}: observed discharge is {middle:.3g} times that of the store, so "
            "it is not in mm/d; download the benchmarks' files again."
        )
    apart = int((np.abs(ratio - 1) > 0.01).sum())
    if apart:
        text = "%s: mean observed discharge is over 1 %% off ours in %d of %d basins"
        _log.warning(text, source, apart, int(seen.sum()))
