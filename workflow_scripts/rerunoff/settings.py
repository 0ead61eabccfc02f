"""The one place where configuration becomes settings.

A paper's defaults, an experiment's overrides and the user's configuration are resolved
to one frozen `RunSettings` per training run. Rules pass it as `params.settings`, so a
changed hyperparameter reruns just the runs it touches (design, decision 1).
"""

import dataclasses
from pathlib import Path

from rerunoff.errors import InputError
from rerunoff.files import read_yaml

# Keys that choose what to show or run and change no number of a run.
_NOT_PROTOCOL = ("only", "hydrographs", "title", "doi")


@dataclasses.dataclass(frozen=True)
class ModelSettings:
    """Architecture of a network; keys as in config/schemas/paper.schema.yaml."""

    kind: str
    static: bool
    hidden_size: int
    sequence_length: int
    dropout: float
    forget_bias: float


@dataclasses.dataclass(frozen=True)
class TrainingSettings:
    """Loss and optimisation; keys as in config/schemas/paper.schema.yaml."""

    loss: str
    nse_epsilon: float
    epochs: int
    batch_size: int
    learning_rate: tuple
    clip_norm: float

    def rate(self, epoch):
        """Return the learning rate of an epoch, counted from 1."""
        steps = [step for step in self.learning_rate if step["from_epoch"] <= epoch]
        return max(steps, key=lambda step: step["from_epoch"])["rate"]


@dataclasses.dataclass(frozen=True)
class RunSettings:
    """Everything that determines the weights of one run.

    The test period is not part of it: another test period simulates anew, and trains
    nothing.
    """

    paper: str
    experiment: str
    unit: str
    seed: int
    forcing: str
    inputs: tuple
    attributes: tuple
    train_period: tuple
    scaling: dict | None
    model: ModelSettings
    training: TrainingSettings

    def to_dict(self):
        """Return the settings as plain dicts, lists, strings and numbers."""
        return _plain(dataclasses.asdict(self))

    @classmethod
    def from_dict(cls, values):
        """Rebuild the settings from `to_dict`."""
        values = dict(values)
        for key in ("inputs", "attributes", "train_period"):
            values[key] = tuple(values[key])
        values["model"] = ModelSettings(**values["model"])
        training = dict(values["training"])
        training["learning_rate"] = tuple(training["learning_rate"])
        values["training"] = TrainingSettings(**training)
        return cls(**values)


def run_settings(config, paper, experiment, unit, seed):
    """Resolve the settings of one run.

    Parameters
    ----------
    config : dict
        The validated configuration, papers included.
    paper, experiment, unit : str
    seed : int or str

    Raises
    ------
    InputError
        If the configuration knows no such experiment, unit or seed.
    """
    protocol = config[paper]
    _known(experiment, active_experiments(config, paper), paper, "experiment")
    _known(unit, protocol["units"], paper, "unit")
    _known(int(seed), protocol["seeds"], paper, "seed")
    row = protocol["experiments"][experiment]
    model = ModelSettings(**{**protocol["model"], **row.get("model", {})})
    training = {**protocol["training"], **row.get("training", {})}
    training["learning_rate"] = tuple(training["learning_rate"])
    published = protocol["scaling"] == "published"
    return RunSettings(
        paper=paper,
        experiment=experiment,
        unit=unit,
        seed=int(seed),
        forcing=protocol["forcing"],
        inputs=tuple(protocol["inputs"]),
        attributes=tuple(protocol["attributes"]) if model.static else (),
        train_period=tuple(protocol["periods"]["train"]),
        scaling=dict(protocol["published_scaling"]) if published else None,
        model=model,
        training=TrainingSettings(**training),
    )


def active_experiments(config, paper):
    """Return the names of the experiments to run, in the paper's order."""
    protocol = config[paper]
    only = protocol.get("only")
    return [name for name in protocol["experiments"] if only is None or name in only]


def deviations(config, paper, root):
    """List the protocol keys that differ from the paper's own file.

    Parameters
    ----------
    config : dict
        The configuration in use.
    paper : str
    root : str or Path
        The folder of the Snakefile.

    Returns
    -------
    list of str
        Dotted keys below the paper, e.g. ``training.epochs``.
    """
    original = read_yaml(Path(root, "config", "papers", f"{paper}.yaml"))[paper]
    ours, theirs = _flatten(config[paper]), _flatten(original)
    changed = {key for key in ours.keys() | theirs if ours.get(key) != theirs.get(key)}
    return sorted(key for key in changed if key.split(".")[0] not in _NOT_PROTOCOL)


def _known(value, known, paper, what):
    if value not in known:
        choice = ", ".join(str(name) for name in known)
        raise InputError(f"{paper} has no {what} {value}; it has {choice}.")


def _flatten(values, prefix=""):
    """Turn nested dicts into one dict of dotted keys."""
    flat = {}
    for key, value in values.items():
        if isinstance(value, dict):
            flat |= _flatten(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = value
    return flat


def _plain(value):
    """Turn tuples into lists, at any depth."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value
