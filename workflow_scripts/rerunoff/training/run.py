"""One training run: from the store to weights, history and the record of the run."""

import dataclasses
import logging
import platform
from pathlib import Path

import torch
import yaml

from rerunoff.data.basin_lists import read_basin_list
from rerunoff.data.folds import training_basins
from rerunoff.data.periods import last_year, training_days
from rerunoff.data.store import check_observations, read_store
from rerunoff.errors import InputError
from rerunoff.models import build_model
from rerunoff.provenance import commit, now, versions
from rerunoff.seals import write_sealed
from rerunoff.training import checkpoint
from rerunoff.training.device import choose_device, make_deterministic
from rerunoff.training.history import write_history
from rerunoff.training.loop import fit
from rerunoff.training.samples import Samples
from rerunoff.training.scaling import fit_scaler, training_constants
from rerunoff.training.weights import save_weights
from rerunoff.training.windows import complete_windows, report_unused

_log = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True)
class Workspace:
    """Where a run reads its data and computes.

    Attributes
    ----------
    store, basin_list : str or Path
    device : {'auto', 'cpu', 'cuda'}
    float32_precision : {'exact', 'tf32'}
        Of a GPU.
    threads : int
    checkpoints : str or Path
        Folder of the checkpoint; emptied at the end.
    code : str
        Fingerprint of the code, recorded and compared with a checkpoint's.
    """

    store: str
    basin_list: str
    device: str
    float32_precision: str
    threads: int
    checkpoints: str
    code: str


class Run:
    """A network about to be trained: its data, device and identity.

    Parameters
    ----------
    settings : RunSettings
    workspace : Workspace

    Raises
    ------
    InputError
        If the data do not fit the settings.
    """

    def __init__(self, settings, workspace):
        make_deterministic(settings.seed, workspace.threads)
        self.settings, self.workspace = settings, workspace
        self.device = choose_device(workspace.device, workspace.float32_precision)
        self.catchments = self._read()
        period = (settings.train_period, settings.own_start)
        self.days = training_days(self.catchments, *period)

    def fresh(self):
        """Return a network with its initial weights."""
        settings = self.settings
        sizes = (len(settings.inputs), len(settings.attributes))
        return build_model(settings.model, *sizes).to(self.device)

    def split(self):
        """Return the days before the last training year, and the days of that year."""
        catchments = self.catchments
        return last_year(self.days, catchments.discharge, catchments.dates)

    def samples(self, days, scaler=None, last=False):
        """Return scaler and samples of some days; the scaler is fitted if not given.

        With `last` the series of the run end up in the samples, and nowhere else.
        """
        settings, workspace = self.settings, (self.workspace.store, self.device)
        if scaler is None and settings.scaling == "all_basins":
            settings = dataclasses.replace(settings, scaling=self._constants_of_all())
        again = (lambda: self._read().inputs) if last else None
        found = prepare(settings, self.catchments, *workspace, days, scaler, again)
        if last:
            gone = {"inputs": None, "discharge": None}
            self.catchments = dataclasses.replace(self.catchments, **gone)
        return found

    def _read(self):
        """Return the catchments that the network learns."""
        settings, workspace = self.settings, self.workspace
        basins = training_basins(settings, read_basin_list(workspace.basin_list))
        names = (settings.inputs, settings.attributes)
        return read_store(workspace.store, *names, basins, settings.target)

    def _constants_of_all(self):
        """Return the constants of the training period of all basins of the paper."""
        settings, listed = self.settings, read_basin_list(self.workspace.basin_list)
        catchments = read_store(
            self.workspace.store, settings.inputs, (), listed, settings.target
        )
        period = (settings.train_period, settings.own_start)
        return training_constants(catchments, training_days(catchments, *period))

    def fit(self, model, samples, epochs, stage="", after_epoch=None):
        """Train, resuming an interrupted stage; return the history.

        Parameters
        ----------
        model : torch.nn.Module
        samples : Samples
        epochs : int
        stage : str
            Name of a part of the run with a checkpoint of its own.
        after_epoch : callable or None
            See `loop.fit`.
        """
        training = dataclasses.replace(self.settings.training, epochs=epochs)
        settings = dataclasses.replace(self.settings, training=training)
        workspace, catchments = self.workspace, self.catchments
        run = checkpoint.identity(
            settings,
            catchments.content,
            catchments.basins,
            workspace.threads,
            self.device,
            workspace.float32_precision,
            workspace.code + stage,
        )
        folder, seed = Path(workspace.checkpoints, stage), self.settings.seed
        _log.info("%d samples of %d basins", len(samples), len(catchments.basins))
        return fit(model, samples, training, seed, folder, run, after_epoch)

    def finish(self, outputs, model, scaler, samples, history, **more):
        """Write weights, history and record; forget the checkpoints."""
        write_history(outputs["history"], history)
        facts = self.facts(samples) | more
        _write_record(outputs["record"], self.settings, facts, history)
        save_weights(outputs["weights"], model, self.settings, scaler)
        self.forget()

    def forget(self):
        """Remove the checkpoints of a finished run."""
        checkpoint.clear(self.workspace.checkpoints)

    def facts(self, samples):
        """Return what the record says of the data and the machine."""
        return {
            "basins": len(self.catchments.basins),
            "samples": len(samples),
            "data_sha256": self.catchments.content,
            "device": _device_name(self.device),
            "float32_precision": self.workspace.float32_precision,
            "threads": self.workspace.threads,
            "code": self.workspace.code,
        }


