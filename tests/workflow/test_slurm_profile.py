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


def in_a_group(run, jobs):
    """Run some jobs as those of a cluster's group are run."""
    command = [sys.executable, "-m", "snakemake", "--mode", "remote", "--cores", "1"]
    command += ["--target-jobs", *jobs, "--allowed-rules", "train", "--force"]
    command += ["--nolock", "--directory", str(run.run)]
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


def test_failed_runs_do_not_stop_their_group_nor_are_tried_again_in_it(stored):
    basins = ("99010001", "99010002")
    folder = stored.run / "checkpoints/kratzert2018/basin"
    for basin in basins:
        # It shall be a folder.
        (folder / f"basin{basin}").mkdir(parents=True)
        (folder / f"basin{basin}" / "seed1").touch()
    names = "train:paper=kratzert2018,experiment=basin,unit=basin{},seed=1"
    done = in_a_group(stored, [names.format(basin) for basin in basins])
    assert done.returncode != 0, done.stdout[-3000:]
    for basin in basins:
        path = f"checkpoints/kratzert2018/basin/basin{basin}/seed1"
        assert done.stdout.count(f"Cannot write {path}: File exists") == 1
