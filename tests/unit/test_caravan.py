"""Reader of the Caravan layout: NetCDF and CSV alike, and damaged files."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from rerunoff.data.readers.caravan import Reader, read_attributes

DAYS = pd.date_range("2000-01-01", periods=60, name="date")
BASIN = "camels_01022500"
PACKED = {"dtype": "int16", "scale_factor": 0.01, "_FillValue": -32768}
NAMES = {
    "total_precipitation_sum": "prcp",
    "temperature_2m_mean": "tmean",
    "temperature_2m_max": "tmax",
    "temperature_2m_min": "tmin",
    "potential_evaporation_sum": "pet",
    "snow_depth_water_equivalent_mean": "swe",
    "surface_pressure_mean": "surface_pressure_mean",
}


def series():
    """Values with two decimals, as packed files hold; a week without discharge."""
    random = np.random.default_rng(3)
    table = pd.DataFrame({"total_precipitation_sum": random.gamma(1, 4, 60)}, DAYS)
    table["temperature_2m_mean"] = random.normal(0, 9, 60)
    table["temperature_2m_max"] = table["temperature_2m_mean"] + 3
    table["temperature_2m_min"] = table["temperature_2m_mean"] - 3
    table["potential_evaporation_sum"] = random.gamma(2, 1, 60)
    table["snow_depth_water_equivalent_mean"] = random.gamma(2, 10, 60)
    table["surface_pressure_mean"] = random.normal(98, 1, 60)
    table["streamflow"] = random.gamma(2, 1, 60)
    table.iloc[20:27, -1] = np.nan
    return table.round(2)


def write(root, kind, table, basin=BASIN):
    """Write one basin's series as `nc` or `csv` and return the path."""
    source = basin.split("_")[0]
    folder = root / "timeseries" / {"nc": "netcdf", "csv": "csv"}[kind] / source
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{basin}.{kind}"
    if kind == "csv":
        table.to_csv(path)
    else:
        encoding = dict.fromkeys(table, PACKED)
        table.to_xarray().to_netcdf(path, engine="h5netcdf", encoding=encoding)
    return path


def write_attributes(root, source, name, **columns):
    folder = root / "attributes" / source
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"attributes_{name}_{source}.csv"
    pd.DataFrame(columns).to_csv(path, index=False)
    return path


@pytest.fixture(params=["nc", "csv"])
def kind(request):
    return request.param


def test_netcdf_and_csv_read_alike(tmp_path):
    records = []
    for form in ("nc", "csv"):
        write(tmp_path / form, form, series())
        records.append(Reader(tmp_path / form).read(BASIN))
    packed, text = records
    np.testing.assert_array_equal(packed.dates, text.dates)
    np.testing.assert_allclose(packed.discharge, text.discharge, rtol=1e-6)
    assert packed.variables.keys() == text.variables.keys()
    for name, values in packed.variables.items():
        np.testing.assert_allclose(values, text.variables[name], rtol=1e-6, atol=1e-6)


def test_values_names_and_gaps_are_those_of_the_file(tmp_path, kind):
    table = series()
    write(tmp_path, kind, table)
    record = Reader(tmp_path).read(BASIN)
    assert record.dates[0] == np.datetime64("2000-01-01")
    assert len(record.dates) == 60
    assert set(record.variables) == set(NAMES.values())
    for theirs, ours in NAMES.items():
        assert record.variables[ours].dtype == np.float32
        np.testing.assert_allclose(record.variables[ours], table[theirs], atol=1e-5)
    assert np.isnan(record.discharge[20:27]).all()
    np.testing.assert_allclose(record.discharge, table["streamflow"], atol=1e-6)
    assert record.forcing_md5 == record.streamflow_md5
    assert len(record.forcing_md5) == 32


