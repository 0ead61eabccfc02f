"""A program in the place of Shyft's Python, and stores that a stack can be run on."""

import sys

import numpy as np
from unit.stores import make_series

# Its worker halves the rain, and does what a test adds.
PROGRAM = """#!{python}
import importlib.util, os, signal, sys
from pathlib import Path
import numpy as np

assert sys.argv[1] == "-I"
spec = importlib.util.spec_from_file_location("worker", sys.argv[2])
worker = importlib.util.module_from_spec(spec)
spec.loader.exec_module(worker)

class Shyft:
    def __init__(self, stack):
        assert stack == "pt_st_hbv"

def answer(shyft, request, row):
    rain = 24 * request["precipitation"][row].astype(float)
    series = {{"discharge": rain / 2, "swe": 0 * rain, "soil_moisture": 0 * rain + 7}}
    values = {{"names": np.array(["a", "b"]), "values": np.array([row, 0.5])}}
    return {{"run": request["run"]}} | values | series

worker.Shyft, worker.answer, whole = Shyft, answer, answer
{more}
worker.main(Path(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5]))
"""


def write_program(folder, more=""):
    """Write the program as the Python of an environment; return its path."""
    program = folder / "environment" / "bin" / "python"
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(PROGRAM.format(python=sys.executable, more=more))
    program.chmod(0o755)
    return program


def weather_series(basins, seed=0, last="1996-12-31"):
    """Return a store's series with all that drives a stack."""
    series = make_series(last=last, basins=basins, seed=seed)
    tmin, tmax = series.inputs["tmin"], series.inputs["tmax"]
    day = np.arange(len(series.dates)) - 20
    season = np.cos(2 * np.pi * day / 365.25) + 0 * tmin
    vp = 610.8 * np.exp(17.27 * tmin / (tmin + 237.3))
    light = {"srad": 300 + 200 * season, "dayl": 43200 + 12000 * season}
    series.inputs |= {"vp": 0.9 * vp, "tmax": tmax, **light}
    return series
