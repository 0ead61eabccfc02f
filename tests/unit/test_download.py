"""Downloads against a server with every bad habit of the real ones."""

import email.utils
import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rerunoff import progress
from rerunoff.data.download import download, load_catalogue, load_dataset
from rerunoff.errors import InputError
from unit.publisher import Page, running, waits_of

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "config/datasets.yaml"
BODY = b"PK" + bytes(range(256)) * 4000
MD5 = hashlib.md5(BODY).hexdigest()
FILE = "data.zip"


@pytest.fixture
def publisher():
    with running() as server:
        yield server


@pytest.fixture
def waits(monkeypatch):
    return waits_of(monkeypatch)


@pytest.fixture
def get(publisher, tmp_path, waits):
    """Download FILE; returns the path. Sleeps are noted in `waits` instead."""

    def run(mirrors=None, file=FILE, md5=MD5, size=None):
        entry = {
            "name": "example",
            "page": "https://example.org/by-hand",
            "mirrors": mirrors or [publisher.template()],
            "files": {file: {"md5": md5, "bytes": size}},
        }
        destination = tmp_path / "downloads" / file
        part = tmp_path / "partial" / f"{file}.part"
        download(entry, file, destination, part)
        return destination

    return run


@pytest.fixture
def part(tmp_path):
    path = tmp_path / "partial" / f"{FILE}.part"
    path.parent.mkdir()
    return path


def serve(publisher, name=FILE, folder="files", **page):
    publisher.pages[f"{folder}/{name}"] = served = Page(**{"body": BODY, **page})
    return served


def failure(get, **arguments):
    with pytest.raises(InputError) as caught:
        get(**arguments)
    return str(caught.value)


def test_whole_file_arrives_with_an_identifying_name(publisher, get, part):
    serve(publisher)
    assert get(size=len(BODY)).read_bytes() == BODY
    agent = publisher.requests[0]["agent"]
    assert agent.startswith("rerunoff/")
    assert "+https://" in agent
    assert not part.exists()
    assert not Path(f"{get()}.md5").exists()  # a published md5 needs no record


def test_redirect_is_followed(publisher, get):
    serve(publisher, redirect="/elsewhere/data.zip")
    serve(publisher, folder="elsewhere")
    assert get().read_bytes() == BODY


def test_cut_connection_is_resumed_without_fetching_bytes_twice(publisher, get, waits):
    serve(publisher, cuts=[100_000, 200_000, 300_001])
    assert get().read_bytes() == BODY
    starts = ["bytes=100000-", "bytes=300000-", "bytes=600001-"]
    assert publisher.ranges() == [None, *starts]
    assert publisher.sent == len(BODY)
    assert waits == []  # each brought something


def test_connection_cut_for_ever_ends(publisher, get, waits):
    serve(publisher, cuts=[100_000] + [0] * 100)
    message = failure(get)
    assert (
        "failed 5 times without a new byte, last with: Connection broken: " in message
    )
    assert len(publisher.requests) == 5
    assert waits == [2.0, 4.0, 8.0]  # the second try comes at once


def test_part_of_an_earlier_run_is_continued(publisher, get, part):
    serve(publisher)
    part.write_bytes(BODY[:5000])
    assert get().read_bytes() == BODY
    assert publisher.ranges() == ["bytes=5000-"]


def test_server_without_ranges_starts_over(publisher, get, part):
    serve(publisher, ranges=False)
    part.write_bytes(BODY[:5000])
    assert get().read_bytes() == BODY
    assert publisher.sent == len(BODY)


def test_complete_part_is_not_fetched_again(publisher, get, part):
    serve(publisher)
    part.write_bytes(BODY)
    assert get(size=len(BODY)).read_bytes() == BODY
    assert publisher.requests == []


def test_416_for_a_complete_part_of_unknown_size(publisher, get, part):
    serve(publisher)
    part.write_bytes(BODY)
    assert get().read_bytes() == BODY
    assert publisher.ranges() == [f"bytes={len(BODY)}-"]


@pytest.mark.parametrize("size", [None, len(BODY)])
def test_part_longer_than_the_file_is_dropped(publisher, get, part, size):
    serve(publisher)
    part.write_bytes(BODY + b"more")
    assert get(size=size).read_bytes() == BODY


def test_part_of_another_version_gets_one_fresh_start(publisher, get, part):
    serve(publisher)
    part.write_bytes(b"PK of last year")
    assert get().read_bytes() == BODY
    assert publisher.ranges() == ["bytes=15-", None]


def test_wrong_part_of_the_file_is_not_appended(publisher, get, part):
    serve(publisher, shift=7)
    part.write_bytes(BODY[:5000])
    assert get().read_bytes() == BODY
    assert publisher.ranges() == ["bytes=5000-", None]


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_in_seconds_is_honoured(publisher, get, waits, status):
    serve(publisher, busy=[(status, "7"), (status, None), (status, "99999999999")])
    assert get().read_bytes() == BODY
    assert waits == [7, 2.0, 120]


