"""Which GPU a job takes, and that its lock files harm nobody."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from rerunoff.training import device

SCRIPTS = Path(__file__).resolve().parents[2] / "workflow_scripts"
MIG = "MIG-GPU-8a2b1c3d-1111-2222-3333-444455556666/{}/0"


@pytest.fixture
def locks(monkeypatch, tmp_path):
    """The folder of locks; what is locked is given back at the end."""
    held = []
    monkeypatch.setattr(device, "_locks", held)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    # Where all are taken: number 7 modulo their count.
    monkeypatch.setattr(device.os, "getpid", lambda: 7)
    yield tmp_path / "cache" / "rerunoff" / "locks"
    for lock in held:
        os.close(lock)


def test_jobs_on_one_machine_take_different_gpus(locks):
    assert [device.claim(3) for _ in range(3)] == [0, 1, 2]
    # All are taken: one of them by turns.
    assert device.claim(3) == 1
    os.close(device._locks.pop(0))
    assert device.claim(3) == 0


def test_another_process_sees_the_lock_and_its_end_frees_it(locks):
    claim = "from rerunoff.training.device import claim; print(claim(2), flush=True); "
    command = [sys.executable, "-c", f"{claim}input()"]
    child = subprocess.Popen(
        command,
        env={**os.environ, "PYTHONPATH": str(SCRIPTS)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with child.stdin, child.stdout:
        assert child.stdout.readline() == b"0\n"
        assert device.claim(2) == 1
        child.kill()
        child.wait()
    assert device.claim(2) == 0


@pytest.mark.parametrize(
    "visible",
    [
        ",".join(f"GPU-{n:08d}-1111-2222-3333-444455556666" for n in range(16)),
        ",".join(MIG.format(n) for n in range(7)),
        "../../../etc/passwd",
        "0/1",
        "",
        "\udcff",
    ],
)
def test_any_name_of_devices_makes_a_short_name(locks, monkeypatch, visible):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    assert [device.claim(2) for _ in range(2)] == [0, 1]
    names = [path.name for path in locks.iterdir()]
    assert len(names) == 2
    assert all(len(name) == len("gpu-0123456789abcdef.lock") for name in names)


def test_other_devices_and_machines_have_other_locks(locks, monkeypatch):
    for visible, machine in (("0,1", "a"), ("2,3", "a"), ("0,1", "b")):
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
        monkeypatch.setattr(device.platform, "node", lambda machine=machine: machine)
        assert device.claim(2) == 0


def test_single_gpu_needs_no_lock(locks):
    assert [device.claim(1) for _ in range(2)] == [0, 0]
    assert not locks.exists()


def test_folder_and_files_are_private(locks):
    before = os.umask(0)
    try:
        device.claim(2)
    finally:
        os.umask(before)
    assert locks.stat().st_mode & 0o777 == 0o700
    assert [path.stat().st_mode & 0o777 for path in locks.iterdir()] == [0o600]


def test_planted_link_is_not_followed_and_its_target_keeps_its_content(
    locks, tmp_path, caplog
):
    device.claim(2)
    os.close(device._locks.pop())
    (lock,) = locks.iterdir()
    lock.unlink()
    target = tmp_path / "thesis.txt"
    target.write_text("years of work")
    lock.symlink_to(target)
    assert device.claim(2) == 1  # by turns
    assert target.read_text() == "years of work"
    assert "GPUs are shared by turns, because no lock can be kept: " in caplog.text
    lock.unlink()
    lock.hardlink_to(target)
    assert device.claim(2) == 0
    assert target.read_text() == "years of work"


def test_planted_pipe_does_not_stop_the_job(locks):
    device.claim(2)
    os.close(device._locks.pop())
    (lock,) = locks.iterdir()
    lock.unlink()
    os.mkfifo(lock)
    assert device.claim(2) == 0


def test_user_without_a_home_shares_by_turns(locks, monkeypatch, caplog):
    monkeypatch.delenv("XDG_CACHE_HOME")

    def no_home():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(device.Path, "home", no_home)
    assert device.claim(2) == 1
    assert "no lock can be kept: Could not determine home" in caplog.text


@pytest.mark.parametrize("fault", ["writable", "link", "file", "foreign"])
def test_folder_that_others_may_write_to_is_not_used(
    locks, tmp_path, monkeypatch, caplog, fault
):
    locks.parent.mkdir(parents=True)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    if fault == "link":
        locks.symlink_to(elsewhere)
    elif fault == "file":
        locks.write_text("")
    else:
        locks.mkdir()
    if fault == "writable":
        locks.chmod(0o777)
    if fault == "foreign":
        monkeypatch.setattr(device.os, "getuid", lambda: os.geteuid() + 1)
    assert device.claim(2) == 1
    assert "GPUs are shared by turns, because no lock can be kept: " in caplog.text
    assert not list(elsewhere.iterdir())
    assert fault == "file" or not list(locks.iterdir())
