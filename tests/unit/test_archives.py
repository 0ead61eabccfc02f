"""A few basins' files out of archives, on disk and at the publisher's."""

import hashlib
import io
import os
import signal
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path

import download_files
import extract_archive
import fetch_archived_files as fetch_script
import pytest
import yaml
from rerunoff import progress
from rerunoff.data import archives
from rerunoff.data.archives import extract_files, fetch_archived_files, wanted_gauges
from rerunoff.errors import InputError
from unit.publisher import Page, running, waits_of

ROOT = Path(__file__).resolve().parents[2]
PREFIX = "basin_dataset_public_v1p2/basin_mean_forcing/daymet/"
FILES = {
    f"{PREFIX}01/01013500_lump_cida_forcing_leap.txt": b"first\n" * 4000,
    f"{PREFIX}01/01022500_lump_cida_forcing_leap.txt": os.urandom(30_000),
    f"{PREFIX}17/14301000_lump_cida_forcing_leap.txt": b"last\n",
    f"{PREFIX}17/readme.txt": b"no basin",
    "basin_dataset_public_v1p2/basin_mean_forcing/maurer/01/01013500_lump.txt": b"m",
    "basin_dataset_public_v1p2/usgs_streamflow/01/01013500_streamflow_qc.txt": b"q",
}
TWO = {"01013500", "14301000"}


def write_zip(path, files, lead=""):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(lead + name, data)
    return path


def write_tar(path, files, lead=""):
    with tarfile.open(path, "w:xz", preset=0) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(lead + name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


@pytest.fixture(params=["zip", "tar.xz"])
def write(request, tmp_path):
    """Write `files` as an archive of each kind."""
    writer = write_zip if request.param == "zip" else write_tar
    return lambda files=FILES, **more: writer(
        tmp_path / f"data.{request.param}", files, **more
    )


@pytest.fixture
def publisher():
    with running() as server:
        yield server


def listing(folder):
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def expected(gauges):
    return {
        name.removeprefix(PREFIX): data
        for name, data in FILES.items()
        if name.startswith(PREFIX) and name.split("/")[-1][:8] in gauges
    }


def refusal(archive, destination, gauges=None, prefix=PREFIX):
    with pytest.raises(InputError) as caught:
        extract_files(archive, prefix, gauges, destination)
    assert not destination.exists()
    assert [p.name for p in destination.parent.iterdir()] == [archive.name]
    return str(caught.value)


@pytest.mark.parametrize("lead", ["", "./", "some/folder/"])
def test_only_the_wanted_gauges_are_unpacked(write, tmp_path, lead):
    extract_files(write(lead=lead), PREFIX, TWO, tmp_path / "daymet")
    assert listing(tmp_path / "daymet") == expected(TWO)


def test_progress_is_told(write, tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(progress, "_EVERY", 0)
    caplog.set_level("INFO")
    archive = write()
    extract_files(archive, PREFIX, None, tmp_path / "daymet")
    said = [m for m in caplog.messages if m.startswith(f"{archive.name}: ")]
    assert said[-1] == f"{archive.name}: 100% done, less than a minute left"


def test_none_takes_all_gauges_and_nothing_else(write, tmp_path):
    extract_files(write(), PREFIX, None, tmp_path / "daymet")
    assert listing(tmp_path / "daymet") == expected({*TWO, "01022500"})


def test_a_folder_that_is_there_is_replaced(write, tmp_path):
    (tmp_path / "daymet/99").mkdir(parents=True)
    (tmp_path / "daymet/99/old.txt").write_text("old")
    extract_files(write(), PREFIX, TWO, tmp_path / "daymet")
    assert listing(tmp_path / "daymet") == expected(TWO)


def test_gauges_without_file_are_named(write, tmp_path):
    gauges = TWO | {f"0000000{digit}" for digit in range(7)}
    archive = write()
    message = refusal(archive, tmp_path / "daymet", gauges)
    assert message.startswith(
        f"{archive} holds no file below {PREFIX} for 7 of the basins asked for "
        "(00000000, 00000001, 00000002, 00000003, 00000004, …); correct the basin list"
    )


def test_prefix_without_any_file_is_named(write, tmp_path):
    message = refusal(write(), tmp_path / "daymet", prefix="other/")
    assert "holds no file below other/ at all; correct" in message


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "/etc/evil",
        f"{PREFIX}01/../../../../01013500_evil.txt",
        "..\\evil",
        "C:\\evil",
    ],
)
def test_paths_that_lead_outside_are_refused(write, tmp_path, name):
    archive = write({**FILES, name: b"evil"})
    message = refusal(archive, tmp_path / "daymet", TWO)
    assert f"{archive} is not safe to unpack: its member {name!r} is a path" in message


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE])
@pytest.mark.parametrize("name", ["elsewhere/x", f"{PREFIX}01/01013500_x.txt"])
def test_links_and_devices_in_a_tar_are_refused(tmp_path, kind, name):
    archive = write_tar(tmp_path / "data.tar.xz", FILES)
    with tarfile.open(archive, "w:xz", preset=0) as opened:
        info = tarfile.TarInfo(name)
        info.type, info.linkname = kind, "/etc/passwd"
        opened.addfile(info)
    message = refusal(archive, tmp_path / "daymet")
    assert f"its member {name!r} is a link or device" in message


