"""Checkpoints that make a killed training resume to the same weights."""

import copy
import hashlib
import json
import logging
import os
from pathlib import Path

import torch

from rerunoff.files import atomic_path
from rerunoff.seals import check_seal
from rerunoff.training.tensors import write_tensors

_log = logging.getLogger(__name__)
_NEWEST, _BEFORE = "checkpoint.pt", "checkpoint_before.pt"
_ASIDE = ".damaged"


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
    """Write the state after an epoch, atomically; the one before it is kept.

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
    state = {"run": run, "epoch": epoch, "history": history}
    state |= _state(model, optimizer)
    newest = Path(folder) / _NEWEST
    with atomic_path(newest) as part:
        write_tensors(part, state)
        if newest.is_file():
            os.replace(newest, newest.with_name(_BEFORE))


def _state(model, optimizer):
    """Return what a training changes, as plain tensors, lists and dicts."""
    cuda = torch.cuda.get_rng_state_all() if torch.cuda.is_available() else []
    return {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "rng": torch.get_rng_state(),
        "rng_cuda": cuda,
    }


def load(folder, run, model, optimizer):
    """Restore the state of an interrupted run, if there is one.

    A checkpoint that cannot be used is renamed, and the one before it taken.

    Returns
    -------
    epoch : int
        Epochs done; 0 to start anew.
    history : list of dict
    """
    for path in (Path(folder) / name for name in (_NEWEST, _BEFORE)):
        if not path.is_file():
            continue
        try:
            state = _read(path, run)
            if state is not None:
                return _restore(state, model, optimizer)
        except (MemoryError, torch.OutOfMemoryError):
            raise
        except Exception as error:  # damage may end in nearly any
            _set_aside(path, error)
    return 0, []


def _read(path, run):
    """Return what a checkpoint holds, or None if it is of another run."""
    check_seal(path)
    # On the CPU, so that one from a GPU can be told apart where there is none.
    state = torch.load(path, map_location="cpu", weights_only=True)
    if state["run"] == run:
        return state
    _log.info("%s is of other settings or data and is not used", path)
    return None


def _restore(state, model, optimizer):
    """Take over a state whole or not at all; return epoch and history."""
    done = int(state["epoch"]), list(state["history"])
    before = copy.deepcopy(_state(model, optimizer))
    try:
        _put(state, model, optimizer)
    except Exception:
        _put(before, model, optimizer)
        raise
    _log.info("resuming after epoch %d", done[0])
    return done


def _put(state, model, optimizer):
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    torch.set_rng_state(state["rng"])
    if state["rng_cuda"]:
        torch.cuda.set_rng_state_all(state["rng_cuda"])


def _set_aside(path, error):
    """Rename a checkpoint that cannot be used, and say so."""
    aside = path.with_name(path.name + _ASIDE)
    os.replace(path, aside)
    why = " ".join(str(error).split()).rstrip(".")
    words = "%s cannot be used (%s) and is now %s: going on from the one before it"
    _log.warning(words, path, why, aside.name)


def clear(folder):
    """Remove the checkpoints of a finished run and of its stages, set aside or not."""
    folder = Path(folder)
    for name in (_NEWEST, _BEFORE, _NEWEST + _ASIDE, _BEFORE + _ASIDE):
        for path in (*folder.glob(f"*/{name}"), folder / name):
            path.unlink(missing_ok=True)
            if path.parent.is_dir() and not any(path.parent.iterdir()):
                path.parent.rmdir()
