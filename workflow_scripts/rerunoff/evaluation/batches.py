"""Batches of the windows of a simulation, also of catchments that come in blocks."""

import dataclasses

import numpy as np
import torch

from rerunoff.progress import watched
from rerunoff.training.batch import Batch, Series, on_device
from rerunoff.training.windows import runs_of_days, valid_samples

_BATCH = 1024
# Days of forcing of a batch in one pass.
_FORCING_DAYS = 250_000


def cut_days(series, basin, day, device):
    """Return the number of batches of single days, and yield these."""
    index = [on_device(values, device).split(_BATCH) for values in (basin, day)]
    return len(index[0]), (Batch(series, *part) for part in zip(*index, strict=True))


def cut_runs(series, basin, day, device):
    """Return the number of batches of runs of days, and yield these."""
    runs = torch.from_numpy(np.stack(runs_of_days(basin, day), axis=1)).to(device)
    parts = runs.split(max(1, _FORCING_DAYS // series.days))
    return len(parts), (_run(series, *part.unbind(1)) for part in parts)


def _run(series, basin, first, last):
    """Return a batch of runs; the days behind a shorter one do not count."""
    size = int((last - first).max()) + 1
    counts = torch.arange(size, device=first.device) <= (last - first).unsqueeze(1)
    day = first + size - 1
    return Batch(
        series,
        basin,
        day,
        counts=counts,
        predicted_days=size,
        filled_from=last,
    )


def whole_days(_, basin, _day):
    """Return how many of some days make whole batches."""
    return len(basin) // _BATCH * _BATCH


def whole_runs(days, basin, day):
    """Return how many of some days make whole batches of runs."""
    if not basin.size:
        return 0
    _, first, last = runs_of_days(basin, day)
    most = max(1, _FORCING_DAYS // days)
    return int((last - first + 1)[: len(first) // most * most].sum())


def on_each_day(function, trained, catchments, days, device, cut=cut_days):
    """Call a function with the windows of all days of a period that are complete.

    Parameters
    ----------
    function : callable
        Of a `Batch`, as a network's forward; returns a Tensor with one row for each day
        that the batch predicts.
    trained : TrainedModel
    catchments : Catchments
    days : slice
    device : torch.device
    cut : callable
        Cuts series into batches: `cut_days`, a window for each day, or `cut_runs`, one
        for each run of complete days. A gap in the forcing ends a run; the next one
        starts after its own warm-up.

    Returns
    -------
    basin, day : ndarray of int64, shape (predicted day,)
    values : ndarray, shape (predicted day, ...)
    """
    length = trained.settings.model.sequence_length
    seen, first = _seen(catchments, days, length)
    basin, day = _complete(seen, days, length)
    values = call_with(function, trained, seen, basin, day, device, cut)
    return basin, day + first, values


def _seen(catchments, days, length):
    """Return catchments with the days that a period's windows reach, and the first."""
    # Nothing before the first day's window is scaled or kept on the device.
    first = max(days.start - length + 1, 0)
    inputs = catchments.inputs[:, first : days.stop]
    return dataclasses.replace(catchments, inputs=inputs), first


def _complete(seen, days, length):
    """Return the days of a period, counted as in `seen`, whose windows are complete."""
    stop = seen.inputs.shape[1]
    span = slice(stop - days.stop + days.start, stop)
    return valid_samples(seen.inputs, None, span, length)


def in_turn(trained, blocks, days, whole):
    """Yield what to simulate of blocks of catchments, in whole batches.

    Yields
    ------
    seen : Catchments
        Those of a block, after those that wait from the one before it.
    basin, day : ndarray of int64, shape (day,)
        Of whole batches; of the last block all that is left.
    finished : int
        Number of catchments, from the first, that have nothing left.
    """
    length, rest, done = trained.settings.model.sequence_length, None, 0
    blocks = iter(blocks)
    block = next(blocks)
    while block is not None:
        seen, _ = _seen(block, days, length)
        seen = seen if rest is None else rest.followed_by(seen)
        block = next(blocks, None)
        basin, day = _complete(seen, days, length)
        end = len(basin)
        if block is not None:
            end = done + whole(seen.inputs.shape[1], basin[done:], day[done:])
        finished = basin[end] if end < len(basin) else len(seen.basins)
        yield seen, basin[done:end], day[done:end], int(finished)
        done = end - int(np.searchsorted(basin, finished))
        rest = seen.without_first(finished)


@torch.no_grad()
def call_with(function, trained, seen, basin, day, device, cut):
    """Return what a function makes of the windows of some days, in their order."""
    if not basin.size:
        return np.empty(0, dtype=np.float32)
    series = Series(seen, trained.scaler, trained.settings, device)
    number, batches = cut(series, basin, day, device)
    parts = (function(batch).cpu() for batch in watched(batches, "simulation", number))
    return _joined(parts, len(basin)).numpy()


def _joined(parts, size):
    """Copy parts, one at a time, into one Tensor with `size` rows.

    A list of parts for `torch.cat` would keep a small object alive for each batch. It
    lies beside a buffer of the batch, and glibc then never uses the freed buffer
    again: its posix_memalign asks for a little more than the buffer that it returns
    (sourceware.org bug 14581). Each batch would take new memory.
    """
    joined, done = None, 0
    for part in parts:
        if joined is None:
            joined = part.new_empty(size, *part.shape[1:])
        joined[done : done + len(part)] = part
        done += len(part)
        del part
    return joined
