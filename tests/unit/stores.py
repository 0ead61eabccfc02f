"""Small stores written straight to disk, and the settings of small runs on them."""

import dataclasses

import h5py
import numpy as np
from rerunoff.protocol.settings import ModelSettings, RunSettings, TrainingSettings
from rerunoff.seals import append_seal
from rerunoff.training.run import Workspace

BASINS = ["01022500", "02177000", "13340600"]
INPUTS = ("prcp", "tmin", "tmax")
TRAIN, TEST = ("1990-10-01", "1993-09-30"), ("1993-10-01", "1996-09-30")
LENGTH = 8  # days of a window


@dataclasses.dataclass
class Series:
    """What a store holds; to be changed before it is written."""

    dates: np.ndarray
    inputs: dict
    discharge: np.ndarray
    basins: list = dataclasses.field(default_factory=lambda: list(BASINS))
    attributes: dict = dataclasses.field(default_factory=dict)

    def days(self, first, last):
        """Return the slice of a period."""
        first, last = (np.datetime64(day) - self.dates[0] for day in (first, last))
        return slice(int(first.astype(int)), int(last.astype(int)) + 1)

    def write(self, path, content="abc"):
        with h5py.File(path, "w") as file:
            file["basin"] = [basin.encode() for basin in self.basins]
            file["date"] = (self.dates - np.datetime64("1970-01-01")).astype(int)
            for name, values in self.inputs.items():
                file[name] = values.astype(np.float32)
            file["discharge"] = self.discharge.astype(np.float32)
            for name, values in self.attributes.items():
                file[f"attribute_{name}"] = np.asarray(values, dtype=float)
            file.attrs["content_sha256"] = content
        append_seal(path)
        return path


def make_series(first="1990-07-01", last="1996-12-31", basins=BASINS, seed=0):
    """Return weather with seasons, and discharge that follows from rain and season."""
    random = np.random.default_rng(seed)
    dates = np.arange(np.datetime64(first), np.datetime64(last) + 1)
    shape = (len(basins), len(dates))
    # Warmest three weeks after the first day, for which July is meant.
    season = np.cos(2 * np.pi * (np.arange(len(dates)) - 20) / 365.25)
    rain = random.gamma(0.4, 8, shape) * (random.random(shape) < 0.5)
    mean = 6 + 10 * season + random.normal(0, 2, shape)
    inputs = {"prcp": rain, "tmin": mean - 4, "tmax": mean + 5}
    discharge = np.full(shape, 1.0)
    for day in range(1, len(dates)):
        discharge[:, day] = 0.7 * discharge[:, day - 1] + 0.3 * rain[:, day]
    discharge *= np.linspace(0.7, 1.3, len(basins))[:, None] * (1.2 - 0.5 * season)
    return Series(dates, inputs, discharge, list(basins))


def settings(experiment="basin", unit=f"basin{BASINS[0]}", basins=BASINS[:1], **more):
    """Return the settings of a small network of two layers; `more` replaces some."""
    whole = {
        "paper": "p",
        "experiment": experiment,
        "unit": unit,
        "seed": 3,
        "forcing": "daymet",
        "inputs": INPUTS,
        "attributes": (),
        "basins": None if basins is None else tuple(basins),
        "fold": None,
        "train_period": TRAIN,
        "own_start": True,
        "start_from": None,
        "scaling": "training",
        "model": ModelSettings("lstm", False, 2, 5, LENGTH, 0.2, 0.0, 1.0, "keras"),
        "training": TrainingSettings(
            "mse", 0.1, 3, 128, ({"from_epoch": 1, "rate": 5e-3},), None
        ),
    }
    epochs = more.pop("epochs", 3)
    model = dataclasses.replace(whole["model"], **more.pop("model", {}))
    training = dataclasses.replace(whole["training"], epochs=epochs)
    return RunSettings(**(whole | {"model": model, "training": training} | more))


def workspace(store, folder):
    """Return a workspace that computes on one thread, with a list of all basins."""
    folder.mkdir(parents=True, exist_ok=True)
    listed = folder / "basins.txt"
    listed.write_text("\n".join(BASINS) + "\n")
    return Workspace(store, listed, "cpu", "exact", 1, folder / "checkpoints", "code")


def outputs(folder):
    """Return the files of a run."""
    names = {"weights": "model.pt", "history": "history.csv", "record": "run.yaml"}
    return {key: folder / name for key, name in names.items()}