def test_checksum_changes_with_the_file(tmp_path):
    write(tmp_path, "csv", series())
    before = Reader(tmp_path).read(BASIN).forcing_md5
    write(tmp_path, "csv", series() + 1)
    assert Reader(tmp_path).read(BASIN).forcing_md5 != before


# Faults of the series: how, at which row from 0, and the words of the message.
FAULTS = {
    "negative flow": (
        lambda table: table.assign(
            streamflow=table["streamflow"].where(DAYS.day != 9, -2)
        ),
        8,
        "negative flow -2; missing days must be empty, correct the file",
    ),
    "duplicate day": (
        lambda table: table.iloc[[*range(6), *range(5, 60)]],
        6,
        "2000-01-06 stands there twice; remove one of the two",
    ),
    "unsorted": (
        lambda table: table.iloc[[0, 1, 3, 2, *range(4, 60)]],
        2,
        "a gap, 2000-01-02 is followed by 2000-01-04",
    ),
    "backwards": (
        lambda table: table.iloc[::-1],
        1,
        "2000-02-28 comes after 2000-02-29; sort the days",
    ),
    "gap": (lambda table: table.drop(DAYS[10]), 10, "a gap, 2000-01-10 is followed by"),
    "negative rain": (
        lambda table: table.assign(total_precipitation_sum=-0.5),
        0,
        "impossible forcing, prcp is negative (60 such days)",
    ),
    "tmin above tmax": (
        lambda table: table.assign(
            temperature_2m_min=table["temperature_2m_min"].where(DAYS[3] != DAYS, 60)
        ),
        3,
        "impossible forcing, tmin > tmax (1 such days)",
    ),
}


@pytest.mark.parametrize(("damage", "row", "words"), FAULTS.values(), ids=FAULTS)
def test_bad_series_is_named(tmp_path, complaint, kind, damage, row, words):
    path = write(tmp_path, kind, damage(series()))
    message = complaint(Reader(tmp_path).read, BASIN)
    # A NetCDF file has no lines; the first line of a table is its header.
    where = f"entry {row + 1}" if kind == "nc" else f"line {row + 2}"
    assert message.startswith(f"{path}, {where}: ")
    assert words in message


def test_warn_mode_keeps_impossible_values(tmp_path, kind, caplog):
    write(tmp_path, kind, series().assign(total_precipitation_sum=-0.5))
    record = Reader(tmp_path, impossible="warn").read(BASIN)
    assert "used as it is (impossible_values: warn)" in caplog.text
    np.testing.assert_allclose(record.variables["prcp"], -0.5)


def test_missing_streamflow_is_named(tmp_path, complaint, kind):
    path = write(tmp_path, kind, series().drop(columns="streamflow"))
    message = complaint(Reader(tmp_path).read, BASIN)
    assert message == (
        f"{path}: no variable streamflow; add it, in mm/d and empty where missing."
    )


def test_truncated_netcdf_is_named(tmp_path, complaint):
    path = write(tmp_path, "nc", series())
    path.write_bytes(path.read_bytes()[:3000])
    message = complaint(Reader(tmp_path).read, BASIN)
    assert message.startswith(f"{path}: no readable NetCDF file (")
    assert message.endswith("download it again.")


@pytest.mark.parametrize("content", [b"", b"<html>Not found</html>"])
def test_what_is_no_netcdf_is_named(tmp_path, complaint, content):
    path = write(tmp_path, "nc", series())
    path.write_bytes(content)
    message = complaint(Reader(tmp_path).read, BASIN)
    assert message.startswith(f"{path}: no readable NetCDF file (")


