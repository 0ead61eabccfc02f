"""One NeuralHydrology run for `peer.py` or `long_windows.py`; runs in .venv-peer.

Reads a job (JSON) from the path given, prints one line of JSON: samples/s of every
epoch after the first, and, if asked for, the test NSE of each basin. A job with
`minutes` trains that long instead (processor time), its learning rates spread over that
time, and leaves its weights in the folder `snapshots` every so many minutes.
"""

import contextlib
import json
import sys
import time
from pathlib import Path

import torch
from neuralhydrology.evaluation import get_tester
from neuralhydrology.training.basetrainer import BaseTrainer
from neuralhydrology.utils.config import Config

_INPUTS = {
    "prcp": "PRCP(mm/day)",
    "srad": "SRAD(W/m2)",
    "tmax": "Tmax(C)",
    "tmin": "Tmin(C)",
    "vp": "Vp(Pa)",
}


def names_of(job):
    """Return the columns of the inputs in the files of the forcing product."""
    names = [_INPUTS[name] for name in job["inputs"]]
    # Its authors wrote the names of variables small, and those of units not.
    small = job["forcing"] == "maurer_extended"
    return [n.split("(")[0].lower() + n[n.index("(") :] if small else n for n in names]


def configuration(job):
    """Return NeuralHydrology's configuration for our settings."""
    folder = Path(job["folder"])
    basin_file = folder / "basins.txt"
    basin_file.write_text("\n".join(job["basins"]) + "\n")

    def day(text):
        year, month, day = text.split("-")
        return f"{day}/{month}/{year}"

    model, training = job["model"], job["training"]
    return Config(
        {
            "experiment_name": f"peer_{model['kind']}",
            "run_dir": str(folder),
            "seed": job["seed"],
            "device": "cpu",
            "train_basin_file": str(basin_file),
            "validation_basin_file": str(basin_file),
            "test_basin_file": str(basin_file),
            "train_start_date": day(job["train"][0]),
            "train_end_date": day(job["train"][1]),
            "validation_start_date": day(job["test"][0]),
            "validation_end_date": day(job["test"][1]),
            "test_start_date": day(job["test"][0]),
            "test_end_date": day(job["test"][1]),
            "validate_every": None,
            "metrics": ["NSE"],
            "model": {"lstm": "cudalstm", "ealstm": "ealstm"}[model["kind"]],
            "head": "regression",
            "output_activation": "linear",
            "hidden_size": model["hidden_size"],
            "initial_forget_bias": model["forget_bias"],
            "output_dropout": model["dropout"],
            "optimizer": "Adam",
            "loss": "NSE",
            # It takes the first rate under 0 and counts epochs from 1.
            "learning_rate": {
                step["from_epoch"] if step["from_epoch"] > 1 else 0: step["rate"]
                for step in training["learning_rate"]
            },
            "batch_size": training["batch_size"],
            "epochs": training["epochs"],
            "clip_gradient_norm": training["clip_norm"],
            "predict_last_n": 1,
            "seq_length": model["sequence_length"],
            "num_workers": 0,
            "max_updates_per_epoch": job["steps"],
            "save_weights_every": training["epochs"],
            "dataset": "camels_us",
            "data_dir": job["data_root"],
            "forcings": [job["forcing"]],
            "dynamic_inputs": names_of(job),
            "target_variables": ["QObs(mm/d)"],
            "clip_targets_to_zero": ["QObs(mm/d)"],
            "static_attributes": list(job["attributes"]),
            "log_tensorboard": False,
            "verbose": 0,
        }
    )


class _TimeIsUp(Exception):
    """The minutes of a job are over."""


def train_for(trainer, job):
    """Train for some minutes; write weights and constants now and then."""
    step, started = trainer.optimizer.step, time.process_time()
    budget, every, steps = 60 * job["minutes"], 60 * job["every"], 0
    rates = sorted(trainer.cfg.learning_rate.items())
    epochs, scaler = job["training"]["epochs"], trainer.loader.dataset.scaler
    attributes, constants = list(job["attributes"]), {}
    for key, name in (("mean", "center"), ("std", "scale")):
        values = scaler[f"xarray_feature_{name}"]
        constants[f"input_{key}"] = [float(values[name]) for name in names_of(job)]
        constants[f"output_{key}"] = float(values["QObs(mm/d)"])
        constants[f"attribute_{key}"] = scaler[f"attribute_{key}s"][attributes].tolist()
    due = every

    def timed_step(*arguments, **keys):
        nonlocal steps, due
        result = step(*arguments, **keys)
        steps, seconds = steps + 1, time.process_time() - started
        epoch = 1 + int(seconds / budget * epochs)
        rate = [rate for first, rate in rates if first <= epoch][-1]
        for group in trainer.optimizer.param_groups:
            group["lr"] = rate
        if seconds >= min(due, budget):
            due += every
            weights = {k: v.clone() for k, v in trainer.model.state_dict().items()}
            told = {"seconds": seconds, "steps": steps, "constants": constants}
            path = Path(job["snapshots"], f"{steps:08d}.pt")
            torch.save(told | {"weights": weights}, path)
        if seconds >= budget:
            raise _TimeIsUp
        return result

    trainer.optimizer.step = timed_step
    with contextlib.suppress(_TimeIsUp):
        trainer.train_and_validate()


def main(path):
    """Train, time the epochs, and evaluate if the job says so."""
    job = json.loads(Path(path).read_text())
    config = configuration(job)
    trainer = BaseTrainer(config)
    trainer.initialize_training()
    if "minutes" in job:
        torch.set_num_threads(job["threads"])
        train_for(trainer, job)
        return
    seconds, train_epoch = [], trainer._train_epoch

    def timed(epoch):
        started = time.perf_counter()
        train_epoch(epoch)
        seconds.append(time.perf_counter() - started)

    trainer._train_epoch = timed
    trainer.train_and_validate()
    steps = job["steps"] or len(trainer.loader)
    samples = min(steps * config.batch_size, len(trainer.loader.dataset))
    result = {"samples_per_second": [samples / taken for taken in seconds[1:]]}
    if job["evaluate"]:
        tester = get_tester(config, config.run_dir, period="test", init_model=True)
        results = tester.evaluate(save_results=False, metrics=["NSE"])
        # A basin without observations in the test period has no metric.
        result["nse"] = {
            basin: float(found["1D"].get("NSE", "nan"))
            for basin, found in results.items()
        }
    print(json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1])