def test_links_in_a_zip_are_refused(tmp_path):
    archive = write_zip(tmp_path / "data.zip", FILES)
    with zipfile.ZipFile(archive, "a") as opened:
        info = zipfile.ZipInfo("link")
        info.external_attr = 0o120777 << 16
        opened.writestr(info, "/etc")
    assert "'link' is a link or device" in refusal(archive, tmp_path / "daymet")


@pytest.mark.parametrize("share", [0.0, 0.4, 0.9, 0.99])
def test_truncated_archive_is_one_sentence(write, tmp_path, share):
    archive = write()
    data = archive.read_bytes()
    archive.write_bytes(data[: int(len(data) * share)])
    message = refusal(archive, tmp_path / "daymet", {"01013500"})
    assert message.startswith(f"{archive} is damaged or incomplete (")
    assert f"delete it, and {archive.name}.md5 beside it" in message
    assert not (tmp_path / "daymet").exists()
    archive.write_bytes(data)
    extract_files(archive, PREFIX, TWO, tmp_path / "daymet")
    assert listing(tmp_path / "daymet") == expected(TWO)


def test_flipped_bytes_are_noticed(write, tmp_path):
    archive = write()
    data = bytearray(archive.read_bytes())
    # The middle lies within the random, so incompressible, second file.
    for place in range(len(data) // 2, len(data) // 2 + 20):
        data[place] ^= 0xFF
    archive.write_bytes(data)
    message = refusal(archive, tmp_path / "daymet", {"01022500"})
    assert "is damaged or incomplete (" in message


def test_other_kinds_and_missing_archives_are_named(tmp_path):
    with pytest.raises(InputError, match="There is no archive"):
        extract_files(tmp_path / "x.zip", PREFIX, None, tmp_path / "d")
    (tmp_path / "x.rar").write_text("")
    assert "neither a .zip nor a .tar.xz" in refusal(tmp_path / "x.rar", tmp_path / "d")


CHILD = """
import shutil, sys, time
from rerunoff.data import archived_files
copy = shutil.copyfileobj
def slow(source, sink):
    copy(source, sink)
    print("written", flush=True)
    time.sleep(60)
shutil.copyfileobj = slow
from rerunoff.data.archives import extract_files
extract_files(*sys.argv[1:3], None, sys.argv[3])
"""


def test_killed_extraction_leaves_nothing_that_looks_complete(write, tmp_path):
    archive = write()
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, archive, PREFIX, tmp_path / "daymet"],
        env={**os.environ, "PYTHONPATH": str(ROOT / "workflow_scripts")},
        stdout=subprocess.PIPE,
    )
    with child.stdout as said:
        said.readline()
        child.send_signal(signal.SIGKILL)
    child.wait()
    assert not (tmp_path / "daymet").exists()
    extract_files(archive, PREFIX, TWO, tmp_path / "daymet")
    assert listing(tmp_path / "daymet") == expected(TWO)
    assert not (tmp_path / ".daymet.part").exists()


def test_basin_lists_are_joined_and_checked(tmp_path):
    one, two = tmp_path / "one.txt", tmp_path / "two.txt"
    one.write_text("01013500\n\n14301000\n")
    two.write_text("01013500\n01022500")
    assert wanted_gauges([one, two]) == {"01013500", "01022500", "14301000"}
    assert wanted_gauges([]) is None
    two.write_text("01013500\n1022500\n")
    with pytest.raises(InputError, match=r"two\.txt: '1022500' is no gauge id"):
        wanted_gauges([two])
    two.write_text("\n")
    with pytest.raises(InputError, match="the basin list is empty"):
        wanted_gauges([two])


@pytest.fixture
def remote(publisher, tmp_path):
    """Serve the example zip; the padding keeps the files out of the first request."""
    padding = {"padding/big.bin": os.urandom(1_100_000)}
    path = write_zip(tmp_path / "served.zip", {**FILES, **padding})
    publisher.pages["files/data.zip"] = page = Page(path.read_bytes())
    return page


@pytest.fixture
def waits(monkeypatch):
    return waits_of(monkeypatch)


@pytest.fixture
def fetch(publisher, tmp_path, waits):
    def run(mirrors=None, gauges=TWO):
        templates = mirrors or [publisher.template()]
        folder = tmp_path / "fetched/daymet"
        fetch_archived_files(templates, "data.zip", PREFIX, gauges, folder)
        return listing(folder)

    return run


def test_files_are_fetched_by_range(publisher, remote, fetch, tmp_path):
    assert fetch() == expected(TWO)
    assert publisher.ranges()[0] == "bytes=-1000000"
    assert len(publisher.requests) == 3
    assert publisher.sent < 1_050_000
    assert all(r["agent"].startswith("rerunoff/") for r in publisher.requests)
    assert [path.name for path in (tmp_path / "fetched").iterdir()] == ["daymet"]


