"""The commands of the README and of docs/, as dry runs."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from rerunoff.protocol.camels_tables import CAMELS_TABLES
from workflow.conftest import ROOT, with_conda


def commands(name):
    """Return the commands of a document that call Snakemake."""
    text = (ROOT / name).read_text()
    blocks = re.findall(r"^```sh\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)
    lines = "".join(blocks).splitlines()
    return [line for line in lines if line.startswith("snakemake ")]


def option(command, name):
    """Return the word after an option."""
    words = shlex.split(command)
    return words[words.index(name) + 1]


README = commands("README.md")
RUNS = [
    command
    for command in README + commands("docs/running.md") + commands("docs/cluster.md")
    if "--report" not in command
]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Folders in the layouts that commands name as /path/to/..., without data."""
    root = tmp_path_factory.mktemp("data")
    for folder in (
        "camels/basin_mean_forcing/nldas",
        "camels/basin_mean_forcing/maurer_extended",
        "camels/usgs_streamflow",
        "camels/camels_attributes_v2.0",
        "caravan/timeseries",
        "caravan/attributes",
        "runs",
    ):
        (root / folder).mkdir(parents=True)
    (root / "camels/basin_list_531.txt").write_text("01022500\n")
    (root / "runs/cfg.json").touch()
    for name in CAMELS_TABLES:
        (root / "camels/camels_attributes_v2.0" / name).touch()
    return root


@pytest.mark.parametrize("command", RUNS)
def test_command_plans_jobs(project, data, command):
    words = shlex.split(command.replace("/path/to", str(data)))
    done = subprocess.run(
        [sys.executable, "-m", *words, "-n"],
        cwd=project.folder,
        env={
            **os.environ,
            "PWD": str(project.folder),
            "PYTHONDONTWRITEBYTECODE": "1",
            **with_conda({}),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert "Job stats:" in done.stdout
    assert Path(option(command, "--directory")).parts[0] in ("runs", "demo")


def test_every_run_is_followed_by_its_report():
    pairs = list(zip(README[::2], README[1::2], strict=True))
    assert len(pairs) > 5
    for run, report in pairs:
        assert "--report report.zip" in report
        assert "--configfile config/" in run
        assert option(run, "--directory") == option(report, "--directory")
        target = re.findall(r"kratzert\w+", run)
        assert target == re.findall(r"kratzert\w+", report)
        # The demo makes all papers.
        assert target or "config/demo.yaml" in run


def test_links_lead_to_files():
    for name in ("README.md", "docs/running.md", "docs/own_data.md", "docs/cluster.md"):
        page = ROOT / name
        for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text()):
            assert (page.parent / link).exists(), f"{name}: {link}"
