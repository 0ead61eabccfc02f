"""What is tried again, what is not, and what an interrupted run says."""

import contextlib
import copy
import os
import signal
import subprocess
import sys
import time

import pytest
import yaml
from workflow.conftest import SMALL, Project, copy_project

RUN = "results/runs/kratzert2019a/ealstm_nse/all/seed111"


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A checkout whose scripts may be damaged, with the store of SMALL."""
    base = tmp_path_factory.mktemp("own")
    project = Project(copy_project(base / "checkout"), base / "run")
    project.snakemake(
        "results/data/virtual/maurer_extended_kratzert2019a.h5", config=SMALL
    )
    return project


def test_bad_input_is_not_tried_again(own):
    config = copy.deepcopy(SMALL)
    config["kratzert2019a"]["periods"]["train"] = ["1997-10-01", "2001-09-30"]
    failed = own.snakemake(f"{RUN}/model.pt", config=config, check=False)
    assert failed.returncode != 0
    assert failed.stdout.count("is not within the data, which go from") == 1
    assert "Trying to restart" not in failed.stdout


def test_crashed_job_is_tried_again(own):
    script = own.folder / "workflow_scripts/train_run.py"
    text = script.read_text()
    # Before the script begins, as if it were killed there.
    crash = "import os\n\nif not os.path.exists('crashed'):\n"
    crash += "    open('crashed', 'w').close()\n    raise KeyError('crash')\n"
    script.write_text(crash + text)
    # Of bad input that is mended.
    refusal = own.run / "logs/train/kratzert2019a/ealstm_nse/all_seed111.log.refused"
    refusal.parent.mkdir(parents=True, exist_ok=True)
    refusal.touch()
    done = own.snakemake(f"{RUN}/model.pt", config=SMALL)
    script.write_text(text)
    assert done.stdout.count("KeyError: 'crash'") == 1
    assert done.stdout.count("Trying to restart") == 1
    # The second try counts, the first does not.
    assert done.stdout.count("Trainings: ") == 1
    assert "\nTrainings: 1 of 1 done.\n" in done.stdout
    for noise in ("Reason:", "Shell command", "Config MD5"):
        assert noise not in done.stdout


def test_interrupted_run_says_one_sentence_and_goes_on(own, tmp_path):
    config = copy.deepcopy(SMALL)
    config["kratzert2019a"]["training"] |= {"epochs": 400, "batch_size": 16}
    path, said = tmp_path / "long.yaml", tmp_path / "said.txt"
    path.write_text(yaml.safe_dump(config))
    command = [sys.executable, "-m", "snakemake", "--cores", "2"]
    command += [f"{RUN}/model.pt", RUN.replace("111", "222") + "/model.pt"]
    command += ["--directory", str(own.run), "--configfile", str(path)]
    with open(said, "w") as sink:
        process = subprocess.Popen(
            command,
            cwd=own.folder,
            stdout=sink,
            stderr=sink,
            start_new_session=True,
            # Tests in the background of a shell inherit that it is ignored.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
    try:
        deadline = time.monotonic() + 240
        while "epoch 2 of 400" not in said.read_text():
            assert time.monotonic() < deadline
            assert process.poll() is None
            time.sleep(0.05)
        # As a terminal does: to Snakemake and to its jobs.
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(timeout=120) != 0
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    last = said.read_text().splitlines()[-1]
    assert last.startswith("Interrupted: what is finished is kept")
    assert "Error" not in said.read_text()
    assert "Traceback" not in said.read_text()
    planned = own.jobs(f"{RUN}/model.pt", config=config)  # no lock, nothing incomplete
    assert planned == {"train": 1}


def test_cuda_without_a_gpu_ends_before_the_first_job(own, tmp_path):
    run = Project(own.folder, tmp_path / "run")
    config = SMALL | {"device": "cuda"}
    hidden = {"CUDA_VISIBLE_DEVICES": ""}  # of the machine that tests, if it has any
    failed = run.snakemake(f"{RUN}/model.pt", config=config, check=False, **hidden)
    assert failed.returncode != 0
    assert failed.stdout.splitlines()[-1] == (
        "device is cuda, but this machine has no GPU that may be used; set device: "
        "auto or cpu in the configuration, or run on a machine that has one."
    )
    assert not (run.run / "resources").exists()
    # What needs none is made; a plan may be for another machine.
    store = "results/data/virtual/basins_maurer_extended_kratzert2019a.txt"
    run.snakemake(store, config=config, **hidden)
    assert run.jobs(f"{RUN}/model.pt", config=config)["train"] == 1


def test_folder_with_a_space_and_an_apostrophe(tmp_path):
    base = tmp_path / "the basin's folder"
    base.mkdir()
    project = Project(copy_project(base / "checkout"), base / "run")
    # As `make demo` does it: an environment of the project, beside the Snakefile.
    (project.folder / ".venv").symlink_to(sys.prefix)
    target = "results/data/virtual/basins_maurer_extended_kratzert2019a.txt"
    python = str(project.folder / ".venv/bin/python")
    project.snakemake(target, config=SMALL, python=python)
    assert (project.run / target).is_file()
