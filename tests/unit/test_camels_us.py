"""Reader of CAMELS US: five formats, units, gaps, and what it says of bad files."""

import logging

import numpy as np
import pytest
from rerunoff.data.readers.camels_us import Reader, cfs_to_mm, read_attributes
from rerunoff.data.virtual import PRODUCTS

PRODUCT = "nldas_extended"
HEADER = 4  # lines of a forcing file before the first day
FIRST = np.datetime64("1999-10-01")
# Columns of a forcing line: year month day hour, then these.
COLUMNS = ["dayl", "prcp", "srad", "swe", "tmax", "tmin", "vp"]


def replace(number, *fields):
    """Set fields ((position, text), ...) of a line, counted from 1."""

    def change(lines):
        parts = lines[number - 1].split()
        for position, text in fields:
            parts[position] = text
        return [*lines[: number - 1], " ".join(parts), *lines[number:]]

    return change


def line(number, text):
    """Replace a whole line, counted from 1."""
    return lambda lines: [*lines[: number - 1], text, *lines[number:]]


def without(first, last=None):
    """Drop lines, counted from 1."""
    return lambda lines: lines[: first - 1] + lines[last or first :]


def again(number):
    """Write a line, counted from 1, twice."""
    return lambda lines: [*lines[:number], *lines[number - 1 :]]


def swap(number):
    """Exchange a line, counted from 1, with the next."""

    def change(lines):
        one, two = lines[number - 1 : number + 1]
        return [*lines[: number - 1], two, one, *lines[number + 1 :]]

    return change


def read(camels, product=PRODUCT, basin=None, impossible="stop"):
    return Reader(camels.root, product, impossible).read(basin or camels.ids[0])


@pytest.mark.parametrize("product", PRODUCTS)
def test_every_product_gives_the_numbers_of_its_file(pristine, product):
    record = read(pristine, product)
    lines = pristine.forcing(record.basin, product).read_text().splitlines()[HEADER:]
    assert sorted(record.variables) == sorted(COLUMNS)
    assert record.dates[0] == FIRST
    assert len(record.dates) == len(lines) == 731
    for day in (0, 151, 730):
        year, month, monthday, _, *values = lines[day].split()
        assert str(record.dates[day]) == f"{year}-{int(month):02d}-{int(monthday):02d}"
        found = [record.variables[name][day] for name in COLUMNS]
        assert found == [np.float32(value) for value in values]


@pytest.mark.parametrize("product", PRODUCTS)
def test_discharge_does_not_depend_on_the_product(pristine, product):
    expected = read(pristine, "daymet", pristine.ids[2]).discharge
    found = read(pristine, product, pristine.ids[2])
    np.testing.assert_array_equal(found.discharge, expected)
    assert found.discharge.dtype == np.float32
    assert {values.dtype for values in found.variables.values()} == {np.dtype("f4")}


def test_discharge_is_cubic_feet_per_second_over_the_area_of_the_header(camels, edit):
    # 100 ft3/s are 2.8316847 m3/s, 244657.55 m3/d; over 100 km2 2.4465755 mm/d.
    basin = camels.ids[0]
    edit(camels.forcing(basin, PRODUCT), line(3, " 100000000"))
    edit(camels.table("topo"), lambda lines: [area_of(lines[0], row) for row in lines])
    edit(camels.streamflow(basin), replace(3, (4, "100.00")))
    assert read(camels).discharge[2] == pytest.approx(2.4465755, rel=1e-6)


def area_of(header, row):
    """Give a gauge 100 km²."""
    names, fields = header.split(";"), row.split(";")
    for name in ("area_gages2", "area_geospa_fabric"):
        if row != header:
            fields[names.index(name)] = "100"
    return ";".join(fields)


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        (1.4, ""),
        (1 / 1.4, ""),
        (2.1, "used as it is."),
        (0.3, "used as it is."),
        (9, 0),
    ],
)
def test_area_is_compared_with_that_of_the_attributes(
    camels, edit, caplog, complaint, factor, words
):
    path = camels.forcing(camels.ids[0])
    area = float(path.read_text().splitlines()[2])
    edit(path, line(3, f"{area * factor:.0f}"))
    if words == 0:
        assert "impossible_values: warn" in complaint(read, camels)
        read(camels, impossible="warn")
        words = "used as it is (impossible_values: warn)."
    else:
        read(camels)
    assert ("km², where camels_topo.txt has" in caplog.text) == bool(words)
    assert caplog.text.rstrip().endswith(words)


def test_one_cubic_foot_per_second_over_one_square_kilometre():
    # A foot is 0.3048 m by definition, so 0.028316846592 m3/s.
    assert cfs_to_mm(1.0, 1e6) == pytest.approx(2.4465755455488, rel=1e-13)


