"""Daily simulations of a trained network."""

import logging

import numpy as np
import torch
import xarray as xr
from tqdm import tqdm

from rerunoff.data.basin_lists import read_basin_list
from rerunoff.data.store import read_store
from rerunoff.errors import InputError
from rerunoff.evaluation.members import VARIABLE, Simulation
from rerunoff.files import atomic_path
from rerunoff.training.device import choose_device, make_deterministic
from rerunoff.training.weights import load_weights
from rerunoff.training.windows import WindowBatches, valid_samples

_log = logging.getLogger(__name__)
_BATCH = 1024


def simulate_run(weights, store, basin_list, period, device, threads, output):
    """Simulate a period with a trained network and write the result.

    Parameters
    ----------
    weights, store, basin_list, output : str or Path
    period : sequence of str
        First and last day.
    device : {'auto', 'cpu', 'cuda'}
    threads : int

    Raises
    ------
    InputError
        If the data do not hold the period.
    """
    make_deterministic(0, threads)
    device = choose_device(device)
    trained = load_weights(weights, device)
    settings = trained.settings
    basins = read_basin_list(basin_list)
    catchments = read_store(store, settings.inputs, settings.attributes, basins)
    days = catchments.days(period)
    discharge = simulate(trained, catchments, days, device)
    _report_gaps(discharge, basins, store)
    write_simulation(
        output, Simulation(basins, catchments.dates[days], discharge), weights
    )


@torch.no_grad()
def simulate(trained, catchments, days, device):
    """Simulate every day of a period whose window is complete.

    Parameters
    ----------
    trained : TrainedModel
    catchments : Catchments
    days : slice
    device : torch.device

    Returns
    -------
    float32 ndarray, shape (basin, day of the period)
        mm/d; negative values clipped to 0 (kratzert2019a, authors' main.py), NaN where
        forcing or warm-up is missing.
    """
    length = trained.settings.model.sequence_length
    basin, day = valid_samples(catchments.inputs, None, days, length)
    scaler = trained.scaler
    windows = WindowBatches(
        torch.from_numpy(scaler.inputs(catchments.inputs)).to(device),
        torch.from_numpy(scaler.attributes(catchments.attributes)).to(device),
        length,
    )
    index = [
        torch.from_numpy(values).to(device).split(_BATCH) for values in (basin, day)
    ]
    parts = [
        trained.model(*windows.gather(*batch)).squeeze(1).cpu()
        for batch in tqdm(list(zip(*index, strict=True)), disable=None, leave=False)
    ]
    shape = (len(catchments.basins), days.stop - days.start)
    discharge = np.full(shape, np.nan, dtype=np.float32)
    if parts:
        scaled = torch.cat(parts).numpy()
        discharge[basin, day - days.start] = scaler.discharge(scaled).clip(min=0)
    return discharge


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


def write_simulation(path, simulation, weights):
    """Write a simulation as netCDF-4 (basin × date, mm/d), atomically."""
    dataset = xr.Dataset(
        {VARIABLE: (("basin", "date"), simulation.discharge, {"units": "mm/d"})},
        coords={
            "basin": simulation.basins,
            "date": simulation.dates.astype("datetime64[ns]"),
        },
        attrs={"Conventions": "CF-1.8", "weights": str(weights)},
    )
    encoding = {
        VARIABLE: {"zlib": True, "complevel": 1, "shuffle": True},
        "date": {"units": "days since 1970-01-01", "dtype": "int32"},
    }
    with atomic_path(path) as part:
        dataset.to_netcdf(part, engine="h5netcdf", encoding=encoding)
