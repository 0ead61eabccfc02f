"""Median test NSE against processor time: long windows and the papers' windows.

    python benchmarks/long_windows.py --store STORE --basins LIST --config laptop.yaml
        --predicted-days 365 --minutes 20 --out long.csv

With `--peer PYTHON --data FOLDER` NeuralHydrology trains the papers' windows instead,
in its own process and environment (.venv-peer); its weights are evaluated here.

One network on one process, in the time given. The learning rates of the configuration
are spread over that time as over its epochs. Every `--every` minutes of training the
test period is simulated in one pass (which takes about a second and is not counted);
with `--windows` also with a window for each day, as the papers do, at the end or each
time (minutes, not counted). Writes a CSV with the columns
`seconds`, `steps`, `median_nse`, `mean_nse`, `simulation`, and the NSE of each basin at
the end beside it.
"""

import argparse
import csv
import dataclasses
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "workflow_scripts"))

from rerunoff.training.allocator import keep_buffers  # noqa: E402

keep_buffers()

import numpy as np  # noqa: E402
import torch  # noqa: E402
from rerunoff.evaluation.metrics import compute_metrics  # noqa: E402
from rerunoff.evaluation.simulate import simulate  # noqa: E402
from rerunoff.files import read_yaml  # noqa: E402
from rerunoff.protocol.resolve import overlay, resolve, run_settings  # noqa: E402
from rerunoff.training.loop import step  # noqa: E402
from rerunoff.training.losses import build_loss  # noqa: E402
from rerunoff.training.run import Run, Workspace  # noqa: E402
from rerunoff.training.scaling import Scaler  # noqa: E402
from rerunoff.training.weights import TrainedModel  # noqa: E402

PAPER = ROOT / "config/papers/kratzert2019a.yaml"
CPU = torch.device("cpu")


def settings_for(options):
    """Return settings and test period of an experiment, as a configuration has it."""
    config = {"dataset": "camels_us", **read_yaml(PAPER)}
    if options.config:
        config = overlay(config, read_yaml(options.config))
    config["kratzert2019a"]["seeds"] = [options.seed]
    if options.predicted_days == 1:
        own = read_yaml(PAPER)["kratzert2019a"]["training"]
        config["kratzert2019a"]["training"] = own | {"predicted_days": 1}
    paper = resolve(config, "kratzert2019a", ROOT)
    settings = run_settings(paper, options.experiment, "all", options.seed)
    rates = settings.training.learning_rate
    rates = tuple(row | {"rate": row["rate"] * options.rates} for row in rates)
    changes = {"predicted_days": options.predicted_days, "learning_rate": rates}
    if options.batch_size:
        changes["batch_size"] = options.batch_size
    training = dataclasses.replace(settings.training, **changes)
    model = dataclasses.replace(settings.model, hidden_size=options.hidden_size)
    settings = dataclasses.replace(settings, training=training, model=model)
    return settings, paper.experiments[options.experiment].period("test")


def parser_of(text):
    """Return the options of what trains one network of kratzert2019a."""
    parser = argparse.ArgumentParser(description=text.split("\n")[0])
    parser.add_argument("--store", required=True)
    parser.add_argument("--basins", required=True, help="file with one id per line")
    parser.add_argument("--config", help="laid over the paper's")
    parser.add_argument("--experiment", default="lstm_nse")
    parser.add_argument("--predicted-days", type=int, default=365)
    parser.add_argument("--batch-size", type=int)
    parser.add_argument("--rates", type=float, default=1.0, help="times the config's")
    parser.add_argument("--hidden-size", type=int, default=64)
    parser.add_argument("--seed", type=int, default=111)
    parser.add_argument("--threads", type=int, default=1)
    return parser


def opened(options):
    """Return settings, test period and the run with its data."""
    settings, test = settings_for(options)
    where = (options.store, options.basins, "cpu", "exact", options.threads)
    return settings, test, Run(settings, Workspace(*where, checkpoints="", code=""))


def batches(samples, settings):
    """Yield batches of windows, epoch after epoch."""
    epoch = 0
    while True:
        epoch += 1
        yield from samples.windows(settings.seed, epoch).split(
            settings.training.batch_size
        )


