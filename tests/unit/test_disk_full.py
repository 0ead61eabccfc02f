"""A full disk ends in one sentence, wherever it is met, and leaves nothing behind."""

import dataclasses
import errno
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from rerunoff.data import series_files
from rerunoff.errors import InputError
from rerunoff.files import atomic_path
from rerunoff.models import build_model
from rerunoff.training import checkpoint
from rerunoff.training.run import train_run
from unit import stores

TESTS = Path(__file__).resolve().parents[1]
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": os.pathsep.join([str(TESTS.parent / "workflow_scripts"), str(TESTS)]),
}
# In a process of its own, because HDF5 may end one with a segmentation fault, also at
# its very end. Each of these is written where no room is left.
ALL = """
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from rerunoff.data.basin_series import BasinSeries
from rerunoff.data.simulation_writer import write_simulation
from rerunoff.data.simulations import Simulation
from rerunoff.data.store_builder import build_store
from rerunoff.errors import InputError
from rerunoff.figures import style
from rerunoff.models import build_model
from rerunoff.tables import write_table
from rerunoff.training import checkpoint
from rerunoff.training.history import write_history
from rerunoff.training.scaling import Scaler
from rerunoff.training.weights import save_weights
from unit.stores import settings

full = Path(sys.argv[1])
dates = np.datetime64("2000-01-01") + np.arange(3000)
noise = np.random.default_rng(0).random((4, 3000)).astype(np.float32)
run = settings(model={"hidden_size": 40})
network = build_model(run.model, 3, 0)
adam = torch.optim.Adam(network.parameters())


class Reader:
    attributes_source = root = forcing = "here"

    def attributes(self):
        return pd.DataFrame({"a": [1.0, 2.0]}, ["01", "02"])

    def read(self, basin):
        return BasinSeries(basin, dates, {"prcp": noise[0]}, noise[1], "0", "0")


def figure():
    drawn, axis = style.new_figure(4, 3)
    axis.imshow(noise[:, :400], aspect="auto")
    style.save(drawn, full / "a.pdf", full / "a.png")


WRITERS = {
    "store": lambda: build_store(full / "a.h5", Reader(), ["01", "02"]),
    "simulation": lambda: write_simulation(
        full / "a.nc", Simulation(["1", "2", "3", "4"], dates, noise)
    ),
    "weights": lambda: save_weights(
        full / "model.pt", network, run, Scaler([0.0] * 3, [1.0] * 3, 0.0, 1.0, [], [])
    ),
    "checkpoint": lambda: checkpoint.save(full, "run", 1, network, adam, [{}]),
    "table": lambda: write_table(pd.DataFrame(noise), full / "a.csv"),
    "history": lambda: write_history(full / "b.csv", [{"a": i} for i in range(9000)]),
    "figure": figure,
}
for name, write in WRITERS.items():
    try:
        write()
        print(name, "is written")
    except InputError as error:
        print(name, error)
assert [path.name for path in full.iterdir()] == ["filler"]
(full / "filler").unlink()
# The same again, now that there is room, and where there always was.
for full in (full, Path(sys.argv[2])):
    for write in WRITERS.values():
        write()
"""


