"""What is tried again, what is not, and what an interrupted run says."""

import copy

import pytest
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
    crash = "    import os\n\n    if not os.path.exists('crashed'):\n"
    crash += "        open('crashed', 'w').close()\n        raise KeyError('crash')\n"
    assert "    keep_buffers()\n" in text
    script.write_text(text.replace("    keep_buffers()\n", crash))
    done = own.snakemake(f"{RUN}/model.pt", config=SMALL)
    script.write_text(text)
    assert done.stdout.count("KeyError: 'crash'") == 1
    assert done.stdout.count("Trying to restart") == 1
