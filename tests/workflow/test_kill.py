"""A training killed under Snakemake ends with the weights of an undisturbed one."""

import copy
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import torch
import yaml
from workflow.conftest import SMALL, Project

MODEL = "results/runs/kratzert2019a/ealstm_nse/all/seed111/model.pt"


def training_processes(folder):
    """Return the ids of the Python processes that train in a folder."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_text().split("\0")
            inside = os.readlink(entry / "cwd") == str(folder)
        except OSError:
            continue
        if inside and any("train_run.py" in word for word in words):
            found.append(int(entry.name))
    return found


def wait_for(condition, seconds, process):
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert process.poll() is None, "Snakemake ended too early"
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return value


def test_killed_training_is_retried_from_its_checkpoint(project, tmp_path):
    config = copy.deepcopy(SMALL)
    config["kratzert2019a"]["training"]["epochs"] = 12
    config["kratzert2019a"]["training"]["batch_size"] = 16
    whole = Project(project.folder, tmp_path / "whole")
    whole.snakemake(MODEL, config=config)

    killed = Project(project.folder, tmp_path / "killed")
    killed.run.mkdir()
    (killed.run / "test.yaml").write_text(yaml.safe_dump(config))
    command = [sys.executable, "-m", "snakemake", "--cores", "2", MODEL]
    command += ["--directory", str(killed.run)]
    command += ["--configfile", str(killed.run / "test.yaml")]
    process = subprocess.Popen(command, cwd=killed.folder, start_new_session=True)
    checkpoint = killed.run / "checkpoints/kratzert2019a/ealstm_nse/all/seed111"
    wait_for((checkpoint / "checkpoint.pt").is_file, 120, process)
    time.sleep(0.1)
    ids = training_processes(killed.run)
    assert ids, "the training ended before it could be killed"
    for number in ids:
        os.kill(number, signal.SIGKILL)
    assert process.wait(timeout=120) == 0

    log = (
        killed.run / "logs/train/kratzert2019a/ealstm_nse/all_seed111.log"
    ).read_text()
    assert "resuming after epoch" in log
    weights = [
        torch.load(folder.run / MODEL, weights_only=True)["state_dict"]
        for folder in (whole, killed)
    ]
    assert weights[0].keys() == weights[1].keys()
    for key, value in weights[0].items():
        assert torch.equal(value, weights[1][key]), key
