"""HBV: its water balance, its bounds, its gradients, and parameters found again."""

import dataclasses

import numpy as np
import pytest
import torch
from rerunoff.physics import hbv
from rerunoff.physics.calibration import calibrate, nse
from rerunoff.physics.evapotranspiration import extraterrestrial_radiation, oudin

NAMES = list(hbv.PARAMETERS)


def weather(days, basins, seed=0, dtype=torch.float64):
    """Return storms, seasons with frost, and a dry basin."""
    generator = torch.Generator().manual_seed(seed)

    def drawn():
        return torch.rand((days, basins), generator=generator, dtype=dtype)

    season = torch.cos(2 * torch.pi * torch.arange(days, dtype=dtype) / 365)[:, None]
    tmin = 2 - 14 * season + 6 * drawn()
    prcp = 25 * drawn() * (drawn() < 0.3)
    prcp[:, -1] *= 0.1
    pet = (1.8 - 1.5 * season) * drawn()
    return hbv.Weather(prcp, tmin, tmin + 12 * drawn(), pet)


def drawn_parameters(basins, seed=1, dtype=torch.float64):
    generator = torch.Generator().manual_seed(seed)
    size = (len(NAMES), basins)
    return hbv.scaled(torch.rand(size, generator=generator, dtype=dtype))


def fallen(forcing, parameters):
    """Return rain and snow that reach the ground, mm/d."""
    rain, snowfall = hbv.split(forcing, parameters["tt"])
    return rain + parameters["sfcf"] * snowfall


def test_water_balance_closes():
    forcing, parameters = weather(2000, 40), drawn_parameters(40)
    run = hbv.simulate(forcing, parameters)
    held = sum(series[-1] for series in run.stores.values())
    at_first = parameters["fc"] / 2
    gone = run.evapotranspiration.sum(0) + run.runoff.sum(0)
    balance = fallen(forcing, parameters).sum(0) - gone - (held - at_first)
    assert balance.abs().max() < 1e-6
    # Each day by itself: errors of two days could cancel out.
    stored = sum(run.stores.values())
    change = stored.diff(dim=0)
    flux = fallen(forcing, parameters) - run.evapotranspiration - run.runoff
    assert (change - flux[1:]).abs().max() < 1e-9


def test_routing_loses_nothing_but_delays():
    runoff = torch.zeros(40, 5, dtype=torch.float64)
    runoff[3] = 7
    base = torch.tensor([1.0, 1.5, 2.0, 4.2, 7.0], dtype=torch.float64)
    spread = hbv.route(runoff, base)
    assert torch.allclose(spread.sum(0), runoff.sum(0), atol=1e-12)
    assert spread[:3].eq(0).all()
    # A base of a day leaves it on the day; one of two days halves it.
    assert spread[3, 0] == pytest.approx(7)
    assert spread[3:5, 2].tolist() == pytest.approx([3.5, 3.5])
    days = torch.arange(40, dtype=torch.float64)[:, None]
    centre = (spread * days).sum(0) / 7 - 3
    assert (centre.diff() > 0).all()


def test_stores_and_fluxes_are_never_negative_and_bounded():
    forcing, parameters = weather(2000, 60, seed=5), drawn_parameters(60, seed=6)
    run = hbv.simulate(forcing, parameters)
    for series in (*run.stores.values(), run.discharge, run.evapotranspiration):
        assert series.min() >= 0
    assert (run.evapotranspiration <= parameters["cet"] * forcing.pet + 1e-12).all()
    assert (run.stores["soil_moisture"] <= parameters["fc"]).all()
    pack, water = run.stores["snow_pack"], run.stores["snow_water"]
    assert (water <= parameters["cwh"] * pack + 1e-12).all()


def test_thin_soil_gives_no_more_water_than_it_has():
    forcing = weather(300, 4)
    thirsty = dataclasses.replace(forcing, pet=40 * forcing.pet)
    thin = drawn_parameters(4) | {
        name: torch.full((4,), value, dtype=torch.float64)
        for name, value in (("fc", 30.0), ("lp", 0.2))
    }
    run = hbv.simulate(thirsty, thin)
    assert run.stores["soil_moisture"].min() == 0


