"""HBV from store to file, donors of ungauged basins, and inputs made of these."""

import dataclasses
import shutil

import h5py
import numpy as np
import pytest
import torch
from rerunoff.data.folds import fold_numbers, make_folds
from rerunoff.data.simulation_writer import write_simulation
from rerunoff.data.simulations import Simulation, read_simulation
from rerunoff.data.store import read_store
from rerunoff.errors import InputError
from rerunoff.evaluation.moments import nse
from rerunoff.physics import hbv, hbv_run, regional
from rerunoff.physics.derived import derive_inputs
from rerunoff.physics.forcing import before_days
from rerunoff.physics.humidity import relative_humidity, vapour_pressure_deficit
from rerunoff.physics.shyft_run import calibration_days
from rerunoff.protocol.derived import derived, in_fold, made_of, models_of, of_model
from rerunoff.tables import read_checked
from unit.stores import make_series

BASINS = [f"0{number}" for number in range(1000000, 1000006)]
TRAIN = ("1991-07-01", "1992-03-31")
WARMUP = 365
SEARCH = {"warmup": WARMUP, "screened": 4, "starts": 2, "iterations": 6, "rate": 0.1}
SEARCH |= {"seed": 1}
FOLDS = {"number": 3, "random_state": 5}


@pytest.fixture(scope="module")
def catchments(tmp_path_factory):
    """Return the folder of a store of two years, one basin without discharge."""
    folder = tmp_path_factory.mktemp("physical")
    series = make_series(last="1992-06-30", basins=BASINS)
    series.inputs["vp"] = 300 + 40 * series.inputs["tmin"].clip(min=0)
    series.discharge[2] = np.nan
    latitudes, longitudes = np.linspace(35, 45, 6), np.linspace(-110, -80, 6)
    series.attributes = {"gauge_lat": latitudes, "gauge_lon": longitudes}
    series.attributes["p_mean"] = [1.0, 5.0, 2.0, 6.0, 1.1, 5.1]
    series.write(folder / "store.h5")
    with h5py.File(folder / "store.h5", "a") as file:
        for name in ("forcing_md5", "streamflow_md5"):
            file[name] = [f"{name}{basin}".encode() for basin in BASINS]
    _seal_again(folder / "store.h5")
    (folder / "basins.txt").write_text("\n".join(BASINS) + "\n")
    return folder


def _seal_again(path):
    """Replace the checksum of a file that was changed."""
    from rerunoff.seals import append_seal

    append_seal(path)


def calibrated(folder, own_start=False, **search):
    outputs = {"simulation": folder / "hbv.nc", "parameters": folder / "hbv.csv"}
    where = (folder / "store.h5", folder / "basins.txt")
    rest = (folder / "checkpoints", "code", outputs)
    hbv_run.calibrate_hbv(*where, TRAIN, own_start, SEARCH | search, *rest)
    return outputs


@pytest.fixture(scope="module")
def outputs(catchments):
    return calibrated(catchments)


def test_simulation_and_parameters_belong_together(catchments, outputs):
    run = read_simulation(outputs["simulation"])
    assert run.basins == BASINS
    for series in (run.discharge, run.swe, run.soil_moisture):
        assert np.isnan(series[:, :WARMUP]).all()
        assert np.isfinite(np.delete(series[:, WARMUP:], 2, axis=0)).all()
        # Without observations nothing is calibrated.
        assert np.isnan(series[2]).all()
    table = read_checked(outputs["parameters"], "parameters", dtype={"basin": str})
    store = read_store(catchments / "store.h5", (), (), BASINS)
    days = store.days(TRAIN)
    for row, skill in enumerate(table["NSE"]):
        if row == 2:
            assert np.isnan(skill)
            continue
        observed, simulated = store.discharge[row, days], run.discharge[row, days]
        error = ((observed - simulated) ** 2).sum()
        expected = 1 - error / ((observed - observed.mean()) ** 2).sum()
        assert skill == pytest.approx(expected, abs=1e-3)


