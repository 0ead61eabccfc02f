"""Calibration of HBV by basin: random search, then gradient descent from the best.

All basins and starts are one batch, because a step through a day costs nearly the same
for one as for thousands.
"""

import logging
import math

import torch
from torch import nn

from rerunoff.physics import hbv
from rerunoff.progress import Progress, watched
from rerunoff.training import checkpoint

_log = logging.getLogger(__name__)
# Iterations between two checkpoints, and two lines in the log.
_KEEP_EVERY = 10
# A start at the very edge of a range would never leave it.
_EDGE = 0.02


def nse(discharge, observed):
    """Return the Nash-Sutcliffe efficiency on the days with observations.

    Parameters
    ----------
    discharge : Tensor, shape (day, ..., basin)
    observed : Tensor, shape (day, basin)
        NaN where missing.

    Returns
    -------
    Tensor, shape (..., basin)
        Not finite without observations that vary.
    """
    known = observed.isfinite()
    values = observed.where(known, 0)
    mean = values.sum(dim=0) / known.sum(dim=0)
    spread = ((values - mean) ** 2).where(known, 0).sum(dim=0)
    shape = (len(observed), *[1] * (discharge.ndim - 2), -1)
    error = (discharge - values.reshape(shape)) ** 2
    return 1 - error.where(known.reshape(shape), 0).sum(dim=0) / spread


def calibrate(weather, observed, search, checkpoints=None, run=""):
    """Fit the parameters of each basin to its observed discharge.

    Parameters
    ----------
    weather : hbv.Weather
        Tensors of shape (day, basin).
    observed : Tensor, shape (day, basin)
        mm/d; NaN where missing, or not of the calibration.
    search : dict
        `warmup`: first days, whose discharge does not count; `screened`: random sets of
        parameters of each basin, of `seed`; `starts`: the best of these, from which
        gradients descend; `iterations`; `rate`: of Adam, at first; it falls to zero
        along half a cosine.
    checkpoints : str or Path or None
        Folder of the checkpoint.
    run : str
        Identity of the calibration, to tell its checkpoint from others.

    Returns
    -------
    unit : Tensor, shape (parameter, basin)
        The best parameters, for `hbv.scaled`.
    best : Tensor, shape (basin,)
        Their NSE; minus infinity without observations that vary.
    """
    weather = hbv.Weather(*(series.unsqueeze(1) for series in vars(weather).values()))
    warmup = search["warmup"]
    observed = observed[warmup:]

    def score(unit):
        return nse(hbv.discharge(weather, hbv.scaled(unit))[warmup:], observed)

    basins = observed.shape[1]
    descent = _Descent(search["starts"], basins)
    optimizer = torch.optim.Adam(descent.parameters(), lr=search["rate"])
    done = 0
    if checkpoints:
        done, _ = checkpoint.load(checkpoints, run, descent, optimizer)
    if not done:
        descent.begin(_screen(score, basins, search))
    number = search["iterations"]
    progress = Progress("calibration", number, done)
    for iteration in range(done + 1, number + 1):
        share = (iteration - 1) / number
        optimizer.param_groups[0]["lr"] = search["rate"] * _falling(share)
        descent.step(score, optimizer)
        progress.advance()
        if iteration % _KEEP_EVERY == 0:
            median = descent.best.max(dim=0).values.median()
            _log.info("iteration %d of %d: median NSE %.4f", iteration, number, median)
            if checkpoints:
                checkpoint.save(checkpoints, run, iteration, descent, optimizer, [])
    progress.close()
    return descent.chosen()


def _falling(share):
    return (1 + math.cos(math.pi * share)) / 2


def _screen(score, basins, search):
    """Return the best of random sets, shape (parameter, start, basin)."""
    size = (len(hbv.PARAMETERS), search["screened"], basins)
    generator = torch.Generator().manual_seed(search["seed"])
    drawn = torch.rand(size, generator=generator)
    parts = drawn.split(search["starts"], dim=1)
    with torch.no_grad():
        scores = [score(part) for part in watched(parts, "random search", len(parts))]
    order = torch.cat(scores).nan_to_num(-torch.inf, neginf=-torch.inf)
    best = order.topk(search["starts"], dim=0).indices
    return drawn.gather(1, best.expand(len(drawn), -1, -1))


class _Descent(nn.Module):
    """Where all starts are, and the best that each has seen; one module, to be kept.

    Parameters
    ----------
    starts, basins : int
    """

    def __init__(self, starts, basins):
        super().__init__()
        size = (len(hbv.PARAMETERS), starts, basins)
        self.place = nn.Parameter(torch.zeros(size))
        self.register_buffer("found", torch.full(size, 0.5))
        self.register_buffer("best", torch.full(size[1:], -torch.inf))

    @torch.no_grad()
    def begin(self, unit):
        self.place.copy_(unit.clamp(_EDGE, 1 - _EDGE).logit())

    def step(self, score, optimizer):
        """Score the starts, keep those that are better, and go downhill."""
        optimizer.zero_grad()
        unit = self.place.sigmoid()
        scores = score(unit)
        with torch.no_grad():
            better = scores > self.best
            self.best.copy_(scores.where(better, self.best))
            self.found.copy_(unit.where(better, self.found))
        # One start cannot spoil another: each has parameters of its own.
        scores.where(scores.isfinite(), 0).sum().neg().backward()
        lost = ~self.place.grad.isfinite().all(dim=0) & scores.isfinite()
        if lost.any():
            raise FloatingPointError("a gradient of HBV is not finite")
        optimizer.step()

    def chosen(self):
        """Return the best start of each basin, and its score."""
        best = self.best.max(dim=0, keepdim=True)
        index = best.indices.expand(len(self.found), 1, -1)
        return self.found.gather(1, index).squeeze(1), best.values.squeeze(0)
