"""Inputs that no forcing product holds, in a store beside the variables they are of."""

import h5py
import numpy as np
import pandas as pd
import torch

from rerunoff.data.basin_series import BasinSeries
from rerunoff.data.series_files import open_series, read_days, read_labels
from rerunoff.data.simulations import read_simulation
from rerunoff.data.store_writer import write_store
from rerunoff.errors import InputError
from rerunoff.physics import humidity
from rerunoff.physics.hbv import Weather, split
from rerunoff.progress import watched
from rerunoff.protocol.derived import OF_WEATHER, made_of, of_model
from rerunoff.protocol.settings import DISCHARGE

# Degrees C: above it rain, below it snow, for the share of a day's temperatures.
_RAIN_ABOVE = 1.0
_SUMS = ("forcing_md5", "streamflow_md5")


def derive_inputs(source, names, simulations, store):
    """Copy a store, with further variables.

    Parameters
    ----------
    source, store : str or Path
    names : sequence of str
        Of `protocol.derived`.
    simulations : dict of str to str or Path
        Of the physical models that some are of.

    Raises
    ------
    InputError
        If the store or a simulation is damaged or lacks what is asked for.
    """
    models = {name: read_simulation(path) for name, path in simulations.items()}
    with open_series(source, "store") as file:
        basins, dates = read_labels(file, "basin"), read_days(file)
        series = [key for key in file if file[key].ndim == 2]
        for name in names:
            _check(name, series, models, basins, source)

        def records():
            for row in watched(range(len(basins)), "basins", len(basins)):
                held = {key: file[key][row] for key in series}
                discharge = held.pop(DISCHARGE)
                for name in names:
                    held[name] = _made(name, held, models, basins[row], dates)
                sums = (_text(file, key, row) for key in _SUMS)
                yield BasinSeries(basins[row], dates, held, discharge, *sums)

        write_store(store, records(), _attributes(file, basins), lambda *_: None)


def _check(name, series, models, basins, source):
    if name in OF_WEATHER:
        lost = [part for part in OF_WEATHER[name] if part not in series]
        if lost:
            raise InputError(
                f"{source}: no variable {lost[0]}, of which {name} is made; take "
                f"{name} out of the key inputs."
            )
        return
    model, output = of_model(name)
    [part] = made_of(output)
    if getattr(models[model], part) is None:
        raise InputError(
            f"{name} is asked for, but {model} has no {output}; correct the key inputs."
        )
    if models[model].basins != basins:
        raise InputError(
            f"the simulation of {model} is not of the basins of {source}; delete it "
            "and run again."
        )


def _made(name, held, models, basin, dates):
    """Return a derived variable of one basin, float32, shape (day,)."""
    if name not in OF_WEATHER:
        model, output = of_model(name)
        run = models[model]
        values = np.full(len(dates), np.nan, dtype=np.float32)
        first = int((run.dates[0] - dates[0]).astype(int))
        [part] = made_of(output)
        part = getattr(run, part)[run.basins.index(basin)]
        values[first : first + len(part)] = part
        return _OF_WEATHER[output](values) if output in _OF_WEATHER else values
    parts = [held[key] for key in OF_WEATHER[name]]
    return _OF_WEATHER[name](*parts).astype(np.float32)


def _split(prcp, tmin, tmax):
    weather = Weather(*map(torch.from_numpy, (prcp, tmin, tmax, prcp)))
    return [part.numpy() for part in split(weather, _RAIN_ABOVE)]


_OF_WEATHER = {
    # A few basins whose snow outlasts the summer in a model hold most of the variance
    # of `swe`: standardised, all others' snow is near nothing. Not so of log(1 + mm).
    "log_swe": np.log1p,
    "rainfall": lambda *parts: _split(*parts)[0],
    "snowfall": lambda *parts: _split(*parts)[1],
    "relative_humidity": humidity.relative_humidity,
    "vapour_pressure_deficit": humidity.vapour_pressure_deficit,
}


def _attributes(file, basins):
    """Return the attributes of a store as a DataFrame, indexed by basin."""
    table = pd.DataFrame(index=pd.Index(basins, name="basin"))
    for key in file:
        if key.startswith("attribute_"):
            text = h5py.check_string_dtype(file[key].dtype)
            values = file[key].asstr()[:] if text else file[key][:]
            table[key.removeprefix("attribute_")] = values
    return table


def _text(file, key, row):
    return file[key][row].decode()
