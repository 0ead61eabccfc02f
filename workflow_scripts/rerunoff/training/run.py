"""One training run: from the store to weights, history and the record of the run."""

import logging
import platform

import torch
import yaml

import rerunoff
from rerunoff.data.basin_lists import read_basin_list
from rerunoff.data.store import check_observations, read_store
from rerunoff.errors import InputError
from rerunoff.files import atomic_path, write_text
from rerunoff.models import build_model
from rerunoff.training import checkpoint
from rerunoff.training.device import choose_device, make_deterministic
from rerunoff.training.loop import fit
from rerunoff.training.samples import Samples
from rerunoff.training.scaling import fit_scaler
from rerunoff.training.weights import save_weights
from rerunoff.training.windows import report_unused, valid_samples

_log = logging.getLogger(__name__)


def train_run(settings, store, basin_list, device, threads, checkpoints, outputs, code):
    """Train one network and write its files.

    Parameters
    ----------
    settings : RunSettings
    store, basin_list : str or Path
    device : {'auto', 'cpu', 'cuda'}
    threads : int
    checkpoints : str or Path
        Folder of the checkpoint; emptied at the end.
    outputs : dict
        Paths `weights`, `history`, `record`.
    code : str
        Fingerprint of the code, recorded and compared with a checkpoint's.

    Raises
    ------
    InputError
        If the data do not fit the settings.
    """
    make_deterministic(settings.seed, threads)
    device = choose_device(device)
    basins = read_basin_list(basin_list)
    catchments = read_store(store, settings.inputs, settings.attributes, basins)
    scaler, samples = prepare(settings, catchments, store, device)
    model = build_model(
        settings.model, len(settings.inputs), len(settings.attributes)
    ).to(device)
    _log.info("%d samples of %d basins", len(samples), len(basins))
    content = catchments.content
    run = checkpoint.identity(settings, content, basins, threads, device, code)
    history = fit(model, samples, settings.training, settings.seed, checkpoints, run)
    _write_history(outputs["history"], history)
    facts = {"basins": len(basins), "samples": len(samples), "data_sha256": content}
    facts |= {"device": _device_name(device), "threads": threads, "code": code}
    _write_record(outputs["record"], settings, facts, history)
    save_weights(outputs["weights"], model, settings, scaler)
    checkpoint.clear(checkpoints)


def _write_record(path, settings, facts, history):
    """Write what a reader of the weights may want to know of the run."""
    versions = {
        "rerunoff": rerunoff.__version__,
        "torch": str(torch.__version__),
        "python": platform.python_version(),
    }
    record = {
        "settings": settings.to_dict(),
        **facts,
        "versions": versions,
        "training_seconds": round(sum(row["seconds"] for row in history), 1),
    }
    write_text(path, yaml.safe_dump(record, sort_keys=False))


def prepare(settings, catchments, store, device):
    """Return the scaler and the samples of the training period."""
    days = catchments.days(settings.train_period)
    check_observations(
        catchments.discharge[:, days], catchments.basins, settings.train_period, store
    )
    names = (*settings.inputs, *settings.attributes)
    scaler = fit_scaler(catchments, days, settings.scaling, names)
    length = settings.model.sequence_length
    basin, day = valid_samples(catchments.inputs, catchments.discharge, days, length)
    report_unused(
        catchments.discharge, days, basin, catchments.basins, "the training period"
    )
    if not basin.size:
        raise InputError(
            f"{store}: no sample in the training period has {length} days of forcing "
            "before it; choose a later period or a shorter sequence_length."
        )
    return scaler, Samples(catchments, scaler, basin, day, length, device)


def _write_history(path, history):
    columns = list(history[0])
    lines = [",".join(str(row[column]) for column in columns) for row in history]
    with atomic_path(path) as part:
        part.write_text("\n".join([",".join(columns), *lines]) + "\n", encoding="utf-8")


def _device_name(device):
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return f"CPU ({platform.processor() or platform.machine()})"
