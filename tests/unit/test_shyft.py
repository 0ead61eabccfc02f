"""Shyft's side of this project: units, arrays there and back, and what may go wrong.

A stand-in takes the place of Shyft; test_shyft_stacks.py has the real one.
"""

import os
import re
import sys

import numpy as np
import pandas as pd
import pytest
from rerunoff.data.simulations import read_simulation
from rerunoff.errors import InputError
from rerunoff.evaluation.moments import nse
from rerunoff.physics import shyft_worker
from rerunoff.physics.shyft_run import (
    calibrate_shyft,
    calibration_days,
    vary,
    weather_of,
)
from unit.shyft_stand_in import weather_series, write_program

BASINS = ["01022500", "02177000", "13340600"]
TRAIN = ["1992-10-01", "1994-09-30"]
SEARCH = {"warmup": 365, "screened": 3, "starts": 2, "evaluations": 9, "seed": 1}


def spoiled(text):
    """Return a line of the stand-in that changes what it answers."""
    return (
        "def answer(*given):\n    arrays = whole(*given)\n"
        f"    {text}\n    return arrays\nworker.answer = answer"
    )


class Calibration:
    """A store, and where a calibration on it writes."""

    def __init__(self, folder, own_start=False):
        self.folder, self.own_start = folder, own_start
        self.series = weather_series(BASINS)
        self.python, self.threads, self.code = write_program(folder), 1, "code"

    def path(self, name):
        return self.folder / name

    def __call__(self):
        store = self.series.write(self.path("store.h5"))
        self.path("basins.txt").write_text("\n".join(BASINS) + "\n")
        place = {"python": self.python, "threads": self.threads, "code": self.code}
        outputs = {"simulation": self.path("out.nc"), "parameters": self.path("p.csv")}
        calibrate_shyft(
            store, self.path("basins.txt"), "pt_st_hbv", TRAIN, self.own_start, SEARCH,
            self.path("checkpoints"), place, outputs,
        )  # fmt: skip
        table = pd.read_csv(outputs["parameters"], dtype={"basin": str})
        return read_simulation(outputs["simulation"]), table

    def does(self, more):
        self.python = write_program(self.folder, more)

    def wrote(self):
        return [name for name in ("out.nc", "p.csv") if self.path(name).exists()]


@pytest.fixture
def calibration(tmp_path):
    return Calibration(tmp_path)


def test_weather_is_in_the_units_of_shyft():
    # prcp mm/d, tmin, tmax degC, vp Pa, srad W/m² of the daylight, dayl s.
    inputs = np.array([[[48.0, 10.0, 20.0, 900.0, 400.0, 21600.0]]], dtype=np.float32)
    weather = weather_of(inputs)
    assert tuple(weather) == shyft_worker.WEATHER
    assert weather["precipitation"].item() == 2  # mm/h
    assert weather["temperature"].item() == 15
    assert weather["radiation"].item() == 100  # a quarter of the day
    # FAO 56, table 2.3: 1.228 kPa at 10 degC and 2.338 at 20.
    assert weather["rel_hum"].item() == pytest.approx(0.9 / 1.783, rel=1e-3)


def test_discharge_is_converted_there_and_back():
    # 86.4 mm/d from 1 km² are 1 m³/s.
    assert shyft_worker.cubic_metres([86.4]) == pytest.approx([1])
    depth = np.array([0.0, 3.7, np.nan])
    back = shyft_worker.millimetres(shyft_worker.cubic_metres(depth))
    assert back == pytest.approx(depth, nan_ok=True)


def test_every_range_is_one():
    for stack, ranges in shyft_worker.STACKS.items():
        for name, (low, high) in ranges.items():
            assert low < high, (stack, name)


def test_days_of_a_calibration_are_each_basins_own():
    marked = np.zeros((2, 12), dtype=bool)
    marked[0, 4:9] = marked[1, 6:12] = True
    assert calibration_days(marked, 3).tolist() == [[0, 9], [0, 12]]