@pytest.mark.parametrize(
    "fields",
    [((4, "-999.00"), (5, "M")), ((4, "-999.00"), (5, "A")), ((5, "M"),)],
    ids=["both", "-999 alone", "flag alone"],
)
def test_missing_discharge_is_nan_on_its_day_only(camels, edit, fields):
    before = read(camels).discharge
    edit(camels.streamflow(camels.ids[0]), replace(11, *fields))
    after = read(camels).discharge
    assert np.isnan(after[10])
    assert np.isfinite(before[10])
    np.testing.assert_array_equal(np.delete(after, 10), np.delete(before, 10))


def test_days_that_streamflow_lacks_are_nan_and_shift_nothing(camels, edit):
    before = read(camels).discharge
    edit(camels.streamflow(camels.ids[0]), without(21, 25))
    after = read(camels).discharge
    assert np.isnan(after[20:25]).all()
    assert np.isfinite(before).all()
    np.testing.assert_array_equal(after[25:], before[25:])
    np.testing.assert_array_equal(after[:20], before[:20])


def test_streamflow_longer_than_forcing_is_cut(camels, edit):
    before = read(camels)
    edit(camels.forcing(camels.ids[0]), without(HEADER + 1, HEADER + 30))
    edit(camels.forcing(camels.ids[0]), lambda lines: lines[:-10])
    after = read(camels)
    np.testing.assert_array_equal(after.dates, before.dates[30:-10])
    np.testing.assert_array_equal(after.discharge, before.discharge[30:-10])


def test_streamflow_shorter_than_forcing_is_filled_with_nan(camels, edit):
    before = read(camels)
    edit(camels.streamflow(camels.ids[0]), lambda lines: lines[40:-7])
    after = read(camels)
    np.testing.assert_array_equal(after.dates, before.dates)
    assert np.isnan(after.discharge[:40]).all()
    assert np.isnan(after.discharge[-7:]).all()
    np.testing.assert_array_equal(after.discharge[40:-7], before.discharge[40:-7])


def test_streamflow_outside_the_forcing_gives_no_observation(camels, edit):
    def later(lines):
        return [text.replace(" 2000 ", " 2032 ") for text in lines if " 2000 " in text]

    edit(camels.streamflow(camels.ids[0]), later)
    assert np.isnan(read(camels).discharge).all()


def test_files_may_lie_outside_of_huc_folders(camels):
    before = read(camels)
    for path in (camels.forcing(before.basin), camels.streamflow(before.basin)):
        path.rename(path.parent.parent / path.name)
    np.testing.assert_array_equal(read(camels).discharge, before.discharge)


def test_basins_are_those_with_forcing_and_attributes(camels):
    camels.forcing(camels.ids[1]).unlink()
    assert Reader(camels.root, PRODUCT).basins() == [
        basin for basin in camels.ids if basin != camels.ids[1]
    ]


