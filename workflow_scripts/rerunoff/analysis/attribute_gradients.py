"""How discharge of each day changes with each attribute: gradients of a network."""

import contextlib
import dataclasses
import itertools

import numpy as np
import pandas as pd
import torch

from rerunoff.data.basin_lists import read_basin_list
from rerunoff.data.store import read_store
from rerunoff.evaluation.batches import on_each_day
from rerunoff.training.batch import Batch, on_device
from rerunoff.training.device import choose_device, make_deterministic
from rerunoff.training.weights import load_weights
from rerunoff.training.windows import runs_of_days

# Derivatives of hidden states that one pass may hold. A pass takes 70 bytes for each,
# those of the gates included: 2 GB.
_DERIVATIVES = 30_000_000


@dataclasses.dataclass(frozen=True, eq=False)
class _Moved(Batch):
    """A batch whose scaled attributes are given, shape (window, attribute)."""

    moved: torch.Tensor | None = None

    @property
    def static(self):
        return self.moved


def _moved(batch, static):
    names = [field.name for field in dataclasses.fields(Batch)]
    return _Moved(**{name: getattr(batch, name) for name in names}, moved=static)


@contextlib.contextmanager
def _without(backend):
    """Switch a library of kernels off; its own `flags` would set precisions, too."""
    before = backend.enabled
    backend.enabled = False
    try:
        yield
    finally:
        backend.enabled = before


def backward_gradients(model, batch):
    """Differentiate the one day that each window of a batch predicts, backwards.

    Parameters
    ----------
    model : torch.nn.Module
        In evaluation mode.
    batch : Batch
        Windows of one predicted day.

    Returns
    -------
    Tensor, shape (window, attribute)
        Of scaled discharge with respect to the scaled attributes of the window. Windows
        do not see each other, so that one pass over their sum gives all.
    """
    # cuDNN differentiates recurrent layers in training mode only.
    with torch.enable_grad(), _without(torch.backends.cudnn):
        static = batch.static.clone().requires_grad_()
        total = model(_moved(batch, static)).sum()
        return torch.autograd.grad(total, static)[0]


def forward_gradients(model, batch):
    """Differentiate every day that the windows of a batch predict, forwards.

    Parameters
    ----------
    model : torch.nn.Module
        In evaluation mode, on a CPU: the fused kernels of a GPU have no forward mode.
    batch : Batch

    Returns
    -------
    Tensor, shape (window, predicted day, attribute)
        As `backward_gradients`. Days of a window share the attributes, and a sum over
        days would lose the sign of each; forward mode carries the derivative with
        respect to each attribute along with the states, once through all days.
    """
    static = batch.static

    def predicted(change):
        return model(_moved(batch, static + change))

    # oneDNN's fused kernel has no forward mode either.
    with _without(torch.backends.mkldnn):
        return torch.func.jacfwd(predicted)(static.new_zeros(static.shape[1]))


def mean_absolute_gradients(trained, catchments, days, device, simulation):
    """Average the absolute gradients of the days of a period, basin by basin.

    Parameters
    ----------
    trained : TrainedModel
    catchments : Catchments
    days : slice
    device : torch.device
        A CPU for a continuous simulation.
    simulation : {'windows', 'continuous'}
        As in `evaluation.simulate`: whether each day has a window of its own, as in the
        paper, or the network goes once through the period. Both give the gradient of
        each day, and differ as the simulations do.

    Returns
    -------
    float64 ndarray, shape (basin, attribute)
        Mean over days of the absolute gradient of the scaled, unclipped discharge with
        respect to each standardised attribute; NaN for a basin without a complete day.

    Notes
    -----
    Source: kratzert2019a, ranking of attributes (authors' main.py, `eval_robustness`
    and ranking.ipynb), which the paper calls Morris' method.
    """
    continuous, model = simulation == "continuous", trained.model

    def gradients(batch):
        if continuous:
            return forward_gradients(model, batch).flatten(0, 1)
        return backward_gradients(model, batch)

    where = (trained, catchments, days, device)
    cut = (_alike_runs(trained.settings),) if continuous else ()
    basin, _, values = on_each_day(gradients, *where, *cut)
    attributes = catchments.attributes.shape[1]
    mean = np.full((len(catchments.basins), attributes), np.nan)
    if basin.size:
        rows, first = np.unique(basin, return_index=True)
        for row, part in zip(rows, np.split(values, first[1:]), strict=True):
            mean[row] = np.abs(part).mean(axis=0, dtype=np.float64)
    return mean


def _alike_runs(settings):
    """Return a `cut` of `on_each_day`: runs of the same days, as memory holds."""
    numbers = len(settings.attributes) * settings.model.hidden_size

    def cut(series, basin, day, device):
        most = max(1, _DERIVATIVES // (numbers * series.days))
        runs = zip(*(part.tolist() for part in runs_of_days(basin, day)), strict=True)
        batches = []
        for (first, last), alike in itertools.groupby(runs, key=lambda run: run[1:]):
            basins = np.array([run[0] for run in alike])
            for at in range(0, len(basins), most):
                part = on_device(basins[at : at + most], device)
                end = torch.full_like(part, last)
                size = last - first + 1
                batches.append(Batch(series, part, end, predicted_days=size))
        return len(batches), batches

    return cut


def rank_attributes(
    weights, store, basin_list, period, simulation, device, float32_precision, threads
):
    """Take the mean absolute gradients of one network in all basins.

    Parameters
    ----------
    weights, store, basin_list : str or Path
    period : sequence of str
        First and last day.
    simulation, device, float32_precision, threads
        As in `evaluation.simulate.simulate_member`.

    Returns
    -------
    DataFrame
        Index `basin`, one column per attribute, as from `mean_absolute_gradients`.

    Raises
    ------
    InputError
        If the data do not hold the period.
    """
    make_deterministic(0, threads)
    kind = "cpu" if simulation == "continuous" else device
    device = choose_device(kind, float32_precision)
    trained = load_weights(weights, device)
    names, basins = trained.settings.attributes, read_basin_list(basin_list)
    catchments = read_store(store, trained.settings.inputs, names, basins)
    where = (trained, catchments, catchments.days(period), device)
    gradients = mean_absolute_gradients(*where, simulation)
    index, columns = pd.Index(basins, name="basin"), list(names)
    # Seven digits: the record of long runs keeps them.
    return pd.DataFrame(gradients.astype(np.float32), index, columns)
