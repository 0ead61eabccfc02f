"""Small parts of the papers on a real Slurm, and what happens there."""

import copy
import os
import re
import signal
import subprocess
import time

import pytest
from slurm.conftest import Submitted
from workflow.conftest import SMALL, SMALL_2018, SMALL_2019B, training_processes

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
    """A part of each paper: trainings to metrics, a figure of one, a table of another.

    Of the groups only `basins` runs; that `fine_tuned` is one, its plan shows
    (`tests/workflow/test_slurm_profile.py`).
    """
    base = tmp_path_factory.mktemp("papers")
    targets = [
        "results/figures/kratzert2018/hydrographs.pdf",
        "results/metrics/kratzert2018/basin.csv",
        "results/metrics/kratzert2019b/lstm_ungauged.csv",
    ]
    # A shell would make another name of this one.
    on_cpus = Submitted(checkout, base / "cpu$(hostname)", papers_config(), *targets)
    targets = ["results/tables/kratzert2019a/configurations.csv"]
    by_squeue = ("--slurm-status-command", "squeue")
    on_gpus = Submitted(checkout, base / "gpu", gpu_config(), *targets, *by_squeue)
    try:
        for call in (on_cpus, on_gpus):
            assert call.wait() == 0, call.said()[-4000:]
    finally:
        on_cpus.end()
        on_gpus.end()
    return on_cpus, on_gpus, cluster.jobs(*FIELDS)


def test_papers_run_two_jobs_at_a_time(papers):
    on_cpus, on_gpus, jobs = papers
    assert (on_cpus.run / "results/figures/kratzert2018/hydrographs.pdf").is_file()
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
    single = next(job for job in jobs if "rule_train_" in job["Comment"])
    memory, of_one = (int(job["ReqMem"].rstrip("M")) for job in (group[0], single))
    assert group[0]["AllocCPUS"] == "1"
    assert memory < 1.5 * of_one
    assert group[0]["TimelimitRaw"] == str(4 * int(single["TimelimitRaw"]))
    assert "Trainings: 6 of 6 done." in on_cpus.said()


def test_tables_and_figures_are_made_where_snakemake_runs(papers):
    submitted = re.findall(r"slurm_logs/rule_(\w+)/", papers[0].said())
    assert "build_store" in submitted
    assert not [r for r in submitted if re.match("plot|tabulate|count|select", r)]


def test_no_shell_reads_the_command_of_a_job(papers):
    run = papers[0].run
    assert run.name == "cpu$(hostname)"
    assert [path.name for path in run.parent.glob("cpu*/")] == [run.name]


def wait_for(condition, call, seconds=900):
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert call.process.poll() is None, call.said()[-4000:]
        assert time.monotonic() < deadline, call.said()[-4000:]
        time.sleep(0.05)
    return value


def stop_training(call, seed):
    """Stop a training between epochs; return the number of its job."""
    checkpoint = f"checkpoints/kratzert2019a/ealstm_nse/all/seed{seed}/checkpoint.pt"
    wait_for((call.run / checkpoint).is_file, call)

    def processes():
        return [n for n in training_processes(call.run) if seed_of(n) == seed]

    for number in wait_for(processes, call):
        os.kill(number, signal.SIGSTOP)
    log = rf"rule_train/kratzert2019a_ealstm_nse_all_{seed}/(\d+)\.log"
    return re.findall(log, call.said())[-1]


def seed_of(number):
    """Return the seed of a training, whose log is open while it goes on."""
    for link in os.scandir(f"/proc/{number}/fd"):
        if found := re.search(r"all_seed(\d+)\.log$", os.readlink(link.path)):
            return found[1]
    return None


