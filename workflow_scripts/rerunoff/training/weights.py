"""The file of a trained network: weights and everything needed to use them."""

import dataclasses

import numpy as np
import torch

from rerunoff.errors import InputError
from rerunoff.files import atomic_path
from rerunoff.models import build_model
from rerunoff.protocol.settings import RunSettings
from rerunoff.seals import check_seal
from rerunoff.training.scaling import Scaler
from rerunoff.training.tensors import write_tensors

_FORMAT = 1


@dataclasses.dataclass(frozen=True)
class TrainedModel:
    """A network in evaluation mode with its settings and scaler."""

    model: torch.nn.Module
    settings: RunSettings
    scaler: Scaler


def save_weights(path, model, settings, scaler):
    """Write a trained network atomically; plain tensors, lists and strings only."""
    content = {
        "format": _FORMAT,
        "settings": settings.to_dict(full=True),
        "scaler": dataclasses.asdict(scaler),
        "state_dict": {key: value.cpu() for key, value in model.state_dict().items()},
    }
    with atomic_path(path) as part:
        write_tensors(part, content)


def load_weights(path, device):
    """Read a trained network.

    Raises
    ------
    InputError
        If the file is missing, damaged or of another format.
    """
    try:
        check_seal(path)
        content = torch.load(path, map_location=device, weights_only=True)
        if content["format"] != _FORMAT:
            raise ValueError(f"format {content['format']}")
        return _rebuild(content, device)
    except (MemoryError, torch.OutOfMemoryError):
        raise
    except Exception as error:
        why = " ".join(str(error).split()).rstrip(".").replace(". ", "; ")
        raise InputError(
            f"{path}: no weights of this version of rerunoff ({why}); delete it "
            "and train again."
        ) from error


def _rebuild(content, device):
    """Return the network of a file's content."""
    settings = RunSettings.from_dict(content["settings"])
    sizes = len(settings.inputs), len(settings.attributes)
    model = build_model(settings.model, *sizes).to(device)
    model.load_state_dict(content["state_dict"])
    scaler = Scaler(**content["scaler"])
    _check_scaler(scaler, settings)
    return TrainedModel(model.eval(), settings, scaler)


def _check_scaler(scaler, settings):
    """Raise ValueError if a scaler is not that of a network."""
    # Of a network that sees no attributes there are none.
    sizes = {
        "input": len(settings.inputs),
        "attribute": len(settings.attributes),
        "output": 1,
    }
    for name, size in sizes.items():
        for part in ("mean", "std"):
            values = getattr(scaler, f"{name}_{part}")
            numbers = np.array(values, dtype=float).reshape(-1)
            if len(numbers) != size or not np.isfinite(numbers).all():
                text = f"{name}_{part} is {values}, where {size} numbers are needed"
                raise ValueError(text)