def test_calibrated_in_the_state_that_it_is_run_in(catchments, tmp_path):
    """A lower zone that begins empty is still filling in a calibration of few years."""
    for name in ("store.h5", "basins.txt"):
        shutil.copyfile(catchments / name, tmp_path / name)
    outputs = calibrated(tmp_path, warmup=30)
    store = read_store(tmp_path / "store.h5", (), (), BASINS)
    days = store.days(TRAIN)
    run = read_simulation(outputs["simulation"])
    table = read_checked(outputs["parameters"], "parameters", dtype={"basin": str})
    expected = nse(store.discharge[:, days], run.discharge[:, days])
    assert table["NSE"].to_numpy() == pytest.approx(expected, abs=1e-5, nan_ok=True)


def test_spin_up_is_ten_years_or_all_that_there_is():
    marked = np.zeros((2, 8000), dtype=bool)
    marked[0, 5000:6000] = marked[1, 3000:4000] = True
    period = ("2000-01-01", "2010-01-01")
    assert before_days(marked[:1], 365, period) == slice(5000 - 3650, 6000)
    assert before_days(marked[:1], 4000, period) == slice(1000, 6000)
    assert before_days(marked, 365, period) == slice(0, 6000)
    assert calibration_days(marked, 365).tolist() == [[1350, 6000], [0, 4000]]


def test_days_outside_the_training_period_change_nothing(catchments, outputs, tmp_path):
    with h5py.File(catchments / "store.h5") as file:
        content = {name: file[name][:] for name in file}
        attributes = dict(file.attrs)
    content["discharge"][:, -60:] *= 7
    content["discharge"][:, :300] = np.nan
    with h5py.File(tmp_path / "store.h5", "w") as file:
        for name, values in content.items():
            file[name] = values
        file.attrs.update(attributes)
    _seal_again(tmp_path / "store.h5")
    (tmp_path / "basins.txt").write_text("\n".join(BASINS) + "\n")
    again = calibrated(tmp_path)
    one, two = (read_simulation(o["simulation"]).discharge for o in (outputs, again))
    assert np.array_equal(one, two, equal_nan=True)


def test_days_of_a_late_basin_are_not_those_of_others(tmp_path):
    found = []
    for factor in (1, 7):
        series = make_series(last="1993-06-30", basins=BASINS[:2])
        series.attributes = {"gauge_lat": [35.0, 40.0]}
        # Its training is a year later.
        series.discharge[1, series.dates < np.datetime64("1992-08-01")] = np.nan
        series.discharge[0, series.dates > np.datetime64("1992-03-31")] *= factor
        folder = tmp_path / str(factor)
        folder.mkdir()
        series.write(folder / "store.h5")
        (folder / "basins.txt").write_text("\n".join(BASINS[:2]) + "\n")
        outputs = calibrated(folder, own_start=True, iterations=2)
        found.append(read_checked(outputs["parameters"], "p", dtype={"basin": str}))
    assert found[0].equals(found[1])
    assert found[0]["NSE"].notna().all()


def test_missing_forcing_and_warmup_are_sentences(catchments, tmp_path):
    with pytest.raises(InputError, match="warmup asks for 400; make it shorter"):
        calibrated(catchments, warmup=400)
    series = make_series(last="1992-06-30", basins=BASINS)
    series.inputs["tmax"][1, 5] = np.nan
    series.attributes = {"gauge_lat": np.linspace(35, 45, 6)}
    series.write(tmp_path / "store.h5")
    (tmp_path / "basins.txt").write_text("\n".join(BASINS) + "\n")
    with pytest.raises(
        InputError, match=f"basin {BASINS[1]} has no tmax on 1990-07-06"
    ):
        calibrated(tmp_path)


def test_no_donor_shares_a_fold_or_lacks_parameters():
    generator = np.random.default_rng(3)
    places = generator.uniform([30, -120], [48, -70], (30, 2))
    basins = [f"{number:08d}" for number in range(30)]
    away = regional.distances(places, place=True)
    known = np.ones(30)
    known[[4, 17]] = np.nan
    fold = fold_numbers(basins, 5, 7)
    for index, (_, held) in enumerate(make_folds(basins, 5, 7)):
        assert {basins[i] for i in np.flatnonzero(fold == index)} == set(held)
    for held_out in (fold, np.full(30, 3)):
        chosen = regional.choose_donors(away, fold, held_out, 3, known)
        for row, donors in enumerate(chosen):
            others = [o for o in range(30) if fold[o] != held_out[row] and o != row]
            others = [o for o in others if o not in (4, 17)]
            assert set(donors) == set(sorted(others, key=lambda o: away[row, o])[:3])
    # What a network of a fold is tested on is the benchmark.
    alike = (chosen == regional.choose_donors(away, fold, fold, 3, known)).all(axis=1)
    assert alike[fold == 3].all()
    assert not alike.all()
    with pytest.raises(InputError, match="donors are asked for, but a basin has"):
        regional.choose_donors(away, fold, fold, 25, known)


