"""The statistics of kratzert2019b, over all basins and members at once.

Table and figures show four of them (`STATISTICS`); the rest are columns of the authors'
files of statistics. Definitions: performance_functions.py and, for q95, main_plots.m of
kratzert/lstm_for_pub (commit 36366e2), over the days on which both series are at least
zero. Unlike in `metrics`, a positive bias is an underestimation; standard deviations
have ddof 1, which their ratio does not show.

    nse             1 - mean squared error / variance of the observations
    bias            (mean observed - mean simulated) / mean observed
    stdev           standard deviation of the simulation / of the observations
    q95             (obs95 - sim95) / obs95; no column of the files, but made from two
    obs5 … sim95    quantiles of each series, linearly interpolated
    obs0, sim0      number (no fraction) of days with exactly zero flow
    obsL, simL      number of days with at most 0.2 times the series' own median
    obsH, simH      number of days with at least 9 times the series' own median
    obsFDC, simFDC  (ln q33 - ln q66) / 0.33 with quantiles of non-exceedance, so
                    negative; infinite where one quantile is zero, NaN where both are

The bounds of low and high flow are rounded to the precision of the series, as happened
to the authors, whose observations were float32. Gauges report few digits, so that flows
often equal 0.2 or 9 times the median, and without rounding float32 hides that: the
authors' counts of observed days follow from CAMELS exactly only in this way.
"""

import numpy as np

# What the paper tabulates, in its order.
STATISTICS = ("nse", "bias", "stdev", "q95")
# The columns of the authors' files after the basin, in their order.
COLUMNS = (
    *("nse", "bias", "stdev"),
    *("obs5", "sim5", "obs95", "sim95", "obs0", "sim0"),
    *("obsL", "simL", "obsH", "simH", "obsFDC", "simFDC"),
)
METRICS = (*COLUMNS, "q95")


def compute_metrics(observed, simulated):
    """Compute all of `METRICS` of series in float32, as those of the authors are.

    Parameters, return value and errors are those of `compute_statistics`.
    """
    return compute_statistics(observed.astype(np.float32), simulated.astype(np.float32))


def compute_statistics(observed, simulated):
    """Compute all statistics.

    Parameters
    ----------
    observed : ndarray, shape (..., basin, day)
        mm/d; NaN or negative where missing.
    simulated : ndarray, shape (member, basin, day) or (basin, day)
        mm/d; NaN or negative where missing.

    Returns
    -------
    dict of str to float64 ndarray, shape of `simulated` less the days
        Quantiles in mm/d, numbers of days in d, the rest without a unit; all are NaN
        for a basin with no common day.
        `STATISTICS` are NaN also where their denominator is zero.

    Raises
    ------
    ValueError
        If the shapes do not fit.
    """
    precise = {"obs": _precision(observed), "sim": _precision(simulated)}
    observed, simulated = _common_days(observed, simulated)
    days = np.isfinite(observed).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        statistics = _moments(observed, simulated, days)
        columns = {}
        for prefix, flows in (("obs", observed), ("sim", simulated)):
            # Sorted separately: these compare distributions, not days.
            described = _describe(np.sort(flows, axis=-1), days, precise[prefix])
            columns |= {prefix + name: values for name, values in described.items()}
        q95 = (columns["obs95"] - columns["sim95"]) / columns["obs95"]
    statistics["q95"] = np.where(np.isinf(q95), np.nan, q95)
    statistics |= {name: columns[name] for name in COLUMNS if name in columns}
    return {name: np.where(days, v, np.nan) for name, v in statistics.items()}


def _precision(flows):
    """Return the floating dtype of a series; whole numbers count as float64."""
    dtype = np.asarray(flows).dtype
    return dtype if dtype.kind == "f" else np.dtype(np.float64)


def _common_days(observed, simulated):
    """Broadcast to one shape, float64, NaN where either is missing."""
    observed = np.asarray(observed, dtype=np.float64)
    simulated = np.asarray(simulated, dtype=np.float64)
    if observed.shape[-2:] != simulated.shape[-2:]:
        message = f"shapes differ: {observed.shape} and {simulated.shape}"
        raise ValueError(message)
    common = (observed >= 0) & (simulated >= 0)
    return np.where(common, observed, np.nan), np.where(common, simulated, np.nan)


def _moments(observed, simulated, days):
    """Return nse, bias and stdev."""

    def mean(values):
        return np.nansum(values, axis=-1) / days

    def squares(values, centre):
        return np.nansum((values - centre[..., None]) ** 2, axis=-1)

    mean_observed, mean_simulated = mean(observed), mean(simulated)
    total = squares(observed, mean_observed)
    # By range: the rounded mean of equal values leaves a total just above zero.
    total[np.fmax.reduce(observed, -1) == np.fmin.reduce(observed, -1)] = np.nan
    error = np.nansum((simulated - observed) ** 2, axis=-1)
    bias = (mean_observed - mean_simulated) / mean_observed
    return {
        "nse": 1 - error / total,
        "bias": np.where(np.isinf(bias), np.nan, bias),
        "stdev": np.sqrt(squares(simulated, mean_simulated) / total),
    }


def _describe(flows, days, precision):
    """Return what describes one series, sorted and NaN last; keys without prefix."""
    median = quantile(flows, days, 0.5)[..., None]
    logs = [np.log(quantile(flows, days, share)) for share in (0.33, 0.66)]
    return {
        "5": quantile(flows, days, 0.05),
        "95": quantile(flows, days, 0.95),
        "0": (flows == 0).sum(axis=-1),
        "L": (flows <= (0.2 * median).astype(precision)).sum(axis=-1),
        "H": (flows >= (9 * median).astype(precision)).sum(axis=-1),
        "FDC": (logs[0] - logs[1]) / (0.66 - 0.33),
    }


def quantile(flows, days, share):
    """Return the quantile that pandas and NumPy call linear.

    Parameters
    ----------
    flows : ndarray, shape (..., day)
        Ascending, missing days (NaN) last.
    days : int ndarray, shape (...)
        Number of days that are not missing.
    share : float
        Of the days at or below the quantile, 0 to 1.

    Returns
    -------
    ndarray, shape (...)
        NaN without a day.
    """
    place = share * np.maximum(days - 1, 0)
    below = np.floor(place).astype(int)
    above = np.ceil(place).astype(int)

    def at(index):
        return np.take_along_axis(flows, index[..., None], axis=-1)[..., 0]

    return at(below) + (at(above) - at(below)) * (place - below)
