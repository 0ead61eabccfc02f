"""NSE and what it is composed of, over all basins and members at once.

Apart from the other metrics, because trainings that look at the NSE use no other.
"""

import numpy as np


def common_days(observed, simulated):
    """Broadcast to one shape, float64, NaN where either is missing."""
    observed = np.asarray(observed, dtype=np.float64)
    simulated = np.asarray(simulated, dtype=np.float64)
    if observed.shape[-2:] != simulated.shape[-2:]:
        message = f"shapes differ: {observed.shape} and {simulated.shape}"
        raise ValueError(message)
    missing = np.isnan(observed) | np.isnan(simulated)
    return np.where(missing, np.nan, observed), np.where(missing, np.nan, simulated)


def moments(observed, simulated):
    """Return NSE and its components alpha-NSE, beta-NSE and r."""
    count = np.isfinite(observed).sum(axis=-1)

    def mean(values):
        return np.nansum(values, axis=-1) / count

    mean_observed, mean_simulated = mean(observed), mean(simulated)
    variance = mean((observed - mean_observed[..., None]) ** 2)
    variance_simulated = mean((simulated - mean_simulated[..., None]) ** 2)
    # Constant observations leave all of them undefined, not infinite.
    variance[variance == 0] = np.nan
    covariance = mean(
        (observed - mean_observed[..., None]) * (simulated - mean_simulated[..., None])
    )
    return {
        "NSE": 1 - mean((simulated - observed) ** 2) / variance,
        "alpha_nse": np.sqrt(variance_simulated / variance),
        "beta_nse": (mean_simulated - mean_observed) / np.sqrt(variance),
        "r": covariance / np.sqrt(variance * variance_simulated),
    }


def nse(observed, simulated):
    """Return the NSE of each basin; parameters as of `metrics.compute_metrics`."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return moments(*common_days(observed, simulated))["NSE"]
