"""Fine-tuning on one basin, and the choice of a number of epochs (kratzert2018).

Both train without the last training year and score it after each epoch. The
score comes from evaluation, which lies to the right of training.
"""

import copy
import logging

import numpy as np

from rerunoff.errors import InputError
from rerunoff.files import md5sum
from rerunoff.training.device import make_deterministic
from rerunoff.training.history import write_history
from rerunoff.training.run import Run
from rerunoff.training.weights import load_weights

_log = logging.getLogger(__name__)


def fine_tune(settings, workspace, start, outputs, score):
    """Continue the training of a network on other basins, as few as one.

    The number of epochs is the one that scores best on the last training year after
    training on the years before it; with that number, the start learns all years.

    Parameters
    ----------
    settings : RunSettings
        `training.epochs` is the largest number to choose from.
    workspace : Workspace
    start : str or Path
        Weights of the network to start from; its scaler is kept.
    outputs : dict
        As for `run.train_run`; the record names start, choice and scores.
    score : callable
        ``score(model, settings, scaler, catchments, days, device)`` returns the NSE
        of each basin over some days, shape (basin,).

    Raises
    ------
    InputError
        If the data or the start do not fit the settings, or nothing can be scored.

    Notes
    -----
    kratzert2018, p. 6013, says "a few epochs" only; the rule is that of experiments 1
    and 2. The start has learned the last year, which favours few epochs.
    """
    run = Run(settings, workspace)
    trained = load_weights(start, run.device)
    if trained.settings.model != settings.model:
        raise InputError(
            f"{start}: another network than {settings.experiment} asks for; give both "
            "experiments the same model."
        )
    before, held_out = run.split()
    after_epoch = _scoring(run, trained.scaler, held_out, score)
    _, samples = run.samples(before, trained.scaler)
    model, most = copy.deepcopy(trained.model), settings.training.epochs
    # Of these weights, should the start be trained anew in between.
    stage = f"selection_{md5sum(start)}"
    history = run.fit(model, samples, most, stage, after_epoch)
    nse = [_mean(row["nse"]) for row in history]
    if not np.isfinite(nse).any():
        raise InputError(
            f"{workspace.store}: the last year of the training period of "
            f"{' '.join(run.catchments.basins)} gives no NSE to choose epochs by; "
            "leave the basin out of the regions."
        )
    chosen = 1 + int(np.nanargmax(nse))
    _log.info("best after %d of up to %d epochs: NSE %.3f", chosen, most, max(nse))
    # So that the final training is one of its own, resumed or not.
    make_deterministic(settings.seed, workspace.threads)
    _, samples = run.samples(run.days, trained.scaler, last=True)
    history = run.fit(trained.model, samples, chosen, f"final_{md5sum(start)}")
    choice = {"start": str(start), "epochs_chosen": chosen, "selection_nse": nse}
    run.finish(outputs, trained.model, trained.scaler, samples, history, **choice)


def score_epochs(settings, workspace, output, score):
    """Train without the last training year; write each epoch's NSE in that year.

    Parameters
    ----------
    settings : RunSettings
        `training.epochs` is the largest number to try.
    workspace : Workspace
    output : str or Path
        CSV: `epoch`, then one column per basin; nan where the year has no discharge.
    score : callable
        As in `fine_tune`.

    Notes
    -----
    kratzert2018, p. 6012.
    """
    run = Run(settings, workspace)
    before, held_out = run.split()
    scaler, samples = run.samples(before)
    after_epoch = _scoring(run, scaler, held_out, score)
    history = run.fit(
        run.fresh(), samples, settings.training.epochs, "scores", after_epoch
    )
    basins = run.catchments.basins
    rows = [
        {"epoch": row["epoch"]} | dict(zip(basins, row["nse"], strict=True))
        for row in history
    ]
    write_history(output, rows)
    run.forget()


def _mean(values):
    """Return the mean of those that are numbers; NaN if none is."""
    values = np.array(values)[np.isfinite(values)]
    return float(values.mean()) if values.size else float("nan")


def _scoring(run, scaler, days, score):
    def after_epoch(model):
        nse = score(model, run.settings, scaler, run.catchments, days, run.device)
        return {"nse": nse.tolist()}

    return after_epoch
