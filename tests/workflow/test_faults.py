"""Whatever happens to a run, the same command again ends as if nothing had happened.

Two small runs are made: one that nothing disturbs, one all of whose jobs are killed.
What else may happen, happens to copies of the first (docs/reliability.md, "Faults").
"""

import copy
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
import yaml
from workflow.conftest import SMALL, Project

pytestmark = pytest.mark.slow

CONFIG = copy.deepcopy(SMALL)
CONFIG["kratzert2019a"]["seeds"] = [111]
TABLE = "results/tables/kratzert2019a/configurations.csv"
PAGE_OF_TABLE = TABLE.replace(".csv", ".html")
CONFIG_OF_RUN = "results/config.yaml"
FIGURE = "results/figures/kratzert2019a/nse_cdf_configurations.pdf"
PAGE = "results/scorecard/kratzert2019a.html"
STORE = "results/data/virtual/maurer_extended_kratzert2019a.h5"
RUNS = "results/runs/kratzert2019a"
METRICS = "results/metrics/kratzert2019a/lstm_mse.csv"
# Times to write into files, so that these can be equal.
QUIET = {"SOURCE_DATE_EPOCH": "1000000000"}
# Before the first checkpoint; between two epochs; when the first checkpoint is the one
# before and the second not yet in its place; before what the training is to give.
TRAINING = [1, 2, 2, 2]
DIED_AT = ["checkpoint.pt", "checkpoint_before.pt", "checkpoint.pt"]
DIED_AT += [".history.csv.sha256"]

# All others that the three targets need.
SCRIPTS = {
    *("generate_virtual.py", "select_basins.py", "build_store.py"),
    *("simulate_member.py", "evaluate_experiment.py", "perturb_attributes.py"),
    *("rank_attributes.py", "embed_basins.py", "cluster_basins.py"),
    *("reduce_variance.py", "count_analysis.py", "count_numbers.py"),
    *("count_robustness.py", "draw_figure.py", "make_table.py"),
    *("compare_scorecard.py", "render_scorecard.py"),
}


def faulty(folder, **more):
    """Return the environment in which jobs import `faults/sitecustomize.py`."""
    folder.mkdir(exist_ok=True)
    faults = Path(__file__).with_name("faults")
    return {"PYTHONPATH": str(faults), "RERUNOFF_FAULTS": str(folder), **QUIET, **more}


def comparable(path):
    """Return what a file must have in common with that of another run."""
    if path.name == "history.csv":
        timed = ["seconds", "samples_per_second"]
        return pd.read_csv(path).drop(columns=timed).to_csv()
    if path.name == "run.yaml":
        return yaml.safe_load(path.read_text()) | {"training_seconds": None}
    return path.read_bytes()


def results(project):
    """Return all results by their paths, but for how long and by which calls."""
    paths = [path for path in (project.run / "results").rglob("*") if path.is_file()]
    untimed = {"provenance.json", ".history.csv.sha256", ".run.yaml.sha256"}
    return {
        str(path.relative_to(project.run)): comparable(path)
        for path in paths
        # Of files and times, which copies have of their own.
        if path.name not in {*untimed, ".checksums.json"}
    }


def assert_equal(disturbed, whole):
    """Compare two folders of results, naming the file that differs."""
    assert disturbed.keys() == whole.keys()
    for path, content in whole.items():
        assert disturbed[path] == content, path


@pytest.fixture(scope="module")
def whole(project, tmp_path_factory):
    """A run that nothing disturbed."""
    undisturbed = Project(project.folder, tmp_path_factory.mktemp("faults") / "whole")
    undisturbed.snakemake(FIGURE, TABLE, PAGE, config=CONFIG, **QUIET)
    return undisturbed


@pytest.fixture
def again(whole, tmp_path):
    """A copy of it for the worse."""
    shutil.copytree(whole.run, tmp_path / "run", symlinks=True)
    return Project(whole.folder, tmp_path / "run")


def deaths(folder):
    """Return, by job, the names of the files whose renames its attempts died before."""
    found = {}
    for mark in sorted(folder.iterdir()):
        job = mark.name.rpartition("|")[0]
        found.setdefault(job, []).append(Path(mark.read_text()).name)
    return found


def test_every_job_may_be_killed(whole, tmp_path):
    killed = Project(whole.folder, tmp_path / "killed")
    kills = json.dumps({"train_run.py": TRAINING, "*": [1]})
    environment = faulty(tmp_path / "faults", RERUNOFF_KILLS=kills)
    targets, resumed = (FIGURE, TABLE, PAGE, "--retries", "1"), []
    while True:
        done = killed.snakemake(*targets, config=CONFIG, check=False, **environment)
        resumed.append(re.findall(r"resuming after epoch (\d)", done.stdout))
        if done.returncode == 0:
            break
        assert "Some jobs failed, as is said above: what is finished is kept" in (
            done.stdout
        )
        assert "Traceback" not in done.stdout
        assert len(resumed) < 5
    # Two trainings, each tried twice in a call.
    assert resumed == [[], ["1"] * 4, ["2"] * 2]
    died = deaths(tmp_path / "faults")
    trainings = [job for job in died if job.startswith("train_run.py")]
    assert [died.pop(job) for job in trainings] == [DIED_AT] * 2
    assert all(len(places) == 1 for places in died.values())
    assert {job.split("|")[0] for job in died} == SCRIPTS
    assert_equal(results(killed), results(whole))
    assert not list((killed.run / "checkpoints").rglob("*.pt"))
    assert not list(killed.run.rglob(".*.part*"))


