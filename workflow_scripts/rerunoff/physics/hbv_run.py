"""HBV on the basins of a store: calibrated by basin, or with parameters of donors."""

import hashlib
import json

import numpy as np
import pandas as pd
import torch

from rerunoff.data.basin_lists import read_basin_list
from rerunoff.data.periods import training_days
from rerunoff.data.simulation_writer import write_simulation
from rerunoff.data.simulations import Simulation
from rerunoff.physics import hbv
from rerunoff.physics.calibration import calibrate
from rerunoff.physics.evapotranspiration import oudin
from rerunoff.physics.forcing import before_days, read_forcing, report_uncalibrated
from rerunoff.tables import write_table
from rerunoff.training import checkpoint
from rerunoff.training.device import make_deterministic

VARIABLES = ("prcp", "tmin", "tmax")


def calibrate_hbv(
    store, basin_list, period, own_start, search, checkpoints, code, outputs
):
    """Calibrate HBV in a period, and simulate all days of the store.

    Parameters
    ----------
    store, basin_list : str or Path
    period : sequence of str
        First and last day of the calibration.
    own_start : bool
        See `data.periods.training_days`.
    search : dict
        As in `calibration.calibrate`; before the period as many days are
        simulated as `forcing.before_days` says, `warmup` at least.
    checkpoints : str or Path
        Folder of the checkpoint; emptied at the end.
    code : str
        Fingerprint of the code.
    outputs : dict
        Paths `simulation` (discharge, snow and soil moisture; missing on the first
        `warmup` days of the store) and `parameters` (one row a basin, with its NSE).

    Raises
    ------
    InputError
        If forcing is missing, or no basin has observations that vary.
    """
    make_deterministic(search["seed"], 1)
    catchments = read_forcing(store, read_basin_list(basin_list), VARIABLES)
    weather = weather_of(catchments)
    marked = training_days(catchments, period, own_start)
    days = before_days(marked, search["warmup"], period)
    observed = _by_day(catchments.observed_on(marked).discharge).float()
    told = [search, list(period), own_start, catchments.content, catchments.basins]
    told += [code, str(torch.__version__)]
    unit, best = calibrate(
        weather.sliced(days, torch.float32),
        observed[days],
        search,
        checkpoints,
        hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest(),
    )
    parameters = hbv.scaled(unit.double())
    known = best.isfinite()
    report_uncalibrated(catchments.basins, known.numpy(), store)
    table = pd.DataFrame({name: value.numpy() for name, value in parameters.items()})
    table.insert(0, "basin", catchments.basins)
    table["NSE"] = best.numpy()
    table.loc[~known.numpy(), table.columns[1:]] = np.nan
    write_table(table, outputs["parameters"])
    with torch.no_grad():
        simulated = hbv.simulate(weather, parameters)
    fields = as_fields(simulated, search["warmup"])
    for values in fields.values():
        values[~known.numpy()] = np.nan
    simulation = Simulation(catchments.basins, catchments.dates, **fields)
    write_simulation(outputs["simulation"], simulation)
    checkpoint.clear(checkpoints)


def weather_of(catchments):
    """Return what drives HBV, Tensors of shape (day, basin), of 64 bits.

    With 32 bits a run of decades gains or loses a tenth of a millimetre by rounding.

    Parameters
    ----------
    catchments : Catchments
        From `read_forcing`, with `prcp`, `tmin` and `tmax`, and the latitude.
    """
    prcp, tmin, tmax = np.moveaxis(catchments.inputs, 2, 0)
    mean = (tmin + tmax) / 2
    pet = oudin(catchments.dates, catchments.attributes[:, 0], mean)
    return hbv.Weather(*map(_by_day, (prcp, tmin, tmax, pet)))


def as_fields(simulated, warmup):
    """Return the fields of a `Simulation`, float32, NaN on the first days."""
    fields = {
        "discharge": simulated.discharge,
        "swe": simulated.swe,
        "soil_moisture": simulated.stores["soil_moisture"],
    }
    arrays = {}
    for name, series in fields.items():
        arrays[name] = series.movedim(0, -1).numpy().astype(np.float32)
        arrays[name][..., :warmup] = np.nan
    return arrays


def _by_day(values):
    """Return an array (basin, day) as a Tensor (day, basin)."""
    return torch.from_numpy(np.ascontiguousarray(values.T, dtype=np.float64))
