"""Downloads against a server with every bad habit of the real ones."""

import email.utils
import functools
import hashlib
import io
import lzma
import os
import signal
import subprocess
import sys
import threading
import time
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from rerunoff import progress
from rerunoff.data import answers, transfer
from rerunoff.data import download as download_module
from rerunoff.data.download import download, load_catalogue, load_dataset
from rerunoff.data.session import make_session
from rerunoff.errors import InputError
from unit.publisher import Page, running, waits_of

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "config/datasets.yaml"
_ZIP = io.BytesIO()
with zipfile.ZipFile(_ZIP, "w") as _archive:
    _archive.writestr("numbers", bytes(range(256)) * 4000)
BODY = _ZIP.getvalue()
MD5 = hashlib.md5(BODY, usedforsecurity=False).hexdigest()
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


def as_header(text):
    """Return a text as the server writes it: in Latin-1, or else in UTF-8."""
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8").decode("latin-1")
    return text


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
    serve(publisher, busy=[(status, "7"), (status, None), (status, "120")])
    assert get().read_bytes() == BODY
    assert waits == [7, 2.0, 120]


@pytest.mark.parametrize(
    "asked", ["121", "99999999999", "9" * 5000, "Fri, 31 Dec 9999 23:59:59 GMT"]
)
def test_retry_after_of_ages_is_not_waited_for(publisher, get, waits, asked):
    serve(publisher, folder="slow", busy=[(503, asked)] * 9)
    serve(publisher)
    mirrors = [publisher.template("slow"), publisher.template()]
    assert get(mirrors).read_bytes() == BODY
    assert len(publisher.requests) == 2
    reason = f"HTTP status 503 and Retry-After {asked[:40]!r}, which is later than in"
    assert f"{reason} 120 s; " in failure(get, mirrors=mirrors[:1])
    assert waits == []


@pytest.mark.parametrize(
    "asked",
    ["²", "-5", "1.5", "soon", "", "٣", "\x1b[2J", "Mon, 99 Foo 2020 00:00:00 GMT",
     "Fri, 31 Dec 99999 23:59:59 GMT", "Thu, 01 Jan 0000 00:00:00 GMT"],
)  # fmt: skip
def test_retry_after_that_is_no_time_gets_a_wait_of_our_own(
    publisher, get, waits, asked
):
    asked = as_header(asked)
    serve(publisher, busy=[(503, asked)] * 2)
    assert get().read_bytes() == BODY
    assert waits == [2.0]  # the second try comes at once


def test_retry_after_as_a_date_is_honoured(publisher, get, waits):
    later = email.utils.format_datetime(datetime.now(UTC) + timedelta(seconds=60), True)
    serve(publisher, busy=[(429, later)])
    get()
    assert waits == [pytest.approx(60, abs=5)]


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
    # Both have the size of the file; only the address tells them apart.
    bad = b"PK" + bytes(len(BODY) - 2)
    serve(publisher, folder="bad", body=bad, cuts=[1000] + [0] * 9)
    serve(publisher)
    mirrors = [publisher.template("bad"), publisher.template()]
    assert get(mirrors, md5=None).read_bytes() == BODY
    assert [r["name"] for r in publisher.requests].count(f"files/{FILE}") == 1


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


def test_full_disk_is_one_sentence_and_the_part_stays(
    publisher, get, part, monkeypatch
):
    serve(publisher)
    part.write_bytes(BODY[:5000])
    full = functools.partial(open, "/dev/full", "wb", buffering=0)
    with monkeypatch.context() as patched:
        patched.setattr(transfer, "open", lambda *_, **__: full(), raising=False)
        message = failure(get)
    assert message.startswith(
        f"Cannot write {part}: No space left on device; make room"
    )
    assert part.read_bytes() == BODY[:5000]
    assert get().read_bytes() == BODY
    assert publisher.ranges() == ["bytes=5000-"] * 2


def test_links_in_place_of_a_part_are_not_followed(publisher, get, part, tmp_path):
    serve(publisher)
    victim = tmp_path / "victim"
    victim.write_text("mine")
    for planted in (part, part.with_name(f"{part.name}.origin")):
        planted.symlink_to(victim)
    assert get(md5=None).read_bytes() == BODY
    assert not get(md5=None).is_symlink()
    assert victim.read_text() == "mine"


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
        ("title: CAMELS-US h", "title: 'CAMELS-US h", "this is no YAML"),
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
    with pytest.raises(InputError, match=r"none\.yaml: no such file"):
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


