"""One file per network, found by its name, so that a new one retrains nothing."""

import importlib

from rerunoff.errors import InputError


def build_model(settings, inputs, attributes):
    """Build a network with its initial weights.

    Parameters
    ----------
    settings : ModelSettings
        The network is the class `Network` of `models/<kind>.py`.
    inputs : int
        Number of dynamic inputs.
    attributes : int
        Number of static attributes (0 without).

    Returns
    -------
    torch.nn.Module
        ``forward(batch)``, of a `training.batch.Batch`, returns scaled discharge, shape
        (window, predicted day).

    Raises
    ------
    InputError
        If there is no such network, as weights of another version may ask for.
    """
    try:
        module = importlib.import_module(f"{__name__}.{settings.kind}")
        network = module.Network
    except (ImportError, AttributeError) as error:
        raise InputError(
            f"there is no network {settings.kind}; correct the key model.kind."
        ) from error
    return network(inputs, attributes, settings)
