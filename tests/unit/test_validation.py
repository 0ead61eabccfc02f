"""Checks across files: basin lists, attributes, periods."""

import numpy as np
import pandas as pd
import pytest
from rerunoff.data.basin_lists import read_basin_list
from rerunoff.data.basins import select_basins
from rerunoff.data.readers import open_reader
from rerunoff.data.store import Catchments, check_observations, read_store
from rerunoff.data.store_builder import build_store
from rerunoff.data.validation import check_attributes
from rerunoff.errors import InputError
from unit.stores import BASINS, make_series

PERIOD = ("2000-10-01", "2001-09-30")
PRODUCT = "nldas_extended"


@pytest.fixture
def table():
    columns = {"p_mean": [3.1, 2.0], "aridity": [0.5, np.nan], "geol": ["clay", ""]}
    return pd.DataFrame(columns, index=pd.Index(["01", "02"], name="basin"))


def choose(camels, chosen, local=True):
    arguments = ("list.txt", "camels_us", camels.root, PRODUCT, local)
    return select_basins(chosen, *arguments)


def remove_attributes(camels, edit, basin):
    for name in ("clim", "geol", "hydro", "name", "soil", "topo", "vege"):
        edit(camels.table(name), lambda rows: [r for r in rows if basin not in r])


def test_basin_without_attributes_stops_the_store(camels, edit, complaint, tmp_path):
    lost = camels.ids[2]
    remove_attributes(camels, edit, lost)
    reader = open_reader("camels_us", camels.root, PRODUCT)
    message = complaint(build_store, tmp_path / "a.h5", reader, camels.ids)
    assert message == (
        f"{camels.root}/camels_attributes_v2.0: basin {lost} has no attributes (1 such "
        "basins); remove it from the basin list or add its row."
    )
    assert not list(tmp_path.glob("*.h5"))


def test_unknown_basin_of_a_list_is_named(pristine, complaint):
    message = complaint(choose, pristine, [pristine.ids[0], "01013500", "01022500"])
    assert message == (
        f"list.txt: basin 01013500 is not in {pristine.root}/camels_attributes_v2.0 "
        "(2 such basins); remove it from the list."
    )


def test_chosen_basins_keep_their_order(pristine):
    chosen = [pristine.ids[3], pristine.ids[0]]
    assert choose(pristine, chosen) == chosen


def test_all_local_basins_are_those_with_forcing(camels):
    camels.forcing(camels.ids[1]).unlink()
    assert choose(camels, None) == [camels.ids[0], *camels.ids[2:]]


def test_all_basins_before_the_download_are_those_with_attributes(camels):
    camels.forcing(camels.ids[1]).unlink()
    assert choose(camels, None, local=False) == camels.ids


def test_no_basin_with_forcing_is_named(camels, complaint):
    for basin in camels.ids:
        camels.forcing(basin).unlink()
    message = complaint(choose, camels, None)
    assert message == (
        f"{camels.root}: no basin has {PRODUCT} forcing and attributes; correct the "
        "key data_root or forcing."
    )


def test_complete_attributes_pass(table):
    check_attributes(table, ["01", "02"], ["p_mean"], "table")
    check_attributes(table, ["01"], ["p_mean", "aridity"], "table")


@pytest.mark.parametrize("code", [-999, -9999, np.nan])
def test_code_for_a_missing_attribute_is_no_number(tmp_path, code):
    series = make_series(last="1990-12-31")
    series.attributes = {"p_mean": [1.0, code, 3.0], "elev_mean": [-3.0, 5.0, 9.0]}
    store = series.write(tmp_path / "store.h5")
    assert read_store(store, (), ("elev_mean",)).attributes[0] == -3
    assert read_store(store, (), ("p_mean",), [BASINS[0]]).attributes == 1
    with pytest.raises(InputError, match=f"p_mean of basin {BASINS[1]} is empty or a"):
        read_store(store, (), ("p_mean",))


@pytest.mark.parametrize(
    ("basins", "names", "words"),
    [
        (
            ["01", "02"],
            ["p_mean", "aridity"],
            "attribute aridity of basin 02 is empty; drop the attribute from the key "
            "attributes, or the basin",
        ),
        (["01"], ["slope"], "no attribute slope; correct the key attributes"),
        (
            ["01"],
            ["p_mean", "geol"],
            "attribute geol is no number, but 'clay' in basin 01; correct attributes",
        ),
        (["02", "03", "04"], ["p_mean"], "basin 03 has no attributes (2 such basins)"),
    ],
    ids=["empty cell", "unknown attribute", "text", "unknown basin"],
)
def test_bad_attributes_are_named(table, complaint, basins, names, words):
    message = complaint(check_attributes, table, basins, names, "attributes.txt")
    assert message.startswith(f"attributes.txt: {words}")


