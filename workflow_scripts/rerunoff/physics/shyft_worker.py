"""Calibrates stacks of Shyft; runs in Shyft's own environment, with NumPy alone.

`shyft_run.py` starts it, ``python -I shyft_worker.py FOLDER NUMBER OF``: of the basins
that FOLDER/request.npz names as left, every OF-th from NUMBER on. For each it writes
FOLDER/basin_<name>.npz, and then says so on standard output.

Shyft: Burkhart et al. 2021, Geoscientific Model Development 14, 821-842.
"""

import importlib
import os
import sys
import zlib
from pathlib import Path

import numpy as np

# How a line on standard output begins that says that a basin is done.
DONE = "done"
# What drives a stack: degC, mm/h, W/m² (means of the day), and a share.
WEATHER = ("temperature", "precipitation", "radiation", "rel_hum")
# What limits a calibration; see `calibrated`.
SEARCH = ("screened", "starts", "evaluations")
_DAY, _HOURS = 86400, 24
# m². Depths of a lumped cell do not depend on its area.
_AREA = 1e6
# m/s. No product of CAMELS has wind; where there are no data, FAO 56 (Allen et al.
# 1998, chapter 3) takes 2 m/s, the mean of over 2000 weather stations. It matters for
# the turbulent melt of PT_GS_K alone, whose gs.wind_scale is calibrated.
_WIND = 2.0
# First and last radius of BOBYQA's trust region, as shares of the ranges; Shyft's own.
_RADII = 0.1, 1e-5

# What is calibrated of each stack, from and to; all else stays as Shyft has it.
STACKS = {
    # Ranges of Shyft's own example on a basin of CAMELS (camels_calibration.yaml), with
    # kirchner.c2 up to 1.2 as in its other one. gs.wind_const stays, because in a
    # constant wind it does what gs.wind_scale does. ae.ae_scale_factor is 1.5 in both,
    # with which dry basins evaporate little: a share 1 - exp(-3 q / factor), q in mm/h.
    "pt_gs_k": {
        "kirchner.c1": (-6.0, -2.0),
        "kirchner.c2": (0.1, 1.2),
        "kirchner.c3": (-0.15, -0.01),
        "ae.ae_scale_factor": (0.001, 1.5),
        "gs.tx": (-3.0, 2.0),
        "gs.wind_scale": (1.0, 6.0),
        "gs.fast_albedo_decay_rate": (5.0, 15.0),
        "gs.slow_albedo_decay_rate": (20.0, 40.0),
        "gs.min_albedo": (0.3, 0.6),
        "p_corr.scale_factor": (0.8, 1.2),
    },
    # The ranges of hbv.py, in Shyft's units. Its soil and tanks take in mm/h once a
    # step, so that with steps of a day what it calls mm is 24 mm; tank.perc is in mm/h.
    # The third outlet, tank.kuz2, stays closed. pt.alpha is 0.5 to 1.6 times 1.26, as
    # hbv.py scales evapotranspiration; p_corr.scale_factor as above.
    "pt_st_hbv": {
        "soil.fc": (50 / _HOURS, 1000 / _HOURS),
        "soil.lpdel": (0.2, 1.0),
        "soil.beta": (0.8, 6.0),
        "tank.uz1": (0.0, 100 / _HOURS),
        "tank.kuz0": (0.01, 0.5),
        "tank.kuz1": (0.01, 0.9),
        "tank.perc": (0.0, 10 / _HOURS),
        "tank.klz": (0.001, 0.2),
        "st.tx": (-2.5, 2.5),
        "st.cx": (0.5, 10.0),
        "st.ts": (-2.5, 2.5),
        "p_corr.scale_factor": (0.8, 1.2),
        "pt.alpha": (0.63, 2.0),
    },
}


