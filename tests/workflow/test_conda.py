"""--use-conda, with a stand-in that makes the environments (conda/).

The small runs of all papers go through it (the fixtures `done`); here is what these
leave out, and what the stand-in must be for that to mean anything. Jobs fall back on
the packages beside Snakemake, here as with conda; that a file names what its scripts
import, those too, is tested in tests/unit/test_environments.py.
"""

import copy
import importlib.metadata
import json
import subprocess
import sys

import pytest
from packaging.utils import canonicalize_name
from workflow.conda.create_environment import pins
from workflow.conftest import (
    ROOT,
    SMALL,
    SMALL_2018,
    SMALL_2019B,
    Project,
    copy_project,
    create_environment,
)
from workflow.test_questions import SMALL_QUESTIONS

# Of Shyft's the tests' own packages have other versions.
FILES = [*sorted((ROOT / "envs").glob("[!s]*.yaml")), ROOT / "environment.yaml"]

# kratzert2019a beside three benchmarks, as few networks as there may be.
BENCHMARKED = copy.deepcopy(SMALL)
BENCHMARKED["kratzert2019a"] |= {
    "benchmark_files": "published",
    "benchmarks": {
        name: {"variable": None}
        for name in (
            *("vic_basin", "mhm_conus", "hbv_lower", "hbv_upper"),
            *("fuse_900", "fuse_902", "fuse_904"),
        )
    },
    "seeds": [111],
    "only": ["ealstm_nse"],
}
TARGETS = (
    "results/figures/kratzert2019a/nse_cdf_conus.pdf",
    "results/figures/kratzert2019a/nse_cdf_basin_calibrated.pdf",
    "results/numbers/kratzert2019a/coverage.csv",
)

# What an environment's Python finds: distributions, and which names it can import.
LOOK = """
import importlib.metadata, importlib.util, json, platform, sys
print(json.dumps([
    platform.python_version(),
    {d.metadata["Name"]: d.version for d in importlib.metadata.distributions()},
    [name for name in json.load(sys.stdin) if importlib.util.find_spec(name)],
]))
"""


def look(prefix):
    """Return an environment's Python, its distributions, and what it can import."""
    names = importlib.metadata.packages_distributions()
    names = sorted(name for name in names if name.isidentifier())
    done = subprocess.run(
        [prefix / "bin/python", "-c", LOOK],
        input=json.dumps(names),
        capture_output=True,
        text=True,
        check=True,
    )
    python, distributions, importable = json.loads(done.stdout)
    found = {canonicalize_name(name): v for name, v in distributions.items()}
    return python, found, importable


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_environment_holds_its_pins_and_what_they_require(path, tmp_path):
    create_environment(path, tmp_path / "made")
    python, found, importable = look(tmp_path / "made")
    # Whatever the file asks for, it is the tests' own.
    assert python == sys.version.split()[0]
    pinned = {canonicalize_name(name): version for name, version in pins(path).items()}
    assert pinned.items() <= {n: v.split("+")[0] for n, v in found.items()}.items()
    assert not {"pytest", "ruff", "pip"} & set(found)
    owners = importlib.metadata.packages_distributions()
    for name in importable:
        assert {canonicalize_name(owner) for owner in owners[name]} & set(found), name


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("numpy=2.4.6", "numpy=2.4.5", "numpy 2.4.5 is pinned, but 2.4.6 is installed"),
        ("  - scipy=1.17.1\n", "", "No module named 'scipy'"),
    ],
)
def test_wrong_environment_ends_the_run(conda, tmp_path, old, new, words):
    project = Project(copy_project(tmp_path / "checkout"), tmp_path / "run", conda)
    for path in (project.folder / "envs").glob("*.yaml"):
        path.write_text(path.read_text().replace(old, new))
    target = "resources/virtual/basin_list.txt"
    failed = project.snakemake(target, config=SMALL, check=False)
    assert failed.returncode != 0
    assert words in failed.stdout


def test_benchmarks_run_in_their_environments(project, conda, tmp_path):
    run = Project(project.folder, tmp_path, conda)
    run.snakemake(*TARGETS, config=BENCHMARKED)
    for target in TARGETS:
        assert (tmp_path / target).is_file()


def test_every_rule_of_the_demo_runs_with_conda(project, tmp_path):
    """In a small run of its paper, in a test of kratzert2018, or above."""
    here = Project(project.folder, tmp_path)
    selecting = copy.deepcopy(SMALL_2018)
    selecting["kratzert2018"]["epoch_selection"] = {"run": True}
    ran = set(here.jobs(*TARGETS, config=BENCHMARKED))
    for config in (SMALL, selecting, SMALL_2019B, SMALL_QUESTIONS):
        ran |= set(here.jobs(config=config))
    assert set(here.jobs("--configfile", "config/demo.yaml")) <= ran