# How a forcing file is damaged, the line and the words of the message. Line 15 holds
# the eleventh day, 1999-10-11.
FORCING = {
    "truncated in the header": (
        lambda lines: lines[:3],
        4,
        "no column year; the file is truncated or no CAMELS forcing, download it again",
    ),
    "empty": (lambda lines: [], 4, "no column year; the file is truncated"),
    "not text": (
        line(4, "Year Mnth Day Hr\ufffd"),
        4,
        "the byte 0xef belongs into no such table; the file is damaged",
    ),
    "invalid area": (line(3, " area"), 3, "'area' is no catchment area in m²"),
    "area nan": (line(3, "nan"), 3, "'nan' is no catchment area in m²"),
    "area zero": (line(3, " 0"), 3, "'0' is no catchment area in m²; download"),
    "area negative": (line(3, "-5"), 3, "'-5' is no catchment area in m²"),
    "truncated in mid-row": (
        lambda lines: [*lines[:100], lines[100][:25]],
        101,
        "6 fields instead of 11; the file is damaged or truncated, download it again",
    ),
    "extra field": (
        lambda lines: [*lines[:14], lines[14] + " 7.0", *lines[15:]],
        15,
        "12 fields instead of 11; the file is damaged",
    ),
    "extra field in the first row": (
        lambda lines: [*lines[:4], lines[4] + " 7.0", *lines[5:]],
        5,
        "12 fields instead of 11; the file is damaged",
    ),
    "lacking field": (
        lambda lines: [*lines[:14], lines[14].rsplit(maxsplit=1)[0], *lines[15:]],
        15,
        "10 fields instead of 11",
    ),
    "no number": (replace(15, (5, "1.2x")), 15, "'1.2x' in column prcp(mm/day) is no"),
    "nan": (replace(15, (5, "nan")), 15, "'nan' in column prcp(mm/day) is no number"),
    "infinite": (
        replace(15, (6, "inf")),
        15,
        "'inf' in column srad(w/m2) is no number",
    ),
    "duplicate day": (
        again(15),
        16,
        "1999-10-11 stands there twice; remove one of the two",
    ),
    "unsorted": (swap(15), 15, "a gap, 1999-10-10 is followed by 1999-10-12"),
    "backwards": (
        line(15, "1999 10 05 12 1 1 1 1 1 1 1"),
        15,
        "1999-10-05 comes after 1999-10-10; sort the days",
    ),
    "gap": (
        without(15),
        15,
        "a gap, 1999-10-10 is followed by 1999-10-12; forcing must have every day, so "
        "download the file again or fill the gap",
    ),
    "month 13": (
        replace(15, (1, "13")),
        15,
        "1999-13-11 is no day of the calendar; correct the line or download the file",
    ),
    "month 0": (replace(15, (1, "0")), 15, "1999-00-11 is no day of the calendar"),
    "30 February": (
        replace(15, (1, "2"), (2, "30")),
        15,
        "1999-02-30 is no day of the calendar",
    ),
    "negative rain": (
        replace(15, (5, "-0.10")),
        15,
        "impossible forcing, prcp is negative (1 such days); correct the file, or use "
        "it as it is with impossible_values: warn",
    ),
    "negative radiation": (
        replace(15, (6, "-2")),
        15,
        "srad is negative (1 such days)",
    ),
    "tmin above tmax": (
        replace(15, (8, "3.0"), (9, "3.1")),
        15,
        "impossible forcing, tmin > tmax (1 such days)",
    ),
}
IMPOSSIBLE = {
    "code for missing temperature": (9, "-9999", "tmin is -9999, which stands for a"),
    "code for missing rain": (5, "-999", "prcp is -999, which stands for a missing"),
    "too cold": (9, "-101", "impossible forcing, tmin is below -90"),
    "too hot": (8, "71", "impossible forcing, tmax is above 70"),
    "too much rain": (5, "99999", "impossible forcing, prcp is above 2000"),
    "too bright": (6, "1401", "impossible forcing, srad is above 1400"),
    "fractional day": (2, "11.5", "1999-10-11.5 is no day of the calendar"),
    "fractional month": (1, "10.5", "1999-10.5-11 is no day of the calendar"),
    "huge month": (1, "1e300", "1999-1e+300-11 is no day of the calendar"),
    "far year": (0, "9996", "9996-10-11 is not between 1700-01-01 and 2099-12-31"),
}
FORCING |= {
    name: (replace(15, (place, text)), 15, words)
    for name, (place, text, words) in IMPOSSIBLE.items()
}
for name, text in (("infinite", "1e400"), ("with a mark", "587_675_987")):
    FORCING[f"area {name}"] = (line(3, text), 3, f"{text!r} is no catchment area in m²")
