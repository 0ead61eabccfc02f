"""The real Shyft: its water balance, units and calibration, whole and resumed."""

import importlib.util
import os
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from rerunoff.data.simulations import read_simulation
from rerunoff.physics import shyft_process, shyft_worker
from rerunoff.physics.shyft_run import calibrate_shyft, weather_of
from unit.shyft_stand_in import weather_series

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv-shyft" / "bin" / "python"
LAST = "1994-06-30"
PERIOD = ["1991-07-01", LAST]
SEARCH = {"warmup": 365, "screened": 9, "starts": 2, "evaluations": 40, "seed": 1}


@pytest.fixture(scope="session")
def python():
    if not (ROOT / ".venv-shyft" / ".done").exists():
        # .ci/run has installed it.
        given_up = pytest.fail if "RERUNOFF_SHYFT" in os.environ else pytest.skip
        given_up("there is no .venv-shyft with Shyft; make it with `make shyft`")
    return PYTHON


def inputs_of(series):
    names = ("prcp", "tmin", "tmax", "vp", "srad", "dayl")
    return np.stack([series.inputs[name] for name in names], axis=2)


@pytest.fixture(scope="module")
def runs(python, tmp_path_factory):
    """What both stacks tell of runs on four years of weather, by stack and name."""
    folder = tmp_path_factory.mktemp("shyft")
    weather = weather_of(inputs_of(weather_series(["1"], last=LAST)))
    np.savez(folder / "weather.npz", **{k: v[0] for k, v in weather.items()})
    script = Path(__file__).with_name("shyft_checks.py")
    paths = [shyft_worker.__file__, folder / "weather.npz", folder / "result.npz"]
    libraries = {"LD_LIBRARY_PATH": str(PYTHON.parents[1] / "lib")}
    command = [python, "-I", script, *paths]
    subprocess.run(command, env=os.environ | libraries, check=True)
    found = {stack: {} for stack in shyft_worker.STACKS}
    with np.load(folder / "result.npz") as file:
        for key in file.files:
            stack, name = key.split("/")
            found[stack][name] = file[key]
    rain = 24 * weather["precipitation"][0].astype(float)
    for stack in found.values():
        place = stack["names"].tolist().index("p_corr.scale_factor")
        stack["rain"] = stack["sets"][:, place, None] * rain
    return found


@pytest.fixture(params=list(shyft_worker.STACKS))
def run(runs, request):
    return runs[request.param]


def test_water_balance_of_pt_st_hbv_closes(runs):
    run = runs["pt_st_hbv"]
    soil = run["soil_sm"]
    stores = soil + run["tank_uz"] + run["tank_lz"]
    snow = np.diff(run["swe"], axis=1, prepend=0)
    gone = run["soil_ae"] + run["discharge"]
    # Each day, because errors of two could cancel out.
    balance = run["rain"] - gone - np.diff(stores, axis=1) - snow
    capacity = 24 * run["sets"][:, [run["names"].tolist().index("soil.fc")]]
    # Shyft loses a little of the water that would over-fill a soil.
    filled = soil[:, 1:] >= capacity - 1e-9
    assert filled.mean() < 0.01
    assert np.abs(balance[~filled]).max() < 1e-6
    assert balance[filled].min() > -1e-6
    assert balance.sum() < 1e-3 * run["rain"].sum()
    # Snow by itself, and what is written as soil moisture.
    assert np.abs(run["rain"] - run["snow_outflow"] - snow).max() < 1e-6
    np.testing.assert_array_equal(run["soil_moisture"], soil[:, 1:])


def test_water_balance_of_pt_gs_k_as_far_as_shyft_tells_it(runs):
    """Its snow is a little leaky; what Kirchner's store holds is not told."""
    run = runs["pt_gs_k"]
    snow = np.diff(run["swe"], axis=1, prepend=0)
    lost = (run["rain"] - run["snow_outflow"] - snow).sum(axis=1)
    assert np.abs(lost / run["rain"].sum(axis=1)).max() < 0.005
    assert (run["snow_outflow"].sum(axis=1) > 0).all()
    # Over years it can hold little of what has come.
    gone = (run["discharge"] + run["ae_output"]).sum(axis=1)
    assert (gone < run["rain"].sum(axis=1) * 1.05 + 300).all()


def test_stores_and_fluxes_are_never_negative(run):
    names = ("discharge", "swe", "snow_outflow", "pe_output", "rain", "soil_moisture")
    for name in (*names, "tank_uz", "tank_lz", "ae_output", "soil_ae"):
        if name in run:
            assert np.isfinite(run[name]).all(), name
            assert run[name].min() >= -1e-9, name
    evaporated = run["ae_output"] if "ae_output" in run else run["soil_ae"]
    assert (evaporated <= run["pe_output"] + 1e-9).all()
    assert run["swe"].max() > 5
    assert run["glacier_melt"].max() == 0


def test_depths_do_not_depend_on_the_area(run):
    for name in ("discharge", "swe"):
        assert run[f"larger_{name}"] == pytest.approx(run[name][1], rel=1e-9, abs=1e-9)