def test_cut_fetch_goes_on_and_keeps_what_it_has(publisher, remote, fetch):
    remote.cuts = [None, None, 10]
    gauges = {*TWO, "01022500"}
    assert fetch(gauges=gauges) == expected(gauges)
    file_requests = [r for r in publisher.ranges() if r != "bytes=-1000000"]
    assert len(file_requests) == 4  # three files, one of them twice


def test_fetch_honours_retry_after_within_bounds(remote, fetch, waits):
    remote.busy = [(429, "7"), (503, "120")]
    assert fetch() == expected(TWO)
    assert waits == [7, 120]


def test_fetch_does_not_wait_for_ages(publisher, remote, fetch, waits):
    remote.busy = [(503, "99999999999")]
    with pytest.raises(InputError, match="Retry-After '99999999999', which is later"):
        fetch()
    assert len(publisher.requests) == 1
    assert waits == []


def test_fetch_asks_a_busy_server_only_so_often(publisher, remote, fetch):
    remote.busy = [(503, None)] * 100
    with pytest.raises(InputError, match="at last with HTTP status 503"):
        fetch()
    assert len(publisher.requests) == 7


def test_fetch_goes_to_the_next_mirror(publisher, remote, fetch):
    publisher.pages["old/data.zip"] = Page(status=403)
    mirrors = [publisher.template("old"), publisher.template()]
    assert fetch(mirrors) == expected(TWO)


def test_fetch_without_ranges_says_what_to_do(publisher, remote, fetch, tmp_path):
    remote.ranges = False
    publisher.pages["page/data.zip"] = Page(html=True)
    publisher.pages["old/data.zip"] = Page(status=403)
    folders = ("files", "page", "old", "none")
    with pytest.raises(InputError) as caught:
        fetch([publisher.template(folder) for folder in folders])
    message = str(caught.value)
    assert message.startswith("No part of data.zip could be fetched: ")
    assert message.count("does not give parts of a file (HTTP Range)") == 2
    assert "refused the request (403)" in message
    assert "has no such file (404)" in message
    assert message.endswith(
        "set fetch: whole in the configuration to download the whole file instead."
    )
    assert not (tmp_path / "fetched/daymet").exists()


def test_fetched_damage_is_noticed(remote, fetch):
    damaged = bytearray(remote.body)
    place = damaged.index(b"01022500_lump_cida_forcing_leap.txt") + 1000
    damaged[place] ^= 0xFF
    remote.body = bytes(damaged)
    with pytest.raises(InputError, match=r"failed 5 times without .*: Bad CRC"):
        fetch(gauges={"01022500"})


def test_fetch_refuses_what_leads_outside(publisher, tmp_path, fetch):
    path = write_zip(tmp_path / "x.zip", {**FILES, "../evil": b"evil"})
    publisher.pages["files/data.zip"] = Page(path.read_bytes())
    with pytest.raises(InputError, match=r"data\.zip is not safe to unpack"):
        fetch()


def test_fetch_names_missing_gauges(remote, fetch):
    with pytest.raises(InputError, match=r"for 1 of the basins asked for \(99999999\)"):
        fetch(gauges={"99999999"})


@pytest.fixture
def catalogue(publisher, remote, tmp_path):
    entry = {
        "title": "t",
        "citation": "c",
        "licence": "l",
        "doi": None,
        "page": "https://example.org/",
        "mirrors": [publisher.template()],
        "files": {
            "data.zip": {
                "md5": hashlib.md5(remote.body, usedforsecurity=False).hexdigest()
            }
        },
        "contents": {"daymet": PREFIX},
    }
    entry["files"]["data.zip"]["bytes"] = len(remote.body)
    path = tmp_path / "datasets.yaml"
    path.write_text(yaml.safe_dump({"camels": entry}))
    return path


def test_scripts_work_whole_and_by_range(catalogue, tmp_path):
    basins = tmp_path / "basins.txt"
    basins.write_text("\n".join(TWO))
    archive = tmp_path / "downloads/data.zip"
    download_files.main("camels", {"data.zip": archive}, catalogue, tmp_path / "part")
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    extract_archive.main(archive, "camels", "daymet", [basins], catalogue, whole)
    fetch_script.main("camels", {"daymet": parts}, [basins], catalogue)
    assert listing(whole) == listing(parts) == expected(TWO)
    with pytest.raises(InputError, match="has no content 'rain' "):
        extract_archive.main(archive, "camels", "rain", [basins], catalogue, whole)


def test_parts_need_exactly_one_zip():
    with pytest.raises(InputError, match="has 0 zip files"):
        archives.only_zip_of({"name": "x", "files": {"a.tar.xz": {}}})


def test_many_foreign_files_cost_little(tmp_path):
    """Ten thousand foreign files cost no noticeable time."""
    foreign = {f"other/{number}.txt": b"" for number in range(10_000)}
    archive = write_zip(tmp_path / "data.zip", {**foreign, **FILES})
    start = time.monotonic()
    extract_files(archive, PREFIX, TWO, tmp_path / "daymet")
    assert time.monotonic() - start < 2
