"""Damaged series: exactly what a careful reader gives, or a sentence; never else."""

import datetime
import math
import shutil

import numpy as np
import pytest
from hypothesis import given
from rerunoff.data.model_output import read_file
from rerunoff.data.readers import camels_us, caravan
from rerunoff.data.virtual import write_catchments
from unit.conftest import Camels
from unit.mutations import (
    CarelessError,
    careful_lines,
    careful_number,
    careful_rows,
    damage,
    damaged,
    outcome,
)

DAYS = 25
# What a day over a catchment can be; all other columns are not looked at.
LIMITS = {
    "prcp": (0, 2000),
    "srad": (0, 1400),
    "swe": (0, 50000),
    "vp": (0, 10000),
    "dayl": (0, 86400),
    "tmax": (-100, 70),
    "tmin": (-100, 70),
    "tmean": (-100, 70),
    "pet": (-50, 200),
}
FORCING = {
    **{"dayl(s)": "dayl", "prcp(mm/day)": "prcp", "srad(w/m2)": "srad"},
    **{"swe(mm)": "swe", "tmax(c)": "tmax", "tmin(c)": "tmin", "vp(pa)": "vp"},
}


@pytest.fixture(scope="module")
def camels(tmp_path_factory):
    """Two catchments whose forcing has `DAYS` days, and discharge some more."""
    root = tmp_path_factory.mktemp("series")
    span = ("1999-10-01", "2000-09-30")
    options = {"products": ("daymet", "maurer_extended"), "model_output": ("daymet",)}
    camels = Camels(root, write_catchments(root, 2, *span, **options))
    for path in root.glob("basin_mean_forcing/**/*.txt"):
        path.write_text("".join(path.open().readlines()[: 4 + DAYS]))
    for path in root.glob("usgs_streamflow/**/*.txt"):
        path.write_text("".join(path.open().readlines()[: DAYS + 5]))
    for path in root.glob("model_output/**/*.txt"):
        path.write_text("".join(path.open().readlines()[: 1 + DAYS]))
    return camels


@pytest.fixture(scope="module")
def wound(camels, tmp_path_factory):
    """Return a reader of the series after one file was damaged."""
    root = tmp_path_factory.mktemp("wounded") / "camels"
    shutil.copytree(camels.root, root)
    copy = Camels(root, camels.ids)
    reader = camels_us.Reader(root, "maurer_extended")
    reader.basins()

    def read(path, content):
        place = root / path.relative_to(camels.root)
        place.write_bytes(content)
        try:
            return outcome(root, reader.read, copy.ids[0])
        finally:
            shutil.copy(path, place)

    return read


def day_of(fields):
    """Return a day from the texts of year, month and day."""
    numbers = [careful_number(field) for field in fields]
    if any(number != int(number) for number in numbers):
        raise CarelessError("no whole number")
    try:
        day = datetime.date(*map(int, numbers))
    except (ValueError, OverflowError) as error:
        raise CarelessError("no day") from error
    if not 1700 <= day.year < 2100:
        raise CarelessError("no year that has data")
    return np.datetime64(day)


def in_order(days, gaps):
    steps = np.diff(days).astype(int)
    if not days or (steps < 1).any() or (not gaps and (steps != 1).any()):
        raise CarelessError("days out of order")
    return np.array(days)


def words_of(content, skip, count):
    """Return header lines, and the fields of all others, which have no blank ones."""
    lines = careful_lines(content, "ascii")
    rows = [line.split() for line in lines[skip:]]
    if any(len(row) != count for row in rows):
        raise CarelessError("ragged")
    return rows


def possible(name, values):
    low, high = LIMITS.get(name, (-np.inf, np.inf))
    if any(value < low or value > high or value in (-999, -9999) for value in values):
        raise CarelessError("impossible")
    return np.float32(values)


def careful_forcing(content, area):
    lines = careful_lines(content, "ascii")
    names = lines[3].lower().split() if len(lines) > 3 else []
    if len(set(names)) < len(names) or not {"year", "mnth", "day", *FORCING} <= {
        *names
    }:
        raise CarelessError("header")
    rows = words_of(content, 4, len(names))
    columns = {n: [row[i] for row in rows] for i, n in enumerate(names)}
    numbers = {n: [careful_number(f) for f in c] for n, c in columns.items()}
    date = zip(*(columns[n] for n in ("year", "mnth", "day")), strict=True)
    dates = [day_of(row) for row in date]
    dates = in_order(dates, gaps=False)
    series = {ours: possible(ours, numbers[n]) for n, ours in FORCING.items()}
    if (series["tmin"] > series["tmax"]).any():
        raise CarelessError("tmin above tmax")
    found = careful_number(lines[2])
    if not area / 5 <= found <= area * 5 or not all(
        math.isfinite(value) for column in numbers.values() for value in column
    ):
        raise CarelessError("area, or infinite")
    return dates, series, found


def area_of(camels):
    topo = camels.table("topo").read_text().splitlines()
    header, row = (line.split(";") for line in topo[:2])
    return float(row[header.index("area_gages2")]) * 1e6