def test_goal_is_one_less_nse_on_days_with_observations(run):
    seen = np.isfinite(run["observed"])
    observed = run["observed"][seen]
    spread = ((observed - observed.mean()) ** 2).sum()

    def goal(simulated):
        return ((simulated[seen] - observed) ** 2).sum() / spread

    assert run["goal"] == pytest.approx(goal(run["simulated"]), rel=1e-9)
    assert run["best"] == pytest.approx(goal(run["again"]), rel=1e-9)
    assert run["best"] < run["goal"]


def test_random_sets_fill_the_ranges(runs):
    for stack, run in runs.items():
        for row, (name, (low, high)) in enumerate(shyft_worker.STACKS[stack].items()):
            values = run["drawn"][:, row]
            assert values.min() >= low, name
            assert values.max() <= high, name
            wide = low > 0 and high >= 10 * low
            middle = np.sqrt(low * high) if wide else (low + high) / 2
            assert (values < middle).mean() == pytest.approx(0.5, abs=0.1), name


class Calibration:
    """Calibrates a stack on virtual basins, with Shyft's own discharge for observed."""

    def __init__(self, folder, stack, runs, python, basins):
        self.folder, self.stack, self.python = folder, stack, python
        series = weather_series(["1"], last=LAST)
        for name, values in series.inputs.items():
            series.inputs[name] = np.repeat(values, len(basins), axis=0)
        series.basins = basins
        # Of sets of parameters that were drawn; the first one is Shyft's own.
        series.discharge = runs[stack]["discharge"][4 : 4 + len(basins)]
        self.store = series.write(folder / "store.h5")
        (folder / "basins.txt").write_text("\n".join(basins) + "\n")

    def __call__(self, name, **search):
        outputs = {"simulation": self.folder / f"{name}.nc"}
        outputs["parameters"] = self.folder / f"{name}.csv"
        place = {"python": self.python, "threads": 1, "code": "code"}
        checkpoints = self.folder / f"checkpoints_{name}"
        calibrate_shyft(
            self.store, self.folder / "basins.txt", self.stack, PERIOD, False,
            SEARCH | search, checkpoints, place, outputs,
        )  # fmt: skip
        table = pd.read_csv(outputs["parameters"], dtype={"basin": str})
        return read_simulation(outputs["simulation"]), table


@pytest.mark.slow
@pytest.mark.parametrize("stack", list(shyft_worker.STACKS))
def test_calibration_finds_the_discharge_of_a_virtual_basin(
    tmp_path, runs, python, stack
):
    calibration = Calibration(tmp_path, stack, runs, python, ["00000001"])
    simulation, table = calibration("whole", screened=60, evaluations=400)
    assert table["NSE"].min() > 0.98
    assert ("soil.fc" in table) == (simulation.soil_moisture is not None)
    for name, (low, high) in shyft_worker.STACKS[stack].items():
        assert table[name].between(low, high).all(), name
    assert np.isfinite(simulation.discharge[:, 365:]).all()


class Stopped(Exception):
    """What ends a calibration in its middle."""


@pytest.mark.parametrize("stack", list(shyft_worker.STACKS))
def test_interrupted_calibration_ends_as_an_undisturbed_one(
    tmp_path, runs, python, stack, monkeypatch
):
    basins = ["00000001", "00000002"]
    calibration = Calibration(tmp_path, stack, runs, python, basins)
    simulation, table = calibration("whole")

    def stop(self):
        raise Stopped

    with monkeypatch.context() as patch:
        patch.setattr("rerunoff.progress.Progress.advance", stop)
        with pytest.raises(Stopped):
            calibration("resumed")
    first = shyft_process.answer_path(tmp_path / "checkpoints_resumed", basins[0])
    assert first.is_file()
    again, other = calibration("resumed")
    pd.testing.assert_frame_equal(other, table)
    for name in ("discharge", "swe"):
        np.testing.assert_array_equal(getattr(again, name), getattr(simulation, name))


SCRIPT = """
import sys
from types import SimpleNamespace as Names
sys.path[:0] = [{scripts!r}]
class Outputs(Names):
    def items(self):
        return vars(self).items()
search = {search!r}
snakemake = Names(
    input=Names(store="store.h5", basins="basins.txt"), log=["log"], threads=1,
    output=Outputs(simulation="out.nc", parameters="out.csv"),
    params=Names(stack="pt_gs_k", period={period!r}, own_start=False, search=search,
                 checkpoints="checkpoints", code="code"),
    config={{"shyft_python": None}},
)
exec(compile(open({script!r}).read(), "calibrate_shyft.py", "exec"))
"""


def test_script_runs_in_the_environment_of_shyft(tmp_path, runs, python):
    """As with conda, where the job's own interpreter has Shyft and the rest."""
    Calibration(tmp_path, "pt_gs_k", runs, python, ["1", "2"])
    scripts = ROOT / "workflow_scripts"
    script = SCRIPT.format(
        scripts=str(scripts),
        script=str(scripts / "calibrate_shyft.py"),
        period=PERIOD,
        search=SEARCH,
    )
    command = [python, "-c", script]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert len((tmp_path / "out.csv").read_text().splitlines()) == 3
    assert read_simulation(tmp_path / "out.nc").soil_moisture is None


def test_this_python_has_no_shyft():
    """Else the tests above would not show that it runs in an environment of its own."""
    assert importlib.util.find_spec("shyft") is None
