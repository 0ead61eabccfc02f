"""CAMELS US as published: the sample of 19 basins, and one basin in four formats."""

import os
from pathlib import Path

import numpy as np
import pytest
from rerunoff.data.readers.camels_us import Reader, read_forcing, read_streamflow
from rerunoff.data.store import read_store
from rerunoff.data.store_builder import build_store

DATA = Path(os.environ.get("RERUNOFF_DATA") or "/not/set")
SAMPLE = DATA / "camels_us_sample"
FORMATS = DATA / "camels_us_formats"
PRODUCTS = ["daymet", "maurer", "maurer_extended", "nldas"]
BASIN = "01022500"

pytestmark = pytest.mark.skipif(
    not (SAMPLE.is_dir() and FORMATS.is_dir()),
    reason="RERUNOFF_DATA names no folder with camels_us_sample and camels_us_formats",
)


@pytest.fixture(scope="module")
def reader():
    return Reader(SAMPLE, "nldas")


@pytest.fixture(scope="module")
def records(reader):
    return {basin: reader.read(basin) for basin in reader.basins()}


@pytest.fixture(scope="module")
def formats():
    return {product: Reader(FORMATS, product).read(BASIN) for product in PRODUCTS}


def days(record, first, last):
    """Return the slice from the first to the last day."""
    first, last = np.datetime64(first), np.datetime64(last)
    start = int((first - record.dates[0]).astype(int))
    return slice(start, start + int((last - first).astype(int)) + 1)


def test_nineteen_basins_are_read(records):
    assert len(records) == 19
    for basin, record in records.items():
        start = "1980-01-01" if basin == BASIN else "1993-09-29"
        assert str(record.dates[0]) == start
        assert str(record.dates[-1]) == "2014-12-31" if basin == BASIN else "2013-10-03"
        assert all(np.isfinite(values).all() for values in record.variables.values())
        assert np.isfinite(record.discharge).any()
        assert np.nanmin(record.discharge) >= 0
        assert 0 < np.nanmean(record.discharge) < 10


def test_mean_discharge_is_the_published_one(records, reader):
    table = reader.attributes()
    for basin, record in records.items():
        published = table.loc[basin]
        header = next(SAMPLE.glob(f"basin_mean_forcing/nldas/*/{basin}_*"))
        area = float(header.read_text().splitlines()[2]) / 1e6
        # Published with the area of GAGES II, which differs by a factor of 2.4 from
        # that of the header for 05057200; and of 1989 to 2009.
        shared = record.discharge[record.dates <= np.datetime64("2009-09-30")]
        mean = np.nanmean(shared) * area / published["area_gages2"]
        assert mean == pytest.approx(published["q_mean"], rel=0.25), basin


def test_mean_rain_is_like_the_published_one(records, reader):
    published = reader.attributes().loc[list(records), "p_mean"]
    rain = np.array([record.variables["prcp"].mean() for record in records.values()])
    assert np.corrcoef(rain, published)[0, 1] > 0.95
    assert np.median(rain / published) == pytest.approx(1, abs=0.1)


def test_late_gauge_has_no_discharge_before_2002(records):
    seen = np.isfinite(records["06221400"].discharge)
    dates = records["06221400"].dates
    assert not seen[dates < np.datetime64("2002-06-30")].any()
    assert seen[dates == np.datetime64("2002-06-30")].all()


def test_gauge_that_starts_nine_days_later_does_not_shift(records):
    record = records["08023080"]
    assert np.isnan(record.discharge[:9]).all()
    assert np.isfinite(record.discharge[9:]).all()
    raw, flow = read_streamflow(
        SAMPLE / "usgs_streamflow/12/08023080_streamflow_qc.txt", "08023080"
    )
    assert str(raw[0]) == "1993-10-08"
    wettest = raw[np.argmax(flow[raw <= record.dates[-1]])]
    assert record.dates[np.nanargmax(record.discharge)] == wettest


def test_gauge_that_ends_early_is_filled_with_nan(records):
    discharge = records["01013500"].discharge
    assert np.isnan(discharge[-2:]).all()
    assert np.isfinite(discharge[-3])


def test_nldas_has_one_temperature(records):
    for record in records.values():
        tmax, tmin = record.variables["tmax"], record.variables["tmin"]
        np.testing.assert_array_equal(tmax, tmin)


