"""How a script ends, as Snakemake sees it: in a process of its own."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from rerunoff.jobs import forget_refusals, refusal_of, workspace_of
from rerunoff.training.run import Workspace

PACKAGE = Path(__file__).parents[2] / "workflow_scripts"
SCRIPT = """
import sys
from rerunoff import jobs
from rerunoff.errors import InputError

def main(fault):
    if fault == "input":
        raise InputError("forcing.txt, line 3: no number; correct it.")
    if fault == "code":
        raise KeyError("a fault of ours")

jobs.run(main, sys.argv[1], fault=sys.argv[2])
"""


WRITE = 'from rerunoff.files import write_text; write_text("a.csv", "")'


@pytest.mark.parametrize(("fault", "status"), [("none", 0), ("input", 1), ("code", 1)])
def test_exit_status_says_whether_a_job_failed(tmp_path, fault, status):
    log = tmp_path / "logs" / "job.log"
    command = [sys.executable, "-c", SCRIPT, str(log), fault]
    path = {"PYTHONPATH": str(PACKAGE)}
    done = subprocess.run(command, capture_output=True, text=True, env=path)
    assert done.returncode == status
    assert log.read_text() == done.stderr
    said = {"none": 0, "input": 1}.get(fault)
    if said is None:
        assert "Traceback" in done.stderr
    else:
        assert len(done.stderr.splitlines()) == said
    assert ("forcing.txt, line 3: no number" in done.stderr) == (fault == "input")
    assert refusal_of(log).exists() == (fault == "input")


def test_refusal_ends_with_the_next_attempt(tmp_path):
    log = tmp_path / "job.log"
    refusal_of(log).touch()
    command = [sys.executable, "-c", SCRIPT, str(log), "code"]
    subprocess.run(command, check=False, env={"PYTHONPATH": str(PACKAGE)})
    assert not refusal_of(log).exists()


def test_refusals_of_earlier_calls_are_forgotten(tmp_path):
    logs = [tmp_path / "a.log", tmp_path / "b.log", tmp_path / "none" / "c.log"]
    for log in logs[:2]:
        log.touch()
    refusal_of(logs[0]).touch()
    forget_refusals(logs)
    assert sorted(tmp_path.iterdir()) == logs[:2]


def test_folder_in_place_of_a_file_is_one_sentence(tmp_path):
    (tmp_path / "a.csv").mkdir()
    write = SCRIPT.replace('raise KeyError("a fault of ours")', WRITE)
    command = [sys.executable, "-c", write, str(tmp_path / "job.log"), "code"]
    path = {"PYTHONPATH": str(PACKAGE)}
    done = subprocess.run(
        command, capture_output=True, text=True, env=path, cwd=tmp_path, check=False
    )
    assert done.returncode == 1
    (said,) = done.stderr.splitlines()
    assert "ERROR Cannot write a.csv: Is a directory; make room or choose" in said
    assert not list(tmp_path.glob(".*"))


def test_where_a_job_trains_comes_from_its_rule_and_the_configuration():
    job = SimpleNamespace(
        input=SimpleNamespace(store="s.h5", basins="b.txt"),
        params=SimpleNamespace(checkpoints="folder", code="0f"),
        config={"device": "cuda", "float32_precision": "tf32"},
        threads=3,
    )
    workspace = Workspace(**workspace_of(job))
    assert workspace == Workspace("s.h5", "b.txt", "cuda", "tf32", 3, "folder", "0f")
