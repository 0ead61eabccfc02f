"""One file per loss, found by its name, so that a new one retrains nothing."""

import importlib


def build_loss(settings):
    """Return the loss function that `TrainingSettings` name.

    It is ``build(settings)`` of `training/losses/<loss>.py`.

    Returns
    -------
    callable
        ``loss(prediction, batch)``: scaled discharge, shape (window, predicted day),
        and the `Batch` that it was predicted from.
    """
    module = importlib.import_module(f"{__name__}.{settings.loss}")
    return module.build(settings)


def mean_of_counted(errors, batch):
    """Return the mean of errors, shape of the target, over the days that count."""
    return (errors if batch.counts is None else errors[batch.counts]).mean()