# What a file without a published checksum rests on.


@pytest.mark.parametrize(
    ("file", "body"),
    [("data.zip", BODY[:-1]), ("data.zip", BODY[:5000]), ("data.tar.xz", None)],
)
def test_cut_archive_is_not_recorded_as_right(publisher, get, tmp_path, file, body):
    body = body or lzma.compress(bytes(range(256)) * 100)[:-1]
    serve(publisher, name=file, body=body)
    message = failure(get, file=file, md5=None)
    assert f"sent no whole {file}: its end is missing or damaged" in message
    assert not list((tmp_path / "downloads").glob("*"))


def test_whole_xz_is_taken(publisher, get):
    body = lzma.compress(bytes(range(256)) * 100)
    serve(publisher, name="data.tar.xz", body=body)
    assert get(file="data.tar.xz", md5=None).read_bytes() == body


@pytest.mark.parametrize(
    ("md5", "size"),
    [(None, len(BODY)), (MD5, None), (None, None)],
    # The archive is made anew by each process of the tests, its times with it.
    ids=["size", "checksum", "neither"],
)
def test_body_without_an_end_needs_a_checksum_or_a_size(publisher, get, md5, size):
    serve(publisher, unframed=True)
    if md5 or size:
        assert get(md5=md5, size=size).read_bytes() == BODY
    else:
        assert "does not say how many bytes the file has" in failure(get, md5=None)


def test_chunks_say_where_the_body_ends(publisher, get):
    serve(publisher, chunked=True, cuts=[300_000])
    assert get(md5=None).read_bytes() == BODY
    # Of what size the cut one was nobody knows, so nothing is continued.
    assert publisher.ranges()[2:] == [None]


def test_part_that_the_server_takes_for_all_is_not_the_file(publisher, get):
    # Cut in the middle; then the server says that the file ends 1000 bytes early.
    serve(publisher, cuts=[300_000], believed=len(BODY) - 1000)
    assert get(md5=None).read_bytes() == BODY
    assert publisher.ranges()[2] is None  # all of it anew


@pytest.mark.parametrize(
    "span",
    [
        f"bytes 300000-{len(BODY) - 2}/*",
        f"bytes 300000-{len(BODY) - 2}/{len(BODY) - 1}",
        f"bytes 300000-300099/{len(BODY)}",
        f"bytes 0-{len(BODY) - 1}/{len(BODY)}",
        f"bytes 300000-299999/{len(BODY)}",
        f"bytes ³00000-{len(BODY) - 1}/{len(BODY)}",
        f"300000-{len(BODY) - 1}/{len(BODY)}",
        "",
    ],
)
def test_false_ranges_are_not_appended(publisher, get, part, span):
    more = {"Content-Range": as_header(span)}
    serve(publisher, cuts=[300_000], more=more)
    assert get(md5=None).read_bytes() == BODY
    assert publisher.ranges()[1:3] == ["bytes=300000-", None]


def test_part_that_ends_behind_the_file_is_not_appended(publisher, get):
    size = len(BODY)
    more = {"Content-Range": f"bytes 300000-{size + 8}/{size}"}
    page = serve(publisher, body=BODY + b"123456789", more=more)
    page.before.append(Page(BODY, cuts=[300_000]))
    get(md5=None)
    assert publisher.ranges() == [None, "bytes=300000-", None]


def test_part_where_none_was_asked_for_is_not_the_whole(publisher, get):
    page = serve(publisher)
    head = {"Content-Range": f"bytes 0-4999/{len(BODY)}"}
    page.before.append(Page(BODY[:5000], more=head, code=206))
    assert get(md5=None).read_bytes() == BODY
    assert publisher.ranges() == [None, "bytes=5000-"]


@pytest.mark.parametrize(
    ("before", "after"),
    [({"etag": '"1"'}, {"etag": '"2"'}), ({}, {"body": BODY + b"more"})],
)
def test_new_version_does_not_end_the_part_of_an_old_one(
    publisher, get, part, before, after
):
    page = serve(
        publisher, body=BODY[:9] + b"old" + BODY[12:], cuts=[5000, 0, 0, 0, 0, 0]
    )
    for name, value in before.items():
        setattr(page, name, value)
    failure(get, md5=None)
    assert part.stat().st_size == 5000
    serve(publisher, **after)
    assert get(md5=None).read_bytes() == after.get("body", BODY)


