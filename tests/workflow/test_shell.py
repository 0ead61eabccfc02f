"""Folders and values of the configuration that a shell would take for commands."""

import copy

import pytest
from workflow.conftest import SMALL, Project

EVIL = "x $(touch pwned) `touch pwned`; touch pwned & \"'"


@pytest.mark.slow
def test_no_text_reaches_a_shell(project, tmp_path):
    run = tmp_path / "run $(touch pwned);touch pwned;'"
    here = Project(project.folder, run)
    config = copy.deepcopy(SMALL)
    config["kratzert2019a"]["title"] = EVIL
    config["kratzert2019a"]["experiments"] = {"ealstm_nse": {"title": EVIL}}
    basins = "results/data/virtual/basins_maurer_extended_kratzert2019a.txt"
    here.snakemake(basins, config=config)
    assert (run / basins).is_file()
    for folder in (tmp_path, project.folder):
        assert not list(folder.rglob("pwned*"))