def test_melt_never_exceeds_the_pack():
    days = 200
    forcing = weather(days, 3)
    cold = dataclasses.replace(
        forcing,
        tmin=torch.full_like(forcing.tmin, -9),
        tmax=torch.full_like(forcing.tmax, -6),
    )
    hot = dataclasses.replace(
        forcing,
        tmin=forcing.tmin * 0 + 15,
        tmax=forcing.tmax * 0 + 25,
        prcp=forcing.prcp * 0,
    )
    parameters = drawn_parameters(3) | {"tt": torch.zeros(3, dtype=torch.float64)}
    first = hbv.simulate(cold, parameters)
    assert torch.allclose(first.swe[-1], parameters["sfcf"] * cold.prcp.sum(0))
    before = {name: series[-1] for name, series in first.stores.items()}
    second = hbv.simulate(hot, parameters, before)
    assert second.swe[0].max() < first.swe[-1].max()
    assert second.swe[-1].abs().max() == 0
    out = second.evapotranspiration.sum(0) + second.runoff.sum(0)
    held = sum(series[-1] for series in second.stores.values())
    assert torch.allclose(out + held, sum(before.values()), atol=1e-9)


def test_one_day_by_hand():
    """With numbers small enough for paper: half of the day above the threshold."""
    one = torch.ones(1, dtype=torch.float64)
    forcing = hbv.Weather(10 * one[None], -2 * one[None], 2 * one[None], 4 * one[None])
    values = {"tt": 0.0, "cfmax": 3.0, "sfcf": 1.2, "cfr": 0.05, "cwh": 0.1}
    values |= {"fc": 100.0, "lp": 0.5, "beta": 2.0, "cet": 1.0, "perc": 1.0}
    values |= {"uzl": 5.0, "k0": 0.5, "k1": 0.2, "k2": 0.1, "maxbas": 1.0}
    start = {"snow_pack": 4.0, "snow_water": 0.3, "soil_moisture": 40.0}
    start |= {"upper_zone": 9.0, "lower_zone": 20.0}
    run = hbv.simulate(
        forcing,
        {name: value * one for name, value in values.items()},
        {name: value * one for name, value in start.items()},
    )
    # 5 mm of rain, 6 of snow; no melt at 0 degC; 10 mm of pack hold 1 mm of water.
    assert run.stores["snow_pack"].item() == pytest.approx(10)
    assert run.stores["snow_water"].item() == pytest.approx(1)
    # 4.3 mm leave; (40/100)² of it pass the soil; 43.612 mm are less than lp · fc.
    soil = 40 + 4.3 * 0.84
    evaporated = 4 * soil / 50
    assert run.evapotranspiration.item() == pytest.approx(evaporated)
    assert run.stores["soil_moisture"].item() == pytest.approx(soil - evaporated)
    upper = 9 + 4.3 * 0.16 - 1
    quick = 0.5 * (upper - 5)
    middle = 0.2 * (upper - quick)
    assert run.stores["upper_zone"].item() == pytest.approx(upper - quick - middle)
    assert run.stores["lower_zone"].item() == pytest.approx(21 * 0.9)
    assert run.discharge.item() == pytest.approx(quick + middle + 2.1)


def test_gradients_are_those_of_finite_differences():
    basins = 6
    forcing = weather(150, basins, seed=3)
    generator = torch.Generator().manual_seed(4)
    size = (len(NAMES), basins)
    unit = 0.1 + 0.8 * torch.rand(size, generator=generator, dtype=torch.float64)
    unit.requires_grad_()

    def total(values):
        run = hbv.simulate(forcing, hbv.scaled(values))
        return (run.discharge**2).sum() + run.swe.sum()

    total(unit).backward()
    assert unit.grad.isfinite().all()
    step = 1e-6
    for row in range(len(NAMES)):
        moved = torch.zeros_like(unit)
        moved[row] = step
        slope = (total(unit.detach() + moved) - total(unit.detach() - moved)) / 2 / step
        assert slope.item() == pytest.approx(unit.grad[row].sum().item(), rel=1e-3)
        assert unit.grad[row].abs().sum() > 0, NAMES[row]


