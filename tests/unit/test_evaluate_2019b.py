"""Statistics of kratzert2019b from simulation files: days, members, gaps."""

import logging

import numpy as np
import pytest
from rerunoff.analysis.benchmark import average_calibrations
from rerunoff.data.simulation_writer import write_simulation
from rerunoff.data.simulations import Simulation
from rerunoff.evaluation.evaluate import evaluate_experiment
from unit.stores import BASINS, TEST, TRAIN, make_series

# The authors' benchmarks start a day after the networks.
LATER = ("1993-10-02", TEST[1])


@pytest.fixture
def series():
    return make_series()


@pytest.fixture
def simulations(series, tmp_path):
    """Write two members that are off by a half and by a whole of the discharge."""
    days = series.days(*TEST)
    observed = series.discharge[:, days]
    paths = {}
    for name, share in (("seed200", 0.5), ("seed201", 1.0)):
        paths[name] = tmp_path / f"{name}.nc"
        discharge = (observed * (1 + share)).astype(np.float32)
        simulation = Simulation(BASINS, series.dates[days], discharge)
        write_simulation(paths[name], simulation)
    return paths


def evaluate(series, simulations, tmp_path, period=TEST):
    store = series.write(tmp_path / "daymet.h5")
    periods = {"train": TRAIN, "test": period}
    how = (periods, False, "metrics_2019b", "lstm")
    return evaluate_experiment(simulations, store, *how)


def test_members_and_the_mean_of_their_discharge(series, simulations, tmp_path):
    table = evaluate(series, simulations, tmp_path).set_index(["member", "basin"])
    for member, share in (("seed200", 0.5), ("seed201", 1), ("ensemble", 0.75)):
        for row, basin in enumerate(BASINS):
            flow = series.discharge[row, series.days(*TEST)]
            nse = 1 - (share * flow).var() / flow.var()
            nse -= (share * flow.mean()) ** 2 / flow.var()
            found = table.loc[(member, basin)]
            assert found["nse"] == pytest.approx(nse, rel=1e-4)
            assert found["bias"] == pytest.approx(-share, rel=1e-4)
            assert found["stdev"] == pytest.approx(1 + share, rel=1e-4)
            assert found["q95"] == pytest.approx(-share, rel=1e-4)


def test_a_later_start_leaves_a_day_out(series, simulations, tmp_path):
    first = series.days(*TEST).start
    series.discharge[:, first] = 1e4
    later = evaluate(series, simulations, tmp_path, LATER)
    flow = series.discharge[0, first + 1 : series.days(*TEST).stop]
    assert later.loc[0, "obs95"] == pytest.approx(np.quantile(flow, 0.95), rel=1e-5)
    # Of seed200, which is off by half of the discharge; of the same days.
    nse = 1 - (0.25 * flow**2).sum() / ((flow - flow.mean()) ** 2).sum()
    assert later.loc[0, "nse"] == pytest.approx(nse, rel=1e-4)
    whole = evaluate(series, simulations, tmp_path)
    assert whole.loc[0, "nse"] != pytest.approx(nse, rel=1e-2)


def test_observed_days_without_simulation_are_said(
    series, simulations, tmp_path, caplog
):
    days = series.days(*TEST)
    discharge = series.discharge[:, days].astype(np.float32)
    discharge[1, 100:] = np.nan
    series.discharge[1, days.start + 150 : days.stop] = np.nan
    path = tmp_path / "ends_early.nc"
    write_simulation(path, Simulation(BASINS, series.dates[days], discharge))
    with caplog.at_level(logging.WARNING):
        evaluate(series, {"sac_sma": path}, tmp_path)
    assert caplog.messages == [
        f"lstm, basin {BASINS[1]}: 50 observed days have no simulation and do not count"
    ]


def test_basin_without_observations_is_left_out(series, simulations, tmp_path, caplog):
    series.discharge[2, series.days(*TEST)] = np.nan
    with caplog.at_level(logging.WARNING):
        table = evaluate(series, simulations, tmp_path)
    assert set(table["basin"]) == set(BASINS[:2])
    assert BASINS[2] in caplog.text


def test_benchmark_is_the_mean_of_all_calibrations(series, tmp_path):
    runoff = np.stack([series.discharge * share for share in (1, 2, 6)])
    runoff[1, 0, series.days(*TEST).start] = np.nan
    output = Simulation(
        BASINS, series.dates, runoff, ["05", "11", "27"], np.zeros_like(runoff)
    )
    path = tmp_path / "model_output.h5"
    write_simulation(path, output)
    store = series.write(tmp_path / "daymet.h5")
    wanted = BASINS[::-1]
    mean, _ = average_calibrations(path, store, wanted, TEST, TEST, False)
    assert mean.basins == wanted
    flow = series.discharge[::-1, series.days(*TEST)]
    np.testing.assert_allclose(mean.discharge[:2], 3 * flow[:2], rtol=1e-5)
    np.testing.assert_allclose(mean.discharge[2, 1:], 3 * flow[2, 1:], rtol=1e-5)
    # A day that one calibration lacks has no mean of all.
    assert np.isnan(mean.discharge[2, 0])