@pytest.fixture(scope="module")
def troubled(papers, cluster, checkout):
    """Trainings of which one is cancelled, one gets no time, and one fails."""
    config = gpu_config() | {"device": "cpu"}
    config["kratzert2019a"] |= {"seeds": [333, 444, 555]}
    config["kratzert2019a"]["training"] |= {"epochs": 40, "batch_size": 16}
    run = papers[1].run
    # It shall be a folder.
    blocked = run / "checkpoints/kratzert2019a/ealstm_nse/all/seed555"
    blocked.parent.mkdir(parents=True, exist_ok=True)
    blocked.touch()
    targets = [f"{RUNS}/seed{seed}/simulation.nc" for seed in (333, 444, 555)]
    # No simulation does with the first, half of what the rule asks for.
    small = ("--set-resources", "simulate:mem_mb=attempt*attempt*300")
    call = Submitted(checkout, run, config, *targets, *small)
    try:
        subprocess.run(["scancel", stop_training(call, "333")], check=True)
        late = stop_training(call, "444")
        told = ["scontrol", "update", f"JobId={late}", "TimeLimit=1"]
        subprocess.run(told, check=True)
        assert call.wait() == 1
    finally:
        call.end()
    known = {job["JobID"] for job in papers[2]}
    jobs = [job for job in cluster.jobs(*FIELDS) if job["JobID"] not in known]
    return call, jobs


def of_run(jobs, rule, seed):
    """Return the jobs of one run, the first attempt first."""
    name = f"rule_{rule}_wildcards_kratzert2019a_ealstm_nse_all_{seed}"
    return [job for job in jobs if job["Comment"] == name]


def test_cancelled_training_goes_on_from_its_checkpoint(troubled):
    call, jobs = troubled
    first, second = of_run(jobs, "train", 333)
    assert (first["State"], second["State"]) == ("CANCELLED by 0", "COMPLETED")
    log = call.run / "logs/train/kratzert2019a/ealstm_nse/all_seed333.log"
    assert log.read_text().count("resuming after epoch") == 1
    assert (call.run / RUNS / "seed333/model.pt").is_file()


def test_training_over_its_time_is_tried_again_with_more(troubled):
    call, jobs = troubled
    first, second = of_run(jobs, "train", 444)
    assert (first["State"], second["State"]) == ("TIMEOUT", "COMPLETED")
    assert int(second["TimelimitRaw"]) == 2 * 5
    log = call.run / "logs/train/kratzert2019a/ealstm_nse/all_seed444.log"
    assert log.read_text().count("resuming after epoch") == 1


def test_job_over_its_memory_is_tried_again_with_more(troubled):
    call, jobs = troubled
    for seed in (333, 444):
        first, second = of_run(jobs, "simulate", seed)
        assert (first["ReqMem"], second["ReqMem"]) == ("300M", "1200M")
        assert first["State"] != "COMPLETED"
        assert second["State"] == "COMPLETED"
        assert (call.run / RUNS / f"seed{seed}/simulation.nc").is_file()


def test_failed_training_is_named_with_its_log_and_stops_no_other(troubled):
    call, jobs = troubled
    assert len(of_run(jobs, "train", 555)) == 2
    assert not of_run(jobs, "simulate", 555)
    failures = call.said().split("Error in rule train:")[1:]
    told = [text for text in failures if "seed555/model.pt" in text.split("log:")[0]]
    assert len(told) == 2
    log = "logs/train/kratzert2019a/ealstm_nse/all_seed555.log"
    assert all(f"log: {log}" in text for text in told)
    assert ": File exists; " in (call.run / log).read_text()


def test_failed_training_of_a_group_is_named_alone(papers, checkout):
    run, config = papers[0].run, papers_config()
    # Both anew.
    config["kratzert2018"]["training"]["epochs"] = 3
    folder = run / "checkpoints/kratzert2018/basin/basin99010002"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "seed1").touch()
    good, bad = (
        f"results/runs/kratzert2018/basin/basin{basin}/seed1/model.pt"
        for basin in ("99010001", "99010002")
    )
    before = (run / good).stat().st_mtime
    call = Submitted(checkout, run, config, good, bad)
    assert call.wait() == 1
    assert call.said().count("Error in group basins") == 2
    told = call.said().split("Error in group basins")[-1]
    assert "log: logs/train/kratzert2018/basin/basin99010002_seed1.log" in told
    assert "basin99010001" not in told
    assert (run / good).stat().st_mtime > before
    assert not (run / bad).exists()