def train(settings, samples, model, options):
    """Train for some minutes; yield seconds and steps now and then, and at the end.

    Of processor time, so that other work on the machine does not count.
    """
    training, loss = settings.training, build_loss(settings.training)
    budget, every = 60 * options.minutes, 60 * options.every
    weights = [weight for weight in model.parameters() if weight.requires_grad]
    optimizer = torch.optim.Adam(weights, lr=training.rate(1))
    seconds, due, begun = 0.0, every, time.process_time()
    for steps, windows in enumerate(batches(samples, settings), start=1):
        epoch = 1 + int(min(seconds / budget, 1 - 1e-9) * training.epochs)
        optimizer.param_groups[0]["lr"] = training.rate(epoch)
        batch = samples.batch(windows)
        step(model.train(), batch, optimizer, loss, training.clip_norm)
        now = time.process_time()
        seconds, begun = seconds + now - begun, now
        if seconds >= min(due, budget):
            due += every
            yield seconds, steps
            begun = time.process_time()  # only training counts
        if seconds >= budget:
            return


def neuralhydrology(run, settings, options):
    """Train NeuralHydrology; yield seconds, steps, scaler and network of each snapshot.

    Its LSTM has two bias vectors, whose sum is ours, and its attributes are in
    alphabetical order.
    """
    order, inputs = sorted(settings.attributes), len(settings.inputs)
    columns = [*range(inputs)]
    columns += [inputs + order.index(name) for name in settings.attributes]
    with tempfile.TemporaryDirectory() as folder:
        snapshots = Path(folder) / "snapshots"
        snapshots.mkdir()
        job = settings.to_dict() | {
            "folder": folder,
            "snapshots": str(snapshots),
            "basins": list(run.catchments.basins),
            "data_root": options.data,
            "train": settings.train_period,
            "test": settings.train_period,  # not evaluated there
            "steps": None,
            "minutes": options.minutes,
            "every": options.every,
            "threads": options.threads,
        }
        path = Path(folder) / "job.json"
        path.write_text(json.dumps(job))
        script = ROOT / "benchmarks" / "peer_neuralhydrology.py"
        environment = os.environ | {"OMP_NUM_THREADS": str(options.threads)}
        subprocess.run([options.peer, script, path], check=True, env=environment)
        for file in sorted(snapshots.iterdir()):
            told = torch.load(file, weights_only=True)
            weights = told["weights"]
            model = run.fresh()
            bias = weights["lstm.bias_ih_l0"] + weights["lstm.bias_hh_l0"]
            model.load_state_dict(
                {
                    "core.weight_ih_l0": weights["lstm.weight_ih_l0"][:, columns],
                    "core.weight_hh_l0": weights["lstm.weight_hh_l0"],
                    "core.bias_ih_l0": bias,
                    "core.bias_hh_l0": torch.zeros_like(bias),
                    "head.weight": weights["head.net.0.weight"],
                    "head.bias": weights["head.net.0.bias"],
                }
            )
            scaler = Scaler(**told["constants"])
            yield told["seconds"], told["steps"], scaler, model


def main():
    """Train one network and write its curve."""
    parser = parser_of(__doc__)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--every", type=float, default=1, help="minutes")
    parser.add_argument(
        "--windows", choices=("never", "end", "each"), default="never",
        help="when the test period is simulated with a window for each day too",
    )  # fmt: skip
    parser.add_argument("--peer", help="Python of .venv-peer")
    parser.add_argument("--data", help="folder in CAMELS layout, for the peer")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    settings, test, run = opened(options)
    catchments = run.catchments
    days = catchments.days(test)

    with open(options.out, "w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["seconds", "steps", "median_nse", "mean_nse", "simulation"])

        def score(seconds, steps, model, scaler, way="continuous"):
            trained = TrainedModel(model.eval(), settings, scaler)
            simulated = simulate(trained, catchments, days, CPU, way)
            nse = compute_metrics(catchments.discharge[:, days], simulated)["NSE"]
            row = [round(seconds, 1), steps, np.nanmedian(nse), np.nanmean(nse), way]
            rows.writerow(row)
            file.flush()
            print(*row, flush=True)
            if way == "continuous" and options.windows == "each":
                score(seconds, steps, model, scaler, "windows")
            table = np.column_stack([catchments.basins, nse])
            name = f"{options.out.stem}_{way}_basins.csv"
            np.savetxt(options.out.with_name(name), table, "%s", ",")

        if options.peer:
            for seconds, steps, scaler, model in neuralhydrology(
                run, settings, options
            ):
                score(seconds, steps, model, scaler)
        else:
            scaler, samples = run.samples(run.days)
            model = run.fresh()
            for seconds, steps in train(settings, samples, model, options):
                score(seconds, steps, model, scaler)
        if options.windows == "end":
            score(seconds, steps, model, scaler, "windows")


if __name__ == "__main__":
    main()
