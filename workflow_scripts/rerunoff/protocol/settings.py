"""The settings of one run: what determines its weights.

Rules pass them as `params.settings`, so a changed hyperparameter reruns just the runs
it touches. How they come about is in `resolve.py`, apart from here, because this
module is part of the fingerprint of every training: its methods, not its fields, whose
values are in `params.settings`.

A new field has a default: what was done before there was the field. A default never
changes after that, because runs that have it do not say it
(tests/unit/test_settings.py).
"""

import dataclasses

DISCHARGE = "discharge"


@dataclasses.dataclass(frozen=True)
class ModelSettings:
    """Architecture of a network; keys as in config/schemas/paper.schema.yaml."""

    kind: str
    static: bool
    layers: int
    hidden_size: int
    sequence_length: int
    layer_dropout: float
    dropout: float
    forget_bias: float
    initialisation: str


@dataclasses.dataclass(frozen=True)
class TrainingSettings:
    """Loss and optimisation; keys as in config/schemas/paper.schema.yaml.

    Attributes
    ----------
    batch_size : int
        Windows of a step.
    predicted_days : int
        Last days of a window that are predicted: 1 in the papers.
    """

    loss: str
    nse_epsilon: float
    epochs: int
    batch_size: int
    learning_rate: tuple
    clip_norm: float | None
    predicted_days: int = 1

    def rate(self, epoch):
        """Return the learning rate of an epoch, counted from 1."""
        steps = [step for step in self.learning_rate if step["from_epoch"] <= epoch]
        return max(steps, key=lambda step: step["from_epoch"])["rate"]


@dataclasses.dataclass(frozen=True)
class RunSettings:
    """Everything that determines the weights of one run.

    The test period is not part of it: another test period simulates anew, and trains
    nothing.

    Attributes
    ----------
    basins : tuple of str or None
        What the network learns; None stands for all basins of the paper.
    fold : dict or None
        The fold of a cross-validation over basins that the network does not learn:
        `index`, `number` of folds, `random_state` (`data.folds`).
    own_start : bool
        Whether a basin's training period starts with its own first hydrological year
        with discharge (`data.periods`).
    target : str
        The variable that is learned: `discharge`, or another one of the store.
    start_from : str or None
        Experiment whose weights the network starts from. If it is fine-tuned,
        `training.epochs` is the largest number of epochs to choose from.
    """

    paper: str
    experiment: str
    unit: str
    seed: int
    forcing: str
    inputs: tuple
    attributes: tuple
    basins: tuple | None
    train_period: tuple
    own_start: bool
    start_from: str | None
    scaling: dict | str
    model: ModelSettings
    training: TrainingSettings
    fold: dict | None = None
    target: str = DISCHARGE

    def to_dict(self, full=False):
        """Return the settings as plain dicts, lists, strings and numbers.

        Parameters
        ----------
        full : bool
            With the fields that are at their default. Rules do without them, so that
            a new field reruns nothing.
        """
        return _plain(self, full)

    @classmethod
    def from_dict(cls, values):
        """Rebuild the settings from `to_dict`."""
        values = values | {
            "model": ModelSettings(**values["model"]),
            "training": _with_tuples(TrainingSettings, values["training"]),
        }
        return _with_tuples(cls, values)


def _plain(value, full):
    """Turn settings into dicts and tuples into lists, at any depth."""
    if dataclasses.is_dataclass(value):
        pairs = (
            (field, getattr(value, field.name)) for field in dataclasses.fields(value)
        )
        value = {
            field.name: item for field, item in pairs if full or item != field.default
        }
    if isinstance(value, dict):
        return {key: _plain(item, full) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item, full) for item in value]
    return value


def _with_tuples(kind, values):
    """Build settings from plain values: lists become tuples where a field is one."""
    tuples = {f.name for f in dataclasses.fields(kind) if "tuple" in str(f.type)}
    return kind(
        **{
            key: tuple(item) if key in tuples and item is not None else item
            for key, item in values.items()
        }
    )
