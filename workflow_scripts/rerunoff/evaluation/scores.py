"""The NSE of a network in training, over days that it does not learn."""

from rerunoff.evaluation.moments import nse
from rerunoff.evaluation.simulate import simulate
from rerunoff.training.weights import TrainedModel


def score_days(model, settings, scaler, catchments, days, device):
    """Compute the NSE of each basin over some days.

    Parameters
    ----------
    model : torch.nn.Module
        In evaluation mode.
    settings : RunSettings
    scaler : Scaler
    catchments : Catchments
    days : ndarray of bool, shape (basin, day)
        Of each basin.
    device : torch.device

    Returns
    -------
    float64 ndarray, shape (basin,)
        NaN for a basin without an observation on its days.
    """
    some = days.any(axis=0).nonzero()[0]
    span = slice(some[0], some[-1] + 1)
    simulated = simulate(
        TrainedModel(model, settings, scaler), catchments, span, device
    )
    observed = catchments.observed_on(days).discharge[:, span]
    return nse(observed, simulated)