# The elevation in place of the area.
FORCING["area of another kind"] = (
    lambda lines: [*lines[:2], *lines[1:2], *lines[3:]],
    3,
    "km², where camels_topo.txt has ",
)
FORCING["column twice"] = (
    lambda lines: [*lines[:3], *(f"{row} Hr" for row in lines[3:])],
    4,
    "column 'hr' is there 2 times",
)
FORCING["NUL"] = (
    lambda lines: [*lines[:14], lines[14].replace("\t", "\0", 1), *lines[15:]],
    15,
    "the byte 0x00 belongs into no such table",
)
FORCING["empty line"] = (
    lambda lines: [*lines[:14], "", *lines[14:]],
    15,
    "the line is empty",
)
FORCING["too large for float32"] = (
    replace(15, (5, "1e39")),
    15,
    "prcp of 1999-10-11 is infinite, or too large for a 32-bit number",
)
STREAMFLOW = {
    "truncated in mid-row": (
        lambda lines: [*lines[:50], lines[50][:15]],
        51,
        "3 fields instead of 6; the file is damaged or truncated, download it again",
    ),
    "truncated before the flag": (
        lambda lines: [*lines[:50], lines[50].rsplit(maxsplit=1)[0]],
        51,
        "5 fields instead of 6",
    ),
    "truncated first row": (lambda lines: [lines[0][:12]], 1, "2 fields instead of 6"),
    "extra field": (
        lambda lines: [*lines[:10], lines[10] + " x", *lines[11:]],
        11,
        "7 fields instead of 6",
    ),
    "extra field in the first row": (
        lambda lines: [lines[0] + " x", *lines[1:]],
        1,
        "7 fields instead of 6",
    ),
    "wrong gauge": (
        replace(11, (0, "01013500")),
        11,
        "gauge 01013500 in the file of gauge {basin}; download the file again",
    ),
    "no number": (replace(11, (4, "Ice")), 11, "'Ice' in column flow is no number"),
    "nan": (replace(11, (4, "NaN")), 11, "'NaN' in column flow is no number"),
    "infinite": (replace(11, (4, "inf")), 11, "'inf' in column flow is no number"),
    "too large for float32": (
        replace(11, (4, "1e43")),
        11,
        "flow in mm/d of 1999-10-11 is infinite, or too large for a 32-bit number",
    ),
    "duplicate day": (again(11), 12, "1999-10-11 stands there twice; remove one"),
    "unsorted": (swap(11), 12, "1999-10-11 comes after 1999-10-12; sort the days"),
    "negative flow": (
        replace(11, (4, "-3.50")),
        11,
        "negative flow -3.5; only -999 may stand for a missing day, correct the line",
    ),
    "month 13": (replace(11, (2, "13")), 11, "1999-13-11 is no day of the calendar"),
    "unknown flag": (replace(11, (5, "X")), 11, "flag 'X' is none of A, P, A:e, A:<"),
    "stray quote": (replace(11, (5, '"A')), 11, "flag '\"A' is none of A, P, A:e"),
    "too much": (replace(11, (4, "1e9")), 11, "impossible discharge, above 2000 mm/d"),
    "far year at the end": (
        lambda lines: [*lines, f"{lines[0].split()[0]} 9996 02 28 1.00 A"],
        732,
        "9996-02-28 is not between 1700-01-01 and 2099-12-31",
    ),
    "30 February at the end": (
        lambda lines: [*lines, f"{lines[0].split()[0]} 2002 02 30 1.00 A"],
        732,
        "2002-02-30 is no day of the calendar",
    ),
}


@pytest.mark.parametrize(("damage", "number", "words"), FORCING.values(), ids=FORCING)
def test_damaged_forcing_is_named(camels, edit, complaint, damage, number, words):
    path = camels.forcing(camels.ids[0])
    edit(path, damage)
    message = complaint(read, camels)
    assert message.startswith(f"{path}, line {number}: ")
    assert words in message


@pytest.mark.parametrize(
    ("damage", "number", "words"), STREAMFLOW.values(), ids=STREAMFLOW
)
def test_damaged_streamflow_is_named(camels, edit, complaint, damage, number, words):
    path = camels.streamflow(camels.ids[0])
    edit(path, damage)
    message = complaint(read, camels)
    assert message.startswith(f"{path}, line {number}: ")
    assert words.format(basin=camels.ids[0]) in message


@pytest.mark.parametrize(("what", "left"), [("forcing", HEADER), ("streamflow", 0)])
def test_file_without_a_day_is_named(camels, edit, complaint, what, left):
    path = getattr(camels, what)(camels.ids[0])
    edit(path, lambda lines: lines[:left])
    message = complaint(read, camels)
    assert message == f"{path}: no day of data; download the file again."


def test_binary_forcing_is_named(camels, complaint):
    path = camels.forcing(camels.ids[0])
    path.write_bytes(bytes(range(128, 256)) * 10)
    assert complaint(read, camels).startswith(f"{path}, line 1: the byte 0x80 belongs")


@pytest.mark.parametrize("damage", ["negative rain", "tmin above tmax"])
def test_warn_mode_keeps_impossible_values(camels, edit, caplog, damage):
    path = camels.forcing(camels.ids[0])
    change, number, _ = FORCING[damage]
    edit(path, change)
    with caplog.at_level(logging.WARNING):
        record = read(camels, impossible="warn")
    assert f"{path}, line {number}: impossible forcing" in caplog.text
    assert "used as it is (impossible_values: warn)" in caplog.text
    raw = path.read_text().splitlines()[number - 1].split()[4:]
    found = [record.variables[name][number - HEADER - 1] for name in COLUMNS]
    assert found == [np.float32(value) for value in raw]


def test_number_of_impossible_days_is_counted(camels, edit, complaint):
    for number in (20, 30, 40):
        edit(camels.forcing(camels.ids[0]), replace(number, (6, "-1")))
    message = complaint(read, camels)
    assert "line 20: impossible forcing, srad is negative (3 such days)" in message


