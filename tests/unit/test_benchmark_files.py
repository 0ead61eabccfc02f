"""The benchmarks of kratzert2019a from small files of the published layout."""

import tarfile

import numpy as np
import pandas as pd
import pytest
import read_benchmark_files as script
import xarray as xr
from rerunoff.analysis.published_runs import published_runs
from rerunoff.data.benchmark_files import read_benchmark_files
from rerunoff.data.simulations import read_simulation
from rerunoff.data.virtual import write_catchments
from rerunoff.evaluation.evaluate import evaluate_experiment
from rerunoff.evaluation.moments import nse
from unit.stores import BASINS, make_series

DAYS = np.arange(np.datetime64("1993-10-01"), np.datetime64("1993-10-11"))
PERIOD = ("1993-10-02", "1993-10-09")
VARIABLES = {"vic_conus": "VIC_conus", "mhm_conus": "mHm_conus"}
OBSERVED = np.array([1, 2, np.nan, -999, 5, 6, 7, 8, 9, 10.0])


def write(folder, basin, days=DAYS, name="{}_benchmark_models.nc", **series):
    """Write one file; `QObs` unless given, and the other variables."""
    folder.mkdir(exist_ok=True)
    series = {"QObs": OBSERVED, **series}
    variables = {
        key: ("index", np.asarray(values, dtype=float))
        for key, values in series.items()
        if values is not None
    }
    path = folder / name.format(basin)
    dataset = xr.Dataset(variables, {"index": np.asarray(days)})
    dataset.to_netcdf(path, engine="h5netcdf")
    return path


def ramp(start):
    return start + np.arange(10.0)


@pytest.fixture
def folder(tmp_path):
    """Two gauges: one with both models, one without the second."""
    folder = tmp_path / "netcdf"
    write(folder, "02177000", VIC_conus=ramp(20))
    write(folder, "01022500", VIC_conus=ramp(0), mHm_conus=ramp(40))
    (folder / "readme.txt").write_text("not a file of a gauge")
    return folder


def test_series_by_benchmark_and_gauge(folder):
    runs = read_benchmark_files(folder, VARIABLES)
    assert runs.basins == ["01022500", "02177000"]
    np.testing.assert_array_equal(runs.dates, DAYS)
    missing = np.isin(np.arange(10), (2, 3))  # absent, and the publisher's -999
    np.testing.assert_array_equal(np.isnan(runs.observed[0]), missing)
    assert [*runs.simulated] == [*VARIABLES]
    np.testing.assert_array_equal(runs.simulated["vic_conus"], [ramp(0), ramp(20)])
    np.testing.assert_array_equal(runs.simulated["mhm_conus"][0], ramp(40))
    assert np.isnan(runs.simulated["mhm_conus"][1]).all()


def test_a_folder_and_its_archive_are_the_same(folder, tmp_path):
    archive = tmp_path / "netcdf.tar.xz"
    with tarfile.open(archive, "w:xz") as file:
        for path in sorted(folder.iterdir(), reverse=True):
            file.add(path, f"deep/netcdf/{path.name}")
    ours, theirs = (read_benchmark_files(p, VARIABLES) for p in (folder, archive))
    assert ours.basins == theirs.basins
    np.testing.assert_array_equal(ours.observed, theirs.observed)
    for name in VARIABLES:
        np.testing.assert_array_equal(ours.simulated[name], theirs.simulated[name])


def test_an_old_netcdf_is_read_too(folder):
    path = folder / "01022500_benchmark_models.nc"
    with xr.open_dataset(path, engine="h5netcdf") as dataset:
        dataset.load().to_netcdf(path, engine="scipy")
    assert path.read_bytes()[:3] == b"CDF"
    runs = read_benchmark_files(folder, VARIABLES)
    np.testing.assert_array_equal(runs.simulated["mhm_conus"][0], ramp(40))


@pytest.mark.parametrize(
    ("values", "usable"),
    [
        (np.where(np.arange(10) == 4, np.nan, ramp(1)), False),  # an observed day
        (np.where(np.arange(10) == 2, np.nan, ramp(1)), True),  # a day without
        (np.where(np.arange(10) == 3, np.nan, ramp(1)), True),
        (np.zeros(10), False),  # such as SAC-SMA at 01634500
        (np.full(10, np.nan), False),
    ],
)
def test_a_series_has_all_observed_days_and_is_not_constant(tmp_path, values, usable):
    write(tmp_path / "n", "01022500", VIC_conus=values)
    (series,) = read_benchmark_files(tmp_path / "n", VARIABLES).simulated["vic_conus"]
    np.testing.assert_array_equal(series, values if usable else np.full(10, np.nan))


HUGE = "impossible discharge, above 2000 mm/d (1 such days); correct the file, or use "


