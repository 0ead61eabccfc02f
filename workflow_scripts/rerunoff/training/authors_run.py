"""A run with the weights of the authors: from their run folder to ours."""

import logging
from pathlib import Path

import torch
import yaml

from rerunoff.data.authors_attributes import attribute_order
from rerunoff.data.authors_runs import ATTRIBUTES, CFG, WEIGHTS, Configuration, read_cfg
from rerunoff.data.basin_lists import read_basin_list
from rerunoff.data.store import read_store
from rerunoff.errors import InputError
from rerunoff.files import md5sum
from rerunoff.provenance import commit, now, versions
from rerunoff.seals import write_sealed
from rerunoff.training.authors_weights import Order, convert, read_state
from rerunoff.training.scaling import fit_scaler
from rerunoff.training.weights import save_weights

_log = logging.getLogger(__name__)


def convert_run(settings, folder, order, store, basin_list, code, outputs):
    """Write a run with the authors' weights, as if it had been trained here.

    Parameters
    ----------
    settings : RunSettings
        With the published constants as `scaling`.
    folder : str or Path
        Holds `cfg.json`, `model_epoch30.pt` and perhaps `attributes.db`.
    order : Order
        Of inputs and attributes in the weights; where there is an attributes.db, that
        gives the order of the attributes.
    store, basin_list : str or Path
        Attributes are standardised by their mean and standard deviation over the basins
        of the list, as in a training.
    code : str
        Fingerprint of the code, recorded.
    outputs : dict
        Paths `weights` and `record`.

    Raises
    ------
    InputError
        If the run folder is of another network than the settings, or damaged.
    """
    folder = Path(folder)
    _check_cfg(read_cfg(folder / CFG), settings, folder)
    order = _with_database(order, folder, settings)
    path = folder / WEIGHTS
    model = convert(read_state(path), settings, order, path)
    basins = read_basin_list(basin_list)
    catchments = read_store(store, settings.inputs, settings.attributes, basins)
    names = (*settings.inputs, *settings.attributes)
    scaler = fit_scaler(catchments, None, settings.scaling, names)
    facts = {
        "weights": "the authors'",
        "weights_md5": md5sum(path),
        "attributes_from": ATTRIBUTES
        if (folder / ATTRIBUTES).is_file()
        else "the paper",
        "basins": len(basins),
        "data_sha256": catchments.content,
        "code": code,
    }
    _write_record(outputs["record"], settings, facts)
    save_weights(outputs["weights"], model, settings, scaler)
    _log.info("%s: converted, nothing was trained", path)


def _check_cfg(cfg, settings, folder):
    """Raise `InputError` if a run folder is of another network than the settings."""
    model = settings.model
    ours = Configuration(model.kind, model.static, settings.training.loss)
    pairs = {
        "model and training.loss": (cfg.configuration.words, ours.words),
        "seeds": (cfg.seed, settings.seed),
        "model.hidden_size": (cfg.hidden_size, model.hidden_size),
        "model.sequence_length": (cfg.sequence_length, model.sequence_length),
        "periods.train": (
            " to ".join(cfg.train_period),
            " to ".join(settings.train_period),
        ),
    }
    for key, (theirs, wanted) in pairs.items():
        if theirs != wanted:
            raise InputError(
                f"{folder / CFG}: the network is of {key} {theirs}, but the "
                f"configuration says {wanted}; set the key to the authors'."
            )


def _with_database(order, folder, settings):
    """Return the order of the weights; that of attributes from the run's database."""
    if not settings.attributes:
        return order
    path = folder / ATTRIBUTES
    if path.is_file():
        return Order(order.inputs, attribute_order(path))
    text = "%s is not there: the attributes are taken to be in the published order"
    _log.warning(text, path)
    return order


def _write_record(path, settings, facts):
    """Write the record of a run, with nothing where a training would stand."""
    nothing = ("samples", "device", "threads", "training_seconds")
    record = {
        "settings": settings.to_dict(full=True),
        **facts,
        **dict.fromkeys(nothing),
        "commit": commit(),
        "written": now().isoformat(),
        "versions": {**versions(), "torch": str(torch.__version__)},
    }
    write_sealed(path, yaml.safe_dump(record, sort_keys=False))