@pytest.mark.parametrize("fault", ["other dimension", "numbers for days", "text"])
def test_netcdf_of_another_shape_is_named(tmp_path, complaint, fault):
    path = write(tmp_path, "nc", series())
    dataset = series().to_xarray()
    if fault == "other dimension":
        dataset = dataset.rename(date="time")
    elif fault == "numbers for days":
        dataset = dataset.assign_coords(date=np.arange(60))
    else:
        dataset["quality"] = ("date", ["good"] * 60)
    dataset.to_netcdf(path, engine="h5netcdf")
    message = complaint(Reader(tmp_path).read, BASIN)
    assert message.startswith(f"{path}: no readable NetCDF file (")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "date,",
            "day,",
            ", line 1: no column date; name the columns there, ",
        ),
        (
            "2000-01-05,",
            "2000-01-05,x",
            ", line 6: 'x",
        ),
    ],
    ids=["no date", "no number"],
)
def test_damaged_csv_is_named(tmp_path, complaint, old, new, words):
    path = write(tmp_path, "csv", series())
    path.write_text(path.read_text().replace(old, new, 1))
    message = complaint(Reader(tmp_path).read, BASIN)
    assert message.startswith(f"{path}{words}")


@pytest.mark.parametrize("day", ["2000-13-05", "2000-02-30", "05.01.2000"])
def test_csv_with_an_impossible_date_is_named(tmp_path, complaint, day):
    path = write(tmp_path, "csv", series())
    path.write_text(path.read_text().replace("2000-01-05", day))
    message = complaint(Reader(tmp_path).read, BASIN)
    assert message.startswith(f"{path}, line 6: {day} is no date (YYYY-MM-DD); correct")


def test_empty_csv_is_named(tmp_path, complaint):
    path = write(tmp_path, "csv", series())
    path.write_text("")
    message = complaint(Reader(tmp_path).read, BASIN)
    assert message == f"{path}: the file is empty; download it again."


@pytest.mark.parametrize(
    ("damage", "line", "words"),
    [
        (lambda text: text.replace("2000-01-05,", "2000-01-05,1,"), 6, "10 fields"),
        (lambda text: text[: text.rstrip().rfind(",")], 61, "8 fields"),
    ],
    ids=["too many fields", "cut"],
)
def test_ragged_csv_is_named(tmp_path, complaint, damage, line, words):
    path = write(tmp_path, "csv", series())
    path.write_text(damage(path.read_text()))
    assert complaint(Reader(tmp_path).read, BASIN) == (
        f"{path}, line {line}: {words} instead of 9; the file is damaged or truncated, "
        "download it again."
    )


@pytest.mark.parametrize("name", ["streamflow", "temperature_2m_mean"])
@pytest.mark.parametrize("value", [np.inf, -np.inf, 1e39])
def test_infinite_value_is_named(tmp_path, complaint, name, value):
    table = series()
    table.iloc[4, table.columns.get_loc(name)] = value
    text = write(tmp_path / "csv", "csv", table)
    packed = write(tmp_path / "nc", "nc", series())
    table.to_xarray().to_netcdf(packed, engine="h5netcdf")
    for root, where in (("csv", f"{text}, line 6"), ("nc", f"{packed}, entry 5")):
        message = complaint(Reader(tmp_path / root).read, BASIN)
        assert message == (
            f"{where}: {name} of 2000-01-05 is infinite, or too large for a 32-bit "
            "number; the file is damaged, download it again."
        )


UNITS = {
    "total_precipitation_sum": ("m", "'m', not in mm/d"),
    "temperature_2m_mean": ("K", "'K', not in °c"),
    "streamflow": ("m3 s-1", "'m3 s-1', not in mm/d"),
    "snow_depth_water_equivalent_mean": ("cm", "'cm', not in mm"),
}


@pytest.mark.parametrize("key", ["units", "unit"])
@pytest.mark.parametrize("name", UNITS)
def test_netcdf_in_another_unit_is_named(tmp_path, complaint, name, key):
    path, (unit, words) = write(tmp_path, "nc", series()), UNITS[name]
    dataset = series().to_xarray()
    for text in ("mm d-1", "mm/day", "") if "temp" not in name else ("°C", "degC"):
        dataset[name].attrs = {key: text if "snow" not in name else "kg m-2"}
        dataset.to_netcdf(path, engine="h5netcdf")
        assert len(Reader(tmp_path).read(BASIN).dates) == 60
    dataset[name].attrs = {key: unit}
    dataset.to_netcdf(path, engine="h5netcdf")
    message = complaint(Reader(tmp_path).read, BASIN)
    assert message == (
        f"{path}: {name} is in {words}; convert it, or correct its attribute {key}."
    )


