"""Given data are known by names and contents, not by path or time."""

import json
import os

import pytest
from rerunoff import contents


@pytest.fixture
def data(tmp_path):
    root = tmp_path / "camels"
    for name in ("forcing/01/a.txt", "forcing/02/b.txt", "flow/a.txt"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(f"text of {name}")
    return root


@pytest.fixture
def content(tmp_path):
    """Return the checksum of two folders below a root."""

    def of(root):
        return contents.content_of(root, ["forcing", "flow"], tmp_path / "known.json")

    return of


def test_path_time_and_hidden_files_do_not_count(data, content, tmp_path):
    before = content(data)
    os.utime(data / "flow/a.txt")
    (data / "flow/.listing").write_text("made by a file manager")
    moved = data.rename(tmp_path / "moved")
    assert content(moved) == before


@pytest.mark.parametrize("change", ["text", "name", "new", "lost"])
def test_content_and_names_count(data, content, change):
    before = content(data)
    path = data / "flow/a.txt"
    if change == "text":
        path.write_text("Text of flow/a.txt")
    elif change == "name":
        path.rename(data / "flow/b.txt")
    elif change == "new":
        (data / "flow/b.txt").touch()
    else:
        path.unlink()
    assert content(data) != before


def test_a_file_is_read_once(data, content, monkeypatch):
    read = []
    sha256 = contents._sha256
    monkeypatch.setattr(
        contents, "_sha256", lambda path: read.append(path) or sha256(path)
    )
    before = content(data)
    assert len(read) == 3
    assert content(data) == before
    assert len(read) == 3
    os.utime(data / "flow/a.txt")
    assert content(data) == before
    assert len(read) == 4


NOTES = [5, None, [], [1, 2], ["1", 2, "x"], [1, 2, 3], {"a": 1}]


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "[" * 100_000, *(json.dumps({"flow/a.txt": n}) for n in NOTES)],
)
def test_damaged_notes_cost_a_second_reading_only(data, content, tmp_path, text):
    before = content(data)
    (tmp_path / "known.json").write_text(text)
    assert content(data) == before
    # Sums that are no texts are no sums either.
    if text.startswith("{"):
        facts = json.loads((tmp_path / "known.json").read_text())
        assert all(len(fact[2]) == 64 for fact in facts.values())


def test_folder_in_place_of_the_notes_costs_a_second_reading_only(
    data, content, tmp_path
):
    before = content(data)
    (tmp_path / "known.json").unlink()
    (tmp_path / "known.json").mkdir()
    assert content(data) == before