def test_period_without_an_observation_stops(complaint):
    empty = np.full((2, 5), np.nan)
    message = complaint(check_observations, empty, ["01", "02"], PERIOD, "a.h5")
    assert message == (
        "a.h5: no basin has a single observation of discharge from 2000-10-01 to "
        "2001-09-30; choose another period in the configuration."
    )


def test_basins_without_an_observation_are_listed(caplog):
    discharge = np.full((4, 5), np.nan)
    discharge[1, 3] = 0.0  # zero flow is an observation
    discharge[2] = 1.0
    seen = check_observations(discharge, ["01", "02", "03", "04"], PERIOD, "a.h5")
    assert list(seen) == [False, True, True, False]
    assert (
        "2 of 4 basins have no discharge from 2000-10-01 to 2001-09-30" in caplog.text
    )
    assert caplog.text.rstrip().endswith("left out of that period: 01 04")


def test_complete_observations_give_no_warning(caplog):
    assert check_observations(np.ones((2, 5)), ["01", "02"], PERIOD, "a.h5").all()
    assert not caplog.text


@pytest.fixture
def two_years():
    dates = np.arange("1999-10-01", "2001-10-01", dtype="datetime64[D]")
    series = np.zeros((1, len(dates)))
    return Catchments(["01"], dates, series[..., None], series, np.zeros((1, 0)), "x")


@pytest.mark.parametrize(
    ("period", "start", "stop"),
    [
        (("1999-10-01", "2001-09-30"), 0, 731),
        (("2000-02-28", "2000-03-01"), 150, 153),
        (("2001-09-30", "2001-09-30"), 730, 731),
    ],
)
def test_period_within_the_calendar_is_inclusive(two_years, period, start, stop):
    assert two_years.days(period) == slice(start, stop)
    assert str(two_years.dates[start]) == period[0]
    assert str(two_years.dates[stop - 1]) == period[1]


@pytest.mark.parametrize(
    "period", [("1999-09-30", "2000-09-30"), ("2000-10-01", "2001-10-01")]
)
def test_period_outside_the_calendar_is_named(two_years, complaint, period):
    assert complaint(two_years.days, period) == (
        f"the period {period[0]} to {period[1]} is not within the data, which go from "
        "1999-10-01 to 2001-09-30; correct the key periods."
    )


def test_basin_list_skips_comments_and_blank_lines(tmp_path):
    path = tmp_path / "basins.txt"
    path.write_bytes(b"# first\n02\r\n\n  # indented\n 01 \n")
    assert read_basin_list(path) == ["02", "01"]


@pytest.mark.parametrize(
    ("content", "where", "words"),
    [
        ("01\n02\n\n01\n", ", line 4", "basin 01 a second time; remove it"),
        ("01\n 01\n", ", line 2", "basin 01 a second time; remove it"),
        ("", "", "the basin list is empty; write one basin id a line"),
        ("# none\n\n", "", "the basin list is empty; write one basin id a line"),
        (None, "", "no such basin list; correct the key basins"),
    ],
    ids=["twice", "twice with blanks", "empty", "comments only", "missing"],
)
def test_bad_basin_list_is_named(tmp_path, complaint, content, where, words):
    path = tmp_path / "basins.txt"
    if content is not None:
        path.write_text(content)
    assert complaint(read_basin_list, path) == f"{path}{where}: {words}."


def test_basin_list_may_start_with_a_byte_order_mark(tmp_path):
    path = tmp_path / "basins.txt"
    path.write_text("\ufeff01\r\n02\r\n", encoding="utf-8")
    assert read_basin_list(path) == ["01", "02"]


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le"])
def test_basin_list_in_another_encoding_is_named(tmp_path, complaint, codec):
    path = tmp_path / "basins.txt"
    path.write_bytes("01\n02\n".encode(codec))
    message = complaint(read_basin_list, path)
    assert message == f"{path}: the basin list is no UTF-8 text; save it as UTF-8."


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (IsADirectoryError(21, "Is a directory"), "Is a directory"),
        (PermissionError(13, "Permission denied"), "Permission denied"),
    ],
    ids=["folder", "permission"],
)
def test_unreadable_basin_list_is_named(tmp_path, complaint, monkeypatch, error, words):
    def refuse(*arguments, **options):
        raise error

    if isinstance(error, PermissionError):  # root may read whatever the mode says
        monkeypatch.setattr("pathlib.Path.read_bytes", refuse)
    assert complaint(read_basin_list, tmp_path) == (
        f"{tmp_path}: the basin list cannot be read ({words}); set the key basins to a "
        "readable text file."
    )