@pytest.mark.parametrize("edge", [0.0, 1.0])
def test_gradients_are_finite_at_the_edges_of_the_ranges(edge):
    forcing = weather(400, 4, dtype=torch.float32)
    unit = torch.full((len(NAMES), 4), edge, requires_grad=True)
    hbv.simulate(forcing, hbv.scaled(unit)).discharge.sum().backward()
    assert unit.grad.isfinite().all()


def test_starts_side_by_side_are_those_by_themselves():
    forcing = weather(300, 5)
    unit = torch.rand((len(NAMES), 3, 5), dtype=torch.float64)
    together = hbv.Weather(*(v.unsqueeze(1) for v in vars(forcing).values()))
    run = hbv.simulate(together, hbv.scaled(unit))
    for start in range(3):
        alone = hbv.discharge(forcing, hbv.scaled(unit[:, start]))
        assert torch.equal(run.discharge[:, start], alone)


def test_parameters_are_within_their_ranges():
    ends = [hbv.scaled(torch.full((len(NAMES), 1), share)) for share in (0, 0.5, 1)]
    for name, row in hbv.PARAMETERS.items():
        low, middle, high = (values[name].item() for values in ends)
        assert (low, high) == pytest.approx((row.low, row.high))
        mean = (row.low * row.high) ** 0.5 if row.log else (row.low + row.high) / 2
        assert middle == pytest.approx(mean, rel=1e-5, abs=1e-5)


SEARCH = {"warmup": 100, "screened": 32, "starts": 4, "iterations": 60, "rate": 0.2}
SEARCH |= {"seed": 1}


def virtual_basins(basins=4, days=450):
    forcing = weather(days, basins, seed=8, dtype=torch.float32)
    generator = torch.Generator().manual_seed(9)
    unit = 0.25 + 0.5 * torch.rand((len(NAMES), basins), generator=generator)
    truth = hbv.scaled(unit)
    return forcing, truth, hbv.simulate(forcing, truth).discharge


@pytest.fixture(scope="module")
def found_again():
    forcing, truth, discharge = virtual_basins()
    unit, best = calibrate(forcing, discharge, SEARCH)
    return forcing, truth, discharge, hbv.scaled(unit), best


def test_calibration_finds_the_parameters_of_a_virtual_basin(found_again):
    forcing, truth, discharge, found, best = found_again
    assert best.min() > 0.99
    again = nse(hbv.simulate(forcing, found).discharge[100:], discharge[100:])
    assert torch.allclose(again, best, atol=1e-5)
    # Of the wet basins; a year tells little of the boxes of dry ones, and in wet ones
    # of fc, lp, beta, perc, uzl, k2, cfr and cwh, which make up for one another.
    near = dict.fromkeys(("sfcf", "cet", "maxbas"), 0.1)
    near |= dict.fromkeys(("cfmax", "k0", "k1"), 0.15)
    for name, close in near.items():
        wanted = pytest.approx(truth[name][:2].numpy(), rel=close)
        assert found[name][:2].numpy() == wanted, name
    assert found["tt"][:2].numpy() == pytest.approx(truth["tt"][:2].numpy(), abs=0.25)
    # What makes up for one another there does so in weather that it has never seen.
    unseen = weather(450, 4, seed=99, dtype=torch.float32)
    runs = [hbv.simulate(unseen, values).discharge[100:] for values in (found, truth)]
    assert nse(*runs)[:2].min() > 0.98


def test_calibration_ignores_days_without_observations(found_again):
    forcing, _, discharge, _, _ = found_again
    gaps = discharge.clone()
    gaps[200:300] = torch.nan
    gaps[:, 0] = torch.nan
    gaps[:, 1] = 2.0
    search = SEARCH | {"screened": 4, "starts": 2, "iterations": 3}
    unit, best = calibrate(forcing, gaps, search)
    assert unit.isfinite().all()
    # Without observations, or with constant ones, a basin has no score.
    assert not best[:2].isfinite().any()
    assert best[2:].isfinite().all()
    simulated = hbv.simulate(forcing, hbv.scaled(unit)).discharge.numpy()[100:]
    for basin in (2, 3):
        values = gaps.numpy()[100:, basin]
        seen = np.isfinite(values)
        error = ((simulated[seen, basin] - values[seen]) ** 2).sum()
        expected = 1 - error / ((values[seen] - values[seen].mean()) ** 2).sum()
        assert best[basin].item() == pytest.approx(expected, abs=1e-4)


