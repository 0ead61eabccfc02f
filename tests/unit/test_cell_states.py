"""The cell that follows the snow: a planted one is found, and traced as it is."""

import dataclasses
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from rerunoff.analysis.cell_states import trace_cell
from rerunoff.analysis.snow import degree_day_swe
from rerunoff.data.simulation_writer import write_simulation
from rerunoff.data.simulations import Simulation
from rerunoff.models import build_model
from rerunoff.training.scaling import Scaler
from rerunoff.training.weights import load_weights, save_weights
from unit.stores import BASINS, INPUTS, LENGTH, make_series
from unit.stores import settings as run_settings

CPU = torch.device("cpu")
BASIN = BASINS[1]
PERIOD = ("1991-10-01", "1993-03-31")
SCALER = Scaler([3.0, 2.0, 11.0], [6.0, 7.0, 7.0], 3.0, 2.0, [], [])


def network(folder, inputs=INPUTS):
    """Write random weights of a network of two layers; return their file."""
    settings = run_settings(inputs=inputs)
    torch.manual_seed(8)
    model = build_model(settings.model, len(inputs), 0)
    scaler = dataclasses.replace(
        SCALER,
        input_mean=SCALER.input_mean[: len(inputs)],
        input_std=SCALER.input_std[: len(inputs)],
    )
    save_weights(folder / "model.pt", model, settings, scaler)
    return folder / "model.pt"


def states_of(weights, series, row=1):
    """Return the cell states of a basin at the end of each day; NaN in the warm-up."""
    trained = load_weights(weights, CPU)
    values = np.stack([series.inputs[name][row] for name in INPUTS], axis=1)
    scaled = torch.from_numpy(SCALER.inputs(values.astype(np.float32)))
    days = torch.arange(LENGTH - 1, len(scaled))
    windows = torch.stack([scaled[day + 1 - LENGTH : day + 1] for day in days.tolist()])
    seen = SimpleNamespace(dynamic=windows, static=torch.zeros(len(windows), 0))
    states = trained.model.cell_states(seen).numpy()
    whole = np.full((len(scaled), *states.shape[1:]), np.nan)
    whole[days.numpy()] = states
    return whole


def trace(weights, store, source="forcing", output=None, period=PERIOD):
    return trace_cell(weights, store, BASIN, period, source, output)


@pytest.mark.parametrize(("layer", "cell", "sign"), [(1, 3, -1), (0, 0, 1), (1, 4, 1)])
def test_planted_cell_is_found(tmp_path, layer, cell, sign):
    series = make_series()
    weights = network(tmp_path)
    states = states_of(weights, series)
    days = series.days(*PERIOD)
    # On other days another cell is followed, which must not count.
    swe = np.nan_to_num(200 + 100 * states[:, 0, 2])
    random = np.random.default_rng(0)
    noise = 1 + 0.01 * random.normal(size=days.stop - days.start)
    swe[days] = 300 + 80 * sign * states[days, layer, cell] * noise
    series.inputs["swe"] = np.stack([swe[::-1], swe, 0 * swe])
    store = series.write(tmp_path / "daymet.h5")
    table, choice = trace(weights, store)
    r = np.corrcoef(states[days, layer, cell], swe[days])[0, 1]
    assert abs(r) > 0.999
    assert choice == {
        "basin": BASIN,
        "layer": layer + 1,
        "cell": cell + 1,
        "correlation": pytest.approx(r, abs=1e-5),
        "swe_source": "forcing",
    }
    assert np.sign(choice["correlation"]) == sign
    assert list(table.columns) == ["state", "swe", "prcp", "tmin", "tmax"]
    assert table.index.name == "date"
    assert [str(day)[:10] for day in table.index[[0, -1]]] == list(PERIOD)
    np.testing.assert_allclose(table["state"], states[days, layer, cell], atol=1e-6)
    np.testing.assert_allclose(table["swe"], swe[days], rtol=1e-6)
    for name in INPUTS:
        np.testing.assert_allclose(table[name], series.inputs[name][1, days], rtol=1e-6)


def test_days_without_snow_data_or_state_do_not_count(tmp_path):
    series = make_series()
    weights = network(tmp_path)
    states = states_of(weights, series)
    swe = 10 - 5 * states[:, 1, 1]
    swe[series.days("1991-11-01", "1992-01-31")] = np.nan
    series.inputs["swe"] = np.stack([swe, swe, swe])
    store = series.write(tmp_path / "daymet.h5")
    period = (str(series.dates[0]), PERIOD[1])
    table, choice = trace(weights, store, period=period)
    assert (choice["layer"], choice["cell"]) == (2, 2)
    assert choice["correlation"] == pytest.approx(-1, abs=1e-5)
    assert table["state"].isna().sum() == LENGTH - 1
    assert table["swe"].isna().sum() == 92 + LENGTH - 1


