"""Runs stacks of the real Shyft, in its environment, and keeps all that they tell.

`shyft_checks.py WORKER WEATHER RESULT`: WEATHER is a file of NumPy's with what drives a
stack, of one basin. test_shyft_stacks.py looks at RESULT.
"""

import importlib.util
import sys

import numpy as np

SETS = 6
# 1990-07-01, as that of the weather: PT_GS_K looks at the day of the year.
FIRST = 7486
FLUXES = {"ae_output": 24, "soil_ae": 24, "pe_output": 24, "inuz": 24, "elake": 24}
FLOWS = ("avg_discharge", "avg_charge", "snow_outflow", "glacier_melt")


def load(path):
    spec = importlib.util.spec_from_file_location("worker", path)
    worker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(worker)
    return worker


def kept(worker, model):
    """Return fluxes in mm/d, and stores at each day's end in mm."""
    cell = model.get_cells()[0]
    found = worker.series_of(model)
    for name, hours in FLUXES.items():
        if hasattr(cell.rc, name):
            found[name] = hours * np.array(getattr(cell.rc, name).values)
    for name in FLOWS:
        found[name] = worker.millimetres(getattr(cell.rc, name).values)
    for name in ("soil_sm", "tank_uz", "tank_lz", "kirchner_discharge"):
        if hasattr(cell.sc, name):
            found[name] = 24 * np.array(getattr(cell.sc, name).values)
    return found


def goals(worker, shyft, weather, generator):
    """Return Shyft's goal for observations with gaps, and all that it is made of."""
    days = len(weather["temperature"])
    sets = shyft.drawn(generator, 2)
    observed, simulated = (
        worker.series_of(shyft.run(FIRST, weather, row))["discharge"] for row in sets
    )
    observed[: days // 3] = np.nan
    observed[days // 2 : days // 2 + 50] = np.nan
    optimizer = shyft.optimizer(FIRST, weather, observed)
    goal = optimizer.calculate_goal_function(shyft.parameters(sets[1]))
    found, best = shyft.descend(optimizer, sets[1], 30)
    again = worker.series_of(shyft.run(FIRST, weather, found))["discharge"]
    names = ("observed", "simulated", "goal", "best", "again")
    return dict(zip(names, (observed, simulated, goal, best, again), strict=True))


def larger(worker, shyft, weather, values):
    """Return discharge and snow of a cell of another area, in mm."""
    area, worker._AREA = worker._AREA, 3.7e8
    series = worker.series_of(shyft.run(FIRST, weather, values))
    worker._AREA = area
    return series


def main(worker, weather, result):
    worker = load(worker)
    with np.load(weather) as file:
        weather = {name: file[name] for name in worker.WEATHER}
    arrays = {}
    for stack in worker.STACKS:
        shyft = worker.Shyft(stack)
        generator = np.random.default_rng(5)
        sets = np.array([shyft.usual, *shyft.drawn(generator, SETS - 1)])
        runs = [kept(worker, shyft.run(FIRST, weather, row)) for row in sets]
        found = {name: np.array([run[name] for run in runs]) for name in runs[0]}
        found |= {"sets": sets, "names": np.array(shyft.names)}
        found |= {"drawn": shyft.drawn(generator, 500)}
        found |= goals(worker, shyft, weather, generator)
        for name, values in larger(worker, shyft, weather, sets[1]).items():
            found[f"larger_{name}"] = values
        arrays |= {f"{stack}/{name}": values for name, values in found.items()}
    np.savez(result, **arrays)


if __name__ == "__main__":
    main(*sys.argv[1:])
