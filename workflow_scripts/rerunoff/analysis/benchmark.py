"""The benchmarks of kratzert2018 and kratzert2019b as simulations on our days."""

import dataclasses

import numpy as np
import pandas as pd

from rerunoff.data.model_output import best_seed, select_seed
from rerunoff.data.nwm import read_nwm
from rerunoff.data.periods import training_days
from rerunoff.data.simulations import Simulation, read_simulation
from rerunoff.data.store import read_store


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
    output = read_simulation(model_output)
    catchments = read_store(store, (), (), basins)
    calibration = training_days(catchments, train, own_start)
    rows = [output.basins.index(basin) for basin in basins]
    output = dataclasses.replace(
        output, basins=basins, discharge=output.discharge[:, rows], swe=None
    )
    seeds = best_seed(output, catchments.discharge, calibration, catchments.dates)
    dates = catchments.dates[catchments.days(test)]
    discharge = _on_days(select_seed(output, seeds), output.dates, dates)
    chosen = pd.DataFrame({"basin": basins, "seed": seeds})
    return Simulation(basins, dates, discharge), chosen


def average_calibrations(model_output, store, basins, train, test, own_start):
    """Return the mean of all calibrations of each basin.

    Parameters
    ----------
    model_output, store, basins, train, test, own_start
        As of `choose_calibration`; calibration has no part in it.

    Returns
    -------
    simulation : Simulation
        Of the test period; NaN where a calibration has no value.
    chosen : DataFrame
        `basin`, `seed` (of all calibrations, separated by blanks).

    Notes
    -----
    kratzert2019b, authors' extract_benchmarks.py.
    """
    output = read_simulation(model_output)
    catchments = read_store(store, (), (), basins)
    rows = [output.basins.index(basin) for basin in basins]
    dates = catchments.dates[catchments.days(test)]
    mean = output.discharge[:, rows].mean(axis=0)
    chosen = pd.DataFrame({"basin": basins, "seed": " ".join(output.seeds)})
    return Simulation(basins, dates, _on_days(mean, output.dates, dates)), chosen


CALIBRATIONS = {"best": choose_calibration, "mean": average_calibrations}


def national_water_model(discharge, gauges, store, basins, period):
    """Return the reanalysis of the National Water Model in mm/d.

    Parameters
    ----------
    discharge, gauges : str or Path
        The authors' nwm_daily.pkl and camels_id.npy.
    store : str or Path
    basins : list of str
    period : sequence of str
        First and last day.

    Returns
    -------
    Simulation

    Notes
    -----
    kratzert2019b, authors' extract_benchmarks.py: flow in m³/s is divided by
    area_gages2, not by the area of the forcing files.
    """
    catchments = read_store(store, (), ("area_gages2",), basins)
    areas = dict(zip(basins, catchments.attributes[:, 0], strict=True))
    known, flow = read_nwm(discharge, gauges, areas)
    dates = catchments.dates[catchments.days(period)]
    return Simulation(basins, dates, _on_days(flow, known, dates))


def _on_days(values, known, wanted):
    """Return series (basin, day) on other days; NaN where a day is not known."""
    table = pd.DataFrame(np.asarray(values).T, index=known)
    return table.reindex(wanted).to_numpy(dtype=np.float32).T
