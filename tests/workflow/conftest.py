"""A copy of the project to run Snakemake in, as a user would."""

import dataclasses
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PARTS = (
    "Snakefile",
    "rules",
    "workflow_scripts",
    "config",
    "envs",
    "profiles",
    "report",
    "notebooks",
    "results/recorded",
)

# kratzert2019a: two of its experiments, two members each, on four virtual catchments.
SMALL = {
    "papers": ["kratzert2019a"],
    "dataset": "virtual",
    "device": "cpu",
    "threads": 1,
    "virtual": {"number": 4, "start": "1995-01-01", "end": "1998-12-31", "seed": 1},
    "kratzert2019a": {
        "basins": "all",
        "scaling": "training",
        "seeds": [111, 222],
        "only": ["ealstm_nse", "lstm_mse"],
        "periods": {
            "train": ["1997-10-01", "1998-09-30"],
            "test": ["1996-10-01", "1997-09-30"],
        },
        "model": {"hidden_size": 8, "sequence_length": 30},
        "training": {"epochs": 2, "batch_size": 128},
        "robustness": {"levels": [0.0, 0.5], "draws": 3},
        "morris": {"basins": 2, "trajectories": 2},
        "figures": {
            "hydrographs": {"basins": None, "period": ["1996-10-01", "1997-09-30"]}
        },
    },
}

# kratzert2018: all of it but the numbers of epochs, on two regions of two basins.
SMALL_2018 = {
    "papers": ["kratzert2018"],
    "dataset": "virtual",
    "device": "cpu",
    "threads": 1,
    "virtual": {"number": 8, "start": "1994-01-01", "end": "1997-12-31", "seed": 1},
    "kratzert2018": {
        "regions": "demo",
        "periods": {
            "train": ["1994-10-01", "1996-09-30"],
            "test": ["1996-10-01", "1997-09-30"],
        },
        "model": {"hidden_size": 4, "sequence_length": 30},
        "training": {"epochs": 2, "batch_size": 128},
        "experiments": {
            "region": {"training": {"epochs": 2}},
            "fine_tuned": {"training": {"epochs": 2}},
            "rnn": {"basins": ["99010001"], "model": {"hidden_size": 8}},
            # Of the notebook; the months between the periods are its validation.
            "example": {
                "basins": ["99010001"],
                "periods": {
                    "train": ["1994-10-01", "1995-09-30"],
                    "test": ["1996-10-01", "1997-09-30"],
                },
                "training": {"epochs": 2, "batch_size": 64},
            },
        },
        "figures": {
            "hydrographs": {"basins": None, "period": ["1996-10-01", "1997-09-30"]},
            "hydrograph_epochs": {
                "basin": "99010001",
                "epochs": [1, 2],
                "period": ["1996-10-01", "1997-09-30"],
            },
            "rnn_vs_lstm": {
                "basin": "99010001",
                "period": ["1996-10-01", "1997-09-30"],
            },
            "cell_state": {
                "basin": "99010001",
                "period": ["1996-10-01", "1997-09-30"],
            },
        },
    },
}

# kratzert2019b: two folds of four basins, two repetitions, both readings of the
# attributes; four attributes that differ in every fold.
SMALL_2019B = {
    "papers": ["kratzert2019b"],
    "dataset": "virtual",
    "device": "cpu",
    "threads": 1,
    "virtual": {"number": 8, "start": "1994-01-01", "end": "1997-12-31", "seed": 1},
    "kratzert2019b": {
        "basins": "all",
        "attributes": ["p_mean", "aridity", "elev_mean", "area_gages2"],
        "scaling": "all_basins",
        "seeds": [200, 201],
        "folds": 2,
        "only": [
            "lstm_static",
            "lstm_no_static",
            "lstm_ungauged",
            "lstm_ungauged_training_attributes",
        ],
        "benchmarks": {"sac_sma": {"forcing": "nldas"}},
        "periods": {
            "train": ["1994-10-01", "1995-09-30"],
            "test": ["1995-10-01", "1997-09-30"],
        },
        "model": {"hidden_size": 4, "sequence_length": 30},
        "training": {"epochs": 1, "batch_size": 128},
    },
}


# Stands in for conda (tests/workflow/conda/bin/conda).
CONDA = ROOT / "tests/workflow/conda/bin"