@pytest.fixture
def full(tmp_path):
    """A disk with 8 KB left."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder]
    try:
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no mount")
    if done.returncode:
        pytest.skip(f"no small disk can be mounted: {done.stderr.strip()}")
    try:
        with open(folder / "filler", "wb", buffering=0) as filler:
            size = 0
            while True:
                try:
                    size += filler.write(bytes(4096))
                except OSError:
                    break
            filler.truncate(size - 8192)
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def test_full_disk_is_said_by_everything_that_writes(full, tmp_path):
    whole = tmp_path / "whole"
    whole.mkdir()
    command = [sys.executable, "-c", ALL, full, whole]
    environment = ENVIRONMENT | {"SOURCE_DATE_EPOCH": "1000000000"}
    done = subprocess.run(
        command, capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    said = dict(line.split(" ", 1) for line in done.stdout.splitlines())
    files = {
        **{"store": "a.h5", "simulation": "a.nc", "weights": "model.pt"},
        **{"checkpoint": "checkpoint.pt", "table": "a.csv", "history": "b.csv"},
        "figure": "a.pdf",
    }
    assert said == {
        name: f"Cannot write {full / file}: No space left on device; make room or "
        "choose a folder that you may write to, then start again (what is already "
        "there is kept)."
        for name, file in files.items()
    }
    # With room, the same calls give the files of a disk that was never full.
    names = {path.name for path in whole.iterdir()}
    assert {path.name for path in full.iterdir()} == names >= set(files.values())
    for name in names:
        assert (full / name).read_bytes() == (whole / name).read_bytes(), name


def test_training_on_a_full_disk_keeps_its_last_checkpoint(
    full, tmp_path, complaint, caplog
):
    caplog.set_level("INFO")
    store = stores.make_series().write(tmp_path / "s.h5")
    whole = stores.workspace(store, tmp_path / "whole")
    train_run(stores.settings(), whole, stores.outputs(tmp_path / "whole"))
    # There is room for the checkpoint of the first epoch, and none beside it.
    network = build_model(stores.settings().model, 3, 0)
    adam = torch.optim.Adam(network.parameters())
    sum(weight.sum() for weight in network.parameters()).backward()
    adam.step()
    checkpoint.save(tmp_path, "other", 1, network, adam, [{}])
    room = (tmp_path / "checkpoint.pt").stat().st_size * 3 // 2
    filler = full / "filler"
    os.truncate(filler, filler.stat().st_size + 8192 - room)

    disturbed = stores.workspace(store, tmp_path / "disturbed")
    where = dataclasses.replace(disturbed, checkpoints=full / "c")
    arguments = (stores.settings(), where, stores.outputs(tmp_path / "disturbed"))
    message = complaint(train_run, *arguments)
    assert message.startswith(f"Cannot write {full}/c/checkpoint.pt: No space left")
    state = torch.load(full / "c/checkpoint.pt", weights_only=True)
    assert state["epoch"] == 1
    filler.unlink()
    train_run(*arguments)
    assert "resuming after epoch 1" in caplog.messages
    model = [tmp_path / name / "model.pt" for name in ("whole", "disturbed")]
    assert model[0].read_bytes() == model[1].read_bytes()


# The disk may be full at any byte: at the first, in the middle of a value, when the
# file is closed.
ANYWHERE = """
import resource, sys
from pathlib import Path

import numpy as np
from rerunoff.data.simulation_writer import write_simulation
from rerunoff.data.simulations import Simulation
from rerunoff.errors import InputError

path = Path(sys.argv[1])
dates = np.datetime64("2000-01-01") + np.arange(500)
noise = np.random.default_rng(0).random((9, 500)).astype(np.float32)
run = Simulation([f"{i}" for i in range(9)], dates, noise)
write_simulation(path, run)
size, most = path.stat().st_size, resource.getrlimit(resource.RLIMIT_FSIZE)
path.unlink()
for limit in range(0, size, size // 80):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, most[1]))
    try:
        write_simulation(path, run)
        raise SystemExit(f"{limit} bytes were enough")
    except InputError as error:
        assert "File too large" in str(error), error
    assert list(path.parent.iterdir()) == [], limit
resource.setrlimit(resource.RLIMIT_FSIZE, most)
write_simulation(path, run)
"""


def test_series_may_run_out_of_room_at_any_byte(tmp_path):
    path = tmp_path / "a" / "s.nc"
    command = [sys.executable, "-c", ANYWHERE, path]
    done = subprocess.run(
        command, capture_output=True, text=True, env=ENVIRONMENT, check=False
    )
    assert done.returncode == 0, done.stderr
    assert path.is_file()


def test_half_a_write_is_an_error(tmp_path):
    """Also where nothing is written after it, and HDF5 does not ask how much was."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    with series_files._Sink(tmp_path / "a.h5") as sink:
        resource.setrlimit(resource.RLIMIT_FSIZE, (10, before[1]))
        try:
            assert sink.write(bytes(20)) == 20
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        with pytest.raises(OSError, match="File too large"):
            sink.check()


JOB = """
import sys
from rerunoff import jobs

def main(folder):
    with open(f"{folder}/plain.txt", "w") as file:
        file.write("a" * 100_000)

jobs.run(main, f"{sys.argv[1]}/job.log", folder=sys.argv[1])
"""


def test_job_whose_log_has_no_room_either_says_it_once(full):
    command = [sys.executable, "-c", JOB, full]
    done = subprocess.run(
        command, capture_output=True, text=True, env=ENVIRONMENT, check=False
    )
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "Cannot write a file: No space left on device; make room" in line
    (full / "filler").unlink()
    subprocess.run(command, check=True, env=ENVIRONMENT)
    assert (full / "plain.txt").stat().st_size == 100_000


def fail(number):
    raise OSError(number, os.strerror(number))


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_what_only_a_write_ends_in_is_said_of_the_file(tmp_path, number):
    with (
        pytest.raises(InputError, match=r"^Cannot write .*a\.txt: "),
        atomic_path(tmp_path / "a.txt"),
    ):
        fail(number)
    assert list(tmp_path.iterdir()) == []


def test_what_reading_may_end_in_is_not_said_of_the_file(tmp_path):
    with pytest.raises(OSError, match="error"), atomic_path(tmp_path / "a.txt"):
        fail(errno.EIO)