def test_near_is_on_the_ground_or_in_standardised_attributes():
    places = np.array([[60.0, 0.0], [60.0, 2.0], [61.5, 0.0]])
    away = regional.distances(places, place=True)
    # A degree of longitude is half as long at 60 degrees north.
    assert away[0, 1] < away[0, 2]
    values = np.array([[0.0, 100.0], [1.0, 100.0], [0.0, 900.0], [1.0, 900.0]])
    away = regional.distances(values, place=False)
    assert away[0, 1] == pytest.approx(away[0, 2])
    # What is the same everywhere changes nothing.
    more = np.column_stack([values, np.full(4, 7.0)])
    assert np.array_equal(regional.distances(more, place=False), away)


@pytest.mark.parametrize(
    ("near", "index"),
    [(["gauge_lat", "gauge_lon"], None), (["p_mean"], None), (["p_mean"], 1)],
)
def test_regional_run_is_the_mean_of_the_donors_runs(
    catchments, outputs, tmp_path, near, index
):
    where = (catchments / "store.h5", catchments / "basins.txt")
    target = tmp_path / "regional.nc"
    regional.regionalise_hbv(
        outputs["parameters"], *where, 2, near, FOLDS | {"index": index}, WARMUP, target
    )
    run = read_simulation(target)
    store = read_store(where[0], hbv_run.VARIABLES, ("gauge_lat", *near), BASINS)
    away = regional.distances(store.attributes[:, 1:], near[0] == "gauge_lat")
    table = read_checked(outputs["parameters"], "parameters", dtype={"basin": str})
    fold = fold_numbers(BASINS, **FOLDS)
    held_out = fold if index is None else np.full(len(fold), index)
    donors = regional.choose_donors(away, fold, held_out, 2, table["tt"].to_numpy())
    weather = hbv_run.weather_of(store)
    # In 32 bits a run of decades would not keep its water.
    assert {series.dtype for series in vars(weather).values()} == {torch.float64}
    for row in (0, 3):
        alone = hbv.Weather(*(v[:, row : row + 1] for v in vars(weather).values()))
        runs = []
        for donor in donors[row]:
            values = {n: torch.tensor([table[n][donor]]) for n in hbv.PARAMETERS}
            runs.append(hbv.simulate(alone, values))
        mean = torch.stack([one.discharge[:, 0] for one in runs]).mean(0).numpy()
        assert run.discharge[row, WARMUP:] == pytest.approx(
            mean[WARMUP:], rel=2e-3, abs=1e-6
        )
        swe = torch.stack([one.swe[:, 0] for one in runs])
        swe = swe.log1p().mean(0).expm1().numpy()
        assert run.swe[row, WARMUP:] == pytest.approx(swe[WARMUP:], rel=2e-3, abs=1e-3)
    # Its own discharge plays no part, so a basin without any has a run too.
    assert np.isfinite(run.discharge[2, WARMUP:]).all()


def test_parameters_of_other_basins_are_refused(catchments, outputs, tmp_path):
    lines = outputs["parameters"].read_text().splitlines()
    wrong = tmp_path / "parameters.csv"
    wrong.write_text("\n".join([lines[0], *reversed(lines[1:])]) + "\n")
    where = (wrong, catchments / "store.h5", catchments / "basins.txt")
    with pytest.raises(InputError, match="not the parameters of these basins"):
        regional.regionalise_hbv(
            *where, 2, ["p_mean"], FOLDS | {"index": None}, WARMUP, tmp_path / "r.nc"
        )


