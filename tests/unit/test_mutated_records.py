"""Damaged records, lists of calls and of files: a sentence, or what is in them."""

import contextlib
import hashlib
import json
import os
import pickle

import pytest
import yaml
from hypothesis import given
from rerunoff import contents, files, provenance, yaml_files
from rerunoff.data import hydroshare
from rerunoff.data.authors_simulations import read_stored
from rerunoff.data.download import load_catalogue
from rerunoff.data.hydroshare import NoListError, list_files
from rerunoff.protocol.recorded import check_unchanged, find_records
from rerunoff.protocol.run_folder import FOLDER_CONFIG, remembered
from rerunoff.provenance import add_call, read_calls
from rerunoff.scorecard.home import calls_table
from unit.mutations import BINARY, damage, damaged, outcome
from unit.test_authors_simulations import BASINS, DATES, tables
from unit.test_mutated_configuration import BASE, ROOT

NAMES = ["results/metrics/a/b.csv", "results/data/c d.txt"]
SUMS = "".join(f"{hashlib.sha256(b'').hexdigest()}  {name}\n" for name in NAMES)
SUMS = SUMS.encode()


@pytest.fixture
def folder(tmp_path_factory):
    """Return a folder of its own for each file, because some are read once."""
    return lambda: tmp_path_factory.mktemp("records")


def record(folder, told=b"papers: [kratzert2019b]\n", sums=SUMS):
    """Write a record whose files are there."""
    for name in NAMES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    (folder / "config.yaml").write_bytes(told)
    (folder / "sha256.txt").write_bytes(sums)
    return {**BASE, "recorded": [str(folder)]}


@given(steps=damage())
def test_checksums_of_a_record(folder, steps):
    path, content = folder(), damaged(SUMS, steps)
    if outcome(path, find_records, record(path, sums=content), ROOT) is not None:
        lines = content.decode().replace("\r\n", "\n").rstrip().splitlines()
        # Each names a file that is there, by a checksum of it.
        assert lines
        for line in lines:
            digest, name = line.split("  ", 1)
            assert len(bytes.fromhex(digest)) == 32
            assert (path / name).is_file()


@given(steps=damage())
def test_configuration_of_a_record(folder, steps):
    told = {"papers": ["kratzert2019b"], "dataset": "camels_us"}
    told["kratzert2019b"] = {"seeds": [200], "training": {"epochs": 3}}
    path, content = folder(), damaged(yaml.safe_dump(told).encode(), steps)
    config = record(path, told=content)
    if outcome(path, find_records, config, ROOT) is not None:
        outcome(path, check_unchanged, path, config, BASE)


CALL = {"first": "2026-01-01", "last": "2026-01-02", "commit": "a", "versions": {}}
CALL |= {"configuration": "b", "data": None, "jobs": {"train": 3}}


@given(steps=damage())
def test_list_of_calls(folder, steps):
    path = folder() / "provenance.json"
    content = damaged(json.dumps([CALL, CALL], indent=1).encode(), steps, b":")
    path.write_bytes(content)
    found = read_calls(path)
    if found:
        assert found == json.loads(content)
        assert calls_table(path)
    # The next call is added to what is whole, and nothing is lost.
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(provenance, "commit", lambda: "b")
        add_call(path, {}, ["train"], [])
    assert read_calls(path)[:-1] == found
    aside = path.with_name("provenance.json.damaged")
    assert found or not content.strip(b" []\r\n") or aside.read_bytes() == content


@given(steps=damage())
def test_notes_of_checksums(folder, steps):
    root = folder()
    (root / "a").mkdir()
    for name in ("x.txt", "y.txt"):
        (root / "a" / name).write_text(name)
        os.utime(root / "a" / name, ns=(10**18, 10**18))
    notes = root / "notes.json"
    before = contents.content_of(root, ["a"], notes)
    whole = json.loads(notes.read_text())
    notes.write_bytes(damaged(notes.read_bytes(), steps, b","))
    # A note with size and time of the file is believed, whatever sum it has.
    if contents.content_of(root, ["a"], notes) != before:
        changed = json.loads(notes.read_text())
        assert any(changed[name][2] != fact[2] for name, fact in whole.items())


# The first data set alone.
CATALOGUE = yaml.safe_load((ROOT / "config" / "datasets.yaml").read_text())
CATALOGUE = yaml.safe_dump(dict([*CATALOGUE.items()][:1]), sort_keys=False).encode()


@given(steps=damage())
def test_list_of_downloads(folder, steps):
    path = folder() / "datasets.yaml"
    path.write_bytes(damaged(CATALOGUE, steps))
    found = outcome(path, load_catalogue, path)
    if found is not None:
        assert found == yaml.safe_load(path.read_text(encoding="utf-8"))
        for dataset in found.values():
            assert all(url.startswith("https://") for url in dataset["mirrors"])


@given(steps=damage())
def test_configuration_of_a_folder(folder, steps):
    path = folder()
    (path / "results").mkdir()
    told = {"papers": ["kratzert2019a"], "kratzert2019a": {"seeds": [1, 2]}}
    content = damaged(yaml.safe_dump(told).encode(), steps)
    (path / FOLDER_CONFIG).write_bytes(content)
    with contextlib.chdir(path):
        # What is relative is read once in a process.
        files._parsed.cache_clear()
        yaml_files._refuse_twice.cache_clear()
        found = outcome(FOLDER_CONFIG, remembered)
    if found is not None:
        assert found == (yaml.safe_load(content.decode()) or {})


@given(steps=damage(tuple(BINARY), 2))
def test_stored_simulations_of_the_authors(folder, steps):
    path = folder() / "results.p"
    path.write_bytes(damaged(pickle.dumps(tables(), 3), steps))
    found = outcome(path, read_stored, path, BASINS, DATES)
    if found is not None:
        simulation, observed = found
        assert simulation.discharge.shape == observed.shape == (2, len(DATES))
        assert not (observed < 0).any()


ADDRESS = "https://example.org/resource/1/data/contents/{}"
ENTRY = {"size": 5, "checksum": hashlib.md5(b"", usedforsecurity=False).hexdigest()}
DATASET = {"listing": "https://example.org/files/", "page": "https://example.org"}


@given(steps=damage())
def test_list_of_a_resource(folder, steps):
    entries = [{"url": ADDRESS.format(name), **ENTRY} for name in ("a/b.p", "c.nc")]
    content = json.dumps({"next": None, "results": entries}, indent=1).encode()
    content = damaged(content, steps, b":")

    def give(url, name, partial, *_):
        partial.write_bytes(content)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(hydroshare, "check_network", lambda *_: None)
        patched.setattr(hydroshare, "transfer", give)
        try:
            path = folder() / "list.part"
            found = outcome(DATASET["listing"], list_files, DATASET, path, None)
        except NoListError:
            found = None
    if found is not None:
        told = json.loads(content)["results"]
        assert [facts["bytes"] for facts in found.values()] == [
            {entry["url"]: entry["size"] for entry in told}[url]
            for url in {entry["url"]: 0 for entry in told}
        ]
        assert all(".." not in name.split("/") for name in found)
        assert all(len(facts["md5"] or "x" * 32) == 32 for facts in found.values())
