"""The training loop of one network (kratzert2019a, section 2.4; authors' main.py)."""

import logging
import math
import time

import torch

from rerunoff.errors import InputError
from rerunoff.progress import Progress
from rerunoff.training import checkpoint
from rerunoff.training.losses import build_loss

_log = logging.getLogger(__name__)
# Batches between two checks of the loss: each makes a GPU wait for its queue.
_CHECK_EVERY = 100
# Predicted days of a part when a loss is taken over all of them.
_DAYS_AT_ONCE = 1 << 14
# A loss so many times that of predicting the mean discharge is logged.
_EXPLODED = 10


def fit(model, samples, settings, seed, checkpoints=None, run="", after_epoch=None):
    """Train for all epochs, or for those left after an interruption.

    Parameters
    ----------
    model : torch.nn.Module
        On the device of the samples.
    samples : Samples
    settings : TrainingSettings
    seed : int
        Of the order of samples; torch's own generator gives the dropout.
    checkpoints : str or Path or None
        Folder of the checkpoint, written after each epoch.
    run : str
        From `checkpoint.identity`.
    after_epoch : callable or None
        Called with the model in evaluation mode after each epoch; returns plain
        values, as a dict, for the epoch's row.

    Returns
    -------
    list of dict
        Per epoch: `epoch`, `learning_rate`, `loss` (mean over samples), `seconds`,
        `samples_per_second`, and what `after_epoch` returned.

    Raises
    ------
    InputError
        If the loss or the weights of an epoch are not finite; the checkpoint of the
        epoch before stays.
    """
    trained = [weight for weight in model.parameters() if weight.requires_grad]
    optimizer = torch.optim.Adam(trained, lr=settings.rate(1))
    done, history = 0, []
    if checkpoints:
        done, history = checkpoint.load(checkpoints, run, model, optimizer)
    loss_function = build_loss(settings)
    baseline = _loss_of_the_mean(samples, loss_function)
    size = len(samples)
    progress = Progress("training", settings.epochs * size, done * size)
    for epoch in range(done + 1, settings.epochs + 1):
        for group in optimizer.param_groups:
            group["lr"] = settings.rate(epoch)
        started = time.perf_counter()
        parts = _watched(
            samples.windows(seed, epoch),
            settings.batch_size,
            (epoch - 1) * size,
            size,
            progress,
        )
        loss = _epoch(model, samples, parts, optimizer, loss_function, settings)
        _check_finite(loss, trained, epoch, checkpoints)
        seconds = time.perf_counter() - started
        row = _row(epoch, settings, loss, seconds, len(samples))
        _report_explosion(loss, baseline, epoch)
        if after_epoch:
            row |= after_epoch(model.eval())
        history.append(row)
        if checkpoints:
            checkpoint.save(checkpoints, run, epoch, model, optimizer, history)
    progress.close()
    return history


def _loss_of_the_mean(samples, loss_function):
    """Return the loss of a network that always predicts the mean discharge."""
    total, size = 0.0, max(1, _DAYS_AT_ONCE // samples.predicted_days)
    for windows in samples.windows(seed=0, epoch=0).split(size):
        batch = samples.batch(windows)
        loss = loss_function(torch.zeros_like(batch.target), batch)
        total += float(loss * batch.size)
    return total / len(samples)


def _check_finite(loss, trained, epoch, checkpoints):
    """Refuse an epoch whose loss or weights are not finite."""
    if not math.isfinite(loss):
        fault = f"the loss of epoch {epoch} is {loss:g}"
    elif not all(weight.isfinite().all() for weight in trained):
        fault = f"weights are not finite after epoch {epoch}"
    else:
        return
    kept = checkpoints and epoch > 1
    last = f"the checkpoint of epoch {epoch - 1}" if kept else "no checkpoint"
    raise InputError(
        f"{checkpoints or 'the training'}: {fault}, and {last} is good; lower "
        "learning_rate or set clip_norm, and look at the largest values of the forcing "
        "and of discharge."
    )


def _report_explosion(loss, baseline, epoch):
    if loss > _EXPLODED * baseline:
        _log.warning(
            "epoch %d: the loss is %.3g times that of predicting the mean discharge "
            "(%.3g): the training diverges; look at learning_rate and clip_norm",
            *(epoch, loss / baseline if baseline else math.inf, baseline),
        )


def _row(epoch, settings, loss, seconds, samples):
    """Return and log what an epoch did."""
    rate = samples / seconds
    text = "epoch %d of %d: loss %.5f, %.0f samples/s"
    _log.info(text, epoch, settings.epochs, loss, rate)
    return {
        "epoch": epoch,
        "learning_rate": settings.rate(epoch),
        "loss": loss,
        "seconds": round(seconds, 3),
        "samples_per_second": round(rate, 1),
    }


def _watched(windows, batch_size, before, size, progress):
    """Yield the parts of an epoch, whose number may differ from that of another."""
    parts = -(-len(windows) // batch_size)
    for number, part in enumerate(windows.split(batch_size), start=1):
        yield part
        progress.reach(before + size * number // parts)


def step(model, batch, optimizer, loss_function, clip_norm):
    """Take one step of the optimiser; return the loss before it, a Tensor."""
    optimizer.zero_grad()
    loss = loss_function(model(batch), batch)
    loss.backward()
    if clip_norm is not None:
        trained = optimizer.param_groups[0]["params"]
        torch.nn.utils.clip_grad_norm_(trained, clip_norm)
    optimizer.step()
    return loss.detach()


def _epoch(model, samples, batches, optimizer, loss_function, settings):
    """Go once through the samples; return the mean loss.

    An epoch is broken off where the loss is not finite: nothing mends it again.
    """
    model.train()
    total = torch.zeros((), device=samples.target.device)
    for number, windows in enumerate(batches, start=1):
        batch = samples.batch(windows)
        loss = step(model, batch, optimizer, loss_function, settings.clip_norm)
        total += loss * batch.size
        if number % _CHECK_EVERY == 0 and not total.isfinite():
            break
    return float(total) / len(samples)
