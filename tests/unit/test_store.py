"""The store: round trip, one calendar, checksums, and what a killed writer leaves."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest
import rerunoff
import xarray as xr
from rerunoff import progress
from rerunoff.data import series_files
from rerunoff.data import store_builder as store_module
from rerunoff.data.readers import open_reader
from rerunoff.data.store import read_store
from rerunoff.data.store_builder import build_store

PRODUCT = "nldas_extended"
INPUTS = ["vp", "prcp", "tmin"]
HEADER = 4  # lines of a forcing file before the first day
SCRIPTS = Path(store_module.__file__).parents[2]


def open_camels(camels):
    return open_reader("camels_us", camels.root, PRODUCT)


def build(camels, path, basins=None, workers=1):
    build_store(path, open_camels(camels), basins or camels.ids, workers)
    return path


@pytest.fixture(scope="module")
def built(pristine, tmp_path_factory):
    return build(pristine, tmp_path_factory.mktemp("store") / "nldas.h5")


def test_values_are_the_readers(pristine, built):
    stored = read_store(built, INPUTS, ["p_mean", "area_gages2"])
    reader = open_camels(pristine)
    table = reader.attributes()
    assert stored.basins == pristine.ids
    for row, basin in enumerate(pristine.ids):
        record = reader.read(basin)
        np.testing.assert_array_equal(stored.dates, record.dates)
        np.testing.assert_array_equal(stored.discharge[row], record.discharge)
        for column, name in enumerate(INPUTS):
            values = stored.inputs[row, :, column]
            np.testing.assert_array_equal(values, record.variables[name])
        assert list(stored.attributes[row]) == list(
            table.loc[basin, ["p_mean", "area_gages2"]]
        )


@pytest.mark.parametrize("workers", [1, 2])
def test_progress_is_told(pristine, tmp_path, monkeypatch, caplog, workers):
    monkeypatch.setattr(progress, "_EVERY", 0)
    caplog.set_level("INFO")
    build(pristine, tmp_path / "nldas.h5", workers=workers)
    assert [m.split(",")[0] for m in caplog.messages if "done" in m] == [
        f"reading basins: {share}% done" for share in (20, 40, 60, 80, 100)
    ]


def test_series_are_float32_and_attributes_float64(built):
    stored = read_store(built, INPUTS, ["p_mean"])
    assert stored.inputs.dtype == stored.discharge.dtype == np.float32
    assert stored.attributes.dtype == np.float64
    assert stored.dates.dtype == np.dtype("datetime64[D]")
    assert np.isnan(stored.discharge).any()
    assert np.isfinite(stored.inputs).all()


def test_xarray_reads_the_store(pristine, built):
    with xr.open_dataset(built, engine="h5netcdf") as dataset:
        assert dict(dataset.sizes) == {"basin": 5, "date": 731}
        assert list(dataset["basin"].values) == pristine.ids
        assert str(dataset["date"].values[-1])[:10] == "2001-09-30"
        units = {name: dataset[name].attrs.get("units") for name in ("prcp", "tmax")}
        assert units == {"prcp": "mm/d", "tmax": "degC"}
        assert dataset["discharge"].attrs["units"] == "mm/d"
        assert dataset["srad"].attrs["units"] == "W/m2"
        assert dataset["vp"].dtype == np.float32
        assert dataset["attribute_huc_02"].values[0] == "01"
        stored = read_store(built, ["prcp"], [])
        values = dataset["prcp"].transpose("basin", "date").values
        np.testing.assert_array_equal(values, stored.inputs[..., 0])


def test_version_and_checksums_of_the_sources_are_kept(pristine, built):
    record = open_camels(pristine).read(pristine.ids[3])
    with h5py.File(built) as file:
        assert file.attrs["rerunoff_version"] == rerunoff.__version__
        assert file.attrs["content_sha256"] == read_store(built, [], []).content
        assert len(file.attrs["content_sha256"]) == 64
        assert file["forcing_md5"][3].decode() == record.forcing_md5
        assert file["streamflow_md5"][3].decode() == record.streamflow_md5
        assert file["prcp"].chunks == (1, 731)


def test_basins_of_different_length_lie_on_one_calendar(camels, edit, tmp_path):
    late, early, whole = camels.ids[:3]
    edit(camels.forcing(late), lambda lines: lines[:HEADER] + lines[HEADER + 10 :])
    edit(camels.forcing(early), lambda lines: lines[:-5])
    edit(camels.forcing(whole), lambda lines: lines[:-2])
    basins = [late, early, whole]
    path = build(camels, tmp_path / "a.h5", basins)
    stored = read_store(path, ["prcp", "tmax"], [])
    assert (np.diff(stored.dates) == np.timedelta64(1, "D")).all()
    assert str(stored.dates[0]) == "1999-10-01"
    assert str(stored.dates[-1]) == "2001-09-30"  # the late one ends last
    empty = np.isnan(stored.inputs).all(axis=2)
    assert [list(np.flatnonzero(row)) for row in empty] == [
        list(range(10)),
        [726, 727, 728, 729, 730],
        [729, 730],
    ]
    assert np.isnan(stored.discharge[empty]).all()
    reader = open_camels(camels)
    for row, basin in enumerate(basins):
        record = reader.read(basin)
        start = int((record.dates[0] - stored.dates[0]).astype(int))
        days = slice(start, start + len(record.dates))
        rain = stored.inputs[row, days, 0]
        np.testing.assert_array_equal(rain, record.variables["prcp"])
        np.testing.assert_array_equal(stored.discharge[row, days], record.discharge)


def test_basins_come_in_the_order_asked_for(pristine, built, tmp_path):
    whole = read_store(built, INPUTS, ["p_mean"])
    backwards = build(pristine, tmp_path / "b.h5", pristine.ids[::-1])
    assert read_store(backwards, [], []).basins == pristine.ids[::-1]
    rows = [3, 0, 4]
    chosen = [pristine.ids[row] for row in rows]
    for path in (built, backwards):
        part = read_store(path, INPUTS, ["p_mean"], chosen)
        assert part.basins == chosen
        np.testing.assert_array_equal(part.inputs, whole.inputs[rows])
        np.testing.assert_array_equal(part.discharge, whole.discharge[rows])
        np.testing.assert_array_equal(part.attributes, whole.attributes[rows])


@pytest.mark.parametrize(
    ("inputs", "attributes", "basins", "words"),
    [
        (["pet"], [], None, "no variable pet; correct inputs, it has dayl, prcp, srad"),
        ([], ["slope"], None, "no numeric attribute slope; correct attributes"),
        ([], ["gauge_name"], None, "no numeric attribute gauge_name; correct"),
        ([], [], ["01013500"], "no basin 01013500; correct the basin list"),
    ],
    ids=["variable", "attribute", "attribute of text", "basin"],
)
def test_unknown_name_is_named(built, complaint, inputs, attributes, basins, words):
    message = complaint(read_store, built, inputs, attributes, basins)
    assert message.startswith(f"{built}: {words}")


def test_empty_attribute_names_the_basin(camels, edit, complaint, tmp_path):
    def drop(lines):
        column = lines[0].split(";").index("elev_mean")
        fields = lines[2].split(";")
        fields[column] = ""
        return [*lines[:2], ";".join(fields), *lines[3:]]

    edit(camels.table("topo"), drop)
    path = build(camels, tmp_path / "a.h5")
    second = camels.ids[1]
    message = complaint(read_store, path, [], ["elev_mean"])
    assert message.startswith(f"{path}: attribute elev_mean of basin {second} is empty")
    others = [basin for basin in camels.ids if basin != second]
    stored = read_store(path, [], ["elev_mean"], others)
    assert np.isfinite(stored.attributes).all()


@pytest.mark.parametrize("damage", ["missing", "truncated", "text", "another file"])
def test_damaged_store_is_named(built, complaint, tmp_path, damage):
    path = tmp_path / "a.h5"
    if damage == "truncated":
        path.write_bytes(built.read_bytes()[:20000])
    elif damage == "text":
        path.write_text("no store")
    elif damage == "another file":
        with h5py.File(path, "w") as file:
            file["x"] = [1.0]
    message = complaint(read_store, path, ["prcp"], [])
    assert message.startswith(f"{path}: no ")
    assert message.endswith("delete it and run again.")


def test_content_checksum_is_of_the_data_alone(camels, edit, built, tmp_path):
    before = read_store(built, [], []).content
    again = build(camels, tmp_path / "again.h5")
    assert read_store(again, [], []).content == before

    def wetter(lines):
        fields = lines[40].split()
        fields[5] = "99.99"
        return [*lines[:40], "\t".join(fields), *lines[41:]]

    edit(camels.forcing(camels.ids[0]), wetter)
    changed = build(camels, tmp_path / "changed.h5")
    assert read_store(changed, [], []).content != before
    fewer = build(camels, tmp_path / "fewer.h5", camels.ids[1:])
    assert read_store(fewer, [], []).content not in (
        before,
        read_store(changed, [], []).content,
    )


def test_content_checksum_changes_with_discharge_and_attributes(camels, edit, tmp_path):
    contents = [read_store(build(camels, tmp_path / "0.h5"), [], []).content]
    gauge = camels.streamflow(camels.ids[0])
    edit(gauge, lambda lines: lines[:-1])
    contents.append(read_store(build(camels, tmp_path / "1.h5"), [], []).content)
    edit(camels.table("vege"), lambda lines: [lines[0], lines[1] + " ", *lines[2:]])
    edit(
        camels.table("clim"),
        lambda lines: [lines[0].replace("p_mean", "p"), *lines[1:]],
    )
    contents.append(read_store(build(camels, tmp_path / "2.h5"), [], []).content)
    assert len(set(contents)) == 3


def test_two_workers_give_the_store_of_one(pristine, built, tmp_path):
    path = build(pristine, tmp_path / "two.h5", workers=2)
    one = read_store(built, INPUTS, ["p_mean"])
    two = read_store(path, INPUTS, ["p_mean"])
    assert two.content == one.content
    assert two.basins == one.basins
    np.testing.assert_array_equal(two.inputs, one.inputs)
    np.testing.assert_array_equal(two.discharge, one.discharge)


def test_worker_process_passes_on_what_is_wrong(camels, edit, complaint, tmp_path):
    path = camels.forcing(camels.ids[3])
    edit(path, lambda lines: lines[:-3] + lines[-2:])
    message = complaint(build, camels, tmp_path / "a.h5", workers=2)
    assert message.startswith(f"{path}, line 733: a gap")
    assert not list(tmp_path.glob("*.h5"))


def test_failing_writer_leaves_nothing(pristine, tmp_path, monkeypatch):
    def fail(part):
        assert part.stat().st_size > 0
        raise OSError("no space left on device")

    monkeypatch.setattr(series_files, "append_seal", fail)
    with pytest.raises(OSError, match="no space left"):
        build(pristine, tmp_path / "data" / "a.h5")
    assert list((tmp_path / "data").iterdir()) == []


def test_failing_rebuild_keeps_the_old_store(pristine, tmp_path, monkeypatch):
    path = build(pristine, tmp_path / "a.h5")
    before = path.read_bytes()

    def fail(part):
        part.write_bytes(b"half")
        raise OSError("no space left on device")

    monkeypatch.setattr(series_files, "append_seal", fail)
    with pytest.raises(OSError, match="no space left"):
        build(pristine, path)
    assert path.read_bytes() == before
    assert sorted(file.name for file in tmp_path.iterdir()) == [".a.h5.size", "a.h5"]


# Writes the whole file, halves it and waits, so that the kill hits a job that writes.
DRIVER = """
import sys, time
from rerunoff.data import series_files, store_builder as store
from rerunoff.data.readers import open_reader