def test_observations_vary_or_they_do_not():
    nan = np.nan
    observed = [[1, 2, nan], [2, 2, 2], [nan] * 3, [nan, 0, nan], [nan, 0, 1e-9]]
    assert vary(np.array(observed)).tolist() == [True, False, False, False, True]


@pytest.mark.parametrize("threads", [1, 2, 8])
def test_arrays_go_there_and_back(calibration, threads):
    calibration.threads = threads
    simulation, table = calibration()
    rain = calibration.series.inputs["prcp"].astype(np.float32)
    assert simulation.basins == BASINS
    assert (simulation.dates == calibration.series.dates).all()
    assert simulation.discharge[:, 365:] == pytest.approx(rain[:, 365:] / 2, rel=1e-5)
    assert (simulation.soil_moisture[:, 365:] == 7).all()
    for series in (simulation.discharge, simulation.swe, simulation.soil_moisture):
        assert np.isnan(series[:, :365]).all()
    assert list(table) == ["basin", "a", "b", "NSE"]
    assert table["basin"].tolist() == BASINS
    assert table["a"].tolist() == [0, 1, 2]
    days = calibration.series.days(*TRAIN)
    observed = calibration.series.discharge[:, days]
    assert table["NSE"].to_numpy() == pytest.approx(nse(observed, rain[:, days] / 2))
    assert not calibration.path("checkpoints").exists()


def test_request_tells_the_calibration_and_nothing_of_the_test(calibration, tmp_path):
    calibration.does(
        spoiled(f"np.savez({str(tmp_path / 'told.npz')!r}, days=given[1]['days'], "
                "observed=given[1]['observed'], first=given[1]['first'])")
    )  # fmt: skip
    calibration()
    told = np.load(tmp_path / "told.npz")
    days = calibration.series.days(*TRAIN)
    assert told["days"].tolist() == [[0, days.stop]] * 3
    assert told["first"] == calibration.series.dates[0].astype(int)
    seen = np.isfinite(told["observed"])
    assert seen[:, days].all()
    assert seen.sum() == 3 * (days.stop - days.start)


def test_basin_whose_observations_do_not_vary_is_left_out(calibration, caplog):
    calibration.series.discharge[1] = 2
    simulation, table = calibration()
    assert "not calibrated, without observations that vary: 02177000" in caplog.text
    assert table.loc[1, ["a", "b", "NSE"]].isna().all()
    assert np.isnan(simulation.discharge[1]).all()
    assert table.loc[[0, 2]].notna().all(axis=None)
    calibration.series.discharge[:] = np.nan
    with pytest.raises(InputError, match="no basin has observations that vary"):
        calibration()


def test_own_start_moves_the_calibration(tmp_path):
    late = Calibration(tmp_path, own_start=True)
    late.series.discharge[1, : late.series.days("1990-07-01", "1994-10-31").stop] = (
        np.nan
    )
    late.does(spoiled(f"open({str(tmp_path / 'days')!r}, 'a').write("
                      "str(given[1]['days'][given[2]].tolist()))"))  # fmt: skip
    late()
    two_years = late.series.days("1994-10-01", "1996-09-30")
    usual = late.series.days(*TRAIN)
    told = re.findall(r"\[(\d+), (\d+)\]", (tmp_path / "days").read_text())
    assert [int(stop) for _, stop in told] == [usual.stop, two_years.stop, usual.stop]
    assert {start for start, _ in told} == {"0"}  # all days there are for spin-up


def test_damaged_answer_ends_a_calibration(calibration, complaint):
    calibration.does(spoiled("arrays['swe'][5] = -1"))
    said = complaint(calibration)
    assert f"basin_{BASINS[0]}.npz: no readable answer of Shyft (swe" in said
    assert not calibration.wrote()


def test_answer_of_another_run_or_none_is_refused(calibration, complaint):
    calibration.does(spoiled("arrays['run'] = np.array('another')"))
    assert f"basin_{BASINS[0]}.npz: no answer of Shyft" in complaint(calibration)
    calibration.does("worker.write_arrays = lambda *given: None")
    calibration.code = "other"
    assert "no answer of Shyft; run again." in complaint(calibration)


