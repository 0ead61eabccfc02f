"""The metrics of kratzert2018 and kratzert2019a, over all basins and members at once.

The linear correlation r completes the decomposition of NSE in kratzert2018 (p. 6013,
after Gupta et al. 2009): NSE = 2 alpha r - alpha² - beta². The rest: kratzert2019a,
table 1 (after Nash and Sutcliffe 1970, Gupta et al. 2009, Yilmaz et al. 2008) in the
form of the authors' metrics.py. Only days on which both series have a value count.
"""

import numpy as np

from rerunoff.evaluation.moments import common_days, moments

# What keeps the logarithm and the quotients finite, as in the authors' code.
_TINY = 1e-6

METRICS = ("NSE", "alpha_nse", "beta_nse", "r", "FHV", "FLV", "FMS")


def compute_metrics(observed, simulated):
    """Compute all metrics.

    Parameters
    ----------
    observed : ndarray, shape (..., basin, day)
        mm/d; NaN where missing.
    simulated : ndarray, shape (member, basin, day) or (basin, day)
        mm/d; NaN where missing.

    Returns
    -------
    dict of str to float64 ndarray, shape of `simulated` less the days
        NaN for a basin with no common day or constant observations.

    Raises
    ------
    ValueError
        If the shapes do not fit.
    """
    observed, simulated = common_days(observed, simulated)
    with np.errstate(divide="ignore", invalid="ignore"):
        metrics = moments(observed, simulated)
        # Sorted separately: these compare distributions, not days. NaN goes last.
        observed = -np.sort(-observed, axis=-1)
        simulated = -np.sort(-simulated, axis=-1)
        days = np.isfinite(observed).sum(axis=-1)
        metrics["FHV"] = _fhv(observed, simulated, days)
        metrics["FLV"] = _flv(observed, simulated, days)
        metrics["FMS"] = _fms(observed, simulated, days)
    for values in metrics.values():
        values[days == 0] = np.nan
    return metrics


def _fhv(observed, simulated, days, fraction=0.02):
    """Percent bias of the highest 2 % of flows."""
    high = np.arange(observed.shape[-1]) < np.round(fraction * days)[..., None]
    bias = np.where(high, simulated - observed, 0).sum(axis=-1)
    return 100 * bias / (np.where(high, observed, 0).sum(axis=-1) + _TINY)


def _flv(observed, simulated, days, fraction=0.7):
    """Percent bias of the lowest 30 % of log flows, each above its own minimum."""
    rank = np.arange(observed.shape[-1])
    start = np.round(fraction * days)[..., None]
    low = (rank >= start) & (rank < days[..., None])

    def above_minimum(flows):
        logs = np.log(np.where(flows == 0, _TINY, flows) + _TINY)
        lowest = np.where(low, logs, np.inf).min(axis=-1, keepdims=True)
        return np.where(low, logs - lowest, 0).sum(axis=-1)

    total = above_minimum(observed)
    return -100 * (above_minimum(simulated) - total) / (total + _TINY)


def _fms(observed, simulated, days, lower=0.2, upper=0.7):
    """Percent bias of the slope of the flow duration curve between 20 % and 70 %."""

    def log_flow(flows, fraction):
        last = np.maximum(days - 1, 0)
        index = np.minimum(np.round(fraction * days).astype(int), last)[..., None]
        flow = np.take_along_axis(flows, index, axis=-1)[..., 0]
        return np.log(np.where(flow == 0, _TINY, flow))

    def slope(flows):
        return log_flow(flows, lower) - log_flow(flows, upper)

    reference = slope(observed)
    return 100 * (slope(simulated) - reference) / (reference + _TINY)