def test_best_of_all_steps_is_kept_not_the_last():
    forcing, _, discharge = virtual_basins(basins=3, days=160)
    # Steps so long that they go astray.
    search = SEARCH | {"warmup": 50, "screened": 8, "starts": 2, "rate": 4.0}
    best = [
        calibrate(forcing, discharge, search | {"iterations": number})[1]
        for number in (1, 5)
    ]
    assert (best[1] >= best[0]).all()
    unit, found = calibrate(forcing, discharge, search | {"iterations": 5})
    again = nse(hbv.simulate(forcing, hbv.scaled(unit)).discharge[50:], discharge[50:])
    assert torch.allclose(again, found, atol=1e-5)


def test_interrupted_calibration_ends_as_an_undisturbed_one(tmp_path, monkeypatch):
    forcing, _, discharge = virtual_basins(basins=2, days=200)
    search = SEARCH | {"warmup": 50, "screened": 4, "starts": 2, "iterations": 24}
    whole = calibrate(forcing, discharge, search)
    calls, discharge_of = [], hbv.discharge

    def failing(*given):
        calls.append(1)
        if len(calls) == 2 + 15:
            raise KeyboardInterrupt
        return discharge_of(*given)

    monkeypatch.setattr(hbv, "discharge", failing)
    with pytest.raises(KeyboardInterrupt):
        calibrate(forcing, discharge, search, tmp_path, "run")
    monkeypatch.setattr(hbv, "discharge", discharge_of)
    resumed = calibrate(forcing, discharge, search, tmp_path, "run")
    assert torch.equal(resumed[0], whole[0])
    assert torch.equal(resumed[1], whole[1])


def test_nse_is_that_of_its_definition():
    observed = np.array([1.0, 4.0, np.nan, 2.0])
    simulated = np.array([1.5, 3.0, 9.0, 2.0])
    seen = np.isfinite(observed)
    error = ((simulated - observed)[seen] ** 2).sum()
    expected = 1 - error / ((observed[seen] - observed[seen].mean()) ** 2).sum()
    given = (torch.tensor(simulated)[:, None], torch.tensor(observed)[:, None])
    assert nse(*given).item() == pytest.approx(expected)


def test_radiation_is_that_of_the_published_example():
    """FAO 56, example 8: 3 September at 20 degrees south, 32.2 MJ/m²/d."""
    days = np.array(["2015-09-03"], dtype="datetime64[D]")
    assert extraterrestrial_radiation(days, [-20.0]).item() == pytest.approx(
        32.2, abs=0.05
    )
    midwinter = np.array(["2015-12-21"], dtype="datetime64[D]")
    assert extraterrestrial_radiation(midwinter, [75.0]).item() == pytest.approx(0)


def test_oudin_is_linear_above_five_below_zero():
    days = np.array(["2015-06-21"] * 3, dtype="datetime64[D]")
    pet = oudin(days, [45.0], np.array([[-7.0, 15.0, 35.0]]))
    radiation = extraterrestrial_radiation(days[:1], [45.0]).item()
    assert pet[0, 0] == 0
    assert pet[0, 1:].tolist() == pytest.approx(
        [radiation / 2.45 * 0.2, radiation / 2.45 * 0.4]
    )


def test_gradients_are_finite_where_the_soil_runs_dry():
    """With a power below 1, and more thirst than water."""
    days, low = 60, 0.03
    prcp = torch.zeros(days, 1)
    prcp[::20] = 10
    forcing = hbv.Weather(prcp, *(torch.full((days, 1), v) for v in (15.0, 30.0, 8.0)))
    values = dict.fromkeys(NAMES, 0.5) | dict.fromkeys(("fc", "lp", "beta"), low)
    unit = torch.tensor([[v] for v in (values | {"cet": 0.95}).values()])
    unit.requires_grad_()
    run = hbv.simulate(forcing, hbv.scaled(unit))
    assert run.stores["soil_moisture"].min() == 0
    run.discharge.sum().backward()
    assert unit.grad.isfinite().all()
