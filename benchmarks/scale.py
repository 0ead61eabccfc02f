"""Peak memory and time of store, training, simulation and metrics of many basins.

make benchmark-scale

The series are drawn at random and never written as text, and the network is as small as
one can be: what is measured is what grows with basins and days. Each stage is a process
of its own.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "workflow_scripts"))

INPUTS = ("prcp", "srad", "tmax", "tmin", "vp")
ATTRIBUTES = tuple(f"attribute{number}" for number in range(27))
STAGES = ("store", "train", "simulate", "evaluate")
MEMBERS = 10


class RandomReader:
    """A reader like those of `data/readers`, of basins that are nowhere on disk."""

    attributes_source = root = forcing = "random"

    def __init__(self, basins, years):
        self._basins, first = basins, np.datetime64("1990-10-01")
        self._dates = np.arange(first, first + np.timedelta64(round(365.25 * years)))

    def basins(self):
        """Return the names of the basins."""
        return [f"{number:08d}" for number in range(self._basins)]

    def attributes(self):
        """Return the table of attributes."""
        values = np.random.default_rng(0).random((self._basins, len(ATTRIBUTES)))
        return pd.DataFrame(values, self.basins(), ATTRIBUTES)

    def read(self, basin):
        """Return the series of a basin, with discharge missing on some days."""
        from rerunoff.data.basin_series import BasinSeries

        random = np.random.default_rng(int(basin))
        values = random.gamma(0.5, 4, (6, len(self._dates))).astype(np.float32).round(2)
        values[5][random.random(len(self._dates)) < 0.02] = np.nan
        forcing = dict(zip(INPUTS, values, strict=False))
        return BasinSeries(basin, self._dates, forcing, values[5], "0", "0")


def periods(years):
    """Return the whole record, and its last half."""
    dates = RandomReader(0, years)._dates
    last = str(dates[-1])
    return (str(dates[10]), last), (str(dates[len(dates) // 2]), last)


def store(folder, options):
    """Build the store."""
    from rerunoff.data.store_builder import build_store

    reader = RandomReader(options.basins, options.years)
    (folder / "basins.txt").write_text("\n".join(reader.basins()) + "\n")
    build_store(folder / "store.h5", reader, reader.basins(), workers=2)


def train(folder, options):
    """Train one epoch of windows of one predicted day, as in the papers."""
    from train_run import main

    model = {
        **{"kind": "lstm", "static": True, "layers": 1, "hidden_size": 2},
        **{"sequence_length": 2, "layer_dropout": 0.0, "dropout": 0.0},
        **{"forget_bias": 1.0, "initialisation": "torch"},
    }
    training = {
        **{"loss": "nse", "nse_epsilon": 0.1, "epochs": 1, "batch_size": 32768},
        **{"learning_rate": [{"from_epoch": 1, "rate": 1e-3}], "clip_norm": 1.0},
    }
    settings = {
        **{"paper": "p", "experiment": "e", "unit": "all", "seed": 1, "forcing": "f"},
        **{"inputs": INPUTS, "attributes": ATTRIBUTES, "basins": None},
        **{"train_period": periods(options.years)[0], "own_start": False},
        **{"start_from": None, "scaling": "training"},
        **{"model": model, "training": training},
    }
    workspace = {
        **{"store": folder / "store.h5", "basin_list": folder / "basins.txt"},
        **{"device": "cpu", "float32_precision": "exact", "threads": 1},
        **{"checkpoints": folder / "checkpoints", "code": ""},
    }
    names = {"weights": "model.pt", "history": "history.csv", "record": "run.yaml"}
    main(settings, workspace, {key: folder / name for key, name in names.items()})


def simulate(folder, options):
    """Simulate the second half of the record, day by day."""
    from simulate_member import main

    main(
        weights=[folder / "model.pt"],
        store=folder / "store.h5",
        basin_list=folder / "basins.txt",
        period=periods(options.years)[1],
        held_out_attributes=None,
        simulation="windows",
        device="cpu",
        float32_precision="exact",
        threads=1,
        output=folder / "simulation.nc",
    )


def evaluate(folder, options):
    """Compute the metrics of ten members, all of them the same simulation."""
    from evaluate_experiment import main

    whole, test = periods(options.years)
    main(
        [folder / "simulation.nc"] * MEMBERS,
        [f"seed{number}" for number in range(MEMBERS)],
        folder / "metrics.csv",
        store=folder / "store.h5",
        periods={"train": whole, "test": test},
        own_start=False,
        metrics="metrics",
        experiment="e",
    )


def main():
    """Run each stage in a process of its own; print its peak memory and time."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--basins", type=int, default=5000)
    parser.add_argument("--years", type=int, default=20)
    parser.add_argument("--folder", type=Path, help="keep the files here")
    parser.add_argument("--stage", choices=STAGES, help="this one alone")
    options = parser.parse_args()
    if options.stage and options.folder:
        options.folder.mkdir(parents=True, exist_ok=True)
        globals()[options.stage](options.folder, options)
        return
    with tempfile.TemporaryDirectory() as folder:
        for stage in STAGES:
            print(json.dumps(measured(stage, options.folder or folder, options)))


def measured(stage, folder, options):
    """Return the peak of the resident memory of a stage (MB) and its seconds."""
    size = ("--basins", str(options.basins), "--years", str(options.years))
    command = [sys.executable, __file__, "--stage", stage, "--folder", folder, *size]
    started = time.perf_counter()
    job = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    # The larger one of the process and of those that read for it.
    _, status, used = os.wait4(job.pid, 0)
    job.returncode = os.waitstatus_to_exitcode(status)
    if job.returncode:
        sys.exit(f"{stage} ended with status {job.returncode}.")
    seconds = round(time.perf_counter() - started, 1)
    return {
        **{"stage": stage, "peak_mb": round(used.ru_maxrss / 1024), "seconds": seconds},
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 1),
    }


if __name__ == "__main__":
    main()
