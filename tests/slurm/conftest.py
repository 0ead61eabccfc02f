"""A Slurm of its own, and a project that submits to it."""

import os
import subprocess
import sys

import pytest
import yaml
from slurm.cluster import LACKING, Cluster, why_not
from workflow.conftest import copy_project

# Slurm's jobs here are short: ask for them often.
_OFTEN = ["--slurm-init-seconds-before-status-checks", "1"]
_OFTEN += ["--seconds-between-status-checks", "1", "--latency-wait", "20"]


def give_up(reason):
    """Skip, but where .ci/run has installed it and something is lacking."""
    installed = "RERUNOFF_SLURM" in os.environ and reason.startswith(LACKING)
    (pytest.fail if installed else pytest.skip)(reason)


@pytest.fixture(scope="session")
def cluster(tmp_path_factory):
    """Daemons that run for as long as the tests do."""
    if reason := why_not():
        give_up(reason)
    cluster = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture(scope="session")
def checkout(tmp_path_factory):
    """The project as a user has it."""
    return copy_project(tmp_path_factory.mktemp("project") / "checkout")


class Submitted:
    """A call of Snakemake that goes on beside the test."""

    def __init__(self, checkout, run, config, *arguments):
        self.run, self._said = run, run.with_suffix(".log")
        path = run.with_suffix(".yaml")
        path.write_text(yaml.safe_dump(config))
        command = [sys.executable, "-m", "snakemake", *arguments]
        command += ["--workflow-profile", "profiles/slurm", *_OFTEN]
        command += ["--directory", str(run), "--configfile", str(path)]
        # Of a terminal, not of a variable that a parent process left.
        environment = {
            **os.environ,
            "PWD": str(checkout),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        with open(self._said, "w") as sink:
            told = {"stdout": sink, "stderr": sink, "env": environment}
            self.process = subprocess.Popen(command, cwd=checkout, **told)

    def said(self):
        return self._said.read_text()

    def wait(self, seconds=900):
        try:
            return self.process.wait(seconds)
        finally:
            self.end()

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
