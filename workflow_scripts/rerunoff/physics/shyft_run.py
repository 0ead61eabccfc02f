"""Shyft on the basins of a store: each calibrated by itself, and all days simulated."""

import hashlib
import json
import logging

import numpy as np
import pandas as pd

from rerunoff.data.basin_lists import read_basin_list
from rerunoff.data.periods import training_days
from rerunoff.data.simulation_writer import write_simulation
from rerunoff.data.simulations import STATES, Simulation
from rerunoff.errors import InputError
from rerunoff.evaluation.moments import nse
from rerunoff.physics import shyft_process, shyft_worker
from rerunoff.physics.forcing import (
    before_days,
    read_forcing,
    report_uncalibrated,
    with_spin_up,
)
from rerunoff.physics.humidity import relative_humidity
from rerunoff.progress import Progress
from rerunoff.tables import write_table

_log = logging.getLogger(__name__)
_VARIABLES = ("prcp", "tmin", "tmax", "vp", "srad", "dayl")
_HOURS, _SECONDS = 24, 86400


def calibrate_shyft(
    store, basin_list, stack, period, own_start, search, checkpoints, workplace, outputs
):
    """Calibrate a stack of Shyft in a period, and simulate all days of the store.

    Parameters
    ----------
    store, basin_list : str or Path
    stack : str
        One of `shyft_worker.STACKS`.
    period : sequence of str
        First and last day of the calibration.
    own_start : bool
        See `data.periods.training_days`.
    search : dict of str to int
        As in `shyft_worker.calibrated`, with `warmup`, least days before the period,
        and `seed`.
    checkpoints : str or Path
        Folder of what is done so far, basin by basin; emptied at the end.
    workplace : dict
        `python`: the interpreter with Shyft, by default this one; `threads`: how many
        basins are calibrated side by side; `code`: fingerprint of the code.
    outputs : dict
        Paths `simulation` (discharge, snow and, if the stack has a soil, its moisture;
        missing on the first `warmup` days of the store) and `parameters` (one row a
        basin, with the NSE of the simulation on the days of the calibration).

    Raises
    ------
    InputError
        If forcing is missing, no basin has observations that vary, there is no Shyft,
        or what it answers is damaged.
    """
    catchments = read_forcing(store, read_basin_list(basin_list), _VARIABLES, ())
    marked = training_days(catchments, period, own_start)
    before_days(marked, search["warmup"], period)  # complains
    observed = catchments.observed_on(marked).discharge
    known = vary(observed)
    report_uncalibrated(catchments.basins, known, store)
    told = [stack, search, list(period), own_start, catchments.content]
    text = json.dumps([*told, workplace["code"]], sort_keys=True)
    run = hashlib.sha256(text.encode()).hexdigest()
    request = {"run": run, "stack": stack, "basins": catchments.basins}
    request |= {name: search[name] for name in (*shyft_worker.SEARCH, "seed")}
    request |= {"first": catchments.dates[0].astype(int), "observed": observed}
    request["days"] = calibration_days(marked, search["warmup"])
    request |= weather_of(catchments.inputs)
    answers = _answers(request, known, checkpoints, workplace)
    fields = as_fields(answers, len(catchments.dates), search["warmup"])
    simulation = Simulation(catchments.basins, catchments.dates, **fields)
    table = parameter_table(catchments.basins, answers, observed)
    _log.info("median NSE of the calibration: %.3f", table["NSE"].median())
    write_table(table, outputs["parameters"])
    write_simulation(outputs["simulation"], simulation)
    shyft_process.clear(checkpoints)


def weather_of(inputs):
    """Return what drives a stack, in Shyft's units.

    Parameters
    ----------
    inputs : ndarray, shape (basin, day, variable)
        As in a store: `prcp` mm/d, `tmin` and `tmax` degC, `vp` Pa, `srad` W/m² as a
        mean of the daylight, `dayl` s.

    Returns
    -------
    dict of str to float32 ndarray, shape (basin, day)
        As `shyft_worker.WEATHER`; radiation is a mean of the whole day.
    """
    prcp, tmin, tmax, vp, srad, dayl = np.moveaxis(inputs, 2, 0)
    weather = {
        "temperature": (tmin + tmax) / 2,
        "precipitation": prcp / _HOURS,
        "radiation": srad * dayl / _SECONDS,
        "rel_hum": relative_humidity(vp, tmin, tmax),
    }
    return {name: values.astype(np.float32) for name, values in weather.items()}


def vary(observed):
    """Tell which basins have observations that vary, of an array (basin, day)."""
    seen = np.isfinite(observed)
    lowest = np.where(seen, observed, np.inf).min(axis=1)
    return np.where(seen, observed, -np.inf).max(axis=1) > lowest


def calibration_days(marked, warmup):
    """Return the first day of each basin's spin-up and the one after its last day.

    Parameters
    ----------
    marked : ndarray of bool, shape (basin, day)
        Of the calibration.
    warmup : int

    Returns
    -------
    ndarray of int, shape (basin, 2)
    """
    after = marked.shape[1] - marked[:, ::-1].argmax(axis=1)
    return np.stack([with_spin_up(marked.argmax(axis=1), warmup), after], axis=1)


def _answers(request, known, folder, workplace):
    """Return the answer of each basin, None for those that are not calibrated."""
    run, days, basins = request["run"], request["observed"].shape[1], request["basins"]
    done = [
        bool(row) and _done(folder, basin, run, days)
        for basin, row in zip(basins, known, strict=True)
    ]
    left = known & ~np.array(done)
    if left.any():
        shyft_process.write_request(folder, request | {"left": left})
        progress = Progress("calibration of Shyft", int(known.sum()), sum(done))
        workers = min(workplace["threads"], int(left.sum()))
        python = workplace["python"]
        shyft_process.run_workers(python, folder, workers, progress.advance)
        progress.close()
    answers = [shyft_process.read_answer(folder, basin, run, days) for basin in basins]
    for basin, answer, row in zip(basins, answers, known, strict=True):
        if row and answer is None:
            path = shyft_process.answer_path(folder, basin)
            raise InputError(f"{path}: no answer of Shyft; run again.")
    return answers


def _done(folder, basin, run, days):
    """Tell whether an earlier call calibrated a basin; a damaged answer is none."""
    try:
        return shyft_process.read_answer(folder, basin, run, days) is not None
    except InputError as error:
        _log.warning("calibrated anew: %s", error)
        shyft_process.answer_path(folder, basin).unlink()
        return False


def as_fields(answers, days, warmup):
    """Return the fields of a `Simulation`, NaN on the first days.

    Parameters
    ----------
    answers : list of dict or None
        As of `shyft_process.read_answer`.
    days, warmup : int
    """
    there = next(answer for answer in answers if answer)
    fields = {}
    for name in ("discharge", *STATES):
        if name in there:
            fields[name] = np.full((len(answers), days), np.nan, dtype=np.float32)
            for row, answer in enumerate(answers):
                if answer:
                    fields[name][row, warmup:] = answer[name][warmup:]
    return fields


def parameter_table(basins, answers, observed):
    """Return the parameters of each basin, with the NSE on the observed days."""
    there = next(answer for answer in answers if answer)
    lost = np.full(len(there["names"]), np.nan)
    values = [answer["values"] if answer else lost for answer in answers]
    table = pd.DataFrame(np.array(values), columns=there["names"])
    table.insert(0, "basin", basins)
    none = np.full(observed.shape[1], np.nan)
    simulated = [answer["discharge"] if answer else none for answer in answers]
    table["NSE"] = nse(observed, np.array(simulated))
    return table
