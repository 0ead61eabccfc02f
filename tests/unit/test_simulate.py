"""Simulations that several networks make together, and the days they are judged by."""

import dataclasses
import itertools
import logging

import numpy as np
import pytest
import torch
import xarray as xr
from rerunoff import progress
from rerunoff.data.simulation_writer import write_simulation
from rerunoff.data.simulations import (
    Simulation,
    ensemble_mean,
    read_simulation,
)
from rerunoff.data.store import read_store
from rerunoff.evaluation.evaluate import evaluate_experiment
from rerunoff.evaluation.metrics import METRICS, compute_metrics
from rerunoff.evaluation.scores import score_days
from rerunoff.evaluation.simulate import simulate, simulate_member
from rerunoff.models import build_model
from rerunoff.training.scaling import Scaler
from rerunoff.training.weights import load_weights, save_weights
from unit.stores import BASINS, INPUTS, LENGTH, TEST, TRAIN, make_series
from unit.stores import settings as run_settings

CPU = torch.device("cpu")
SCALER = Scaler([3.0, 2.0, 11.0], [6.0, 7.0, 7.0], 3.0, 2.0, [], [])
LATE = 1  # row of the basin whose discharge starts two years late


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    series = make_series()
    series.discharge[LATE, series.dates < np.datetime64("1993-01-01")] = np.nan
    return series.write(tmp_path_factory.mktemp("store") / "daymet.h5")


def network(path, seed, basins):
    """Write the file of a network with random weights that has learned some basins."""
    settings = run_settings("region", f"huc0{seed}", basins)
    torch.manual_seed(seed)
    model = build_model(settings.model, len(INPUTS), 0)
    with torch.no_grad():
        for weight in model.parameters():
            if weight.requires_grad:
                weight += 0.3 * torch.randn_like(weight)
    save_weights(path, model, settings, SCALER)
    return path


def basin_list(folder, basins=BASINS):
    path = folder / "basins.txt"
    path.write_text("\n".join(basins) + "\n")
    return path


def member(weights, store, listed, output, period=TEST, way="windows"):
    where = ("cpu", "exact", 1)
    simulate_member(weights, store, listed, period, "training", way, *where, output)
    return read_simulation(output)


def alone(path, store, basin, period=TEST):
    """Simulate one basin with one network."""
    data = read_store(store, INPUTS, (), [basin])
    return simulate(load_weights(path, CPU), data, data.days(period), CPU)[0]


def test_networks_of_units_join_in_the_order_of_the_list(store, tmp_path):
    first = network(tmp_path / "1.pt", 1, BASINS[1:2])
    second = network(tmp_path / "2.pt", 2, [BASINS[2], BASINS[0]])
    listed = [BASINS[0], BASINS[1], BASINS[2]]
    for weights in ([first, second], [second, first]):
        joined = member(weights, store, basin_list(tmp_path), tmp_path / "s.nc")
        assert joined.basins == listed
        assert [str(day) for day in joined.dates[[0, -1]]] == list(TEST)
        assert joined.discharge.shape == (3, 1096)
        for row, path in enumerate((second, first, second)):
            expected = alone(path, store, BASINS[row])
            np.testing.assert_allclose(joined.discharge[row], expected, rtol=1e-5)
    others = [alone(first, store, BASINS[0]), alone(second, store, BASINS[1])]
    assert not np.allclose(joined.discharge[:2], others, rtol=1e-2)


