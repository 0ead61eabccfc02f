"""The authors' run folders out of a HydroShare resource, as a local server plays it."""

import io
import json
import tarfile
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from rerunoff.data import hydroshare
from rerunoff.data.authors_files import (
    COLUMNS,
    fetch_results,
    fetch_weights,
    find_on_disk,
    write_found,
)
from rerunoff.data.authors_resource import find_published
from rerunoff.data.authors_runs import LARGEST, Configuration
from rerunoff.data.hydroshare import NoListError, list_files
from rerunoff.data.session import make_session
from unit.authors import Theirs, write
from unit.publisher import HydroShare, Page, running, waits_of

EALSTM, LSTM = Theirs(), Theirs("lstm", loss="mse")
RESULTS = b"\x80\x03pickled results" * 1000
WANTED = {
    "ealstm_nse": (Configuration("ealstm", True, "nse"), [111]),
    "lstm_mse": (Configuration("lstm", True, "mse"), [111]),
}


_MADE = {}


def files_of(one):
    """Return a run folder's files, made once: torch.save differs from call to call."""
    return _MADE.setdefault(one.folder, one.files())


def run_files(*networks, prefix="pretrained/"):
    """Return the files of run folders below a folder, with stand-ins for results."""
    found = {}
    for one in networks:
        files = files_of(one) | {f"{one.folder}/{one.pickle_name}": RESULTS}
        found |= {f"{prefix}{path}": body for path, body in files.items()}
    return found


@pytest.fixture
def publisher():
    with running() as server:
        yield server


@pytest.fixture(autouse=True)
def waits(monkeypatch):
    """Nobody waits; what would be waited for a bag is noted, in seconds."""
    waits_of(monkeypatch)
    waited = []
    monkeypatch.setattr(hydroshare.time, "sleep", waited.append)
    return waited


@pytest.fixture
def resource(publisher):
    return HydroShare(publisher, {"readme.md": b"hello"} | run_files(EALSTM, LSTM))


@pytest.fixture
def find(tmp_path):
    """Find runs in a resource; return the table of them."""

    def of(resource, wanted=WANTED):
        found = find_published(
            resource.dataset(), tmp_path / "kept", tmp_path / "partial"
        )
        table = tmp_path / "runs.csv"
        write_found(found, wanted, "look elsewhere", table)
        return table

    return of


@pytest.fixture
def fetch(tmp_path):
    """Fetch the weights of a run; return its folder."""

    def of(resource, table, experiment="ealstm_nse", function=fetch_weights):
        target = tmp_path / "runs" / experiment / function.__name__
        arguments = (table, resource.dataset(), experiment, "111", target)
        function(*arguments, tmp_path / "partial")
        return target

    return of


def listed(resource, tmp_path):
    partial = tmp_path / "list.part"
    return list_files(resource.dataset(), partial, make_session())


def test_all_pages_of_the_list_are_read_from_the_address_of_the_catalogue(
    publisher, tmp_path
):
    resource = HydroShare(publisher, run_files(EALSTM, LSTM), by_page=3)
    files = listed(resource, tmp_path)
    assert set(files) == set(resource.files)
    path = f"pretrained/{EALSTM.folder}/cfg.json"
    entry = resource.entry(path, resource.files[path])
    assert files[path] == {"md5": entry["checksum"], "bytes": entry["size"]}
    # The links lead to another host, which is not asked.
    assert [request["name"] for request in publisher.requests] == [
        "hsapi/resource/83ea/files/"
    ] * 4


def test_runs_are_found_by_what_cfg_json_says(resource, find):
    rows = pd.read_csv(find(resource), dtype=str, keep_default_na=False)
    assert tuple(rows) == COLUMNS
    folders = rows.groupby("experiment")["folder"].unique()
    assert folders["ealstm_nse"].tolist() == [f"pretrained/{EALSTM.folder}"]
    assert folders["lstm_mse"].tolist() == [f"pretrained/{LSTM.folder}"]
    names = ["cfg.json", "attributes.db", "model_epoch30.pt", "ealstm_seed111.p"]
    assert rows[rows["experiment"] == "ealstm_nse"]["file"].tolist() == names
    sent = {request["name"].split("/")[-1] for request in resource.publisher.requests}
    assert sent == {"", "cfg.json"}  # nothing big before it is asked for


