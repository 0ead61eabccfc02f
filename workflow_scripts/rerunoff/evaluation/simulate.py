"""Daily simulations of a trained network."""

import dataclasses
import logging

import numpy as np
import torch

from rerunoff.data.basin_lists import read_basin_list
from rerunoff.data.folds import simulated_basins
from rerunoff.data.simulation_writer import write_simulation
from rerunoff.data.simulations import Simulation
from rerunoff.data.store import read_store
from rerunoff.errors import InputError
from rerunoff.progress import watched
from rerunoff.protocol.settings import DISCHARGE
from rerunoff.training.batch import Batch, Series, on_device
from rerunoff.training.device import choose_device, make_deterministic
from rerunoff.training.scaling import with_attributes_of
from rerunoff.training.weights import load_weights
from rerunoff.training.windows import runs_of_days, valid_samples

_log = logging.getLogger(__name__)
_BATCH = 1024
# Days of forcing of a batch in one pass.
_FORCING_DAYS = 250_000


def simulate_member(
    weights,
    store,
    basin_list,
    period,
    held_out_attributes,
    simulation,
    device,
    float32_precision,
    threads,
    output,
):
    """Simulate a period with the networks of one member and write the result.

    Parameters
    ----------
    weights : sequence of str or Path
        One network per unit. Each simulates the basins that it has learned, or those of
        its fold, which it has not.
    store, basin_list, output : str or Path
    period : sequence of str
        First and last day.
    held_out_attributes : {'held_out', 'training'} or None
        Whose mean and standard deviation standardise the attributes of basins that a
        network has not learned: their own, as in kratzert2019b, or those it learned.
        None where it has learned all.
    simulation : {'windows', 'continuous'}
        See `simulate`.
    device : {'auto', 'cpu', 'cuda'}
    float32_precision : {'exact', 'tf32'}
        Of a GPU.
    threads : int

    Raises
    ------
    InputError
        If the data do not hold the period.
    """
    make_deterministic(0, threads)
    device = choose_device(device, float32_precision)
    listed, parts = read_basin_list(basin_list), {}
    for path in watched(weights, "networks"):
        trained = load_weights(path, device)
        settings = trained.settings
        basins = simulated_basins(settings, listed)
        names = (settings.inputs, settings.attributes)
        catchments = read_store(store, *names, basins)
        if settings.fold and held_out_attributes == "held_out":
            names = settings.attributes
            scaler = with_attributes_of(trained.scaler, catchments, names)
            trained = dataclasses.replace(trained, scaler=scaler)
        days = catchments.days(period)
        discharge = simulate(trained, catchments, days, device, simulation)
        parts |= dict(zip(basins, discharge, strict=True))
    basins = [basin for basin in listed if basin in parts]
    discharge = np.stack([parts[basin] for basin in basins])
    _report_gaps(discharge, basins, store)
    write_simulation(output, Simulation(basins, catchments.dates[days], discharge))


@torch.no_grad()
def simulate(trained, catchments, days, device, simulation="windows"):
    """Simulate every day of a period whose window is complete.

    Parameters
    ----------
    trained : TrainedModel
    catchments : Catchments
    days : slice
    device : torch.device
    simulation : {'windows', 'continuous'}
        Whether each day has a window of its own, as in the papers, or a network goes
        once through the period (design: long windows). Both simulate the same days.

    Returns
    -------
    float32 ndarray, shape (basin, day of the period)
        mm/d; negative values clipped to 0 (kratzert2019a, authors' main.py), unless
        another variable is the target; NaN where forcing or warm-up is missing.
    """
    cut = _runs if simulation == "continuous" else _days

    def predicted(batch):
        values = trained.model(batch)
        return values.squeeze(1) if batch.counts is None else values[batch.counts]

    basin, day, scaled = on_each_day(predicted, trained, catchments, days, device, cut)
    shape = (len(catchments.basins), days.stop - days.start)
    discharge = np.full(shape, np.nan, dtype=np.float32)
    if basin.size:
        simulated = trained.scaler.discharge(scaled)
        if trained.settings.target == DISCHARGE:
            simulated = simulated.clip(min=0)
        discharge[basin, day - days.start] = simulated
    return discharge


def _days(series, basin, day, device):
    """Return the number of batches of single days, and yield these."""
    index = [on_device(values, device).split(_BATCH) for values in (basin, day)]
    return len(index[0]), (Batch(series, *part) for part in zip(*index, strict=True))


def _runs(series, basin, day, device):
    """Return the number of batches of runs of days, and yield these."""
    runs = torch.from_numpy(np.stack(runs_of_days(basin, day), axis=1)).to(device)
    parts = runs.split(max(1, _FORCING_DAYS // series.days))
    return len(parts), (_run(series, *part.unbind(1)) for part in parts)


def _run(series, basin, first, last):
    """Return a batch of runs; the days behind a shorter one do not count."""
    size = int((last - first).max()) + 1
    counts = torch.arange(size, device=first.device) <= (last - first).unsqueeze(1)
    day = first + size - 1
    return Batch(
        series,
        basin,
        day,
        counts=counts,
        predicted_days=size,
        filled_from=last,
    )


@torch.no_grad()
def on_each_day(function, trained, catchments, days, device, cut=_days):
    """Call a function with the windows of all days of a period that are complete.

    Parameters
    ----------
    function : callable
        Of a `Batch`, as a network's forward; returns a Tensor with one row for each day
        that the batch predicts.
    trained : TrainedModel
    catchments : Catchments
    days : slice
    device : torch.device
    cut : callable
        Cuts series into batches: `_days`, a window for each day, or `_runs`, one for
        each run of complete days. A gap in the forcing ends a run; the next one starts
        after its own warm-up.

    Returns
    -------
    basin, day : ndarray of int64, shape (predicted day,)
    values : ndarray, shape (predicted day, ...)
    """
    length = trained.settings.model.sequence_length
    # Nothing before the first day's window is scaled or kept on the device.
    first = max(days.start - length + 1, 0)
    inputs = catchments.inputs[:, first : days.stop]
    span = slice(days.start - first, days.stop - first)
    basin, day = valid_samples(inputs, None, span, length)
    seen = dataclasses.replace(catchments, inputs=inputs)
    series = Series(seen, trained.scaler, trained.settings, device)
    if not basin.size:
        return basin, day + first, np.empty(0, dtype=np.float32)
    number, batches = cut(series, basin, day, device)
    parts = (function(batch).cpu() for batch in watched(batches, "simulation", number))
    return basin, day + first, _joined(parts, len(basin)).numpy()


def _joined(parts, size):
    """Copy parts, one at a time, into one Tensor with `size` rows.

    A list of parts for `torch.cat` would keep a small object alive for each batch. It
    lies beside a buffer of the batch, and glibc then never uses the freed buffer
    again: its posix_memalign asks for a little more than the buffer that it returns
    (sourceware.org bug 14581). Each batch would take new memory.
    """
    joined, done = None, 0
    for part in parts:
        if joined is None:
            joined = part.new_empty(size, *part.shape[1:])
        joined[done : done + len(part)] = part
        done += len(part)
        del part
    return joined


def _report_gaps(discharge, basins, store):
    gaps = np.isnan(discharge).sum(axis=1)
    if gaps.all() and (gaps == discharge.shape[1]).all():
        message = (
            f"{store}: no basin has forcing and warm-up for a single day of the test "
            "period; choose a later one."
        )
        raise InputError(message)
    for row in np.flatnonzero(gaps):
        _log.warning(
            "basin %s: %d days not simulated, forcing or warm-up is missing",
            basins[row],
            gaps[row],
        )