class Shyft:
    """A stack of Shyft on one cell.

    Parameters
    ----------
    stack : str
        One of `STACKS`.
    """

    def __init__(self, stack):
        self._api = importlib.import_module("shyft.hydrology")
        self._series = importlib.import_module("shyft.time_series")
        self._module = importlib.import_module(f"shyft.hydrology.{stack}")
        self._prefix = stack.upper().replace("_", "")
        whole = self._class("Parameter")()
        names = [whole.get_name(row) for row in range(whole.size())]
        self._whole = np.array([whole.get(row) for row in range(whole.size())])
        self.names = list(STACKS[stack])
        self._rows = [names.index(name) for name in self.names]
        self._low, self._high = np.array(list(STACKS[stack].values())).T
        self.usual = np.clip(self._whole[self._rows], self._low, self._high)

    def _class(self, name):
        return getattr(self._module, self._prefix + name)

    def drawn(self, generator, number):
        """Return random parameters, shape (set, parameter)."""
        share = generator.random((number, len(self.names)))
        even = self._low + share * (self._high - self._low)
        # Of a range this wide, orders of magnitude are equally likely.
        wide = (self._low > 0) & (self._high >= 10 * self._low)
        ratio = np.where(wide, self._high, 1) / np.where(wide, self._low, 1)
        return np.where(wide, self._low * ratio**share, even)

    def parameters(self, values):
        """Return Shyft's parameters: those given, and the others as it has them."""
        whole = self._whole.copy()
        whole[self._rows] = values
        parameters = self._class("Parameter")()
        parameters.set(self._series.DoubleVector.from_numpy(whole))
        return parameters

    def _axis(self, first, days):
        start = self._series.time(int(first) * _DAY)
        return self._series.TimeAxis(start, self._series.time(_DAY), days)

    def model(self, kind, first, weather):
        """Return a model before its first day.

        Parameters
        ----------
        kind : str
            ``"Model"`` keeps fluxes and stores, ``"OptModel"`` discharge alone.
        first : int
            The first day, counted from 1970-01-01.
        weather : dict of str to ndarray, shape (day,)
            As `WEATHER`.
        """
        days = len(weather["temperature"])
        # Of glaciers, lakes, reservoirs and forest there is none.
        land = self._api.LandTypeFractions(0.0, 0.0, 0.0, 0.0, 1.0)
        place, cells = self._api.GeoPoint(0, 0, 0), self._api.GeoCellDataVector()
        cells.append(self._api.GeoCellData(place, _AREA, 1, 1.0, land))
        model = self._class(kind)(cells, self.parameters(self.usual))
        model.initialize_cell_environment(self._axis(first, days))
        environment = model.get_cells()[0].env_ts
        for name, values in (weather | {"wind_speed": np.full(days, _WIND)}).items():
            series = getattr(environment, name)
            series.set_point_interpretation(self._series.POINT_AVERAGE_VALUE)
            for day, value in enumerate(values):
                series.set(day, float(value))
        states = type(model).state_t.vector_t()
        states.append(self._first_state())
        model.set_states(states)
        return model

    def _first_state(self):
        """Return little water: a soil that is over-full would evaporate below zero."""
        state = self._class("State")()
        if hasattr(state, "soil"):
            state.soil.sm = self._low[self.names.index("soil.fc")]
            state.tank.uz = state.tank.lz = 0.0
        else:
            state.kirchner.q = 0.01  # mm/h
        return state

    def optimizer(self, first, weather, observed):
        """Return Shyft's optimizer of 1 - NSE.

        Parameters
        ----------
        first, weather
            As of `model`.
        observed : ndarray, shape (day,)
            mm/d; NaN where it does not count.
        """
        model = self.model("OptModel", first, weather)
        flow = self._series.DoubleVector.from_numpy(cubic_metres(observed))
        flow = self._series.TimeSeries(
            self._axis(first, len(observed)), flow, self._series.POINT_AVERAGE_VALUE
        )
        nse = self._api.TargetSpecCalcType.NASH_SUTCLIFFE
        cells, targets = self._api.IntVector([1]), self._api.TargetSpecificationVector()
        targets.append(self._api.TargetSpecificationPts(flow, cells, 1.0, nse))
        # Its other constructor, which takes the targets as well, ends in a crash.
        optimizer = self._class("Optimizer")(model)
        low, high = self.parameters(self._low), self.parameters(self._high)
        optimizer.set_target_specification(targets, low, high)
        optimizer.establish_initial_state_from_model()
        optimizer.model = model  # It does not keep it alive by itself, and would crash.
        return optimizer

    def descend(self, optimizer, values, evaluations):
        """Return the best parameters that BOBYQA meets from a start, and 1 - NSE."""
        try:
            optimizer.optimize(self.parameters(values), evaluations, *_RADII)
        except RuntimeError:
            # So it ends when its evaluations are used up, which is no error.
            if not optimizer.trace_size:
                raise
        trace = range(optimizer.trace_size)
        goals = [optimizer.trace_goal_function_value(step) for step in trace]
        step = int(np.argmin(np.nan_to_num(goals, nan=np.inf)))
        best = optimizer.trace_parameter(step)
        return np.array([best.get(row) for row in self._rows]), goals[step]

    def run(self, first, weather, values):
        """Run a model; return it, with all that its cell keeps."""
        model = self.model("Model", first, weather)
        model.set_region_parameter(self.parameters(values))
        cell = model.get_cells()[0]
        cell.set_state_collection(True)
        cell.set_snow_sca_swe_collection(True)
        model.run_cells(1)
        return model