def test_files_of_a_run_arrive(resource, find, fetch):
    table = find(resource)
    folder = fetch(resource, table, "lstm_mse")
    expected = files_of(LSTM)
    for path in sorted(folder.iterdir()):
        assert path.read_bytes() == expected[f"{LSTM.folder}/{path.name}"]
    names = ["attributes.db", "cfg.json", "model_epoch30.pt"]
    assert sorted(path.name for path in folder.iterdir()) == names
    assert fetch(resource, table, function=fetch_results).read_bytes() == RESULTS


def test_cut_connection_is_resumed(resource, find, fetch):
    table = find(resource)
    page = f"resource/83ea/data/contents/pretrained/{EALSTM.folder}/ealstm_seed111.p"
    resource.publisher.pages[page].cuts = [1000, 2000]
    before = resource.publisher.sent
    assert fetch(resource, table, function=fetch_results).read_bytes() == RESULTS
    assert resource.publisher.ranges()[-3:] == [None, "bytes=1000-", "bytes=3000-"]
    assert resource.publisher.sent - before == len(RESULTS)


def test_cut_list_is_asked_for_again(resource, publisher, tmp_path):
    publisher.pages["hsapi/resource/83ea/files/?page=2"].cuts = [50]
    assert set(listed(resource, tmp_path)) == set(resource.files)


def test_wrong_checksum_is_said(resource, find, fetch, complaint):
    table = find(resource)
    page = f"resource/83ea/data/contents/pretrained/{EALSTM.folder}/model_epoch30.pt"
    body = resource.publisher.pages[page].body
    resource.publisher.pages[page].body = body[:-1] + b"x"
    message = complaint(fetch, resource, table)
    assert (
        " is published: it is damaged, or another version; download the run " in message
    )
    assert message.endswith(
        "by hand from https://example.org/resource and name the folder that holds them "
        "in weights_root."
    )


def test_file_without_a_checksum_keeps_that_of_its_first_download(
    publisher, find, fetch, complaint, tmp_path
):
    resource = HydroShare(publisher, run_files(EALSTM))
    entries = [resource.entry(*pair) for pair in resource.files.items()]
    for entry in entries:
        entry["checksum"] = "sha2:QUJD" if "cfg" in entry["url"] else None
    resource.list_page(entries)
    wanted = {"ealstm_nse": WANTED["ealstm_nse"]}
    table = find(resource, wanted)
    fetch(resource, table, function=fetch_results)
    page = f"resource/83ea/data/contents/pretrained/{EALSTM.folder}/ealstm_seed111.p"
    publisher.pages[page].body = RESULTS[::-1]
    arguments = (resource, table, "ealstm_nse", fetch_results)
    message = complaint(fetch, *arguments)
    assert " was recorded in " in message


@pytest.mark.parametrize(
    "path",
    [
        f"../../{EALSTM.folder}/cfg.json",
        f"a/../../{EALSTM.folder}/cfg.json",
        f"/{EALSTM.folder}/cfg.json",
        f"%2e%2e/%2e%2e/{EALSTM.folder}/cfg.json",
        f"..%5c{EALSTM.folder}/cfg.json",
        f"C:/{EALSTM.folder}/cfg.json",
        f"a/./{EALSTM.folder}/cfg.json",
        "a%0ab",
        "",
    ],
)
def test_path_out_of_the_folder_is_refused(resource, find, complaint, tmp_path, path):
    entry = resource.entry(path, b"{}")
    resource.list_page([entry])
    before = {*tmp_path.rglob("*")}
    message = complaint(find, resource)
    assert "files/ is not safe to follow: it names the file '/resource/83ea" in message
    assert {p for p in tmp_path.rglob("*") if p.is_file()} <= before


def test_other_files_of_a_run_folder_are_left_alone(resource, find, fetch):
    """Nor is a name that only resembles one of them."""
    table = find(resource).read_text()
    assert "model_epoch29" not in table
    assert "readme" not in table


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<html>log in</html>", "sent a web page instead of the file"),
        (b"no list", "sent something else than a list of files"),
        (b"[]", "sent something else than a list of files"),
        (b'{"results": 3}', "sent something else than a list of files"),
        (b'{"results": [{"url": 3}]}', "has an entry that is no file with an address"),
        (b'{"results": [{"url": "x", "size": "3"}]}', "has an entry that is no file"),
        (b"[" * 100_000, "sent something else than a list of files"),
        (b" " * (1 << 23) + b"{}", "announces 8388610 bytes, and at most 8388608 are"),
    ],
)
def test_no_list_is_said(resource, publisher, tmp_path, content, words):
    publisher.pages["hsapi/resource/83ea/files/"] = Page(content)
    with pytest.raises(NoListError, match=words):
        listed(resource, tmp_path)