def test_progress_is_told(store, tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(progress, "_EVERY", 0)
    caplog.set_level("INFO")
    weights = [
        network(tmp_path / f"{seed}.pt", seed, [basin])
        for seed, basin in enumerate(BASINS[:2])
    ]
    listed = basin_list(tmp_path, BASINS[:2])
    member(weights, store, listed, tmp_path / "simulation.nc")
    done = [m.split(",")[0] for m in caplog.messages if "done" in m]
    assert done.count("simulation: 100% done") == 2
    assert [m for m in done if "networks" in m] == [
        "networks: 50% done",
        "networks: 100% done",
    ]


def test_list_says_which_basins_are_written(store, tmp_path):
    weights = [
        network(tmp_path / "1.pt", 1, BASINS[:1]),
        network(tmp_path / "2.pt", 2, BASINS[2:]),
    ]
    listed = basin_list(tmp_path, [BASINS[2], BASINS[1]])
    joined = member(weights, store, listed, tmp_path / "s.nc")
    assert joined.basins == [BASINS[2]]  # no network has learned the other
    np.testing.assert_allclose(
        joined.discharge[0], alone(weights[1], store, BASINS[2]), rtol=1e-5
    )


def test_network_of_all_basins_simulates_those_of_the_list(store, tmp_path):
    path = network(tmp_path / "1.pt", 1, None)
    listed = basin_list(tmp_path, BASINS[::-1])
    joined = member([path], store, listed, tmp_path / "s.nc")
    assert joined.basins == BASINS[::-1]
    for row, basin in enumerate(joined.basins):
        expected = alone(path, store, basin)
        np.testing.assert_allclose(joined.discharge[row], expected, rtol=1e-5)


def test_days_without_warm_up_are_missing_and_named(tmp_path, caplog):
    series = make_series()
    series.inputs["tmax"][0, 400] = np.nan
    store = series.write(tmp_path / "gap.h5")
    path = network(tmp_path / "1.pt", 1, None)
    period = (str(series.dates[0]), TEST[1])
    caplog.set_level(logging.WARNING)
    joined = member([path], store, basin_list(tmp_path), tmp_path / "s.nc", period)
    missing = [np.flatnonzero(np.isnan(row)).tolist() for row in joined.discharge]
    warm_up = list(range(LENGTH - 1))
    assert missing == [warm_up + list(range(400, 400 + LENGTH)), warm_up, warm_up]
    assert f"basin {BASINS[0]}: 15 days not simulated" in caplog.text
    assert (joined.discharge[np.isfinite(joined.discharge)] >= 0).all()


@pytest.mark.parametrize(("scaled", "flow"), [(-2.0, 0.0), (-1.0, 1.0), (0.5, 4.0)])
def test_negative_discharge_becomes_zero(store, tmp_path, scaled, flow):
    """SCALER brings -2 to -1 mm/d, -1 to 1 and 0.5 to 4."""
    path = network(tmp_path / "1.pt", 1, BASINS[:1])
    trained = load_weights(path, CPU)
    with torch.no_grad():
        trained.model.head.weight.zero_()
        trained.model.head.bias.fill_(scaled)
    data = read_store(store, INPUTS, (), BASINS[:1])
    assert set(simulate(trained, data, data.days(TEST), CPU)[0]) == {flow}


def test_another_target_than_discharge_may_be_negative(store, tmp_path):
    trained = load_weights(network(tmp_path / "1.pt", 1, BASINS[:1]), CPU)
    settings = dataclasses.replace(trained.settings, target="tmin")
    trained = dataclasses.replace(trained, settings=settings)
    with torch.no_grad():
        trained.model.head.weight.zero_()
        trained.model.head.bias.fill_(-2.0)
    data = read_store(store, INPUTS, (), BASINS[:1])
    assert set(simulate(trained, data, data.days(TEST), CPU)[0]) == {-1.0}


def test_metrics_are_of_the_target(store, tmp_path):
    tmin = read_store(store, ("tmin",), (), BASINS)
    days = tmin.days(TEST)
    path = tmp_path / "s.nc"
    perfect = Simulation(BASINS, tmin.dates[days], tmin.inputs[:, days, 0])
    write_simulation(path, perfect)
    how = ({"seed1": path}, store, PERIODS, False, "metrics", "x")
    assert (evaluate_experiment(*how, target="tmin")["NSE"] == 1).all()
    assert (evaluate_experiment(*how)["NSE"] < 0.9).all()


FOUR = ["01", "02", "03", "04"]


@pytest.mark.parametrize("whose", ["held_out", "training"])
def test_held_out_basins_are_standardised_as_asked(tmp_path, whose):
    series = make_series(basins=FOUR)
    series.attributes = {"a": [1.0, 5.0, 2.0, 40.0], "b": [0.0, 1.0, 7.0, 3.0]}
    fold = {"index": 0, "number": 2, "random_state": 200}
    settings = run_settings(
        "ungauged",
        "fold00",
        None,
        fold=fold,
        attributes=("a", "b"),
        model={"static": True},
    )
    learned = dataclasses.replace(
        SCALER, attribute_mean=[3.0, 4.0], attribute_std=[2.0, 3.0]
    )
    torch.manual_seed(1)
    model = build_model(settings.model, len(INPUTS), 2)
    save_weights(tmp_path / "1.pt", model, settings, learned)
    arguments = ([tmp_path / "1.pt"], series.write(tmp_path / "s.h5"))
    arguments += (basin_list(tmp_path, FOUR), TEST, whose, "windows", "cpu", "exact", 1)
    simulate_member(*arguments, tmp_path / "s.nc")
    found = read_simulation(tmp_path / "s.nc")
    assert len(found.basins) == 2
    data = read_store(arguments[1], INPUTS, ("a", "b"), found.basins)
    own = data.attributes
    constants = {
        "held_out": (own.mean(axis=0), own.std(axis=0, ddof=1)),
        "training": (np.array([3.0, 4.0]), np.array([2.0, 3.0])),
    }
    flow = {}
    for name, (mean, std) in constants.items():
        given = {"attribute_mean": mean.tolist(), "attribute_std": std.tolist()}
        scaler = dataclasses.replace(learned, **given)
        trained = dataclasses.replace(
            load_weights(tmp_path / "1.pt", CPU), scaler=scaler
        )
        flow[name] = simulate(trained, data, data.days(TEST), CPU)
    assert not np.allclose(flow["held_out"], flow["training"], rtol=1e-2)
    np.testing.assert_allclose(found.discharge, flow[whose], rtol=1e-5)


def test_period_is_simulated_as_within_a_longer_one(store, tmp_path):
    path = network(tmp_path / "1.pt", 1, None)
    data = read_store(store, INPUTS, (), BASINS[:1])
    whole = (str(data.dates[0]), str(data.dates[-1]))
    longer = alone(path, store, BASINS[0], whole)[data.days(TEST)]
    assert np.unique(longer).size > 300
    np.testing.assert_allclose(alone(path, store, BASINS[0]), longer, rtol=1e-5)


def test_no_day_with_warm_up_is_an_error(store, tmp_path, complaint):
    path = network(tmp_path / "1.pt", 1, None)
    period = ("1990-07-01", "1990-07-05")
    arguments = ([path], store, basin_list(tmp_path), tmp_path / "s.nc", period)
    message = complaint(member, arguments[0], *arguments[1:])
    assert message.startswith(f"{store}: no basin has forcing and warm-up for a single")
    assert not (tmp_path / "s.nc").exists()


def test_simulation_round_trip(tmp_path):
    dates = np.datetime64("1999-12-30") + np.arange(4)
    discharge = np.float32([[0, 1.5, np.nan, 2], [1, 2, 3, 4]])
    path = tmp_path / "s.nc"
    write_simulation(path, Simulation(["01", "x_2"], dates, discharge))
    again = read_simulation(path)
    assert again.basins == ["01", "x_2"]
    np.testing.assert_array_equal(again.dates, dates)
    np.testing.assert_array_equal(again.discharge, discharge)
    with xr.open_dataset(path, engine="h5netcdf") as dataset:
        assert dict(dataset.sizes) == {"basin": 2, "date": 4}
        assert dataset["discharge_simulated"].attrs["units"] == "mm/d"
        assert str(dataset["date"].values[0])[:10] == "1999-12-30"


def test_ensemble_is_the_mean_of_all_members_on_each_day():
    members = np.float32([[[1, 2, 0]], [[2, 2, 0]], [[6, np.nan, 3]]])
    # A day that one member lacks has no mean of all.
    np.testing.assert_array_equal(ensemble_mean(members), [[3, np.nan, 1]])


@pytest.fixture
def simulated(store, tmp_path):
    """Two members that differ from the observations, and the observations."""
    data = read_store(store, (), ())
    days = data.days(TEST)
    random = np.random.default_rng(0)
    observed = data.discharge[:, days]
    paths, members = {}, []
    for name in ("seed1", "seed2"):
        noise = random.lognormal(0, 0.3, observed.shape)
        flow = np.nan_to_num(observed * noise, nan=1).astype(np.float32)
        paths[name] = tmp_path / f"{name}.nc"
        write_simulation(paths[name], Simulation(BASINS, data.dates[days], flow))
        members.append(flow)
    return paths, np.stack(members), observed, data.dates[days]


PERIODS = {"train": TRAIN, "test": TEST}


def test_late_basin_is_judged_by_its_later_days_only(store, simulated):
    paths, members, observed, dates = simulated
    table = evaluate_experiment(paths, store, PERIODS, True, "metrics", "basin")
    # Discharge from the third hydrological year on: the test starts two years later.
    own = dates >= np.datetime64("1995-10-01")
    days = {BASINS[0]: 1096, BASINS[LATE]: 366, BASINS[2]: 1096}
    assert own.sum() == 366
    series = {"seed1": members[0], "seed2": members[1]}
    series["ensemble"] = members.astype(float).mean(axis=0)
    assert len(table) == 9
    for row in table.to_dict("records"):
        index = BASINS.index(row["basin"])
        chosen = own if index == LATE else slice(None)
        expected = compute_metrics(
            observed[None, index, chosen], series[row["member"]][None, index, chosen]
        )
        assert row["days"] == days[row["basin"]]
        for name in METRICS:
            assert row[name] == pytest.approx(expected[name][0], rel=1e-12)


def test_common_start_judges_a_late_basin_by_all_days(store, simulated):
    paths, _, observed, _ = simulated
    table = evaluate_experiment(paths, store, PERIODS, False, "metrics", "basin")
    late = table[table["basin"] == BASINS[LATE]]
    assert set(late["days"]) == {int(np.isfinite(observed[LATE]).sum())} == {1096}
    other = evaluate_experiment(paths, store, PERIODS, True, "metrics", "basin")
    same = table["basin"] != BASINS[LATE]
    assert table[same].equals(other[same])
    assert not (late["NSE"] == other.loc[~same, "NSE"]).any()


def test_basin_too_late_for_the_test_is_left_out(store, simulated, caplog):
    paths, _, _, dates = simulated
    caplog.set_level(logging.WARNING)
    periods = {"train": TRAIN, "test": (TEST[0], "1995-09-30")}
    for path in paths.values():
        short = read_simulation(path)
        cut = dates <= np.datetime64("1995-09-30")
        flow = short.discharge[:, cut]
        write_simulation(path, Simulation(BASINS, dates[cut], flow))
    table = evaluate_experiment(paths, store, periods, True, "metrics", "basin")
    assert set(table["basin"]) == {BASINS[0], BASINS[2]}
    assert f"left out of that period: {BASINS[LATE]}" in caplog.text


def test_score_of_some_days_of_each_basin(store, tmp_path):
    path = network(tmp_path / "1.pt", 1, None)
    data = read_store(store, INPUTS, (), BASINS)
    trained = load_weights(path, CPU)
    days = np.zeros(data.discharge.shape, dtype=bool)
    spans = [("1991-10-01", "1992-09-30"), ("1994-01-01", "1994-03-31"), TEST]
    for row, span in enumerate(spans[:2]):
        days[row, data.days(span)] = True
    found = score_days(trained.model, trained.settings, SCALER, data, days, CPU)
    assert found.shape == (3,)
    assert np.isnan(found[2])  # none of its days are asked for
    for row, span in enumerate(spans[:2]):
        flow = alone(path, store, BASINS[row], span).astype(float)
        observed = data.discharge[row, data.days(span)].astype(float)
        error = ((flow - observed) ** 2).sum()
        nse = 1 - error / ((observed - observed.mean()) ** 2).sum()
        assert found[row] == pytest.approx(nse, rel=1e-4)


def forgetful(path):
    """Write a network that a window's length does not matter to."""
    settings = run_settings("region", "huc01", BASINS)
    torch.manual_seed(1)
    model = build_model(settings.model, len(INPUTS), 0)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if "weight_hh" in name:
                weight.zero_()
            elif "bias_ih" in name:
                size = len(weight) // 4
                weight[size : 2 * size] = -99
    save_weights(path, model, settings, SCALER)
    return path


def test_one_pass_simulates_the_days_that_windows_simulate(tmp_path):
    """Gaps in the forcing end a run; what lies behind them has its own warm-up."""
    series = make_series()
    test = np.flatnonzero(series.dates >= np.datetime64(TEST[0]))
    rain = series.inputs["prcp"]
    rain[1, test[100]] = rain[1, test[300]] = rain[2, test[-3:]] = np.nan
    store = series.write(tmp_path / "gappy.h5")
    weights, listed = [forgetful(tmp_path / "1.pt")], basin_list(tmp_path)
    found = [
        member(weights, store, listed, tmp_path / "s.nc", way=way).discharge
        for way in ("windows", "continuous")
    ]
    assert np.isnan(found[0][1]).sum() == 2 * LENGTH
    assert found[0][1:].std() != 0
    np.testing.assert_allclose(found[1], found[0], rtol=1e-5, atol=1e-5)


def test_one_pass_is_the_loop_over_days(store, tmp_path):
    path = network(tmp_path / "1.pt", 1, BASINS)
    trained = load_weights(path, CPU)
    data = read_store(store, INPUTS, (), BASINS)
    days = data.days(TEST)
    found = simulate(trained, data, days, CPU, "continuous")
    first = days.start - LENGTH + 1
    scaled = torch.tensor(SCALER.inputs(data.inputs[:, first : days.stop]))
    with torch.no_grad():
        states, _ = trained.model.core(scaled.transpose(0, 1))
        expected = trained.model.head(states[LENGTH - 1 :]).squeeze(2).t()
    expected = SCALER.discharge(expected.numpy()).clip(min=0)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)
    assert not np.allclose(found, simulate(trained, data, days, CPU), atol=1e-5)


