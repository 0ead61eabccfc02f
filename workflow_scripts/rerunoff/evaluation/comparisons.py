"""Comparisons of models, by gauge: statistics, win counts and significance.

Models are always joined on the gauge: the authors' file of the ungauged LSTM is in the
order of its folds, and joined by row its NSE has next to no correlation with the rest.
"""

import numpy as np
import pandas as pd
from scipy.stats import wilcoxon

from rerunoff.errors import InputError
from rerunoff.evaluation.metrics_2019b import STATISTICS
from rerunoff.protocol.benchmarks import AUTHORS_FILES, BENCHMARKS

MODELS = tuple(AUTHORS_FILES)
PAIRS = (
    ("lstm_ungauged", "sac_sma"),
    ("lstm_ungauged", "nwm"),
    ("lstm_ungauged", "lstm_no_static"),
    ("lstm_static", "sac_sma"),
    ("lstm_static", "nwm"),
    ("lstm_static", "lstm_ungauged"),
    ("lstm_static", "lstm_no_static"),
    ("lstm_no_static", "sac_sma"),
    ("lstm_no_static", "nwm"),
    ("sac_sma", "nwm"),
)
# The last: better than both benchmarks in the same basin.
WINS = (*PAIRS, ("lstm_ungauged", "sac_sma", "nwm"))
_TESTED = ("p_value", "cohens_d", "median_difference")
_DRAWS = 200  # orders of the basins behind quantiles of unpaired p values
_SUMMARIES = {
    "median": "median",
    "mean": "mean",
    "minimum": "min",
    "maximum": "max",
    "n": "count",
}


def statistics_table(by_model):
    """Summarise the statistics over basins.

    Parameters
    ----------
    by_model : dict of str to DataFrame
        Statistics by basin, as from `read_ensembles`, in the order of the rows.

    Returns
    -------
    DataFrame
        One row per statistic and model: `statistic`, `model`, `median`, `mean`,
        `minimum`, `maximum` (dimensionless) and `n`, the basins that have a value.
        The others are left out: of q95 08202700, where the observed 95 % quantile
        is zero.
    """
    rows = []
    for statistic in STATISTICS:
        for model, table in by_model.items():
            summary = table[statistic].agg([*_SUMMARIES.values()])
            cells = dict(zip(_SUMMARIES, summary, strict=True))
            rows.append({"statistic": statistic, "model": model} | cells)
    return pd.DataFrame(rows).astype({"n": int})


def _nse(by_model, models):
    """Return NSE by basin and model, of the basins where all of these have one."""
    unknown = [model for model in models if model not in by_model]
    if unknown:
        raise InputError(
            f"Model {unknown[0]} is to be compared but has no statistics; there are "
            f"{', '.join(by_model)}."
        )
    return pd.DataFrame({name: by_model[name]["nse"] for name in models}).dropna()


def pairs_among(pairs, by_model, models=MODELS):
    """Return the paper's pairs that have statistics, then those with other models.

    A model that is not the paper's (`models`) is compared with all of the paper's and
    with those before it, a network before a benchmark.
    """
    others = [name for name in by_model if name not in models]
    known = [name for name in models if name in by_model] + others
    pairs = [pair for pair in pairs if set(pair) <= set(by_model)]
    for name in others:
        for other in known[: known.index(name)]:
            pair = (other, name) if name in BENCHMARKS else (name, other)
            pairs.append(pair)
    return pairs


def _wins_of(by_model):
    """Return what `win_counts` compares: pairs, then new networks with benchmarks."""
    benchmarks = [name for name in by_model if name in BENCHMARKS]
    networks = [n for n in by_model if n not in (*MODELS, *BENCHMARKS)]
    several = [(name, *benchmarks) for name in networks] if len(benchmarks) > 1 else []
    return pairs_among(WINS, by_model) + several


