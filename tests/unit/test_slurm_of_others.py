"""The tests on Slurm leave a machine alone that has one, and say why."""

import os

import pytest
from slurm import cluster
from slurm.conftest import give_up


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """A machine with all daemons installed and nothing in use."""
    monkeypatch.setattr(os, "getuid", lambda: 0)
    monkeypatch.setattr(cluster.shutil, "which", lambda name: f"/usr/sbin/{name}")
    monkeypatch.setattr(cluster, "CONFIG", tmp_path)
    monkeypatch.setattr(cluster, "DATABASE_SOCKET", tmp_path / "none.sock")
    return tmp_path


@pytest.mark.parametrize("name", ["slurm.conf", "slurmdbd.conf", "gres.conf"])
def test_files_of_a_slurm_that_is_there_stay(bare, name):
    assert cluster.why_not() is None
    (bare / name).write_text(cluster.MARK)  # of tests that were killed
    assert cluster.why_not() is None
    (bare / name).write_text("ClusterName=ours\n")
    assert cluster.why_not().startswith(f"{bare / name} is there: ")


def test_what_is_not_installed_fails_in_ci_and_what_is_not_ours_is_skipped(
    bare, monkeypatch
):
    monkeypatch.setenv("RERUNOFF_SLURM", "installed")
    monkeypatch.setattr(cluster.shutil, "which", lambda name: None)
    with pytest.raises(pytest.fail.Exception, match="not installed: munged"):
        give_up(cluster.why_not())
    monkeypatch.setattr(os, "getuid", lambda: 1000)
    with pytest.raises(pytest.skip.Exception, match="only root"):
        give_up(cluster.why_not())
    monkeypatch.delenv("RERUNOFF_SLURM")
    with pytest.raises(pytest.skip.Exception, match="not installed"):
        give_up("not installed: munged")
