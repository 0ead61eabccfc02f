"""A cell state beside temperature and snow (kratzert2018, p. 6018)."""

import dataclasses

import numpy as np
import pandas as pd
import torch

from rerunoff.analysis.snow import degree_day_swe
from rerunoff.data.simulations import read_simulation
from rerunoff.data.store import read_store
from rerunoff.errors import InputError
from rerunoff.evaluation.batches import on_each_day
from rerunoff.training.device import make_deterministic
from rerunoff.training.weights import load_weights

_WEATHER = ("prcp", "tmin", "tmax", "tmean")


def trace_cell(weights, store, basin, period, swe_source, model_output):
    """Find the cell that follows the snow, and trace it.

    Parameters
    ----------
    weights, store : str or Path
        Of a network that has learned the basin.
    basin : str
    period : sequence of str
        First and last day of the trace; the cell is chosen by the same days.
    swe_source : {'sac_sma', 'forcing', 'degree_day'}
    model_output : str or Path or None
        The store of the benchmark, for `sac_sma`.

    Returns
    -------
    trace : DataFrame
        Indexed by date: `state` (–), `swe` (mm) and the network's own weather inputs.
    choice : dict
        `layer`, `cell` (from 1), `correlation` with `swe`, `swe_source`, `basin`.

    Raises
    ------
    InputError
        If the basin has no snow in the period, or the forcing none at all.

    Notes
    -----
    The cell with the highest absolute linear correlation with the simulated snow water
    equivalent is taken; the paper does not say how it chose.
    """
    make_deterministic(0, 1)
    trained = load_weights(weights, torch.device("cpu"))
    inputs = [*trained.settings.inputs]
    extra = ["swe"] if swe_source == "forcing" else []
    wanted = inputs + [name for name in extra if name not in inputs]
    catchments = read_store(store, wanted, trained.settings.attributes, [basin])
    days = catchments.days(period)
    weather = pd.DataFrame(
        catchments.inputs[0], columns=wanted, index=pd.Index(catchments.dates)
    )
    swe = _swe(swe_source, weather, model_output, basin, store)
    weather, swe = weather.iloc[days], swe[days]
    states = _cell_states(trained, catchments, days, len(inputs))
    layer, cell, correlation = _closest(states, swe, basin, swe_source)
    trace = pd.DataFrame({"state": states[:, layer, cell], "swe": swe})
    trace.index = pd.Index(weather.index, name="date")
    shown = [name for name in _WEATHER if name in weather]
    choice = {"basin": basin, "layer": layer + 1, "cell": cell + 1}
    choice |= {"correlation": correlation, "swe_source": swe_source}
    return trace.join(weather[shown]), choice


def _swe(source, weather, model_output, basin, store):
    """Return snow water equivalent in mm on all days of the store."""
    if source == "forcing":
        return weather["swe"].to_numpy()
    if source == "degree_day":
        if "tmean" in weather:
            temperature = weather["tmean"]
        elif {"tmin", "tmax"} <= set(weather):
            temperature = weather[["tmin", "tmax"]].mean(axis=1)
        else:
            raise InputError(
                f"{store}: the network's inputs hold no temperature for a degree-day "
                "model; set cell_state.swe to forcing or sac_sma."
            )
        return degree_day_swe(weather["prcp"].to_numpy(), temperature.to_numpy())
    output = read_simulation(model_output)
    row = output.basins.index(basin)
    # The mean of Snow-17 over all calibrations: what the cell is compared with is
    # when there is snow, not which calibration runs off best.
    mean = pd.Series(np.nanmean(output.swe[:, row], axis=0), index=output.dates)
    return mean.reindex(weather.index).to_numpy()


def _cell_states(trained, catchments, days, inputs):
    """Return the cell states at the end of each day, shape (day, layer, cell)."""
    seen = dataclasses.replace(catchments, inputs=catchments.inputs[:, :, :inputs])
    states_of = trained.model.cell_states
    _, day, states = on_each_day(states_of, trained, seen, days, torch.device("cpu"))
    if not day.size:
        raise InputError(
            "no day of cell_state.period has a complete window of forcing; choose a "
            "later one."
        )
    traced = np.full((days.stop - days.start, *states.shape[1:]), np.nan)
    traced[day - days.start] = states
    return traced


def _closest(states, swe, basin, source):
    """Return layer, cell and correlation of the state closest to the snow."""
    both = np.isfinite(swe) & np.isfinite(states[:, 0, 0])
    if not both.any() or np.ptp(swe[both]) == 0:
        raise InputError(
            f"basin {basin} has no snow by {source} in cell_state.period; choose a "
            "snow basin, a period with winter, or another cell_state.swe."
        )
    snow, flat = swe[both], states[both].reshape(both.sum(), -1)
    with np.errstate(invalid="ignore", divide="ignore"):
        r = np.corrcoef(flat.T, snow)[-1, :-1]
    best = int(np.nanargmax(np.abs(r)))
    layer, cell = divmod(best, states.shape[2])
    return layer, cell, float(r[best])
