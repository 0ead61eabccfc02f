"""Files appear whole, and writers leave each other's work and others' files alone."""

import os

import pytest
from rerunoff.data.archived_files import building_folder, keep_only
from rerunoff.files import atomic_path, write_text


def test_part_of_a_writer_that_lives_stays(tmp_path):
    path = tmp_path / "a.txt"
    with atomic_path(path) as one:
        one.write_text("one")
        with atomic_path(path) as other:
            other.write_text("other")
        assert path.read_text() == "other"
        assert one.read_text() == "one"
    assert path.read_text() == "one"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["a.txt", "a[1].txt"])
def test_part_of_a_writer_that_was_killed_goes(tmp_path, name):
    path = tmp_path / name
    stale = [tmp_path / f".{path.stem}.{token}.part.txt" for token in ("7", "8-ab")]
    for part in stale:
        part.write_text("half")
    write_text(path, "whole")
    assert list(tmp_path.iterdir()) == [path]


def test_link_in_place_of_a_part_goes_and_its_target_stays(tmp_path):
    victim, folder = tmp_path / "victim.txt", tmp_path / "results"
    folder.mkdir()
    victim.write_text("mine")
    (folder / ".a.1.part.txt").symlink_to(victim)
    (folder / ".a.2.part.txt").symlink_to(tmp_path / "nowhere")
    write_text(folder / "a.txt", "whole")
    assert [path.name for path in folder.iterdir()] == ["a.txt"]
    assert victim.read_text() == "mine"
    assert not (tmp_path / "nowhere").exists()


def test_no_link_waits_under_a_name_that_can_be_guessed(tmp_path):
    names = []
    for _ in range(2):
        with atomic_path(tmp_path / "a.txt") as part:
            names.append(part.name)
            part.write_text("")
    assert names[0] != names[1]


def test_link_in_place_of_a_folder_being_built_goes(tmp_path):
    victim = tmp_path / "victim"
    victim.mkdir()
    (victim / "mine.txt").write_text("mine")
    (tmp_path / ".data.part").symlink_to(victim)
    with building_folder(tmp_path / "data") as building:
        (building / "new.txt").write_text("new")
        keep_only(building, {"new.txt"})
    assert [path.name for path in victim.iterdir()] == ["mine.txt"]
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["new.txt"]
    assert not (tmp_path / "data").is_symlink()


def test_file_may_be_read_by_whom_the_umask_lets(tmp_path):
    before = os.umask(0o027)
    try:
        write_text(tmp_path / "a.txt", "")
    finally:
        os.umask(before)
    assert (tmp_path / "a.txt").stat().st_mode & 0o777 == 0o640