def test_retry_after_as_a_date_is_honoured(publisher, get, waits):
    later = email.utils.format_datetime(datetime.now(UTC) + timedelta(seconds=60), True)
    serve(publisher, busy=[(429, later)])
    get()
    assert waits == [pytest.approx(60, abs=5)]


@pytest.mark.parametrize(
    "asked", ["²", "soon", "", "-1", "9" * 5000, "Mon, 01 Jan 99999999 00:00:00 GMT"]
)
def test_retry_after_that_is_no_time_is_left_out(publisher, get, waits, asked):
    serve(publisher, busy=[(503, asked)] * 2)
    assert get().read_bytes() == BODY
    assert waits == [2.0]


def test_endless_busy_ends(publisher, get, waits):
    serve(publisher, busy=[(429, "1")] * 100)
    assert "stayed busy or broken, at last with HTTP status 429" in failure(get)
    assert waits == [1] * 6
    assert len(publisher.requests) == 7


@pytest.mark.parametrize("status", [500, 502, 504])
def test_server_error_passes(publisher, get, caplog, status):
    caplog.set_level("INFO")
    serve(publisher, busy=[(status, None)])
    assert get().read_bytes() == BODY
    assert f"/files/{FILE} failed (status {status}), trying again" in caplog.text


def test_part_is_continued_by_a_server_that_was_busy(publisher, get, part):
    serve(publisher, busy=[(503, "1")])
    part.write_bytes(BODY[:5000])
    assert get().read_bytes() == BODY
    assert publisher.ranges() == ["bytes=5000-"] * 2


def test_wrong_content_goes_to_the_next_mirror(publisher, get):
    serve(publisher, folder="bad", body=BODY[:-1] + b"x")
    serve(publisher)
    mirrors = [publisher.template("bad"), publisher.template()]
    assert get(mirrors).read_bytes() == BODY
    assert publisher.ranges() == [None, None]


def test_final_message_names_mirrors_reasons_page_and_folder(publisher, get, tmp_path):
    serve(publisher, folder="a", status=403)
    serve(publisher, folder="b", body=BODY[:-1] + b"x")
    serve(publisher, folder="c", html=True)
    mirrors = [publisher.template(letter) for letter in "abcd"]
    message = failure(get, mirrors=mirrors)
    for letter in "abcd":
        assert f"{publisher.root}/{letter}/{FILE}" in message
    assert "refused the request (403): the publisher blocks" in message
    assert f"where {MD5} is published: it is damaged, or another version" in message
    assert "sent a web page instead of the file" in message
    assert "has no such file (404)" in message
    assert "download it by hand from https://example.org/by-hand" in message
    assert f"put it into {tmp_path / 'downloads'} as {FILE}." in message
    assert "\n" not in message
    assert not (tmp_path / "downloads" / FILE).exists()


def test_wrong_size_is_refused_before_the_body(publisher, get):
    serve(publisher)
    message = failure(get, size=10_000_000)
    assert f"announces {len(BODY)} bytes where 10000000 are expected" in message


@pytest.mark.parametrize(
    ("file", "body", "words"),
    [
        ("data.zip", b'{"bag_status": "Not ready"}', "sent no .zip file"),
        ("data.tar.xz", b"PK but not xz", "sent no .xz file"),
        ("list.txt", b"\n <html>log in</html>", "sent a web page"),
    ],
)
def test_other_content_than_the_name_says(publisher, get, file, body, words):
    serve(publisher, name=file, body=body)
    assert words in failure(get, file=file, md5=None)


def test_web_page_does_not_cost_the_part(publisher, get, part):
    serve(publisher, html=True)
    part.write_bytes(BODY[:5000])
    failure(get)
    assert part.read_bytes() == BODY[:5000]


def test_unknown_md5_is_recorded_and_held_against_later_downloads(publisher, get):
    page = serve(publisher)
    path = get(md5=None)
    record = Path(f"{path}.md5")
    assert record.read_text() == f"{MD5}  {FILE}\n"
    path.unlink()
    assert get(md5=None).read_bytes() == BODY
    page.body = BODY + b"changed"
    path.unlink()
    message = failure(get, md5=None)
    assert f"but {MD5} was recorded in {record} on first download" in message
    assert f"delete {record} to accept the new file" in message
    record.unlink()
    assert get(md5=None).read_bytes() == page.body


def test_mirrors_are_not_mixed_without_md5(publisher, get):
    serve(publisher, folder="bad", body=b"PK" * 3000, cuts=[1000] + [0] * 9)
    serve(publisher)
    mirrors = [publisher.template("bad"), publisher.template()]
    assert get(mirrors, md5=None).read_bytes() == BODY


def test_broken_record_is_named(publisher, get, tmp_path):
    record = tmp_path / "downloads" / f"{FILE}.md5"
    record.parent.mkdir()
    record.write_text("oops")
    message = failure(get, md5=None)
    assert message.startswith(f"{record} does not begin with an md5")


def test_nobody_listens(get, waits):
    message = failure(get, mirrors=["http://127.0.0.1:9/{file}"])
    assert "http://127.0.0.1:9/data.zip gave no answer (" in message
    assert "Connection refused" in message
    assert waits == [2.0, 4.0, 8.0]