def test_batches_of_one_pass_do_not_change_it(store, tmp_path, monkeypatch):
    trained = load_weights(network(tmp_path / "1.pt", 1, BASINS), CPU)
    data = read_store(store, INPUTS, (), BASINS)
    whole = simulate(trained, data, data.days(TEST), CPU, "continuous")
    monkeypatch.setattr("rerunoff.evaluation.batches._FORCING_DAYS", 1)
    single = simulate(trained, data, data.days(TEST), CPU, "continuous")
    np.testing.assert_allclose(single, whole, rtol=1e-5, atol=1e-5)


def test_state_of_one_run_of_days_never_reaches_another(tmp_path):
    """Runs of several lengths in one batch, each against the loop over its own days."""
    series = make_series()
    first = np.flatnonzero(series.dates >= np.datetime64(TEST[0]))[0]
    rain = series.inputs["prcp"]
    rain[1, first + 100] = rain[1, first + 300] = rain[2, first + 50] = np.nan
    store = series.write(tmp_path / "gappy.h5")
    trained = load_weights(network(tmp_path / "1.pt", 1, BASINS), CPU)
    data = read_store(store, INPUTS, (), BASINS)
    days = data.days(TEST)
    found = simulate(trained, data, days, CPU, "continuous")
    start = days.start - LENGTH + 1
    scaled = torch.tensor(SCALER.inputs(data.inputs[:, start : days.stop]))
    expected = np.full_like(found, np.nan)
    for row, gaps in enumerate(([], [100, 300], [50])):
        edges = [-LENGTH, *gaps, found.shape[1]]
        for before, after in itertools.pairwise(edges):
            own = scaled[row, before + LENGTH : after + LENGTH - 1, None]
            with torch.no_grad():
                states, _ = trained.model.core(own)
                values = trained.model.head(states[LENGTH - 1 :])[:, 0, 0]
            simulated = SCALER.discharge(values.numpy()).clip(min=0)
            expected[row, before + LENGTH : after] = simulated
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("way", ["windows", "continuous"])
def test_period_without_any_complete_day_is_refused(tmp_path, way, complaint):
    series = make_series()
    series.inputs["prcp"][:] = np.nan
    store, weights = (
        series.write(tmp_path / "s.h5"),
        network(tmp_path / "1.pt", 1, BASINS),
    )
    listed, output = basin_list(tmp_path), tmp_path / "s.nc"
    sentence = complaint(member, [weights], store, listed, output, way=way)
    assert "no basin has forcing and warm-up for a single day" in sentence
    assert not output.exists()