def cubic_metres(depth):
    """Return m³/s out of the cell from mm/d."""
    return np.asarray(depth, dtype=float) / 1000 * _AREA / _DAY


def millimetres(flow):
    """Return mm/d from m³/s out of the cell."""
    return np.array(flow) * 1000 / _AREA * _DAY


def series_of(model):
    """Return discharge in mm/d and what is stored at each day's end in mm."""
    cell = model.get_cells()[0]
    series = {"discharge": millimetres(cell.rc.avg_discharge.values)}
    series["swe"] = np.array(cell.rc.snow_swe.values)
    if hasattr(cell.sc, "soil_sm"):
        # The first one is that before the first day.
        series["soil_moisture"] = _HOURS * np.array(cell.sc.soil_sm.values)[1:]
    return series


def calibrated(shyft, first, weather, observed, search, generator):
    """Return the best parameters: random search, BOBYQA from the best, and again.

    Parameters
    ----------
    shyft : Shyft
    first, weather
        As of `Shyft.model`; of the calibration, with its warm-up.
    observed : ndarray, shape (day,)
        mm/d; NaN where it does not count.
    search : dict of str to int
        `screened`: random sets, beside Shyft's own; `starts`: the best of these, from
        which BOBYQA descends, with so many `evaluations` each, and from the best again.
    generator : numpy.random.Generator

    Returns
    -------
    values : ndarray, shape (parameter,)
    goal : float
        1 - NSE.
    """
    optimizer = shyft.optimizer(first, weather, observed)
    sets = [shyft.usual, *shyft.drawn(generator, search["screened"])]
    goals = [optimizer.calculate_goal_function(shyft.parameters(row)) for row in sets]
    order = np.argsort(np.nan_to_num(goals, nan=np.inf), kind="stable")
    starts = [sets[row] for row in order[: search["starts"]]]
    found = [shyft.descend(optimizer, row, search["evaluations"]) for row in starts]
    best, _ = min(found, key=lambda pair: pair[1])
    found.append(shyft.descend(optimizer, best, search["evaluations"]))
    return min(found, key=lambda pair: pair[1])


def answer(shyft, request, row):
    """Calibrate and simulate a basin; return the arrays of its file."""
    weather = {name: request[name][row] for name in WEATHER}
    begin, end = request["days"][row]
    part = {name: series[begin:end] for name, series in weather.items()}
    observed = request["observed"][row, begin:end]
    search = {name: int(request[name]) for name in SEARCH}
    # By the basin, so that it does not matter which others there are.
    seeds = [int(request["seed"]), zlib.crc32(str(request["basins"][row]).encode())]
    told = (request["first"] + begin, part, observed, search)
    values, _ = calibrated(shyft, *told, np.random.default_rng(seeds))
    arrays = {"run": request["run"], "names": np.array(shyft.names), "values": values}
    return arrays | series_of(shyft.run(request["first"], weather, values))


def write_arrays(path, arrays):
    """Write arrays, so that a killed worker leaves no file that looks complete."""
    part = path.with_name(f".{path.name}.part")
    with open(part, "wb") as file:
        np.savez(file, **arrays)
        os.fsync(file.fileno())
    os.replace(part, path)


def main(folder, number, of):
    """Answer the request in a folder, for some of its basins."""
    with np.load(folder / "request.npz", allow_pickle=False) as file:
        request = {name: file[name] for name in file.files}
    shyft = Shyft(str(request["stack"]))
    for row in np.flatnonzero(request["left"])[number::of]:
        basin = request["basins"][row]
        write_arrays(folder / f"basin_{basin}.npz", answer(shyft, request, row))
        print(DONE, basin, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
