"""Median test NSE against training time: long windows and the papers' windows.

    python benchmarks/long_windows.py --store STORE --basins LIST --config laptop.yaml
        --predicted-days 365 --minutes 20 --out long.csv

One network on one process, in the time given. The learning rates of the configuration
are spread over that time as over its epochs. Every `--every` minutes of training the
test period is simulated in one pass (which takes about a second and is not counted);
after the last, also with a window for each day. Writes a CSV with the columns
`seconds`, `steps`, `median_nse`, `mean_nse`, `simulation`, and the NSE of each basin at
the end beside it.
"""

import argparse
import csv
import dataclasses
import sys
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
    changes = {"predicted_days": options.predicted_days}
    if options.batch_size:
        changes["batch_size"] = options.batch_size
    training = dataclasses.replace(settings.training, **changes)
    model = dataclasses.replace(settings.model, hidden_size=options.hidden_size)
    settings = dataclasses.replace(settings, training=training, model=model)
    return settings, paper.experiments[options.experiment].period("test")


class Clock:
    """Counts the time of training only."""

    def __init__(self):
        self.seconds, self._begun = 0.0, time.perf_counter()

    def stop(self):
        """Return the seconds so far."""
        self.seconds += time.perf_counter() - self._begun
        return self.seconds

    def start(self):
        """Go on."""
        self._begun = time.perf_counter()


def batches(samples, settings):
    """Yield batches of windows, epoch after epoch."""
    epoch = 0
    while True:
        epoch += 1
        yield from samples.windows(settings.seed, epoch).split(
            settings.training.batch_size
        )


def train(run, settings, samples, model, budget, every, score):
    """Train for some seconds; call `score` with seconds and steps now and then."""
    training, loss = settings.training, build_loss(settings.training)
    weights = [weight for weight in model.parameters() if weight.requires_grad]
    optimizer = torch.optim.Adam(weights, lr=training.rate(1))
    clock, next_score = Clock(), every
    for number, windows in enumerate(batches(samples, settings), start=1):
        share = min(clock.seconds / budget, 1 - 1e-9)
        optimizer.param_groups[0]["lr"] = training.rate(
            1 + int(share * training.epochs)
        )
        batch = samples.batch(windows)
        step(model.train(), batch, optimizer, loss, training.clip_norm)
        seconds = clock.stop()
        if seconds >= min(next_score, budget):
            next_score += every
            score(seconds, number)
        if seconds >= budget:
            return
        clock.start()


def main():
    """Train one network and write its curve."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--store", required=True)
    parser.add_argument("--basins", required=True, help="file with one id per line")
    parser.add_argument("--config", help="laid over the paper's")
    parser.add_argument("--experiment", default="lstm_nse")
    parser.add_argument("--predicted-days", type=int, default=365)
    parser.add_argument("--batch-size", type=int)
    parser.add_argument("--hidden-size", type=int, default=64)
    parser.add_argument("--seed", type=int, default=111)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--every", type=float, default=1, help="minutes")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--windows-too", action="store_true")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    settings, test = settings_for(options)
    where = (options.store, options.basins, "cpu", "exact", options.threads)
    run = Run(settings, Workspace(*where, checkpoints="", code=""))
    scaler, samples = run.samples(run.days)
    model, catchments = run.fresh(), run.catchments
    days = catchments.days(test)

    with open(options.out, "w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["seconds", "steps", "median_nse", "mean_nse", "simulation"])

        def score(seconds, steps, way="continuous"):
            trained = TrainedModel(model.eval(), settings, scaler)
            simulated = simulate(trained, catchments, days, CPU, way)
            nse = compute_metrics(catchments.discharge[:, days], simulated)["NSE"]
            row = [round(seconds, 1), steps, np.nanmedian(nse), np.nanmean(nse), way]
            rows.writerow(row)
            file.flush()
            print(*row, flush=True)
            table = np.column_stack([catchments.basins, nse])
            name = f"{options.out.stem}_{way}_basins.csv"
            np.savetxt(options.out.with_name(name), table, "%s", ",")
            score.last = seconds, steps

        train(
            run,
            settings,
            samples,
            model,
            options.minutes * 60,
            options.every * 60,
            score,
        )
        if options.windows_too:
            score(*score.last, "windows")


if __name__ == "__main__":
    main()
