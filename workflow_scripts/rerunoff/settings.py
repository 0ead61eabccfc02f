"""The settings of one run: what determines its weights.

Rules pass them as `params.settings`, so a changed hyperparameter reruns just the runs
it touches (design, decision 1). How they come about is in `resolution.py`, apart from
here, because this module is part of the fingerprint of every training.
"""

import dataclasses


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
    """Loss and optimisation; keys as in config/schemas/paper.schema.yaml."""

    loss: str
    nse_epsilon: float
    epochs: int
    batch_size: int
    learning_rate: tuple
    clip_norm: float | None

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
    start_from : str or None
        Experiment whose weights a fine-tuned network starts from; then
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

    def to_dict(self):
        """Return the settings as plain dicts, lists, strings and numbers."""
        return _plain(dataclasses.asdict(self))

    @classmethod
    def from_dict(cls, values):
        """Rebuild the settings from `to_dict`."""
        values = dict(values)
        for key in ("inputs", "attributes", "train_period", "basins"):
            values[key] = None if values[key] is None else tuple(values[key])
        values["model"] = ModelSettings(**values["model"])
        training = dict(values["training"])
        training["learning_rate"] = tuple(training["learning_rate"])
        values["training"] = TrainingSettings(**training)
        return cls(**values)


def _plain(value):
    """Turn tuples into lists, at any depth."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value
