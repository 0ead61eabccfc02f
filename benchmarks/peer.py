"""rerunoff against NeuralHydrology: same data, model, periods, epochs and seeds.

    make benchmark-peer DATA=/path/to/a/camels_us/folder

Part 1 compares skill: median test NSE over basins of three seeds each. Part 2 compares
speed: training samples/s of EA-LSTM and LSTM, in turns, the median of the repeats, both
as installed. Prints a table and writes results/benchmarks/peer.json.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "workflow_scripts"))

from rerunoff.training.allocator import keep_buffers  # noqa: E402

keep_buffers()

import numpy as np  # noqa: E402
import torch  # noqa: E402
from rerunoff.data.periods import training_days  # noqa: E402
from rerunoff.data.readers import open_reader  # noqa: E402
from rerunoff.data.store import read_store  # noqa: E402
from rerunoff.data.store_builder import build_store  # noqa: E402
from rerunoff.evaluation.metrics import compute_metrics  # noqa: E402
from rerunoff.evaluation.simulate import simulate  # noqa: E402
from rerunoff.files import read_yaml, write_text  # noqa: E402
from rerunoff.models import build_model  # noqa: E402
from rerunoff.protocol.resolve import resolve, run_settings  # noqa: E402
from rerunoff.protocol.settings import RunSettings  # noqa: E402
from rerunoff.training.device import make_deterministic  # noqa: E402
from rerunoff.training.loop import fit  # noqa: E402
from rerunoff.training.run import prepare  # noqa: E402
from rerunoff.training.weights import TrainedModel  # noqa: E402

PAPER = ROOT / "config/papers/kratzert2019a.yaml"
CPU = torch.device("cpu")
TEST = ("1994-10-01", "1999-09-30")
SEEDS = (111, 222, 333)


def settings_for(experiment, seed, hidden_size, epochs, length=270):
    """Return the paper's settings at a size for two cores, NLDAS forcing."""
    config = {"dataset": "camels_us", **read_yaml(PAPER)}
    config["kratzert2019a"] |= {
        "forcing": "nldas",
        "scaling": "training",
        "seeds": [seed],
    }
    paper = resolve(config, "kratzert2019a", ROOT)
    values = run_settings(paper, experiment, "all", seed).to_dict()
    values["model"] |= {
        "hidden_size": hidden_size,
        "sequence_length": length,
        "forget_bias": 3.0,
        # The peer's LSTM starts from torch's default weights.
        "initialisation": "uniform",
    }
    values["training"] |= {
        "epochs": epochs,
        "learning_rate": [
            {"from_epoch": 1, "rate": 3e-3},
            {"from_epoch": max(2, epochs - 1), "rate": 1e-3},
            {"from_epoch": max(3, epochs), "rate": 3e-4},
        ],
    }
    return RunSettings.from_dict(values)


class FewSamples:
    """The first samples of each epoch's order, to time a few steps only."""

    def __init__(self, samples, count):
        self.samples, self.count = samples, count
        self.predicted_days = samples.predicted_days

    def __len__(self):
        """Return the number of samples of an epoch."""
        return self.count

    def windows(self, seed, epoch):
        """Return the first windows of the epoch's order."""
        return self.samples.windows(seed, epoch)[: self.count]

    def batch(self, windows):
        """Return a batch as `Samples.batch` does."""
        return self.samples.batch(windows)


def ours(settings, store, basins, threads, steps=None, evaluate=False):
    """Train one network of ours; return samples/s per epoch and the test NSE."""
    make_deterministic(settings.seed, threads)
    catchments = read_store(store, settings.inputs, settings.attributes, basins)
    days = training_days(catchments, settings.train_period, own_start=False)
    scaler, samples = prepare(settings, catchments, store, CPU, days)
    model = build_model(settings.model, len(settings.inputs), len(settings.attributes))
    if steps:
        samples = FewSamples(samples, steps * settings.training.batch_size)
    history = fit(model, samples, settings.training, settings.seed)
    result = {"samples_per_second": [row["samples_per_second"] for row in history[1:]]}
    if evaluate:
        days = catchments.days(TEST)
        trained = TrainedModel(model.eval(), settings, scaler)
        simulated = simulate(trained, catchments, days, CPU)
        nse = compute_metrics(catchments.discharge[:, days], simulated)["NSE"]
        result["nse"] = dict(zip(basins, nse.tolist(), strict=True))
    return result


