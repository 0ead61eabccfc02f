"""The papers on a real Slurm, and what happens there."""

import copy
import os
import re
import signal
import subprocess
import time

import pytest
from slurm.conftest import Submitted
from workflow.conftest import SMALL, SMALL_2018, SMALL_2019B
from workflow.test_kill import training_processes

CATCHMENTS = {"number": 8, "start": "1994-01-01", "end": "1998-12-31", "seed": 1}
FIELDS = ("JobID", "State", "Partition", "ReqMem", "TimelimitRaw", "AllocTRES")
FIELDS += ("Start", "End", "Comment", "AllocCPUS")
RUNS = "results/runs/kratzert2019a/ealstm_nse/all"


def papers_config():
    """kratzert2018 (four networks of a basin) and kratzert2019b (two folds)."""
    config = copy.deepcopy(SMALL_2018) | {"virtual": CATCHMENTS}
    config["papers"] = ["kratzert2018", "kratzert2019b"]
    config["kratzert2018"]["only"] = ["basin"]
    config["kratzert2018"]["training"]["epochs"] = 2
    config["kratzert2019b"] = copy.deepcopy(SMALL_2019B["kratzert2019b"])
    config["kratzert2019b"] |= {"seeds": [200], "only": ["lstm_ungauged"]}
    return config


def gpu_config():
    """kratzert2019a, which asks for GPUs; without one it computes on the CPU."""
    config = copy.deepcopy(SMALL) | {"virtual": CATCHMENTS, "device": "auto"}
    config["kratzert2019a"]["only"] = ["ealstm_nse"]
    return config


def at_once(jobs):
    """Return how many of some jobs ran at one time, at most."""
    return max(
        sum(other["Start"] <= job["Start"] < other["End"] for other in jobs)
        for job in jobs
    )


@pytest.fixture(scope="module")
def papers(cluster, checkout, tmp_path_factory):
    """All papers, from data to metrics, tables and figures."""
    base = tmp_path_factory.mktemp("papers")
    targets = [
        "results/figures/kratzert2018/nse_cdf.pdf",
        "results/metrics/kratzert2019b/lstm_ungauged.csv",
    ]
    on_cpus = Submitted(checkout, base / "cpu", papers_config(), *targets)
    targets = ["results/tables/kratzert2019a/configurations.csv"]
    on_gpus = Submitted(checkout, base / "gpu", gpu_config(), *targets)
    for call in (on_cpus, on_gpus):
        assert call.wait() == 0, call.said()[-4000:]
    return on_cpus, on_gpus, cluster.jobs(*FIELDS)


def test_papers_run_two_jobs_at_a_time(papers):
    on_cpus, on_gpus, jobs = papers
    assert (on_cpus.run / "results/figures/kratzert2018/nse_cdf.pdf").is_file()
    assert (on_cpus.run / "results/metrics/kratzert2019b/lstm_ungauged.csv").is_file()
    assert (on_gpus.run / "results/tables/kratzert2019a/configurations.csv").is_file()
    assert {job["State"] for job in jobs} == {"COMPLETED"}
    assert at_once(jobs) == 2


def test_gpu_jobs_go_to_the_gpu_one_at_a_time(papers):
    gpu = [job for job in papers[2] if "gres/gpu" in job["AllocTRES"]]
    # Two trainings and two simulations.
    assert len(gpu) == 4
    assert at_once(gpu) == 1
    for job in papers[2]:
        assert job["Partition"] == ("gpu" if job in gpu else "cpu")


def test_small_trainings_share_a_job(papers):
    on_cpus, _, jobs = papers
    group = [job for job in jobs if "rule_basins" in job["Comment"]]
    assert len(group) == 1
    # What one of them needs, for the time of all.
    assert (group[0]["AllocCPUS"], group[0]["ReqMem"]) == ("1", "1507M")
    assert group[0]["TimelimitRaw"] == str(4 * 5)
    assert "Trainings: 6 of 6 done." in on_cpus.said()


def test_tables_and_figures_are_made_where_snakemake_runs(papers):
    submitted = re.findall(r"slurm_logs/rule_(\w+)/", papers[0].said())
    assert "build_store" in submitted
    assert not [r for r in submitted if re.match("plot|tabulate|count|select", r)]