def test_endless_list_ends(resource, tmp_path):
    entry = resource.entry("readme.md", b"hello")
    resource.list_page([entry], 1, 2)
    resource.list_page([entry], 2, 2)
    with pytest.raises(NoListError, match="goes on after 2 pages"):
        listed(resource, tmp_path)


def test_without_a_list_the_bag_is_waited_for(publisher, find, fetch, waits, caplog):
    resource = HydroShare(publisher, run_files(EALSTM, LSTM))
    publisher.pages["hsapi/resource/83ea/files/"] = Page(status=404)
    bag = resource.serve_bag(not_ready=3)
    bag.cuts = [None, 5000]  # the first answer is only looked at
    caplog.set_level("INFO")
    table = find(resource)
    assert waits == [10, 10, 10]
    assert "is being packed (task 78c4-51), waiting" in caplog.text
    assert "the resource is downloaded whole instead" in caplog.text
    assert publisher.ranges()[-1] == "bytes=5000-"
    asked = len(publisher.requests)
    folder = fetch(resource, table)
    expected = files_of(EALSTM)[f"{EALSTM.folder}/model_epoch30.pt"]
    assert (folder / "model_epoch30.pt").read_bytes() == expected
    assert fetch(resource, table, function=fetch_results).read_bytes() == RESULTS
    assert len(publisher.requests) == asked
    find(resource)  # what is unpacked is not downloaded again
    assert len(publisher.requests) == asked + 1


def test_bag_that_is_never_ready_ends(publisher, find, complaint, waits, monkeypatch):
    monkeypatch.setattr(hydroshare, "_PAUSE", 200)
    resource = HydroShare(publisher, run_files(EALSTM))
    publisher.pages["hsapi/resource/83ea/files/"] = Page(status=500)
    resource.serve_bag(not_ready=1000)
    message = complaint(find, resource)
    assert (
        "is not packed after 30 minutes (task 78c4-51); try again later, or" in message
    )
    assert sum(waits) == 1800


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (Page(status=403), "refused the request (403)"),
        (Page(b"{}", kind="application/json"), "sent neither a zip nor a task"),
        (Page(b"[1", kind="application/json"), "sent neither a zip nor a task"),
        (Page(b"no zip", kind="application/zip"), "sent no .zip file"),
    ],
)
def test_odd_bag_is_said(publisher, find, complaint, page, words):
    resource = HydroShare(publisher, {})
    publisher.pages["hsapi/resource/83ea/files/"] = Page(status=404)
    publisher.pages["bags/83ea.zip"] = page
    assert words in complaint(find, resource)


def packed(files, kind):
    memory = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(memory, "w") as archive:
            for path, body in files.items():
                archive.writestr(path, body)
    else:
        with tarfile.open(fileobj=memory, mode="w:xz") as archive:
            for path, body in files.items():
                info = tarfile.TarInfo(path)
                info.size = len(body)
                archive.addfile(info, io.BytesIO(body))
    return memory.getvalue()


@pytest.mark.parametrize("kind", ["zip", "tar.xz"])
def test_archives_in_the_resource_are_unpacked(publisher, find, fetch, kind, tmp_path):
    archives = {
        f"nse/runs.{kind}": packed(run_files(EALSTM), kind),
        f"mse/runs.{kind}": packed(run_files(LSTM), kind),
        "forcing.zip": packed({"a.txt": b"x"}, "zip"),
    }
    resource = HydroShare(publisher, archives)
    table = find(resource)
    folder = fetch(resource, table, "lstm_mse")
    expected = files_of(LSTM)[f"{LSTM.folder}/model_epoch30.pt"]
    assert (folder / "model_epoch30.pt").read_bytes() == expected
    kept = [path.name for path in (tmp_path / "kept").rglob("*") if path.is_file()]
    assert "model_epoch29.pt" not in kept
    assert f"runs.{kind}" not in kept


