"""Each published number beside ours and beside the authors' own per-basin values."""

import pandas as pd

from rerunoff.errors import InputError
from rerunoff.scorecard.ours import PAPER_DATASET, Runs, our_side, recompute
from rerunoff.scorecard.published import (
    EPOCHS,
    MEASURED,
    NOT_IMPLEMENTED,
    UNCONFIRMED,
    agrees_in_print,
    experiments_of,
    number,
    split_bound,
)
from rerunoff.scorecard.tolerances import published_spreads, tolerance
from rerunoff.tables import read_checked

REPRODUCED = "reproduced"
DEVIATES = "deviates"
NOT_RUN = "not run"
NOT_COMPARABLE = "not comparable"
ABSENT = "not implemented"
VERDICTS = (REPRODUCED, DEVIATES, NOT_COMPARABLE, NOT_RUN, ABSENT, UNCONFIRMED)
EXACT = "exact"
DIFFERS = "differs"

COLUMNS = (
    "id",
    "location",
    "quantity",
    "description",
    "experiment",
    "basins",
    "members",
    "metric",
    "statistic",
    "published",
    "published_spread",
    "ours",
    "ours_seed_median",
    "ours_seed_std",
    "seeds",
    "tolerance",
    "tolerance_basis",
    "verdict",
    "reason",
    "recomputed",
    "recomputed_verdict",
    "source",
    "certainty",
    "results",
)
_NUMBERS = ("ours", "ours_seed_median", "ours_seed_std", "tolerance", "recomputed")
# Absorbs binary rounding where a difference equals the tolerance.
_FUZZ = 1e-9
_NOTHING_PUBLISHED = "no published number could be confirmed"


def compare(
    published, ours, authors, deviations, dataset, basin_sets, chosen_epochs=None
):
    """Judge every published number of one paper.

    Parameters
    ----------
    published : DataFrame
        From `read_published`.
    ours, authors : dict of str to DataFrame
        Metrics tables by experiment: of our runs, and of the authors' own files.
    deviations : dict of str to list of str
        Dotted config keys that differ from the paper's protocol, by experiment.
    dataset : str
        The dataset of our runs; only `camels_us` is comparable.
    basin_sets : dict of str to list of str
        The basins behind each name in the column `basins`; empty where the paper's
        basin list is not at hand, and then no statistic over basins is comparable.
    chosen_epochs : dict of str to int, optional
        The epochs that our own validation chose, by experiment.

    Returns
    -------
    DataFrame
        `COLUMNS`, one row per published number in order. `published` and its spread
        are text; the numbers are in the unit of the metric, NaN where unknown.

    Raises
    ------
    InputError
        If a row names a basin set that `basin_sets` lacks.
    """
    spreads = published_spreads(published)
    runs = Runs(ours, chosen_epochs or {}, dataset)
    rows = []
    for row in published.to_dict("records"):
        mine = our_side(row, runs, basin_sets)
        judged = _judge(row, mine, spreads, deviations, dataset)
        rows.append(row | judged | _recomputed(row, authors, basin_sets))
    return _typed(pd.DataFrame(rows, columns=list(COLUMNS)))


def read_scorecard(path):
    """Read a scorecard written with `write_table`; types and values as `compare` gave.

    Raises
    ------
    InputError
        If the file cannot be read or lacks a column.
    """
    table = read_checked(path, "scorecard", dtype=str, keep_default_na=False)
    try:
        return _typed(table[list(COLUMNS)])
    except (ValueError, KeyError) as error:
        raise InputError(
            f"{path}: no scorecard ({error}); delete it and run the rule again."
        ) from error


def _typed(table):
    """Give the number columns their types; the others hold text."""
    for column in _NUMBERS:
        table[column] = pd.to_numeric(table[column]).astype(float)
    table["seeds"] = pd.to_numeric(table["seeds"]).astype("Int64")
    return table


def _judge(row, mine, spreads, deviations, dataset):
    """Return the columns that put the published number beside ours."""
    allowed, basis = tolerance(row, spreads, mine.seed_std, mine.seeds)
    verdict, reason = _verdict(row, mine, allowed, deviations, dataset)
    averaged = row["quantity"] in MEASURED and row["members"] == "seeds_mean"
    return {
        "published": row["value"],
        "published_spread": row["spread"],
        "ours": mine.value,
        "ours_seed_median": mine.seed_median if averaged else None,
        "ours_seed_std": mine.seed_std if averaged else None,
        "seeds": mine.seeds if row["members"].startswith("seeds_") else None,
        "tolerance": allowed,
        "tolerance_basis": basis,
        "verdict": verdict,
        "reason": reason,
    }


def _verdict(row, mine, allowed, deviations, dataset):
    """Return the verdict and the reason for it."""
    reasons = [mine.why_not] if mine.why_not else []
    if not reasons:
        reasons = _differences(row, mine, deviations, dataset)
    if row["certainty"] == UNCONFIRMED:
        return UNCONFIRMED, "; ".join([_NOTHING_PUBLISHED, *reasons])
    if mine.why_not:
        absent = row["quantity"] in NOT_IMPLEMENTED
        return (ABSENT if absent else NOT_RUN), mine.why_not
    if reasons:
        return NOT_COMPARABLE, "; ".join(reasons)
    sign = split_bound(row["value"])[0]
    difference = mine.value - number(row["value"])
    if _off(difference, sign) <= allowed * (1 + _FUZZ):
        return REPRODUCED, ""
    miss = f"misses the bound by {abs(difference):.3g}"
    text = miss if sign else f"off by {difference:+.3g}"
    return DEVIATES, f"{text}, tolerance {allowed:.3g}"


def _differences(row, mine, deviations, dataset):
    """Return what keeps our value from being compared with the published one."""
    reasons = []
    if dataset != PAPER_DATASET:
        reasons.append(f"other data: {dataset}")
    changed = _relevant(deviations, experiments_of(row), row["quantity"])
    if changed:
        reasons.append(f"changed: {', '.join(changed)}")
    if mine.basins:
        reasons.append(mine.basins)
    if row["members"] == "seeds_std" and mine.seeds < 2:
        reasons.append("one seed has no spread")
    return reasons


def _relevant(deviations, experiments, quantity):
    """Return what was changed of a row's experiments, and concerns its quantity."""
    found = {key: None for name in experiments for key in deviations.get(name, ())}
    if quantity == EPOCHS:
        return [key for key in found if key != "training.epochs"]
    return [key for key in found if not key.startswith("epoch_selection.")]


def _off(difference, sign):
    """Return how far a value is off; beyond a bound it is not off at all."""
    if sign:
        return max(0.0, -difference if sign == ">=" else difference)
    return abs(difference)


def _recomputed(row, authors, basin_sets):
    """Return the columns on the authors' own per-basin values."""
    value = recompute(row, authors, basin_sets)
    agreement = _agreement(value, row["value"])
    return {"recomputed": value, "recomputed_verdict": agreement}


def _agreement(value, text):
    """Compare a recomputed value digit by digit, with a bound by size.

    Returns
    -------
    str
        `exact`, `differs`, or empty without one of the two.
    """
    sign, digits = split_bound(text)
    if value is None or not digits:
        return ""
    if sign:
        agrees = _off(value - number(text), sign) == 0
    else:
        agrees = agrees_in_print(value, text)
    return EXACT if agrees else DIFFERS
