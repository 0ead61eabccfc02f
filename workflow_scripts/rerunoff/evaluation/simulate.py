"""Daily simulations of a trained network."""

import dataclasses
import logging

import numpy as np

from rerunoff.data.basin_lists import read_basin_list
from rerunoff.data.folds import simulated_basins
from rerunoff.data.simulation_writer import write_simulation
from rerunoff.data.simulations import Simulation
from rerunoff.data.store import read_store
from rerunoff.errors import InputError
from rerunoff.evaluation.batches import (
    call_with,
    cut_days,
    cut_runs,
    in_turn,
    whole_days,
    whole_runs,
)
from rerunoff.progress import watched
from rerunoff.protocol.settings import DISCHARGE
from rerunoff.training.device import choose_device, make_deterministic
from rerunoff.training.scaling import with_attributes_of
from rerunoff.training.weights import load_weights

_log = logging.getLogger(__name__)
# Of inputs that are read at once.
_BLOCK_BYTES = 1 << 27


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
    calendar = read_store(store, (), (), [])
    days = calendar.days(period)
    for path in watched(weights, "networks"):
        trained = load_weights(path, device)
        settings = trained.settings
        basins = simulated_basins(settings, listed)
        if settings.fold and held_out_attributes == "held_out":
            names = settings.attributes
            held_out = read_store(store, (), names, basins)
            scaler = with_attributes_of(trained.scaler, held_out, names)
            trained = dataclasses.replace(trained, scaler=scaler)
        blocks = _read_blocks(store, settings, basins, len(calendar.dates))
        discharge = simulate_blocks(trained, blocks, days, device, simulation)
        parts |= dict(zip(basins, discharge, strict=True))
    basins = [basin for basin in listed if basin in parts]
    discharge = np.stack([parts[basin] for basin in basins])
    _report_gaps(discharge, basins, store)
    write_simulation(output, Simulation(basins, calendar.dates[days], discharge))


def _read_blocks(store, settings, basins, days):
    """Yield the catchments of a network, as many at once as memory shall hold."""
    size = max(1, _BLOCK_BYTES // (4 * days * max(1, len(settings.inputs))))
    for start in range(0, len(basins), size):
        names = (settings.inputs, settings.attributes)
        yield read_store(store, *names, basins[start : start + size])


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
    return simulate_blocks(trained, [catchments], days, device, simulation)


def simulate_blocks(trained, blocks, days, device, simulation="windows"):
    """Simulate as `simulate` does, with the catchments in blocks, one after the other.

    The batches are those of all catchments at once: the last bits of a simulated day
    may depend on what else is in its batch.
    """
    ways = {"windows": (cut_days, whole_days), "continuous": (cut_runs, whole_runs)}
    cut, whole = ways[simulation]

    def predicted(batch):
        values = trained.model(batch)
        return values.squeeze(1) if batch.counts is None else values[batch.counts]

    size = days.stop - days.start
    finished, begun = [], np.empty((0, size), dtype=np.float32)
    for seen, basin, day, complete in in_turn(trained, blocks, days, whole):
        discharge = np.full((len(seen.basins), size), np.nan, dtype=np.float32)
        discharge[: len(begun)] = begun
        if basin.size:
            scaled = call_with(predicted, trained, seen, basin, day, device, cut)
            simulated = trained.scaler.discharge(scaled)
            if trained.settings.target == DISCHARGE:
                simulated = simulated.clip(min=0)
            discharge[basin, day - seen.inputs.shape[1] + size] = simulated
        finished.append(discharge[:complete])
        begun = discharge[complete:]
    return np.concatenate(finished)


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