def test_snow_of_the_benchmark_is_the_mean_of_its_calibrations(tmp_path):
    series = make_series()
    weights, store = network(tmp_path), series.write(tmp_path / "daymet.h5")
    first = 600  # the benchmark's days start later than the store's
    swe = 50 + 20 * states_of(weights, series)[first:, 1, 2]
    shape = (3, 2, len(swe))
    seeds = np.zeros(shape, dtype=np.float32)
    seeds[:, 1] = swe + np.array([[30.0], [-40.0], [10.0]]) * np.sin(
        np.arange(len(swe))
    )
    seeds[:, 0] = np.arange(len(swe))
    output = Simulation(
        [BASINS[0], BASIN], series.dates[first:], 0 * seeds, ["05", "11", "27"], seeds
    )
    write_simulation(tmp_path / "model_output.h5", output)
    found = trace(weights, store, "sac_sma", tmp_path / "model_output.h5")
    table, choice = found
    assert (choice["layer"], choice["cell"], choice["swe_source"]) == (2, 3, "sac_sma")
    assert choice["correlation"] == pytest.approx(1, abs=1e-4)
    days = series.days(*PERIOD)
    missing = first - days.start
    assert table["swe"].isna().sum() == missing
    expected = swe[: days.stop - first]
    np.testing.assert_allclose(table["swe"][missing:], expected, rtol=1e-5)


@pytest.mark.parametrize("names", [INPUTS, ("prcp", "tmean")])
def test_snow_by_degree_days_is_that_of_the_whole_record(tmp_path, names):
    series = make_series()
    mean = (series.inputs["tmin"] + series.inputs["tmax"]) / 2
    series.inputs["tmean"] = mean
    weights, store = network(tmp_path, names), series.write(tmp_path / "daymet.h5")
    period = ("1992-01-15", "1992-12-31")  # snow lies when it starts
    table, choice = trace(weights, store, "degree_day", period=period)
    whole = degree_day_swe(series.inputs["prcp"][1], mean[1])
    assert whole[series.days(*period)][0] > 1
    np.testing.assert_allclose(table["swe"], whole[series.days(*period)], atol=1e-3)
    assert choice["swe_source"] == "degree_day"
    assert list(table.columns) == ["state", "swe", *names]


def test_snow_that_the_network_sees_itself(tmp_path):
    series = make_series()
    series.inputs["swe"] = degree_day(series)
    names = ("prcp", "swe")
    weights, store = network(tmp_path, names), series.write(tmp_path / "daymet.h5")
    table, _ = trace(weights, store)
    assert list(table.columns) == ["state", "swe", "prcp"]
    days = series.days(*PERIOD)
    np.testing.assert_allclose(table["swe"], series.inputs["swe"][1, days], rtol=1e-5)


def degree_day(series):
    mean = (series.inputs["tmin"] + series.inputs["tmax"]) / 2
    rows = zip(series.inputs["prcp"], mean, strict=True)
    return np.stack([degree_day_swe(*row) for row in rows])


NO_SNOW = (
    f"basin {BASIN} has no snow by forcing in cell_state.period; choose a snow basin, "
    "a period with winter, or another cell_state.swe."
)


@pytest.mark.parametrize("swe", [0.0, np.nan])
def test_no_snow_is_an_error(tmp_path, complaint, swe):
    series = make_series()
    series.inputs["swe"] = degree_day(series)
    series.inputs["swe"][1, series.days(*PERIOD)] = swe
    weights, store = network(tmp_path), series.write(tmp_path / "daymet.h5")
    assert complaint(trace, weights, store) == NO_SNOW


def test_network_without_temperature_has_no_degree_days(tmp_path, complaint):
    store = make_series().write(tmp_path / "daymet.h5")
    weights = network(tmp_path, ("prcp",))
    assert complaint(trace, weights, store, "degree_day") == (
        f"{store}: the network's inputs hold no temperature for a degree-day model; "
        "set cell_state.swe to forcing or sac_sma."
    )


def test_store_without_snow_is_named(tmp_path, complaint):
    weights = network(tmp_path)
    store = make_series().write(tmp_path / "daymet.h5")
    message = complaint(trace, weights, store)
    assert message.startswith(f"{store}: no variable swe; correct inputs, it has prcp")


def test_period_without_a_complete_window_is_an_error(tmp_path, complaint):
    weights = network(tmp_path)
    series = make_series()
    series.inputs["swe"] = degree_day(series)
    store = series.write(tmp_path / "daymet.h5")
    period = ("1990-07-01", "1990-07-05")
    assert complaint(trace, weights, store, period=period) == (
        "no day of cell_state.period has a complete window of forcing; choose a later "
        "one."
    )
