"""Checkpoints that make a killed training resume to the same weights."""

import hashlib
import json
import logging
import pickle
from pathlib import Path

import torch

from rerunoff.files import atomic_path

_log = logging.getLogger(__name__)
_NAME = "checkpoint.pt"


def identity(settings, content, basins, threads, device, precision, code):
    """Return a checksum of all that a checkpoint must have in common with the run.

    Parameters
    ----------
    settings : RunSettings
    content : str
        Checksum of the store.
    basins : list of str
    threads : int
    device : torch.device
    precision : str
        Of float32 on a GPU.
    code : str
        Fingerprint of the training's code.
    """
    parts = [settings.to_dict(), content, basins, threads, device.type, precision, code]
    parts.append(str(torch.__version__))
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def save(folder, run, epoch, model, optimizer, history):
    """Write the state after an epoch, atomically, over the previous one.

    Parameters
    ----------
    folder : str or Path
    run : str
        From `identity`.
    epoch : int
        Epochs done.
    model, optimizer
    history : list of dict
        One row per epoch done.
    """
    state = {
        "run": run,
        "epoch": epoch,
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "rng": torch.get_rng_state(),
        "rng_cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
        "history": history,
    }
    with atomic_path(Path(folder) / _NAME) as part:
        torch.save(state, part)


def load(folder, run, model, optimizer):
    """Restore the state of an interrupted run, if there is one.

    Returns
    -------
    epoch : int
        Epochs done; 0 to start anew.
    history : list of dict
    """
    path = Path(folder) / _NAME
    if not path.is_file():
        return 0, []
    try:
        # On the CPU, so that one from a GPU can be told apart where there is none.
        state = torch.load(path, map_location="cpu", weights_only=True)
    except (RuntimeError, EOFError, OSError, pickle.UnpicklingError) as error:
        _log.warning("%s is damaged (%s): starting anew", path, error)
        return 0, []
    if state["run"] != run:
        _log.info("%s is of other settings or data: starting anew", path)
        return 0, []
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    torch.set_rng_state(state["rng"])
    if state["rng_cuda"]:
        torch.cuda.set_rng_state_all(state["rng_cuda"])
    _log.info("resuming after epoch %d", state["epoch"])
    return state["epoch"], state["history"]


def clear(folder):
    """Remove the checkpoints of a finished run and of its stages."""
    folder = Path(folder)
    for path in (*folder.glob(f"*/{_NAME}"), folder / _NAME):
        path.unlink(missing_ok=True)
        if path.parent.is_dir() and not any(path.parent.iterdir()):
            path.parent.rmdir()
