"""The training loop of one network (kratzert2019a, section 2.4; authors' main.py)."""

import logging
import time

import torch
from tqdm import tqdm

from rerunoff.training import checkpoint
from rerunoff.training.losses import build_loss

_log = logging.getLogger(__name__)


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
    """
    trained = [weight for weight in model.parameters() if weight.requires_grad]
    optimizer = torch.optim.Adam(trained, lr=settings.rate(1))
    done, history = 0, []
    if checkpoints:
        done, history = checkpoint.load(checkpoints, run, model, optimizer)
    loss_function = build_loss(settings)
    for epoch in range(done + 1, settings.epochs + 1):
        for group in optimizer.param_groups:
            group["lr"] = settings.rate(epoch)
        started = time.perf_counter()
        order = samples.shuffled(seed, epoch)
        loss = _epoch(model, samples, order, optimizer, loss_function, settings, epoch)
        seconds = time.perf_counter() - started
        row = _row(epoch, settings, loss, seconds, len(samples))
        if after_epoch:
            row |= after_epoch(model.eval())
        history.append(row)
        if checkpoints:
            checkpoint.save(checkpoints, run, epoch, model, optimizer, history)
    return history


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


def _epoch(model, samples, order, optimizer, loss_function, settings, epoch):
    """Go once through the samples; return the mean loss."""
    model.train()
    trained = optimizer.param_groups[0]["params"]
    total = torch.zeros((), device=order.device)
    batches = order.split(settings.batch_size)
    # disable=None: a bar on a terminal, nothing in a log file.
    for batch in tqdm(batches, desc=f"epoch {epoch}", disable=None, leave=False):
        x_dynamic, x_static, observed, basin_std = samples.batch(batch)
        optimizer.zero_grad()
        loss = loss_function(model(x_dynamic, x_static), observed, basin_std)
        loss.backward()
        if settings.clip_norm is not None:
            torch.nn.utils.clip_grad_norm_(trained, settings.clip_norm)
        optimizer.step()
        total += loss.detach() * len(batch)
    return float(total) / len(order)
