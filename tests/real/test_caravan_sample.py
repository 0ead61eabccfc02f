"""Caravan as published: some basins, and its discharge against that of CAMELS."""

import os
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from rerunoff.data.readers import open_reader
from rerunoff.data.store import read_store
from rerunoff.data.store_builder import build_store

DATA = Path(os.environ.get("RERUNOFF_DATA") or "/not/set")
FOLDER = DATA / "caravan_camels"
BASIN = "camels_01022500"

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="RERUNOFF_DATA names no folder with caravan_camels"
)


@pytest.fixture(scope="module")
def reader():
    return open_reader("caravan", FOLDER, "era5_land")


@pytest.fixture(scope="module")
def record(reader):
    return reader.read(BASIN)


def test_all_basins_have_attributes(reader):
    basins = reader.basins()
    assert len(basins) == 402
    assert BASIN in basins
    table = reader.attributes().loc[basins]
    assert np.isfinite(table[["p_mean", "area", "gauge_lat"]]).all().all()
    assert table["huc_02"].str.fullmatch(r"\d\d").all()


@pytest.mark.parametrize("row", [0, 150, 401])
def test_values_are_plausible(reader, row):
    basin = reader.basins()[row]
    record = reader.read(basin)
    assert set(record.variables) == {"prcp", "tmean", "pet"}
    assert str(record.dates[0]) == "1981-01-01"
    assert str(record.dates[-1]) == "2014-12-31"
    assert len(record.dates) == 12418
    published = reader.attributes().loc[basin]
    rain, warmth = record.variables["prcp"], record.variables["tmean"]
    assert rain.mean() == pytest.approx(published["p_mean"], rel=0.4)
    assert -60 < warmth.min() < warmth.max() < 50
    assert np.nanmin(record.discharge) >= 0
    # ERA5-Land rains too little on coasts, so the river may carry more than the rain.
    assert 0 < np.nanmean(record.discharge) < 2 * rain.mean()


def test_packed_numbers_are_unpacked_once(record):
    path = FOLDER / "timeseries" / "netcdf" / "camels" / f"{BASIN}.nc"
    with xr.open_dataset(path, engine="h5netcdf", mask_and_scale=False) as raw:
        packed = raw["streamflow"]
        numbers = packed.values.astype(float) * packed.attrs["scale_factor"]
        numbers[packed.values == packed.attrs["_FillValue"]] = np.nan
    np.testing.assert_allclose(record.discharge, numbers, rtol=1e-6)


def test_discharge_is_that_of_camels(record):
    camels = open_reader("camels_us", DATA / "camels_us_sample", "nldas").read(
        "01022500"
    )
    _, ours, theirs = np.intersect1d(record.dates, camels.dates, return_indices=True)
    pair = np.stack([record.discharge[ours], camels.discharge[theirs]])
    pair = pair[:, np.isfinite(pair).all(axis=0)]
    assert pair.shape[1] > 10000
    assert np.corrcoef(pair)[0, 1] > 0.99
    # They differ by the catchment's area only.
    ratio = pair[0].sum() / pair[1].sum()
    assert 0.9 < ratio < 1.1
    assert np.abs(pair[0] - ratio * pair[1]).max() < 0.02


def test_store_of_some_basins_is_read_back(reader, tmp_path):
    basins = [reader.basins()[row] for row in (300, 7, 42)]
    path = tmp_path / "era5_land.h5"
    build_store(path, reader, basins)
    stored = read_store(path, ["prcp", "tmean", "pet"], ["p_mean", "aridity"])
    assert stored.basins == basins
    assert np.isfinite(stored.attributes).all()
    for row, basin in enumerate(basins):
        record = reader.read(basin)
        np.testing.assert_array_equal(stored.discharge[row], record.discharge)
        rain = stored.inputs[row, :, 0]
        np.testing.assert_array_equal(rain, record.variables["prcp"])