def win_counts(by_model, pairs=None):
    """Count the basins where one model has a higher NSE than others.

    Parameters
    ----------
    by_model : dict of str to DataFrame
        As in `statistics_table`.
    pairs : sequence of tuple of str, optional
        The model, and the one or the several that it must all exceed in a basin; by
        default those of `WINS` whose models have statistics, then those of others.

    Returns
    -------
    DataFrame
        One row per pair: `model`, `than` (several joined by " and "), `basins` where
        all of them have an NSE, `count` of the wins among these, and `fraction`. Equal
        NSE is no win. Without a basin the fraction is NaN.

    Raises
    ------
    InputError
        If a model has no statistics.
    """
    rows = []
    for first, *others in _wins_of(by_model) if pairs is None else pairs:
        nse = _nse(by_model, [first, *others])
        wins = nse[others].lt(nse[first], axis=0).all(axis=1)
        row = {"model": first, "than": " and ".join(others), "basins": len(nse)}
        rows.append(row | {"count": int(wins.sum()), "fraction": wins.mean()})
    return pd.DataFrame(rows, columns=["model", "than", "basins", "count", "fraction"])


def significance(by_model, pairs=None):
    """Test whether two models differ in NSE.

    kratzert2019b has no such test; this one is that of kratzert2019a (evalutils.py of
    kratzert/ealstm_regional_modeling), but always paired by basin.

    Parameters
    ----------
    by_model : dict of str to DataFrame
        As in `statistics_table`.
    pairs : sequence of (str, str), optional
        By default those of `PAIRS` that have statistics, then those of others.

    Returns
    -------
    DataFrame
        One row per pair: `first`, `second`, `basins` where both have an NSE,
        `p_value` of the two-sided Wilcoxon signed-rank test, `cohens_d` and
        `median_difference`, the median over basins of first minus second. All three
        are NaN without a basin.

    Raises
    ------
    InputError
        If a model has no statistics.
    """
    rows = []
    for pair in pairs_among(PAIRS, by_model) if pairs is None else pairs:
        nse = _nse(by_model, pair)
        row = {"first": pair[0], "second": pair[1], "basins": len(nse)}
        cells = dict.fromkeys(_TESTED, np.nan)
        if len(nse):
            first, second = (nse[name].to_numpy() for name in pair)
            cells["p_value"] = paired_p_value(first, second)
            cells["cohens_d"] = cohens_d(first, second)
            cells["median_difference"] = np.median(first - second)
        rows.append(row | cells)
    return pd.DataFrame(rows, columns=["first", "second", "basins", *_TESTED])


def paired_p_value(first, second):
    """Return the p value of the two-sided Wilcoxon signed-rank test.

    Parameters
    ----------
    first, second : ndarray, shape (n,)
        Paired, without NaN.
    """
    # Without any difference SciPy divides by zero on the way to its p of 1.
    same = np.array_equal(first, second)
    return 1.0 if same else wilcoxon(first, second).pvalue


def cohens_d(first, second):
    """Return Cohen's d of two samples, without a sign as in kratzert2019a.

    The pooled variance weighs the variances (ddof 0, as in the authors' code) by the
    sizes less one.

    Parameters
    ----------
    first, second : ndarray, shape (n,) and (m,)

    Returns
    -------
    float
        Infinite where both samples are constant but differ, NaN where they are equal.
    """
    weights = np.array([len(first) - 1, len(second) - 1])
    difference = abs(first.mean() - second.mean())
    with np.errstate(divide="ignore", invalid="ignore"):
        pooled = weights @ [first.var(), second.var()] / weights.sum()
        return difference / np.sqrt(pooled)


def unpaired_p_values(first, second, quantiles, seed=0):
    """Return p values of the Wilcoxon signed-rank test of basins in a random order.

    What the test gives if the values of two models are paired without a look at the
    basin, as most likely happened in kratzert2019a (performance.ipynb, cell 23).

    Parameters
    ----------
    first, second : ndarray, shape (n,)
        Without NaN.
    quantiles : sequence of float
        Of the p values of `_DRAWS` orders.
    seed : int

    Returns
    -------
    ndarray, shape of `quantiles`
    """
    orders = np.random.default_rng(seed).permuted(
        np.tile(np.arange(len(second)), (_DRAWS, 1)), axis=1
    )
    return np.quantile(wilcoxon(first - second[orders], axis=1).pvalue, quantiles)
