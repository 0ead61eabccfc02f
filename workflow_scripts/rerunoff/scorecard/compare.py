"""Each published number beside ours and beside that of the authors' own files."""

import pandas as pd

from rerunoff.errors import InputError
from rerunoff.numbers.count import PAPER_DATASET
from rerunoff.numbers.files import Number, key_of
from rerunoff.numbers.published import (
    ANALYSED,
    EPOCHS,
    NOT_IMPLEMENTED,
    PROTOCOL,
    ROBUSTNESS,
    SIGNIFICANCE,
    agrees_in_print,
    experiments_of,
    number,
    split_bound,
)
from rerunoff.numbers.verdicts import (
    DEVIATES,
    NOT_COMPARABLE,
    NOT_RUN,
    REPRODUCED,
    TO_COME,
    UNCONFIRMED,
)
from rerunoff.scorecard.tolerances import LEVEL, published_spreads, tolerance
from rerunoff.tables import read_checked

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
# What is said of a number that no file of numbers holds.
_NOT_YET = "analysis not part of this workflow yet"
_WHY_NOT = {
    **dict.fromkeys(ANALYSED, "not analysed: experiment not run, or too few basins"),
    EPOCHS: "no epoch chosen by validation",
    PROTOCOL: "a setting of the paper, no result",
    ROBUSTNESS: "no noise added to the attributes",
}
_NOTHING_PUBLISHED = "no published number could be confirmed"


def compare(published, ours, recomputed, deviations, dataset, notes=None):
    """Judge every published number of one paper.

    Parameters
    ----------
    published : DataFrame
        From `read_published`.
    ours, recomputed : dict of tuple to Number
        From `read_numbers`: of our runs, and of the authors' own files.
    deviations : dict of str to list of str
        Dotted config keys that differ from the paper's protocol, by experiment.
    dataset : str
        The dataset of our runs; only `camels_us` is comparable.
    notes : dict of str to str, optional
        By experiment what is to be said of its numbers, whatever the verdict.

    Returns
    -------
    DataFrame
        `COLUMNS`, one row per published number in order. `published` and its spread
        are text; the numbers are in the unit of the metric, NaN where unknown.
    """
    spreads = published_spreads(published)
    rows = []
    for row in published.to_dict("records"):
        mine = ours.get(key_of(row)) or _none(row["quantity"])
        judged = _judge(row, mine, spreads, deviations, dataset)
        judged["reason"] = _with_notes(row, judged, notes or {})
        again = recomputed.get(key_of(row), Number()).value
        agreement = _agreement(again, row["value"])
        judged |= {"recomputed": again, "recomputed_verdict": agreement}
        rows.append(row | judged)
    return _typed(pd.DataFrame(rows, columns=list(COLUMNS)))


def _none(quantity):
    """Return the number of ours that nobody has written."""
    if quantity in NOT_IMPLEMENTED:
        return Number(why_not=_NOT_YET)
    return Number(why_not=_WHY_NOT.get(quantity, "not counted"))


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
    allowed, basis = tolerance(row, spreads, mine)
    verdict, reason = _verdict(row, mine, allowed, deviations, dataset)
    averaged = row["members"] == "seeds_mean"
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
        return (TO_COME if mine.why_not == _NOT_YET else NOT_RUN), mine.why_not
    if reasons:
        return NOT_COMPARABLE, "; ".join(reasons)
    sign = split_bound(row["value"])[0]
    difference = mine.value - number(row["value"])
    if row["quantity"] == SIGNIFICANCE:
        if (mine.value < LEVEL) == (number(row["value"]) < LEVEL):
            return REPRODUCED, ""
        return DEVIATES, f"off by {difference:+.3g}, beyond {LEVEL}"
    if _off(difference, sign) <= allowed * (1 + _FUZZ):
        return REPRODUCED, ""
    miss = f"misses the bound by {abs(difference):.3g}"
    text = miss if sign else f"off by {difference:+.3g}"
    return DEVIATES, f"{text}, tolerance {allowed:.3g}"


def _with_notes(row, judged, notes):
    """Return the reason of a verdict, and what is to be said of a number of ours."""
    if judged["ours"] is None:
        return judged["reason"]
    said = {notes[name]: None for name in experiments_of(row) if name in notes}
    return "; ".join(filter(None, [judged["reason"], *said]))


def _differences(row, mine, deviations, dataset):
    """Return what keeps our value from being compared with the published one."""
    reasons = []
    if dataset != PAPER_DATASET:
        reasons.append(f"other data: {dataset}")
    changed = _relevant(deviations, experiments_of(row), row["quantity"])
    if changed:
        reasons.append(f"changed: {', '.join(changed)}")
    if mine.incomplete:
        reasons.append(mine.incomplete)
    if row["members"] == "seeds_std" and mine.seeds < 2:
        reasons.append("one seed has no spread")
    return reasons


def _relevant(deviations, experiments, quantity):
    """Return what was changed of a row's experiments, and concerns its quantity."""
    found = {key: None for name in experiments for key in deviations.get(name, ())}
    if quantity == EPOCHS:
        return [key for key in found if key != "training.epochs"]
    other = ["epoch_selection."] + ["robustness."] * (quantity != ROBUSTNESS)
    return [key for key in found if not key.startswith(tuple(other))]


def _off(difference, sign):
    """Return how far a value is off; beyond a bound it is not off at all."""
    if sign:
        return max(0.0, -difference if sign == ">=" else difference)
    return abs(difference)


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