class Stopped(Exception):
    """What ends a calibration in its middle."""


def interrupted(calibration, monkeypatch):
    """Stop a calibration after its first basin."""

    def stop(self):
        raise Stopped

    with monkeypatch.context() as patch:
        patch.setattr("rerunoff.progress.Progress.advance", stop)
        # The other basins wait for longer than the first takes.
        calibration.does(spoiled("if given[2]: __import__('time').sleep(60)"))
        with pytest.raises(Stopped):
            calibration()
    assert not calibration.wrote()
    written = os.listdir(calibration.path("checkpoints"))
    assert sorted(written) == [f"basin_{BASINS[0]}.npz", "request.npz"]
    log = str(calibration.path("rows"))
    calibration.does(spoiled(f"open({log!r}, 'a').write(str(given[2]))"))
    return calibration.path("rows")


def test_interrupted_calibration_goes_on(calibration, monkeypatch):
    whole = calibration()
    for name in calibration.wrote():
        calibration.path(name).unlink()
    rows = interrupted(calibration, monkeypatch)
    simulation, table = calibration()
    assert rows.read_text() == "12"
    assert np.array_equal(simulation.discharge, whole[0].discharge, equal_nan=True)
    pd.testing.assert_frame_equal(table, whole[1])


@pytest.mark.parametrize("changed", ["code", "answer"])
def test_other_code_or_damage_begins_anew(calibration, monkeypatch, caplog, changed):
    rows = interrupted(calibration, monkeypatch)
    done = calibration.path("checkpoints") / f"basin_{BASINS[0]}.npz"
    if changed == "code":
        calibration.code = "other"
    else:
        done.write_bytes(done.read_bytes()[:-9])
    calibration()
    assert rows.read_text() == "012"
    assert ("calibrated anew" in caplog.text) == (changed == "answer")


def test_missing_interpreter_names_the_key(calibration, complaint):
    for python in ("/no/such/python", "no-such-python"):
        calibration.python = python
        said = complaint(calibration)
        assert said.startswith(f"shyft_python: {python} is no program; set the key")
        assert "make shyft" in said


def test_program_that_cannot_be_started_names_the_key(calibration, complaint):
    calibration.python.write_bytes(b"\x7fELF nonsense")
    said = complaint(calibration)
    assert "shyft_python: " in said
    assert "cannot be started (Exec format error)" in said


def test_interpreter_without_shyft_names_the_key(calibration, complaint):
    # This one, whether named or not, has none.
    for python in (sys.executable, None):
        calibration.python = python
        said = complaint(calibration)
        assert "has no Shyft (ModuleNotFoundError: No module named 'shyft')" in said
        assert "set the key shyft_python" in said
        assert not calibration.wrote()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("os.kill(os.getpid(), signal.SIGSEGV)", "status -11"),
        (
            "print('one'); raise ValueError('no such thing.')",
            "ValueError: no such thing",
        ),
    ],
)
def test_crash_of_a_worker_is_told(calibration, more, said):
    calibration.does(more)
    with pytest.raises(RuntimeError, match=said):
        calibration()
    assert not calibration.wrote()


def test_libraries_of_the_environment_are_the_workers_alone(calibration, monkeypatch):
    monkeypatch.setenv("LD_LIBRARY_PATH", "/given")
    log = calibration.path("told")
    calibration.does(f"open({str(log)!r}, 'w').write(os.environ['LD_LIBRARY_PATH'])")
    calibration()
    assert log.read_text() == f"{calibration.path('environment')}/lib:/given"
    assert os.environ["LD_LIBRARY_PATH"] == "/given"


def test_missing_forcing_and_short_warmup_are_told(calibration, complaint, monkeypatch):
    monkeypatch.setitem(SEARCH, "warmup", 5000)
    assert "warmup asks for 5000" in complaint(calibration)
    monkeypatch.undo()
    calibration.series.inputs["vp"][2, 77] = np.nan
    assert "basin 13340600 has no vp on 1990-09-16" in complaint(calibration)