@pytest.mark.parametrize(
    ("variable", "value", "fault"),
    [
        ("VIC_conus", -999, "is -999, which stands for a missing value (1 such days)"),
        ("VIC_conus", 9.969209968386869e36, "is 9.96921e+36, which stands for a "),
        ("VIC_conus", 2001, HUGE),
        ("VIC_conus", 1e39, HUGE),
        ("VIC_conus", -np.inf, HUGE),
        ("QObs", 9.969209968386869e36, "is 9.96921e+36, which stands for a missing "),
        ("QObs", 2001, HUGE),
        ("QObs", 1e39, HUGE),
    ],
)
def test_number_that_is_no_discharge_is_named(
    tmp_path, complaint, variable, value, fault
):
    values = np.where(np.arange(10) == 4, value, ramp(1))
    given = {"VIC_conus": ramp(1), variable: values}
    path = write(tmp_path / "n", "01022500", **given)
    said = complaint(read_benchmark_files, tmp_path / "n", VARIABLES)
    where = f"{path}, {variable}, entry 5: " if fault is HUGE else f"{path}, entry 5: "
    assert said.startswith(where + (fault if fault is HUGE else f"{variable} {fault}"))


def test_more_than_there_can_be_may_be_used_as_it_is(tmp_path, caplog):
    values = np.where(np.arange(10) == 4, 2001, ramp(1))
    infinite = np.where(np.arange(10) == 4, np.inf, ramp(1))
    write(tmp_path / "n", "01022500", VIC_conus=values, mHm_conus=infinite)
    runs = read_benchmark_files(tmp_path / "n", VARIABLES, "warn")
    np.testing.assert_array_equal(runs.simulated["vic_conus"][0], values)
    # Not a number on an observed day, as for the authors.
    assert np.isnan(runs.simulated["mhm_conus"]).all()
    assert caplog.text.count("used as it is (impossible_values: warn)") == 2


@pytest.mark.parametrize("variable", ["QObs", "VIC_conus"])
def test_other_unit_or_shape_of_a_variable_is_named(tmp_path, complaint, variable):
    path = write(tmp_path / "n", "01022500", VIC_conus=ramp(1))
    with xr.open_dataset(path, engine="h5netcdf") as file:
        whole = file.load()
    whole[variable].attrs["units"] = "mm/d"
    whole.to_netcdf(path, engine="h5netcdf")
    read_benchmark_files(tmp_path / "n", VARIABLES)
    whole[variable].attrs["units"] = "m3/s"
    whole.to_netcdf(path, engine="h5netcdf")
    assert complaint(read_benchmark_files, tmp_path / "n", VARIABLES) == (
        f"{path}: {variable} is in 'm3/s', not in mm/d; convert it, or correct its "
        "attribute units."
    )
    whole.assign({variable: 5.0}).to_netcdf(path, engine="h5netcdf")
    said = complaint(read_benchmark_files, tmp_path / "n", VARIABLES)
    assert f"({variable} is not on the one dimension index)" in said


def test_a_second_file_of_a_gauge_is_refused(folder, complaint):
    path = write(folder, "02177000", name="{}.nc")
    other = folder / "02177000_benchmark_models.nc"
    text = complaint(read_benchmark_files, folder, VARIABLES)
    assert text in (
        f"{path}: a second file of 02177000; remove one of them.",
        f"{other}: a second file of 02177000; remove one of them.",
    )


@pytest.mark.parametrize(
    ("days", "fault"),
    [
        (DAYS + 1, "10 days from 1993-10-02, but {} has 10 from 1993-10-01"),
        (
            np.where(DAYS[5] > DAYS, DAYS, DAYS + 1),
            "1993-10-05 is followed by 1993-10-07",
        ),
        (DAYS[[0, 1, 2, 3, 4, 5, 6, 7, 9, 8]], "1993-10-08 is followed by 1993-10-10"),
        (np.arange(10), "index holds no dates"),
    ],
)
def test_wrong_days_are_named(folder, complaint, days, fault):
    path = write(folder, "13340600", days=days)
    first = folder / "01022500_benchmark_models.nc"
    assert complaint(read_benchmark_files, folder, VARIABLES) == (
        f"{path}: {fault.format(first)}; download the benchmarks' files again."
    )


def test_damage_is_named(folder, tmp_path, complaint):
    read = read_benchmark_files
    path = write(folder, "13340600", QObs=None, VIC_conus=ramp(0))
    assert complaint(read, folder, VARIABLES).startswith(
        f"{path}: no netCDF with index and QObs ("
    )
    path.write_bytes(path.read_bytes()[:1000])
    assert complaint(read, folder, VARIABLES).startswith(f"{path}: no netCDF with")
    archive = tmp_path / "netcdf.tar.xz"
    with tarfile.open(archive, "w:xz") as file:
        file.add(folder, "netcdf")
    archive.write_bytes(archive.read_bytes()[:300])
    assert complaint(read, archive, VARIABLES).startswith(
        f"{archive}: no readable archive"
    )
    empty = tmp_path / "empty"
    empty.mkdir()
    assert complaint(read, empty, VARIABLES) == (
        f"{empty}: no file <gauge>*.nc; download the benchmarks' files again."
    )


