"""The profile for Slurm, without a Slurm: what it says, and what it plans."""

import copy
import os
import re
import resource
import subprocess
import sys

import pytest
import yaml
from workflow.conftest import ROOT, SMALL_2018, Project

SLURM = ("--workflow-profile", "profiles/slurm")
MODELS = "results/runs/kratzert2018/basin"


def read(name):
    return yaml.safe_load((ROOT / f"profiles/{name}/config.yaml").read_text())


def test_the_default_profile_holds_under_it_too():
    default, slurm = read("default"), read("slurm")
    # Slurm gives GPUs out, not Snakemake.
    assert default["resources"].pop("gpu") == 1
    assert "gpu" not in slurm["resources"]
    assert default.pop("resources").items() <= slurm["resources"].items()
    assert default.items() <= slurm.items()


def test_plan_of_all_papers_takes_seconds(project, tmp_path):
    here = Project(project.folder, tmp_path)

    def spent():
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    before = spent()
    output = here.snakemake("-n", *SLURM, PWD=str(here.folder)).stdout
    assert spent() - before < 15
    # 241 basins and the RNN's, 20 a job; 241 fine-tunings, 60 a job.
    assert output.count("Group job basins") == 13
    assert output.count("Group job fine_tuned") == 5
    assert len(re.findall(r"^    Job \d+:", output, flags=re.MULTILINE)) == 242 + 241


def in_a_group(run, jobs, *arguments):
    """Run some jobs as those of a cluster's group are run."""
    command = [sys.executable, "-m", "snakemake", "--mode", "remote", "--cores", "1"]
    command += ["--target-jobs", *jobs, "--allowed-rules", "train", "--force"]
    command += ["--nolock", "--directory", str(run.run), *arguments]
    return subprocess.run(
        [*command, "--configfile", str(run.run / "test.yaml")],
        cwd=run.folder,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        check=False,
    )


@pytest.fixture
def stored(project, tmp_path):
    """A folder with the store of kratzert2018."""
    run = Project(project.folder, tmp_path)
    store = "results/data/virtual/daymet_kratzert2018.h5"
    run.snakemake(store, config=copy.deepcopy(SMALL_2018))
    return run


def test_one_failed_run_does_not_stop_its_group_nor_is_tried_again_in_it(stored):
    bad, good = ("99010001", "99010002")
    # It shall be a folder.
    blocked = stored.run / f"checkpoints/kratzert2018/basin/basin{bad}"
    blocked.mkdir(parents=True)
    (blocked / "seed1").touch()
    jobs = [
        f"train:paper=kratzert2018,experiment=basin,unit=basin{basin},seed=1"
        for basin in (bad, good)
    ]
    # The bad one first.
    first = ("--prioritize", f"{MODELS}/basin{bad}/seed1/model.pt")
    done = in_a_group(stored, jobs, *first)
    assert done.returncode != 0, done.stdout[-3000:]
    assert (stored.run / f"{MODELS}/basin{good}/seed1/model.pt").is_file()
    assert done.stdout.index("FileExistsError") < done.stdout.index("epoch 1 of")
    log = stored.run / f"logs/train/kratzert2018/basin/basin{bad}_seed1.log"
    assert log.read_text().count("FileExistsError: ") == 1