def test_extended_product_with_one_temperature_is_refused(camels, complaint):
    basin = camels.ids[0]
    path = camels.forcing(basin)
    path.write_text(camels.forcing(basin, "nldas").read_text())
    message = complaint(read, camels)
    assert message.startswith(f"{path}: Tmax equals Tmin on every day")
    assert "not the nldas_extended product but the original one; download" in message


def test_original_product_with_one_temperature_is_read(pristine):
    values = read(pristine, "nldas").variables
    np.testing.assert_array_equal(values["tmax"], values["tmin"])


@pytest.mark.parametrize("what", ["forcing", "streamflow"])
def test_missing_file_names_basin_folder_and_remedy(camels, complaint, what):
    basin = camels.ids[0]
    path = getattr(camels, what)(basin)
    path.unlink()
    message = complaint(read, camels)
    assert message.startswith(f"{path.parent.parent}: no {what} file of basin {basin}")
    assert message.endswith("remove the basin from the basin list or add its file.")


def test_missing_folder_names_the_keys(camels, complaint):
    message = complaint(read, camels, "gridmet")
    assert message.startswith(f"{camels.root}/basin_mean_forcing/gridmet: no such")
    assert "data_root" in message
    assert "key forcing" in message


def test_attribute_tables_are_joined_on_the_gauge(pristine):
    table = read_attributes(pristine.table("topo").parent)
    assert list(table.index) == pristine.ids
    header, row = pristine.table("topo").read_text().splitlines()[:2]
    for name, text in zip(header.split(";")[1:], row.split(";")[1:], strict=True):
        assert table.loc[pristine.ids[0], name] == float(text)
    assert table["p_mean"].dtype == np.float64
    assert table.loc[pristine.ids[0], "huc_02"] == "01"


def test_missing_attribute_table_is_named(camels, complaint):
    camels.table("soil").unlink()
    message = complaint(read_attributes, camels.table("soil").parent)
    assert message.startswith(f"{camels.table('soil')}: no such file; download")


@pytest.mark.parametrize(
    "damage", [again(2), line(1, "id;huc_02;gauge_name")], ids=["twice", "no gauge_id"]
)
def test_attribute_table_needs_unique_gauges(camels, edit, complaint, damage):
    path = camels.table("name")
    edit(path, damage)
    message = complaint(read_attributes, path.parent)
    assert message.startswith(f"{path}: gauge_id is missing, empty or not unique; ")


def cut(text):
    return text[: text.rstrip().rfind(";")]


# What is done to the text of an attribute table, and what is said of it.
TABLES = {
    "empty": (lambda text: "", ": the file is empty; download it again."),
    "no gauge": (
        lambda text: text.splitlines()[0] + "\n",
        ": the table has no gauge; download it again.",
    ),
    "cut in a line": (
        cut,
        ", line 6: 7 fields instead of 8; the file is damaged or truncated, download "
        "it again.",
    ),
    "a field too many in every line": (
        lambda text: text.replace("\n", ";1\n").replace(";1\n", "\n", 1),
        ", line 2: 9 fields instead of 8; the file is damaged or truncated, download "
        "it again.",
    ),
    "no text": (
        lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
        ": no UTF-8 text; the file is damaged or truncated, download it again.",
    ),
    "cut between lines": (
        lambda text: "".join(text.splitlines(keepends=True)[:-2]),
        ": gauge {ids[3]} is missing, which the tables beside it have (2 such gauges); "
        "the file is damaged or truncated, download it again.",
    ),
    "gauge of no other table": (
        lambda text: text + "99999999" + ";1" * 7 + "\n",
        ": gauge 99999999 is missing from most tables beside it; remove its line, or "
        "download all of them again.",
    ),
}


@pytest.mark.parametrize(("damage", "words"), TABLES.values(), ids=TABLES)
def test_damaged_attribute_table_is_named(camels, complaint, damage, words):
    path = camels.table("vege")
    path.write_text(cut_to_eight(path.read_text()))
    content = damage(path.read_text())
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    message = complaint(read_attributes, path.parent)
    assert message == f"{path}{words.format(ids=camels.ids)}"


def cut_to_eight(text):
    """Keep the first eight columns."""
    return "".join(";".join(row.split(";")[:8]) + "\n" for row in text.splitlines())


def test_byte_order_mark_of_an_attribute_table_is_skipped(camels):
    path = camels.table("clim")
    path.write_text("\ufeff" + path.read_text(), encoding="utf-8")
    assert list(read_attributes(path.parent).index) == camels.ids


def test_folder_for_an_attribute_table_is_named(camels, complaint):
    path = camels.table("clim")
    path.unlink()
    path.mkdir()
    message = complaint(read_attributes, path.parent)
    assert message == (
        f"{path}: cannot be read (Is a directory); make it a readable file."
    )