def hang(path):
    with open(path, "rb+") as file:
        file.truncate(path.stat().st_size // 2)
    print(path, flush=True)
    time.sleep(60)

series_files.append_seal = hang
root, path, *basins = sys.argv[1:]
store.build_store(path, open_reader("camels_us", root, "nldas_extended"), basins)
"""


def test_killed_writer_leaves_no_file_that_looks_complete(pristine, tmp_path):
    path = tmp_path / "data" / "nldas.h5"
    command = [sys.executable, "-c", DRIVER, pristine.root, path, *pristine.ids[:2]]
    environment = {**os.environ, "PYTHONPATH": str(SCRIPTS)}
    child = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, text=True
    )
    with child:
        part = Path(child.stdout.readline().strip())
        child.send_signal(signal.SIGKILL)
    assert child.returncode == -signal.SIGKILL
    # The kill did hit the writing, and what is left is hidden.
    assert list(path.parent.iterdir()) == [part]
    assert part.name.startswith(".")
    build(pristine, path)
    assert read_store(path, INPUTS, ["p_mean"]).basins == pristine.ids


def test_input_that_no_file_has_stops_the_store(pristine, complaint, tmp_path):
    message = complaint(
        build_store,
        tmp_path / "a.h5",
        open_camels(pristine),
        pristine.ids[:2],
        inputs=["prcp", "tmx"],
        key="paper.inputs",
    )
    assert message == (
        f"{pristine.root}: tmx, named by the key paper.inputs, is not there in the "
        f"series of {PRODUCT}, which have dayl, prcp, srad, swe, tmax, tmin, vp; "
        "correct the key."
    )
    assert not list(tmp_path.iterdir())


def test_input_without_a_single_value_stops_the_store(pristine, complaint, tmp_path):
    reader = open_camels(pristine)

    class Dry:
        root, forcing = reader.root, reader.forcing
        attributes, attributes_source = reader.attributes, reader.attributes_source

        def read(self, basin):
            record = reader.read(basin)
            record.variables["vp"][:] = np.nan
            return record

    message = complaint(
        build_store, tmp_path / "a.h5", Dry(), pristine.ids[:2], inputs=["vp"]
    )
    assert "vp, named by the key inputs, is missing on every day" in message
    build_store(tmp_path / "a.h5", Dry(), pristine.ids[:2], inputs=["prcp"])