def train_run(settings, workspace, outputs):
    """Train one network and write its files.

    Parameters
    ----------
    settings : RunSettings
    workspace : Workspace
    outputs : dict
        Paths `weights`, `history`, `record`.

    Raises
    ------
    InputError
        If the data do not fit the settings.
    """
    run = Run(settings, workspace)
    scaler, samples = run.samples(run.days, last=True)
    model = run.fresh()
    history = run.fit(model, samples, settings.training.epochs)
    run.finish(outputs, model, scaler, samples, history)


def _write_record(path, settings, facts, history):
    """Write what a reader of the weights may want to know of the run."""
    record = {
        "settings": settings.to_dict(full=True),
        **facts,
        "commit": commit(),
        "written": now().isoformat(),
        "versions": {**versions(), "torch": str(torch.__version__)},
        "training_seconds": round(sum(row["seconds"] for row in history), 1),
    }
    write_sealed(path, yaml.safe_dump(record, sort_keys=False))


def prepare(settings, catchments, store, device, days, scaler=None, again=None):
    """Return the scaler and the samples of some days.

    Parameters
    ----------
    settings : RunSettings
    catchments : Catchments
    store : str or Path
        Named in messages.
    device : torch.device
    days : ndarray of bool, shape (basin, day)
        Of each basin.
    scaler : Scaler or None
        Fitted to the days if not given.
    again : callable, optional
        As in `batch.Series`.
    """
    catchments = catchments.observed_on(days)
    some = days.any(axis=0).nonzero()[0]
    span = slice(some[0], some[-1] + 1)
    period = catchments.dates[[span.start, span.stop - 1]]
    check_observations(
        catchments.discharge[:, span], catchments.basins, period.tolist(), store
    )
    if scaler is None:
        names = (*settings.inputs, *settings.attributes)
        scaler = fit_scaler(catchments, days, settings.scaling, names)
    length = settings.model.sequence_length
    series = (catchments.inputs, catchments.discharge)
    learned = complete_windows(*series, span, length)
    report_unused(
        catchments.discharge, span, learned, catchments.basins, "the training period"
    )
    if not learned.any():
        raise InputError(
            f"{store}: no sample in the training period has {length} days of forcing "
            "before it; choose a later period or a shorter sequence_length."
        )
    return scaler, Samples(catchments, scaler, settings, learned, device, again)


def _device_name(device):
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return f"CPU ({platform.processor() or platform.machine()})"