def test_part_of_unknown_origin_is_not_continued(publisher, get, part):
    serve(publisher)
    part.write_bytes(BODY[:5000])
    assert get(md5=None).read_bytes() == BODY
    assert publisher.ranges() == [None]
    assert not list(part.parent.iterdir())


def test_416_does_not_make_a_part_whole(publisher, get):
    # Text, because an archive would show by itself that its end is missing.
    page = serve(publisher, name="list.txt", cuts=[5000, 0, 0, 0, 0, 0])
    failure(get, file="list.txt", md5=None)
    page.believed = 5000
    assert get(file="list.txt", md5=None).read_bytes() == BODY


# How much is taken.


def test_file_announced_too_big_is_not_fetched(publisher, get, part, monkeypatch):
    small = functools.partial(answers.Expected, largest=1000)
    monkeypatch.setattr(download_module, "Expected", small)
    serve(publisher)
    assert f"announces {len(BODY)} bytes, and at most 1000 are taken" in failure(get)
    assert not list(part.parent.iterdir())


def test_endless_body_is_cut(publisher, get, part):
    serve(publisher, unframed=True)
    assert "sends more than 5000 bytes" in failure(get, size=5000)
    assert not part.exists() or part.stat().st_size <= 5000


def test_endless_body_of_unknown_size_is_cut(publisher, get, part, monkeypatch):
    small = functools.partial(answers.Expected, largest=1000)
    monkeypatch.setattr(download_module, "Expected", small)
    serve(publisher, unframed=True)
    assert "sends more than 1000 bytes" in failure(get)
    assert not part.exists() or part.stat().st_size <= 1000


def test_largest_file_of_the_catalogue_is_taken():
    sizes = [
        facts["bytes"] or 0
        for dataset in load_catalogue(CATALOGUE).values()
        for facts in dataset["files"].values()
    ]
    sizes.append(4_207_763_546)  # a comment of datasets.yaml
    assert max(sizes) < answers.LARGEST


@pytest.mark.parametrize("length", ["²", "-1", "9" * 5000, "1e3", "5, 6"])
def test_odd_content_length_is_no_traceback(publisher, get, length):
    text = as_header(length)
    serve(publisher, unframed=True, more={"Content-Length": text})
    if length == "5, 6":
        assert "gave no answer (Content-Length contained multiple" in failure(get)
    else:
        assert get().read_bytes() == BODY


# Where redirects lead.


@pytest.mark.parametrize(
    "target",
    [
        "http://publisher.invalid/data.zip",
        "http://127.0.0.1.publisher.invalid/data.zip",
        "//publisher.invalid/data.zip",
        "file:///etc/passwd",
        "ftp://publisher.invalid/data.zip",
        "HTTP://publisher.invalid/",
        "http://[::1/data.zip",
        "javascript:alert(1)",
    ],
)
def test_redirects_elsewhere_than_https_are_refused(publisher, get, target):
    serve(publisher, redirect=target)
    message = failure(get)
    assert f"leads to {target!r}, which is not followed, because only https" in message
    assert len(publisher.requests) == 1


@pytest.mark.parametrize(
    ("origin", "target", "safe"),
    [
        ("https://a.org/x", "https://b.org/y", True),
        ("https://a.org/x", "/y", True),
        ("https://a.org/x", "//b.org/y", True),
        ("https://a.org/x", "http://a.org/x", False),
        ("https://a.org/x", "http://127.0.0.1/x", False),
        ("http://127.0.0.1:80/x", "http://localhost/y", True),
    ],
)
def test_which_redirects_are_safe(origin, target, safe):
    answer = requests.Response()
    answer.status_code, answer.url = 302, origin
    answer.raw, answer.headers["Location"] = io.BytesIO(), target
    follow = make_session().get_redirect_target
    if safe:
        assert follow(answer) == target
    else:
        with pytest.raises(requests.RequestException, match="is not followed"):
            follow(answer)


def test_redirect_without_end_ends(publisher, get):
    serve(publisher, redirect=f"/files/{FILE}")
    assert "leads from redirect to redirect" in failure(get)
    assert len(publisher.requests) == 11
