"""Answers of Shyft's workers as files: whole, or refused in one sentence."""

import os

import numpy as np
import pytest
from rerunoff.errors import InputError
from rerunoff.physics import shyft_process, shyft_worker

ANSWER = {
    "run": np.array("x"),
    "names": np.array(["a", "b"]),
    "values": np.array([1.5, 2]),
    "discharge": np.arange(40.0),
    "swe": np.ones(40),
}


def written(folder, **changed):
    """Write an answer of 40 days with some of its arrays changed; return its file."""
    arrays = {k: v for k, v in (ANSWER | changed).items() if v is not None}
    path = shyft_process.answer_path(folder, "1")
    shyft_worker.write_arrays(path, arrays)
    return path


def days(value):
    return np.where(np.arange(40) == 5, value, 1.0)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"discharge": np.ones(39)}, "discharge is not complete"),
        ({"discharge": days(np.nan)}, "discharge is not complete"),
        ({"soil_moisture": days(np.inf)}, "soil_moisture is not complete"),
        ({"swe": days(-1)}, "swe is below zero"),
        ({"values": np.array([1.5])}, "its parameters are incomplete"),
        ({"values": np.array([1.5, np.nan])}, "its parameters are incomplete"),
        ({"discharge": None}, "discharge"),
        ({"swe": None}, "swe"),
        ({"run": None}, "run"),
        ({"swe": np.array(["a"] * 40)}, "no readable answer of Shyft"),
        # Such a one would run code when it is read.
        ({"swe": np.array([{}] * 40)}, "Object arrays cannot be loaded"),
    ],
)
def test_answer_that_cannot_be_is_refused(tmp_path, complaint, changed, why):
    assert shyft_process.read_answer(tmp_path, "1", "x", 40) is None
    path = written(tmp_path, soil_moisture=days(2))
    read = shyft_process.read_answer(tmp_path, "1", "x", 40)
    assert set(read) == {"names", "values", "discharge", "swe", "soil_moisture"}
    written(tmp_path, **changed)
    said = complaint(shyft_process.read_answer, tmp_path, "1", "x", 40)
    assert said.startswith(f"{path}: no readable answer of Shyft (")
    assert why in said
    assert said.endswith("delete it and run again.")


def test_damaged_byte_is_found_or_changes_nothing(tmp_path):
    path = written(tmp_path)
    assert os.listdir(tmp_path) == ["basin_1.npz"]
    good = path.read_bytes()
    found = tried = 0
    for place in range(0, len(good), 5):
        path.write_bytes(good[:place] + bytes([good[place] ^ 4]) + good[place + 1 :])
        tried += 1
        try:
            read = shyft_process.read_answer(tmp_path, "1", "x", 40)
        except InputError:
            found += 1
        else:
            for name, values in (read or {}).items():
                np.testing.assert_array_equal(values, ANSWER[name])
    # Of the rest, most are in what a zip says of times and systems.
    assert found > 0.6 * tried
    path.write_bytes(good[:-30])
    with pytest.raises(InputError, match="no readable answer of Shyft"):
        shyft_process.read_answer(tmp_path, "1", "x", 40)