def theirs(settings, data_root, basins, python, steps=None, evaluate=False):
    """Train one network of NeuralHydrology in its own environment."""
    with tempfile.TemporaryDirectory() as folder:
        job = settings.to_dict() | {
            "folder": folder,
            "basins": basins,
            "data_root": str(data_root),
            "train": settings.train_period,
            "test": TEST,
            "steps": steps,
            "evaluate": evaluate,
        }
        path = Path(folder) / "job.json"
        path.write_text(json.dumps(job))
        script = ROOT / "benchmarks" / "peer_neuralhydrology.py"
        done = subprocess.run(
            [python, script, path], capture_output=True, text=True, check=False
        )
    if done.returncode:
        sys.exit(f"the peer failed:\n{done.stdout[-2000:]}\n{done.stderr[-3000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def compare_skill(options, store, basins):
    """Return the median test NSE of every seed, ours and theirs."""
    medians = {"ours": [], "neuralhydrology": []}
    for seed in SEEDS:
        settings = settings_for(
            "lstm_nse",
            seed,
            options.hidden_size,
            options.epochs,
            options.sequence_length,
        )
        mine = ours(settings, store, basins, options.threads, evaluate=True)
        other = theirs(settings, options.data, basins, options.peer, evaluate=True)
        for name, result in (("ours", mine), ("neuralhydrology", other)):
            medians[name].append(float(np.nanmedian(list(result["nse"].values()))))
        print(
            f"seed {seed}: "
            + ", ".join(f"{n} {m[-1]:.3f}" for n, m in medians.items()),
            flush=True,
        )
    return medians


def compare_speed(options, store, basins, hidden_size):
    """Return the median samples/s of every model, measured in turns."""
    rates = {}
    for _ in range(options.repeats):
        for experiment in ("ealstm_nse", "lstm_nse"):
            settings = settings_for(experiment, 111, hidden_size, 3)
            mine = ours(settings, store, basins, options.threads, steps=options.steps)
            other = theirs(
                settings, options.data, basins, options.peer, steps=options.steps
            )
            for name, result in (("ours", mine), ("neuralhydrology", other)):
                rates.setdefault(f"{experiment} {name}", []).extend(
                    result["samples_per_second"]
                )
    return {name: statistics.median(values) for name, values in rates.items()}


def main():
    """Run both parts and print what they found."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--peer", default=str(ROOT / ".venv-peer/bin/python"))
    parser.add_argument("--hidden-size", type=int, default=64)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--steps", type=int, default=12)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--sequence-length", type=int, default=270, help="of part 1")
    parser.add_argument("--skip-skill", action="store_true")
    parser.add_argument("--skip-speed", action="store_true")
    options = parser.parse_args()
    reader = open_reader("camels_us", options.data, "nldas")
    basins = reader.basins()
    report = {"basins": len(basins), "threads": options.threads}
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "nldas.h5"
        build_store(store, reader, basins)
        for size in () if options.skip_speed else (options.hidden_size, 256):
            report[f"samples_per_second_hidden{size}"] = compare_speed(
                options, store, basins, size
            )
            print(json.dumps(report, indent=1), flush=True)
        if not options.skip_skill:
            report["median_nse"] = compare_skill(options, store, basins)
    print(json.dumps(report, indent=1))
    write_text(
        ROOT / "results/benchmarks/peer.json", json.dumps(report, indent=1) + "\n"
    )


if __name__ == "__main__":
    main()