@pytest.mark.parametrize("kinds", ["bool", "time"])
def test_netcdf_of_no_numbers_is_named(tmp_path, complaint, kinds):
    path = write(tmp_path, "nc", series())
    dataset = series().to_xarray()
    values = dataset["streamflow"].notnull()
    if kinds == "time":
        values = values.dtype.type(1) * np.timedelta64(1, "D") * values.astype(int)
    dataset["total_precipitation_sum"] = values
    dataset.to_netcdf(path, engine="h5netcdf")
    message = complaint(Reader(tmp_path).read, BASIN)
    assert message.startswith(f"{path}: ")


@pytest.mark.parametrize("value", [-999, -9999, 9.969209968386869e36, 300])
def test_temperature_that_is_none_is_named(tmp_path, complaint, kind, value):
    table = series()
    table.iloc[4, 1] = value
    path = write(tmp_path, "csv", table)
    message = complaint(Reader(tmp_path).read, BASIN)
    assert message.startswith(f"{path}, line 6: ")
    assert ("stands for a missing value" in message) == (value != 300)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "temperature_2m_mean",
            "temperature_2m_max",
            "line 1: column 'tempera",
        ),
        ("temperature_2m_mean", "prcp", "line 1: column 'prcp' is there 2 times"),
        ("temperature_2m_mean", "", "line 1: a column without a name; "),
        ("2000-01-05,", '2000-01-05,"', "line 6: a quotation mark opens or closes"),
        ("2000-01-05,", "2000-01-05,True", "line 6: 'True"),
        ("2000-01-05,", "\n2000-01-05,", "line 6: the line is empty; remove it"),
        ("2000-01-05,", "2000-01-05,\x14", "line 6: the byte 0x14 belongs into no"),
        ("2000-02-29,", "9996-02-29,", "line 61: 9996-02-29 is not between 1700-01-01"),
    ],
)
def test_csv_that_pandas_would_take_is_refused(tmp_path, complaint, old, new, words):
    path = write(tmp_path, "csv", series())
    path.write_text(path.read_text().replace(old, new, 1))
    assert complaint(Reader(tmp_path).read, BASIN).startswith(f"{path}, {words}")


def test_csv_without_a_day_is_named(tmp_path, complaint):
    path = write(tmp_path, "csv", series().iloc[:0])
    message = complaint(Reader(tmp_path).read, BASIN)
    assert message == f"{path}: no day of data; download the file again."


def test_unknown_basin_names_the_folder(tmp_path, complaint, kind):
    write(tmp_path, kind, series())
    message = complaint(Reader(tmp_path).read, "camels_1")
    assert message.startswith(f"{tmp_path}/timeseries: no file of basin camels_1;")


def test_folder_of_another_layout_is_refused(tmp_path, complaint):
    message = complaint(Reader(tmp_path).read, BASIN)
    assert message.startswith(f"{tmp_path}/timeseries: no netcdf/<source>/*.nc")
    assert message.endswith("set data_root to a folder in the Caravan layout.")