def test_archive_that_leads_out_of_its_folder_is_refused(publisher, find, complaint):
    harm = {f"../../{EALSTM.folder}/cfg.json": b"{}"}
    resource = HydroShare(publisher, {"runs.zip": packed(harm, "zip")})
    assert "runs.zip is not safe to unpack: its member" in complaint(find, resource)


def test_resource_of_something_else_is_said(publisher, find, complaint):
    resource = HydroShare(publisher, {"readme.md": b"hello"})
    message = complaint(find, resource)
    assert "names none of the authors' run folders, but readme.md; download" in message


@pytest.mark.parametrize(
    ("file", "largest"),
    [
        ("cfg.json", LARGEST["cfg.json"]),
        ("model_epoch30.pt", LARGEST["model_epoch30.pt"]),
        ("ealstm_seed111.p", 1 << 29),
    ],
)
def test_file_too_big_for_its_name_is_refused(resource, find, complaint, file, largest):
    entries = [resource.entry(*pair) for pair in resource.files.items()]
    path = f"pretrained/{EALSTM.folder}/{file}"
    for entry in entries:
        if entry["url"].endswith(path):
            entry["size"] = largest + 1
    resource.list_page(entries)
    message = complaint(find, resource)
    words = f"{path}: {largest + 1} bytes, where such a file has at most {largest}; get"
    assert words in message


def test_missing_run_is_said(publisher, find, complaint):
    resource = HydroShare(publisher, run_files(EALSTM))
    assert complaint(find, resource) == (
        "None of 1 run folders is of an LSTM, loss mse, seed 111, which lstm_mse "
        "needs; take the seed or the experiment out of the configuration, or look "
        "elsewhere."
    )


def test_two_folders_of_one_run_are_said(publisher, find, complaint):
    again = run_files(EALSTM, prefix="again/")
    resource = HydroShare(publisher, run_files(EALSTM, LSTM) | again)
    assert complaint(find, resource) == (
        f"again/{EALSTM.folder} and pretrained/{EALSTM.folder} are both of an EA-LSTM, "
        "loss nse, seed 111, which ealstm_nse needs, and nothing says which one "
        "counts; keep one of them: look elsewhere."
    )


def test_folder_without_cfg_json_is_left_out(publisher, find, caplog):
    files = run_files(EALSTM, LSTM) | run_files(Theirs(seed=222))
    del files[f"pretrained/{Theirs(seed=222).folder}/cfg.json"]
    find(HydroShare(publisher, files))
    assert (
        "seed222 has no cfg.json, which says what it is, and is left out" in caplog.text
    )


def test_missing_weights_and_results_are_said(publisher, find, fetch, complaint):
    files = run_files(EALSTM, LSTM)
    del files[f"pretrained/{EALSTM.folder}/model_epoch30.pt"]
    del files[f"pretrained/{LSTM.folder}/lstm_seed111.p"]
    del files[f"pretrained/{LSTM.folder}/attributes.db"]
    resource = HydroShare(publisher, files)
    table = find(resource)
    message = complaint(fetch, resource, table)
    assert f"{table}: no model_epoch30.pt of ealstm_nse, seed 111; delete" in message
    message = complaint(fetch, resource, table, "lstm_mse", fetch_results)
    assert message == (
        f"The run folder pretrained/{LSTM.folder} has no pickle of results; set "
        "kratzert2019a.stored_simulations: false in the configuration."
    )
    names = {path.name for path in fetch(resource, table, "lstm_mse").iterdir()}
    assert names == {"cfg.json", "model_epoch30.pt"}


def test_runs_on_disk_are_taken_where_they_are(fetch, tmp_path, resource):
    root = write(tmp_path / "given", run_files(EALSTM, LSTM, prefix="deep/er/"))
    table = tmp_path / "runs.csv"
    write_found(find_on_disk([root]), WANTED, "look elsewhere", table)
    folder = fetch(resource, table)
    expected = files_of(EALSTM)[f"{EALSTM.folder}/model_epoch30.pt"]
    assert (folder / "model_epoch30.pt").read_bytes() == expected
    assert resource.publisher.requests == []


def test_no_network_is_said(tmp_path, complaint, resource):
    dataset = resource.dataset() | {"mirrors": ["http://mirror.invalid/{file}"]}
    partial = Path(tmp_path, "list.part")
    message = complaint(list_files, dataset, partial, make_session())
    assert (
        "the list of files of kratzert2019a_weights could not be downloaded, "
        in message
    )
    assert json.dumps(resource.publisher.requests) == "[]"