def careful_streamflow(content, basin):
    dates, flow = [], []
    for gauge, *date, value, flag in words_of(content, 0, 6):
        if gauge != basin or flag not in ("A", "P", "M", "A:e", "P:e", "A:<"):
            raise CarelessError("gauge or flag")
        dates.append(day_of(date))
        number = careful_number(value)
        missing = flag == "M" or number == -999
        if not missing and not 0 <= number < np.inf:
            raise CarelessError("flow")
        flow.append(np.nan if missing else number)
    return in_order(dates, gaps=True), np.array(flow)


@given(steps=damage())
def test_forcing(camels, wound, steps):
    path = camels.forcing(camels.ids[0], "maurer_extended")
    content = damaged(path.read_bytes(), steps, b"\t")
    record = wound(path, content)
    if record is None:
        return
    dates, series, area = careful_forcing(content, area_of(camels))
    np.testing.assert_array_equal(record.dates, dates)
    for name, values in series.items():
        np.testing.assert_array_equal(record.variables[name], values)
    expected = careful_streamflow(
        camels.streamflow(camels.ids[0]).read_bytes(), camels.ids[0]
    )
    check_discharge(record, *expected, area)


def check_discharge(record, dates, flow, area):
    by_day = dict(zip(dates, 0.3048**3 * 1000 * flow * 86400 / area, strict=True))
    expected = [by_day.get(day, np.nan) for day in record.dates]
    assert np.nanmax([0, *by_day.values()]) <= 2000
    np.testing.assert_allclose(record.discharge, expected, rtol=1e-6)


@given(steps=damage())
def test_streamflow(camels, wound, steps):
    path, basin = camels.streamflow(camels.ids[0]), camels.ids[0]
    content = damaged(path.read_bytes(), steps)
    record = wound(path, content)
    if record is not None:
        forcing = camels.forcing(basin, "maurer_extended").read_bytes()
        area = careful_forcing(forcing, area_of(camels))[2]
        check_discharge(record, *careful_streamflow(content, basin), area)


@given(steps=damage())
def test_model_output(camels, tmp_path_factory, steps):
    whole = next(camels.root.glob("model_output/daymet/*/*_model_output.txt"))
    path = tmp_path_factory.getbasetemp() / "output.txt"
    content = damaged(whole.read_bytes(), steps)
    path.write_bytes(content)
    found = outcome(path, read_file, path)
    if found is None:
        return
    header = careful_lines(content, "ascii")[0].split()
    rows = words_of(content, 1, len(header))
    columns = {n: [row[i] for row in rows] for i, n in enumerate(header)}
    assert len(columns) == len(header)
    date = zip(*(columns[n] for n in ("YR", "MNTH", "DY")), strict=True)
    np.testing.assert_array_equal(found[0], in_order([*map(day_of, date)], gaps=True))
    runoff, swe = ([careful_number(f) for f in columns[n]] for n in ("MOD_RUN", "SWE"))
    np.testing.assert_array_equal(found[1], possible("prcp", runoff))
    np.testing.assert_array_equal(found[2], possible("", swe))
    assert content.endswith(b"\n")


NAMES = {
    "total_precipitation_sum": "prcp",
    "temperature_2m_mean": "tmean",
    "potential_evaporation_sum": "pet",
    "streamflow": "streamflow",
}


@pytest.fixture(scope="module")
def basin(tmp_path_factory):
    """A folder in Caravan's layout with a text file; returns reader and path."""
    root = tmp_path_factory.mktemp("caravan")
    path = root / "timeseries" / "csv" / "a" / "a_01.csv"
    path.parent.mkdir(parents=True)
    return caravan.Reader(root), path


def series(days=DAYS):
    random = np.random.default_rng(1)
    dates = np.datetime64("2000-02-20") + np.arange(days)
    table = {name: random.gamma(2, 2, days).round(2) for name in NAMES}
    table["streamflow"][3:6] = np.nan
    return dates, table


@given(steps=damage())
def test_caravan_text(basin, steps):
    reader, path = basin
    dates, table = series()
    rows = zip(dates, *table.values(), strict=True)
    lines = [",".join(str(f).replace("nan", "") for f in row) for row in rows]
    text = "\n".join([",".join(["date", *table]), *lines]) + "\n"
    content = damaged(text.encode(), steps, b",")
    path.write_bytes(content)
    record = outcome(path, reader.read, "a_01")
    if record is None:
        return
    header, rows = careful_rows(content, ",")
    columns = {n: [row[i] for row in rows] for i, n in enumerate(header)}
    dates = [day_of(day.split("-")) for day in columns.pop("date")]
    np.testing.assert_array_equal(record.dates, in_order(dates, gaps=False))
    assert len(record.variables) == len(columns) - 1
    for name, fields in columns.items():
        values = [careful_number(field, missing=True) for field in fields]
        ours = NAMES.get(name, name)
        expected = possible("prcp" if name == "streamflow" else ours, values)
        found = record.discharge if name == "streamflow" else record.variables[ours]
        np.testing.assert_array_equal(found, expected)