def damage(path):
    """Flip a bit in the middle of a file, as a bad disk does: its time stays."""
    status, content = path.stat(), bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def test_who_deletes_what_is_damaged_gets_the_same_again(whole, again):
    (again.run / TABLE).unlink()
    files = [METRICS, f"{RUNS}/lstm_mse/all/seed111/simulation.nc"]
    files += [f"{RUNS}/lstm_mse/all/seed111/model.pt", STORE]
    for file in files:
        damage(again.run / file)
        failed = again.snakemake(TABLE, config=CONFIG, check=False, **QUIET)
        assert failed.returncode != 0
        assert "Traceback" not in failed.stdout
        said = set(re.findall(r"ERROR (\S+): .*delete .*", failed.stdout))
        assert said == {file}
        (again.run / file).unlink()
    again.snakemake(TABLE, config=CONFIG, **QUIET)
    assert_equal(results(again), results(whole))


def read_only(folder):
    """Make a folder a read-only disk; return the command that ends it."""
    mount = [["mount", "--bind", folder, folder]]
    mount += [["mount", "-o", "remount,bind,ro", folder]]
    if shutil.which("mount") is None:
        pytest.skip("there is no mount")
    for command in mount:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"no disk can be mounted read-only: {done.stderr.strip()}")
    return ["umount", folder]


@pytest.mark.parametrize(
    ("part", "lost", "sentence"),
    [
        (
            ".",
            [],
            "Cannot write into {run}: the disk is read-only, or you may not; make",
        ),
        (
            "results",
            [PAGE_OF_TABLE, CONFIG_OF_RUN],
            "Cannot write results/config.yaml: R",
        ),
        ("results/tables", [], "Write-protected output files for rule tabulate_config"),
    ],
)
def test_read_only_results_are_said(whole, again, tmp_path, part, lost, sentence):
    for path in (TABLE, *lost):
        (again.run / path).unlink()
    path = tmp_path / "told.yaml"
    path.write_text(yaml.safe_dump(CONFIG))
    command = (TABLE, "--configfile", str(path))
    before, undo = results(again), read_only(again.run / part)
    try:
        failed = again.snakemake(*command, check=False, **QUIET)
    finally:
        subprocess.run(undo, check=True)
    assert failed.returncode != 0
    assert failed.stdout.count(sentence.format(run=again.run)) == 1
    assert "Traceback" not in failed.stdout
    assert_equal(results(again), before)
    again.snakemake(*command, **QUIET)
    assert_equal(results(again), results(whole))


def test_two_workflows_at_once_in_one_folder(whole, again, tmp_path):
    (again.run / TABLE).unlink()
    faults = tmp_path / "faults"
    environment = faulty(faults, RERUNOFF_HOLD="make_table.py")
    command = [sys.executable, "-m", "snakemake", "--cores", "2", TABLE]
    command += ["--directory", str(again.run)]
    first = subprocess.Popen(
        command,
        cwd=again.folder,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not (faults / "waits").exists():
            assert first.poll() is None, "Snakemake ended too early"
            time.sleep(0.05)
        second = again.snakemake(TABLE, check=False, **QUIET)
        assert second.returncode != 0
        assert second.stdout.count("Directory cannot be locked. Please make sure") == 1
        assert f"{again.run}\nIf you are sure that no other instances" in second.stdout
        assert "Traceback" not in second.stdout
    finally:
        (faults / "go").touch()
        assert first.wait() == 0
    assert again.jobs(TABLE) == {}
    assert_equal(results(again), results(whole))


def test_files_of_the_future_are_said_and_dated_anew(whole, again):
    """As a clock that was a day ahead leaves them when it is set back."""
    (again.run / TABLE).unlink()
    tomorrow = time.time() + 86400
    for path in again.run.rglob("*"):
        os.utime(path, (tomorrow, tomorrow), follow_symlinks=False)
    failed = again.snakemake(TABLE, config=CONFIG, check=False, **QUIET)
    assert failed.returncode != 0
    first = "results/metrics/kratzert2019a/ealstm_nse.csv is dated 24.0 hours ahead of"
    assert failed.stdout.splitlines()[-1].startswith(first)
    assert not (again.run / TABLE).exists()
    again.snakemake(TABLE, "--touch", "--forceall", config=CONFIG, **QUIET)
    assert again.jobs(TABLE, config=CONFIG) == {"tabulate_configurations": 1}
    again.snakemake(TABLE, config=CONFIG, **QUIET)
    assert_equal(results(again), results(whole))
    assert again.jobs(TABLE, config=CONFIG) == {}
