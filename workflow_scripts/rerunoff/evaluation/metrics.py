"""The metrics of kratzert2018 and kratzert2019a, over all basins and members at once.

The linear correlation r completes the decomposition of NSE in kratzert2018 (p. 6013,
after Gupta et al. 2009): NSE = 2 alpha r - alpha² - beta². The rest: kratzert2019a,
table 1 (after Nash and Sutcliffe 1970, Gupta et al. 2009, Yilmaz et al. 2008) in the
form of the authors' metrics.py (ealstm_regional_modeling, commit d118158). Only days on
which both series have a value count.

FLV and FMS keep the authors' order of operations, which zero flows make visible: zeros
become 1e-6 mm/d before the flows are sorted, and 1e-6 is added to every flow before its
logarithm is taken. A flow between 0 and 1e-6 mm/d thus ranks below a zero.
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
        days = np.isfinite(observed).sum(axis=-1)
        # Sorted separately: these compare distributions, not days.
        metrics["FHV"] = _fhv(_descending(observed), _descending(simulated), days)
        logs = _log_flows(observed), _log_flows(simulated)
        metrics["FLV"] = _flv(*logs, days)
        metrics["FMS"] = _fms(*logs, days)
    for values in metrics.values():
        values[days == 0] = np.nan
    return metrics


def _fhv(observed, simulated, days, fraction=0.02):
    """Percent bias of the highest 2 % of flows."""
    high = np.arange(observed.shape[-1]) < np.round(fraction * days)[..., None]
    bias = np.where(high, simulated - observed, 0).sum(axis=-1)
    return 100 * bias / (np.where(high, observed, 0).sum(axis=-1) + _TINY)


def _descending(flows):
    """Sort over days, the highest first and NaN last."""
    return -np.sort(-flows, axis=-1)


def _log_flows(flows):
    """Return descending logarithms of flows, with the authors' treatment of zeros."""
    return np.log(_descending(np.where(flows == 0, _TINY, flows)) + _TINY)


def _flv(observed, simulated, days, fraction=0.7):
    """Percent bias of the lowest 30 % of log flows, each above its own minimum."""
    rank = np.arange(observed.shape[-1])
    start = np.round(fraction * days)[..., None]
    low = (rank >= start) & (rank < days[..., None])

    def above_minimum(logs):
        lowest = np.where(low, logs, np.inf).min(axis=-1, keepdims=True)
        return np.where(low, logs - lowest, 0).sum(axis=-1)

    total = above_minimum(observed)
    return -100 * (above_minimum(simulated) - total) / (total + _TINY)


def _fms(observed, simulated, days, lower=0.2, upper=0.7):
    """Percent bias of the slope of the log flow duration curve from 20 % to 70 %."""

    def at(logs, fraction):
        last = np.maximum(days - 1, 0)
        index = np.minimum(np.round(fraction * days).astype(int), last)[..., None]
        return np.take_along_axis(logs, index, axis=-1)[..., 0]

    def slope(logs):
        return at(logs, lower) - at(logs, upper)

    reference = slope(observed)
    return 100 * (slope(simulated) - reference) / (reference + _TINY)
