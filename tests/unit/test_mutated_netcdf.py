"""Damaged and odd netCDF files: what HDF5 itself holds, or a sentence."""

from random import Random

import h5py
import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from rerunoff.data.benchmark_files import read_benchmark_files
from rerunoff.data.readers import caravan
from unit.mutations import BINARY, damage, damaged, outcome

DAYS = 20
NAMES = ["total_precipitation_sum", "temperature_2m_mean", "streamflow"]
UNITS = {"total_precipitation_sum": "mm/d", "temperature_2m_mean": "degC"}
LIMITS = {"total_precipitation_sum": (0, 2000), "streamflow": (0, 2000)}
LIMITS["temperature_2m_mean"] = (-100, 70)
PACKED = {"dtype": "int16", "scale_factor": 0.01, "_FillValue": -32768}


def whole():
    random = np.random.default_rng(2)
    dates = np.datetime64("2000-02-20", "ns") + np.arange(DAYS).astype("m8[D]")
    series = {name: ("date", random.gamma(2, 2, DAYS).round(2)) for name in NAMES}
    dataset = xr.Dataset(series, {"date": dates})
    for name in NAMES:
        dataset[name].attrs = {"units": UNITS.get(name, "mm/d")}
    dataset["streamflow"][3:5] = np.nan
    return dataset


def put(dataset, name, chance):
    values = [-999, -9999, 99999, 1e39, -0.5, np.nan, np.inf, 1e20, 280.0]
    dataset[name][chance.randrange(DAYS)] = chance.choice(values)
    return dataset


def with_unit(dataset, name, chance):
    units = [
        "m",
        "K",
        "mm",
        "",
        "mm day-1",
        "d",
        "days since 2000-01-01",
        "seconds",
        "°C",
    ]
    dataset[name].attrs = {chance.choice(["units", "unit"]): chance.choice(units)}
    return dataset


def as_kind(dataset, name, chance):
    kind = chance.choice(["bool", "U5", "m8[ns]", "i4", "f4"])
    dataset[name] = dataset[name].fillna(1).astype("i8").astype(kind)
    return dataset


def days(dataset, name, chance):
    kept = [*range(DAYS)]
    place = chance.randrange(DAYS)
    order = [kept[::-1], [*kept, place], sorted([*kept, place]), kept[place:]]
    order += [kept[:place] + kept[place + 1 :], []]
    return dataset.isel(date=chance.choice(order))


def other_years(dataset, name, chance):
    years = chance.choice([-400, 50, 150, 290])
    return dataset.assign_coords(
        date=dataset["date"] + np.timedelta64(365 * years, "D")
    )


def renamed(dataset, name, chance):
    return dataset.rename({name: chance.choice(["prcp", "tmean", "x", "streamflow_"])})


def more(dataset, name, chance):
    extra = chance.choice(["prcp", "tmean", "streamflow_flag"])
    dataset[extra] = chance.choice([dataset[name], dataset[name].astype(str)])
    return dataset


def axes(dataset, name, chance):
    if chance.random() < 0.5:
        return dataset.expand_dims("gauge")
    return dataset.rename(date="time")


def one_number(dataset, name, chance):
    return dataset.assign({name: 5.0})


CHANGES = [put, put, put, with_unit, as_kind, days, other_years, renamed, more, axes]
CHANGES += [one_number]


@pytest.fixture(scope="module")
def basin(tmp_path_factory):
    root = tmp_path_factory.mktemp("caravan")
    path = root / "timeseries" / "netcdf" / "a" / "a_01.nc"
    path.parent.mkdir(parents=True)
    return caravan.Reader(root), path


@given(
    st.lists(
        st.tuples(
            st.sampled_from(CHANGES), st.sampled_from(NAMES), st.integers(0, 9999)
        ),
        max_size=2,
    )
)
def test_odd_caravan_files(basin, steps):
    reader, path = basin
    dataset = whole()
    # HDF5 keeps a file open that it could not read.
    path.unlink(missing_ok=True)
    try:
        for change, name, seed in steps:
            dataset = change(dataset, name, Random(seed))
        dataset.to_netcdf(path, engine="h5netcdf")
    # One change after another may make what xarray has no place for.
    except (ValueError, TypeError, LookupError, OverflowError):
        return
    record = outcome(path, reader.read, "a_01")
    if not steps:
        assert record is not None
    if record is not None:
        compare(record, path)


def compare(record, path):
    """Compare what was read with the numbers that HDF5 holds, within their limits."""
    with h5py.File(path) as file:
        assert len(record.dates) == len(file["date"])
        assert (np.diff(record.dates).astype(int) == 1).all()
        assert 1700 <= record.dates[0].astype("M8[Y]").astype(int) + 1970 < 2100
        assert len(record.variables) == len(file) - 2
        for name in set(file) - {"date"}:
            held = file[name]
            assert held.shape == record.dates.shape
            unit = held.attrs.get("units", held.attrs.get("unit", ""))
            assert unit not in ("m", "K", "seconds") or name not in NAMES
            if unit == "mm":
                assert name not in UNITS or UNITS[name] == "mm/d"
            values = held[:].astype(np.float64)
            values[values == held.attrs.get("_FillValue", np.nan)] = np.nan
            values = values * held.attrs.get("scale_factor", 1)
            ours = caravan.VARIABLES.get(name, name)
            found = record.variables.get(ours, record.discharge)
            np.testing.assert_array_equal(found, np.float32(values))
            low, high = LIMITS.get(name, (-np.inf, np.inf))
            assert not ((found < low) | (found > high) | np.isinf(found)).any()


@given(steps=damage(tuple(BINARY), 2))
def test_damaged_caravan_files(basin, steps):
    reader, path = basin
    encoding = dict.fromkeys(NAMES, PACKED)
    path.unlink(missing_ok=True)
    whole().to_netcdf(path, engine="h5netcdf", encoding=encoding)
    path.write_bytes(damaged(path.read_bytes(), steps))
    record = outcome(path, reader.read, "a_01")
    if record is not None:
        assert (np.diff(record.dates).astype(int) == 1).all()
        for values in (record.discharge, *record.variables.values()):
            assert not np.isinf(values).any()
            assert len(values) == len(record.dates)


@given(steps=damage(tuple(BINARY), 2))
def test_damaged_benchmark_files(tmp_path_factory, steps):
    folder = tmp_path_factory.getbasetemp() / "benchmarks"
    folder.mkdir(exist_ok=True)
    path = folder / "01022500_benchmark_models.nc"
    dates = np.datetime64("1993-10-01", "ns") + np.arange(DAYS).astype("m8[D]")
    series = {"QObs": ("index", np.arange(DAYS) * 1.0)}
    series["VIC_conus"] = ("index", np.arange(DAYS) * 2.0)
    path.unlink(missing_ok=True)
    xr.Dataset(series, {"index": dates}).to_netcdf(path, engine="h5netcdf")
    path.write_bytes(damaged(path.read_bytes(), steps))
    runs = outcome(path, read_benchmark_files, folder, {"vic_conus": "VIC_conus"})
    if runs is not None:
        assert runs.observed.shape == (1, len(runs.dates))
        assert not (runs.observed < 0).any()