def test_derived_inputs_stand_beside_a_copy_of_the_store(catchments, outputs, tmp_path):
    names = ["hbv_discharge", "hbv_swe", "rainfall", "relative_humidity", "snowfall"]
    names += ["vapour_pressure_deficit", "hbv_log_swe"]
    target = tmp_path / "made.h5"
    source = catchments / "store.h5"
    derive_inputs(source, names, {"hbv": outputs["simulation"]}, target)
    known = ("prcp", "tmin", "tmax", "vp")
    old = read_store(source, known, ("p_mean", "gauge_lat"), BASINS)
    new = read_store(target, (*known, *names), ("p_mean", "gauge_lat"), BASINS)
    assert np.array_equal(new.inputs[..., :4], old.inputs)
    assert np.array_equal(new.discharge, old.discharge, equal_nan=True)
    assert np.array_equal(new.attributes, old.attributes)
    made = dict(zip(names, np.moveaxis(new.inputs[..., 4:], 2, 0), strict=True))
    prcp, tmin, tmax, vp = np.moveaxis(old.inputs, 2, 0)
    assert made["rainfall"] + made["snowfall"] == pytest.approx(prcp, abs=1e-5)
    assert (made["rainfall"][tmin > 1] == prcp[tmin > 1]).all()
    assert (made["snowfall"][tmax < 1] == prcp[tmax < 1]).all()
    assert made["relative_humidity"] == pytest.approx(relative_humidity(vp, tmin, tmax))
    deficit = vapour_pressure_deficit(vp, tmin, tmax)
    assert made["vapour_pressure_deficit"] == pytest.approx(deficit, rel=1e-5)
    run = read_simulation(outputs["simulation"])
    assert np.array_equal(made["hbv_discharge"], run.discharge, equal_nan=True)
    assert np.array_equal(made["hbv_swe"], run.swe, equal_nan=True)
    assert made["hbv_log_swe"] == pytest.approx(np.log1p(run.swe), nan_ok=True)
    assert new.content != old.content


def test_simulation_of_a_part_of_the_days_is_missing_on_the_others(
    catchments, tmp_path
):
    store = read_store(catchments / "store.h5", (), (), BASINS)
    run = Simulation(BASINS, store.dates[100:300], np.ones((6, 200), dtype=np.float32))
    write_simulation(tmp_path / "part.nc", run)
    made = {"hbv": tmp_path / "part.nc"}
    derive_inputs(
        catchments / "store.h5", ["hbv_discharge"], made, tmp_path / "made.h5"
    )
    values = read_store(tmp_path / "made.h5", ("hbv_discharge",), (), BASINS).inputs[
        ..., 0
    ]
    assert np.isfinite(values).sum(axis=1).tolist() == [200] * 6
    assert (values[:, 100:300] == 1).all()
    with pytest.raises(InputError, match="hbv has no swe; correct the key inputs"):
        derive_inputs(catchments / "store.h5", ["hbv_swe"], made, tmp_path / "other.h5")
    with pytest.raises(InputError, match="hbv has no log_swe; correct the key inputs"):
        derive_inputs(
            catchments / "store.h5", ["hbv_log_swe"], made, tmp_path / "other.h5"
        )
    shuffled = dataclasses.replace(run, basins=BASINS[::-1])
    write_simulation(tmp_path / "part.nc", shuffled)
    with pytest.raises(InputError, match="the simulation of hbv is not of the basins"):
        derive_inputs(
            catchments / "store.h5", ["hbv_discharge"], made, tmp_path / "o.h5"
        )


def test_names_of_derived_inputs():
    names = ["prcp", "hbv_regional_swe", "snowfall", "shyft_pt_gs_k_discharge"]
    assert of_model("hbv_1_year_swe") == ("hbv_1_year", "swe")
    assert of_model("hbv_1_year_log_swe") == ("hbv_1_year", "log_swe")
    folded = [in_fold(name, "fold03") for name in names]
    assert folded == [names[0], "hbv_regional_fold03_swe", *names[2:]]
    assert of_model(folded[1]) == ("hbv_regional_fold03", "swe")
    assert of_model("hbv_regional_3_swe") is None
    assert derived(names) == sorted(names[1:])
    assert models_of(names) == ["hbv_regional", "shyft_pt_gs_k"]
    assert made_of("prcp") == ("prcp",)
    assert made_of("snowfall") == ("prcp", "tmin", "tmax")
    assert "vp" in made_of("shyft_pt_gs_k_discharge")