def test_netcdf_is_preferred_to_csv(tmp_path):
    path = write(tmp_path, "nc", series())
    write(tmp_path, "csv", series() + 1)
    expected = xr.load_dataset(path, engine="h5netcdf")["streamflow"]
    found = Reader(tmp_path).read(BASIN).discharge
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_attributes_join_tables_and_stack_sources(tmp_path):
    write_attributes(
        tmp_path,
        "camels",
        "caravan",
        gauge_id=["camels_01", "camels_02"],
        area=[5.0, 7],
    )
    write_attributes(
        tmp_path,
        "camels",
        "hydroatlas",
        gauge_id=["camels_02", "camels_01"],
        ele=[300, 200],
        area=[-1.0, -1.0],
    )
    write_attributes(tmp_path, "lamah", "caravan", gauge_id=["lamah_9"], area=[3.0])
    write_attributes(tmp_path, "lamah", "other", gauge_id=["lamah_9"], country=["AT"])
    table = read_attributes(tmp_path / "attributes")
    assert list(table.index) == ["camels_01", "camels_02", "lamah_9"]
    assert list(table["area"]) == [5, 7, 3]  # of the first table that has it
    assert list(table["ele"][:2]) == [200, 300]
    assert np.isnan(table.loc["lamah_9", "ele"])
    assert table.loc["lamah_9", "country"] == "AT"


def test_basins_have_series_and_attributes(tmp_path, kind):
    for basin in ("camels_2", "lamah_9", "camels_1"):
        write(tmp_path, kind, series(), basin)
    write_attributes(
        tmp_path, "camels", "caravan", gauge_id=["camels_1", "camels_3"], area=[1, 2]
    )
    write_attributes(tmp_path, "lamah", "caravan", gauge_id=["lamah_9"], area=[3])
    assert Reader(tmp_path).basins() == ["camels_1", "lamah_9"]


@pytest.mark.parametrize(
    "columns",
    [{"gauge": ["a_1"], "area": [1]}, {"gauge_id": ["a_1", "a_1"], "area": [1, 2]}],
    ids=["no gauge_id", "twice"],
)
def test_attribute_table_needs_unique_gauges(tmp_path, complaint, columns):
    path = write_attributes(tmp_path, "a", "caravan", **columns)
    message = complaint(read_attributes, tmp_path / "attributes")
    assert message == (
        f"{path}: gauge_id is missing, empty or not unique; correct the file or "
        "download it again."
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", ": the file is empty; download it again."),
        (b"gauge_id,ele\n", ": the table has no gauge; download it again."),
        (
            b"gauge_id,ele\na_1,1\na_2\n",
            ", line 3: 1 fields instead of 2; the file is damaged or truncated, "
            "download it again.",
        ),
        (
            b"gauge_id,ele\na_1,\xe9\na_2,2\n",
            ": no UTF-8 text; the file is damaged or truncated, download it again.",
        ),
        (
            b"gauge_id,ele\na_1,1\n,2\n",
            ": gauge_id is missing, empty or not unique; correct the file or download "
            "it again.",
        ),
        (
            b"gauge_id,ele\na_1,1\n",
            ": gauge a_2 is missing, which the tables beside it have (1 such gauges); "
            "the file is damaged or truncated, download it again.",
        ),
    ],
    ids=["empty", "no gauge", "ragged", "no text", "no id", "cut"],
)
def test_damaged_attribute_table_is_named(tmp_path, complaint, content, words):
    write_attributes(tmp_path, "a", "caravan", gauge_id=["a_1", "a_2"], area=[1, 2])
    path = write_attributes(tmp_path, "a", "other", gauge_id=["a_1"], ele=[1])
    path.write_bytes(content)
    message = complaint(read_attributes, tmp_path / "attributes")
    assert message == f"{path}{words}"


def test_comma_in_quotes_is_no_separator(tmp_path):
    names = ["River, at bridge", "Creek"]
    write_attributes(tmp_path, "a", "other", gauge_id=["a_1", "a_2"], gauge_name=names)
    assert list(read_attributes(tmp_path / "attributes")["gauge_name"]) == names


def test_no_attribute_table_is_named(tmp_path, complaint):
    (tmp_path / "attributes" / "camels").mkdir(parents=True)
    message = complaint(read_attributes, tmp_path / "attributes")
    assert message.startswith(f"{tmp_path}/attributes: no attribute table")
