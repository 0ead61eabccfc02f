"""Metrics by basin that others computed from the benchmarks of kratzert2019a."""

import numpy as np
import pandas as pd

from rerunoff.errors import InputError
from rerunoff.evaluation import ENSEMBLE
from rerunoff.evaluation.metrics import METRICS
from rerunoff.evaluation.tables import check_gauges, check_nse
from rerunoff.protocol.benchmarks import THIRD_PARTY_MODELS
from rerunoff.tables import check_numbers, read_checked

_KEYS = ("gauge_id", "model")
_NUMBERS = ("NSE", "alpha_nse", "beta_ratio", "r")
# How far rounding may take NSE from what alpha, beta and r make of it.
_ROUNDING = 1e-9


def read_third_party(path, benchmark, basins=None):
    """Read the metrics of one benchmark.

    Parameters
    ----------
    path : str or Path
        Comma-separated, one row per gauge and model: `gauge_id`, `model` (as in
        `THIRD_PARTY_MODELS`), `NSE`, `alpha_nse`, `beta_ratio` (mean simulated / mean
        observed discharge) and `r`, all without a unit. Further columns are left out.
    benchmark : str
        A key of `THIRD_PARTY_MODELS`.
    basins : sequence of str, optional
        The basins to return, in their order; all of the file's if not given.

    Returns
    -------
    DataFrame
        As of `read_metrics`, the only member being the ensemble: `METRICS`, of which
        the file determines NSE, alpha_nse, beta_nse and r; the others are NaN. All are
        NaN in a basin that the model does not have, or where one of the four is empty
        (a constant simulation, which the authors do not count either).

    Raises
    ------
    InputError
        If the file cannot be read, lacks a column or the model, repeats a gauge,
        holds no gauge number or text where a number belongs, or its numbers contradict
        one another.

    Notes
    -----
    NSE = 2 alpha r - alpha² - beta² (Gupta et al. 2009), so that NSE, alpha and r give
    the square of beta_nse, and beta_ratio its sign.
    """
    table = read_checked(path, "metrics", "make it again", dtype={"gauge_id": str})
    missing = [name for name in (*_KEYS, *_NUMBERS) if name not in table]
    if missing:
        raise InputError(f"{path}: column {', '.join(missing)} is missing; add it.")
    check_numbers(path, table, _NUMBERS)
    check_nse(path, table, "NSE")
    table = table[table["model"] == THIRD_PARTY_MODELS[benchmark]]
    if table.empty:
        raise InputError(
            f"{path}: no model {THIRD_PARTY_MODELS[benchmark]}; set "
            f"kratzert2019a.benchmarks.{benchmark}.statistics to null."
        )
    gauges = table["gauge_id"].str.zfill(8).reset_index(drop=True)
    check_gauges(path, gauges)
    values = table[[*_NUMBERS]].set_axis(pd.Index(gauges, name="basin"))
    values = _complete(values, path)
    if basins is not None:
        values = values.reindex(pd.Index(basins, name="basin"))
    values["member"] = ENSEMBLE
    return values.reset_index()[["basin", "member", *METRICS]]


def _complete(values, path):
    """Return `METRICS` by basin of what the file has."""
    values = values.astype(float)
    values[values.isna().any(axis=1)] = np.nan
    nse, alpha, r = values["NSE"], values["alpha_nse"], values["r"]
    square = 2 * alpha * r - alpha**2 - nse
    # Of a bias of zero, rounding makes a square just below it.
    square = square.mask(square.between(-_ROUNDING, 0), 0)
    if (square < 0).any():
        raise InputError(
            f"{path}: NSE, alpha_nse and r of basin {square.index[square < 0][0]} do "
            "not fit together; make the file again."
        )
    beta = np.sign(values["beta_ratio"] - 1) * np.sqrt(square)
    return values.assign(beta_nse=beta).reindex(columns=[*METRICS])