def test_full_disk_is_one_sentence(publisher, get, part):
    serve(publisher)
    part.symlink_to("/dev/full")
    message = failure(get)
    assert message.startswith(
        f"Cannot write {part}: No space left on device; make room"
    )


def test_file_in_place_of_a_folder_is_one_sentence(publisher, get, tmp_path):
    serve(publisher)
    (tmp_path / "downloads").write_text("in the way")
    message = failure(get)
    assert message.startswith(f"Cannot write {tmp_path / 'downloads' / FILE}: ")


def test_unknown_file_is_named(get):
    entry = {"name": "example", "files": {FILE: {}}}
    with pytest.raises(InputError, match=r"has no file 'x\.zip'; it has data\.zip"):
        download(entry, "x.zip", "d", "p")


CHILD = """
import sys
from rerunoff.data.download import download
entry = {"name": "example", "page": "", "mirrors": [sys.argv[1]],
         "files": {"data.zip": {"md5": None, "bytes": None}}}
download(entry, "data.zip", sys.argv[2], sys.argv[3])
"""


def test_killed_download_is_continued(publisher, get, part, tmp_path):
    page = serve(publisher, pause=threading.Event())
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, publisher.template(), tmp_path / "d", part],
        env={**os.environ, "PYTHONPATH": str(ROOT / "workflow_scripts")},
    )
    half = len(BODY) // 2
    deadline = time.monotonic() + 10
    while not (part.exists() and part.stat().st_size == half):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    child.send_signal(signal.SIGKILL)
    child.wait()
    page.pause.set()
    page.pause = None
    assert not (tmp_path / "d").exists()
    assert get().read_bytes() == BODY
    assert publisher.ranges() == [None, f"bytes={half}-"]


def test_log_tells_the_progress_off_a_terminal(publisher, get, caplog, monkeypatch):
    clock = iter(range(0, 100_000, 50))
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    caplog.set_level("INFO")
    serve(publisher)
    get()
    said = [line for line in caplog.messages if line.startswith("data.zip: ")]
    assert said[-1] == "data.zip: 100% done, less than a minute left"


def test_our_catalogue_is_valid():
    catalogue = load_catalogue(CATALOGUE)
    assert len(catalogue["camels_us_attributes"]["files"]) == 7
    assert load_dataset(CATALOGUE, "basin_list_531")["name"] == "basin_list_531"
    with pytest.raises(InputError, match="has no data set 'camels_de'; it has basin_"):
        load_dataset(CATALOGUE, "camels_de")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("title: CAMELS-US h", "titel: CAMELS-US h", "camels_us_timeseries"),
        ("bytes: 4779", "bytes: many", "basin_list_531.files.basin_list.txt.bytes"),
        ("- https://gdex", "- http://gdex", "camels_us_timeseries.mirrors.2"),
        ("md5: 57c4bf", "md5: 57", "basin_list_531.files.basin_list.txt.md5"),
        ("title: CAMELS-US h", "title: 'CAMELS-US h", "is not valid YAML"),
    ],
)
def test_bad_catalogue_is_one_sentence(tmp_path, old, new, words):
    path = tmp_path / "datasets.yaml"
    path.write_text(CATALOGUE.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(InputError) as caught:
        load_catalogue(path)
    message = str(caught.value)
    assert words in message
    assert str(path) in message
    assert "\n" not in message


def test_missing_catalogue_is_one_sentence(tmp_path):
    with pytest.raises(InputError, match="Cannot read the catalogue of data sets"):
        load_catalogue(tmp_path / "none.yaml")


NOWHERE = "http://mirror{}.invalid/{{file}}"


def test_without_a_network_the_page_and_the_folder_are_named(
    get, complaint, tmp_path, waits
):
    started = time.monotonic()
    message = complaint(get, mirrors=[NOWHERE.format(1), NOWHERE.format(2)])
    assert time.monotonic() - started < 5
    assert message == (
        f"{FILE} of example could not be downloaded, because there is no network: "
        "no address is known of mirror1.invalid, mirror2.invalid; download it by hand "
        f"from https://example.org/by-hand and put it into {tmp_path}/downloads as "
        f"{FILE}."
    )
    assert waits == []


def test_resolver_that_does_not_answer_is_not_waited_for(get, complaint, monkeypatch):
    monkeypatch.setattr("socket.getaddrinfo", lambda *_: time.sleep(60))
    started = time.monotonic()
    assert "there is no network" in complaint(get, mirrors=[NOWHERE.format(1)])
    assert time.monotonic() - started < 5


def test_mirror_without_an_address_is_tried_again_beside_another(get, publisher, waits):
    publisher.pages[f"files/{FILE}"] = Page(BODY)
    path = get(mirrors=[NOWHERE.format(1), publisher.template()])
    assert path.read_bytes() == BODY
    assert len(waits) == 3  # of five tries, the second at once


def test_proxy_looks_names_up_itself(get, complaint, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    message = complaint(get, mirrors=[NOWHERE.format(1)])
    assert "no network" not in message
    assert "gave no answer (" in message
