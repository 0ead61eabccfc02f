"""One file per loss, found by its name, so that a new one retrains nothing."""

import importlib


def build_loss(settings):
    """Return the loss function that `TrainingSettings` name.

    It is ``build(settings)`` of `training/losses/<loss>.py`.
    """
    module = importlib.import_module(f"{__name__}.{settings.loss}")
    return module.build(settings)