@pytest.fixture
def made(tmp_path):
    """A store of three basins, and files of two of them and of another gauge."""
    series = make_series()
    days = series.days("1993-10-01", "1996-09-30")
    flow = dict(zip(BASINS, series.discharge[:, days].astype(np.float32), strict=True))
    netcdf, dates = tmp_path / "netcdf", series.dates[days]
    for basin in (BASINS[2], BASINS[0]):
        runs = {"VIC_conus": 0.8 * flow[basin] + 0.1, "mHm_conus": 2 * flow[basin]}
        runs = runs if basin == BASINS[0] else {"VIC_conus": runs["VIC_conus"]}
        write(netcdf, basin, dates, QObs=flow[basin], **runs)
    write(netcdf, "99999999", dates, QObs=flow[BASINS[1]], VIC_conus=flow[BASINS[0]])
    return series.write(tmp_path / "store.h5"), netcdf, flow


def test_runs_are_evaluated_against_our_observations(made, tmp_path):
    store, netcdf, flow = made
    listed = tmp_path / "basins.txt"
    listed.write_text("\n".join(BASINS) + "\n")
    period = ["1994-10-01", "1996-09-30"]
    files = {name: tmp_path / f"{name}.nc" for name in VARIABLES}
    skill = tmp_path / "skill.csv"
    script.main(netcdf, VARIABLES, store, listed, period, files, skill)
    run = read_simulation(files["vic_conus"])
    assert run.basins == BASINS
    assert (run.dates[0], run.dates[-1]) == tuple(map(np.datetime64, period))
    np.testing.assert_allclose(run.discharge[2], 0.8 * flow[BASINS[2]][365:] + 0.1)
    periods = {"train": ["1990-10-01", "1993-09-30"], "test": period}
    table = evaluate_experiment(
        {"vic_conus": files["vic_conus"]}, store, periods, False, "metrics", "vic_conus"
    ).set_index(["member", "basin"])
    expected = nse(flow[BASINS[0]][365:][None], 0.8 * flow[BASINS[0]][365:][None] + 0.1)
    assert table.loc[("ensemble", BASINS[0]), "NSE"] == pytest.approx(expected[0])
    assert np.isnan(table.loc[("ensemble", BASINS[1]), "NSE"])  # not in the files
    skill = pd.read_csv(skill, dtype={"basin": str}).set_index(["benchmark", "basin"])[
        "NSE"
    ]
    assert len(skill) == 6
    assert skill["mhm_conus"].notna().tolist() == [True, False, False]
    whole = nse(flow[BASINS[0]][None], 2 * flow[BASINS[0]][None])
    assert skill["mhm_conus", BASINS[0]] == pytest.approx(whole[0], rel=1e-5)


def test_other_units_and_other_gauges_are_refused(made, complaint, tmp_path):
    store, _, flow = made
    dates = make_series().dates
    dates = dates[
        (dates >= np.datetime64("1993-10-01")) & (dates <= np.datetime64("1996-09-30"))
    ]
    arguments = (VARIABLES, store, BASINS, ["1994-10-01", "1996-09-30"])
    other = tmp_path / "feet"
    for basin in BASINS:
        write(other, basin, dates, QObs=35.3 * flow[basin], VIC_conus=flow[basin])
    assert complaint(published_runs, other, *arguments).startswith(
        f"{other}: observed discharge is 35.3 times that of the store"
    )
    strange = tmp_path / "strange"
    write(strange, "99999999", dates, QObs=flow[BASINS[0]], VIC_conus=flow[BASINS[0]])
    assert complaint(published_runs, strange, *arguments).startswith(
        f"{strange}: no gauge has an observation on a day of the test period"
    )


def test_virtual_catchments_have_such_files(tmp_path):
    ids = write_catchments(
        tmp_path, 3, "1999-10-01", "2000-12-31", products=(), with_benchmark_files=True
    )
    names = {
        "sac_sma": "SAC_SMA",
        "mhm_conus": "mHm_conus",
        "fuse_904": "q_sim_fuse_904",
    }
    runs = read_benchmark_files(tmp_path / "benchmark_models", names)
    assert runs.basins == ids
    assert np.isfinite(runs.simulated["sac_sma"]).all()
    assert np.isnan(runs.simulated["mhm_conus"]).all(axis=1).sum() == 1
    assert not np.allclose(runs.simulated["sac_sma"], runs.simulated["fuse_904"])