def with_conda(environment):
    """Return what makes the stand-in the conda of a process."""
    path = f"{CONDA}:{os.environ['PATH']}"
    return {"PATH": path, "STANDIN_PYTHON": sys.executable, **environment}


@dataclasses.dataclass
class Project:
    """A checkout, a folder to run in, and a folder of conda environments if used."""

    folder: Path
    run: Path
    conda: Path | None = None

    def snakemake(
        self, *arguments, config=None, check=True, python=None, **environment
    ):
        """Run Snakemake; return its completed process, output in one text."""
        if self.conda is not None:
            arguments += ("--use-conda", "--conda-prefix", str(self.conda))
            # As for a user, Snakemake is where environment.yaml puts it, because jobs
            # fall back on the packages beside it.
            python = python or self.conda / "rerunoff/bin/python"
            environment = with_conda(environment)
        configfiles = []
        if config is not None:
            path = self.run / "test.yaml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(yaml.safe_dump(config))
            configfiles = ["--configfile", str(path)]
        command = [python or sys.executable, "-m", "snakemake", "--cores", "2"]
        command += arguments
        command += ["--directory", str(self.run), *configfiles]
        done = subprocess.run(
            command,
            cwd=self.folder,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **environment},
            check=False,
        )
        if check:
            assert done.returncode == 0, done.stdout[-4000:]
        return done

    def jobs(self, *arguments, config=None):
        """Return the jobs that a run would start, by rule: a dry run's table."""
        output = self.snakemake("-n", *arguments, config=config).stdout
        if "Nothing to be done" in output:
            return {}
        table = output.split("Job stats:")[1].split("total")[0]
        counts = re.findall(r"^(\w+) +(\d+)$", table, flags=re.MULTILINE)
        return {rule: int(count) for rule, count in counts}


def create_environment(path, prefix):
    """Make the environment of a conda file, as Snakemake would."""
    command = ["conda", "env", "create", "--quiet", "--no-default-packages"]
    command += ["--file", path, "--prefix", prefix]
    subprocess.run(command, env={**os.environ, **with_conda({})}, check=True)


def copy_project(folder):
    """Copy what a run needs to a new folder."""
    folder.mkdir()
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, folder / part, ignore=ignored)
        else:
            shutil.copy2(source, folder / part)
    return folder


def assert_redrawn_from_its_record(done, config, folder):
    """Record a finished run, and make its results again where there is nothing else."""
    done.snakemake("record", config=config)
    again = Project(done.folder, folder)
    told = {"papers": config["papers"], "recorded": [str(done.run / "results/record")]}
    jobs = again.jobs(config=told)
    drawing = ("plot_", "tabulate_", "count_", "compare_", "render_")
    others = {rule for rule in jobs if not rule.startswith(drawing)}
    assert others == {"all", "take_recorded"}
    again.snakemake(config=told)
    made = [
        path.relative_to(done.run)
        for pattern in ("tables/*/*.csv", "figures/*/*.png", "scorecard/*.csv")
        for path in (done.run / "results").glob(pattern)
    ]
    assert len({path.parts[1] for path in made}) == 3
    for path in made:
        # The bytes of a picture hold the time.
        read = plt.imread if path.suffix == ".png" else Path.read_bytes
        assert np.array_equal(read(again.run / path), read(done.run / path)), path
    kept = [path.name for path in (done.run / "results/record").rglob("*")]
    assert not {"model.pt", "history.csv"} & set(kept)


@pytest.fixture(scope="session")
def project(tmp_path_factory):
    """A checkout in which nothing has run."""
    base = tmp_path_factory.mktemp("project")
    return Project(copy_project(base / "checkout"), base / "run")


@pytest.fixture(scope="session")
def conda(tmp_path_factory):
    """Return a folder of environments that holds the one of environment.yaml."""
    folder = tmp_path_factory.mktemp("conda")
    create_environment(ROOT / "environment.yaml", folder / "rerunoff")
    return folder


def training_processes(folder):
    """Return the ids of the Python processes that train in a folder."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_text().split("\0")
            inside = os.readlink(entry / "cwd") == str(folder)
        except OSError:
            continue
        if inside and any("train_run.py" in word for word in words):
            found.append(int(entry.name))
    return found