def test_original_forcing_is_not_taken_for_the_extended(tmp_path, complaint_of):
    folder = tmp_path / "basin_mean_forcing"
    folder.mkdir()
    (folder / "nldas_extended").symlink_to(SAMPLE / "basin_mean_forcing" / "nldas")
    (tmp_path / "usgs_streamflow").symlink_to(SAMPLE / "usgs_streamflow")
    message = complaint_of(Reader(tmp_path, "nldas_extended").read, BASIN)
    assert "is not the nldas_extended product but the original one" in message


@pytest.fixture
def complaint_of():
    from rerunoff.errors import InputError

    def message_of(function, *arguments):
        with pytest.raises(InputError) as caught:
            function(*arguments)
        return str(caught.value)

    return message_of


def test_attribute_tables_hold_671_basins_with_what_the_paper_uses(reader):
    table = reader.attributes()
    assert len(table) == 671
    assert np.isfinite(table[["p_mean", "area_gages2", "sand_frac"]]).all().all()
    assert table["root_depth_50"].isna().any()
    assert table["geol_2nd_class"].isna().any()
    assert table.loc["01013500", "huc_02"] == "01"


def test_store_of_the_sample_holds_the_readers_values(reader, records, tmp_path):
    path = tmp_path / "nldas.h5"
    basins = list(records)
    build_store(path, reader, basins)
    stored = read_store(path, ["prcp", "vp"], ["p_mean", "frac_snow"])
    assert stored.basins == basins
    assert str(stored.dates[0]) == "1980-01-01"
    assert str(stored.dates[-1]) == "2014-12-31"
    assert np.isfinite(stored.attributes).all()
    for row, record in enumerate(records.values()):
        inside = days(stored, record.dates[0], record.dates[-1])
        outside = np.ones(len(stored.dates), bool)
        outside[inside] = False
        rain = stored.inputs[row, :, 0]
        np.testing.assert_array_equal(rain[inside], record.variables["prcp"])
        np.testing.assert_array_equal(stored.discharge[row, inside], record.discharge)
        assert np.isnan(rain[outside]).all()
        assert np.isnan(stored.discharge[row, outside]).all()


def test_four_formats_have_the_same_variables_area_and_days(formats):
    areas = set()
    for product in PRODUCTS:
        folder = FORMATS / "basin_mean_forcing" / product
        dates, variables, area = read_forcing(next(folder.rglob("*_leap.txt")))
        areas.add(area)
        last = "2003-12-31" if product == "daymet" else "2002-12-31"
        assert (str(dates[0]), str(dates[-1])) == ("2000-01-01", last)
        assert set(variables) == {"dayl", "prcp", "srad", "swe", "tmax", "tmin", "vp"}
    assert areas == {587675987.0}


def test_four_formats_have_the_same_discharge_and_like_weather(formats):
    reference = formats["daymet"]
    common = days(reference, "2000-01-01", "2002-12-31")
    rain = reference.variables["prcp"][common]
    warmth = reference.variables["tmax"][common]
    for product, record in formats.items():
        span = days(record, "2000-01-01", "2002-12-31")
        np.testing.assert_array_equal(
            record.discharge[span], reference.discharge[common]
        )
        assert np.isfinite(record.discharge[span]).all()
        other = record.variables["prcp"][span]
        assert other.mean() == pytest.approx(rain.mean(), rel=0.2)
        # Products cut the day at different hours; five-day sums agree.
        sums = [values[:1095].reshape(-1, 5).sum(axis=1) for values in (other, rain)]
        assert np.corrcoef(*sums)[0, 1] > 0.8
        assert np.corrcoef(record.variables["tmax"][span], warmth)[0, 1] > 0.95, product


def test_temperatures_tell_extended_from_original(formats):
    for product, record in formats.items():
        same = np.array_equal(record.variables["tmax"], record.variables["tmin"])
        assert same == (product in ("maurer", "nldas"))


def test_values_are_those_of_the_text(formats):
    # 2000-01-02 of maurer_extended, and of streamflow: 272 cubic feet per second over
    # 587.675987 km2.
    record = formats["maurer_extended"]
    names = ["dayl", "prcp", "srad", "swe", "tmax", "tmin", "vp"]
    expected = [31302.07, 4.21, 198.52, 0.0, 4.18, -10.29, 308.07]
    found = [record.variables[name][1] for name in names]
    assert found == pytest.approx(expected, rel=1e-6)
    cubic_metres_a_day = 272 * 0.3048**3 * 24 * 3600
    millimetres = 1000 * cubic_metres_a_day / 587675987
    assert millimetres == pytest.approx(1.1323732, rel=1e-6)
    assert record.discharge[1] == pytest.approx(millimetres, rel=1e-6)
