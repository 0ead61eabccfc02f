"""The benchmark of kratzert2018: of ten calibrations the best one per basin."""

import dataclasses

import numpy as np
import pandas as pd

from rerunoff.data.model_output import best_seed, load_model_output, select_seed
from rerunoff.data.periods import training_days
from rerunoff.data.store import read_store
from rerunoff.evaluation.members import Simulation


def choose_calibration(model_output, store, basins, train, test, own_start):
    """Choose each basin's calibration with the lowest RMSE in the training period.

    Parameters
    ----------
    model_output, store : str or Path
    basins : list of str
    train, test : sequence of str
        First and last days.
    own_start : bool
        See `data.periods.training_days`.

    Returns
    -------
    simulation : Simulation
        Of the test period; NaN for a basin without a common day of training.
    chosen : DataFrame
        `basin`, `seed` (empty without one).

    Notes
    -----
    kratzert2018, p. 6010. Observations are those of the store, never those in the
    model's files, which are 0 where data end.
    """
    output = load_model_output(model_output)
    catchments = read_store(store, (), (), basins)
    calibration = training_days(catchments, train, own_start)
    rows = [output.basins.index(basin) for basin in basins]
    output = dataclasses.replace(
        output, basins=basins, runoff=output.runoff[:, rows], swe=output.swe[:, rows]
    )
    seeds = best_seed(output, catchments.discharge, calibration, catchments.dates)
    runoff = pd.DataFrame(select_seed(output, seeds).T, index=output.dates)
    dates = catchments.dates[catchments.days(test)]
    discharge = runoff.reindex(dates).to_numpy(dtype=np.float32).T
    chosen = pd.DataFrame({"basin": basins, "seed": seeds})
    return Simulation(basins, dates, discharge), chosen
