"""How far ours may be off a published number, from how that number was printed."""

import math

from rerunoff.numbers.published import (
    COMPARED,
    DIGITISED,
    MEASURED,
    SIGNIFICANCE,
    WORDED,
    half_unit,
    number,
    reading_accuracy,
    split_bound,
)

# Of p values, whose sizes depend on the very networks, the decision is compared.
LEVEL = 0.05
_LAST_DIGIT = "half a unit of the last printed digit"


def published_spreads(published):
    """Return the first printed spread over seeds of each performance statistic."""
    spreads = {}
    for row in published.to_dict("records"):
        if row["quantity"] in MEASURED and row["spread"]:
            spreads.setdefault(_key(row), float(row["spread"]))
    return spreads


def _key(row):
    """Identify the statistic that a spread belongs to.

    Ensembles are counted with < 0 where single runs are with <= 0; the spread over
    the seeds serves both.
    """
    statistic = row["statistic"].replace("failures_lt0", "failures_le0")
    return row["experiment"], row["basins"], row["metric"], statistic


def tolerance(row, spreads, mine):
    """Return how far ours may be off, and in words where that comes from.

    Half a unit of the last printed digit (for a number given in words, what the
    source states) or two seed standard deviations, whichever is larger: the published
    deviation (also for single seeds and the ensemble, which have none printed beside
    them), else ours. A published standard deviation has no such spread; the
    difference of two of them, each over n seeds, has a standard error of about
    s / sqrt(n - 1) (normal theory), of which two are allowed. A p value may be anywhere
    on its side of `LEVEL`; given is how far that is.

    Parameters
    ----------
    row, spreads
        Of `read_published` and `published_spreads`.
    mine : Number
        Of ours.

    Returns
    -------
    tuple of (float or None, str)
        None without a value, and for bounds on what is not compared.
    """
    sign, digits = split_bound(row["value"])
    counted = row["quantity"] in COMPARED or mine.value is not None
    if not digits or (sign and not counted):
        return None, ""
    if row["quantity"] == SIGNIFICANCE:
        return abs(number(digits) - LEVEL), f"the same decision at p = {LEVEL}"
    candidates = [_printed(row, digits)]
    if row["certainty"] == DIGITISED:
        candidates.append((reading_accuracy(row), "reading accuracy of the figure"))
    if counted and row["members"] == "seeds_std":
        if mine.seeds > 1:
            error = 2 * number(digits) / math.sqrt(mine.seeds - 1)
            basis = f"2 standard errors of a deviation over {mine.seeds} seeds"
            candidates.append((error, basis))
    elif counted:
        if row["spread"] or _key(row) in spreads:
            spread = float(row["spread"] or spreads[_key(row)])
            candidates.append((2 * spread, "2 published seed standard deviations"))
        elif mine.seed_std is not None:
            candidates.append((2 * mine.seed_std, "2 of our seed standard deviations"))
    return max(candidates, key=lambda candidate: candidate[0])


def _printed(row, digits):
    """Return the tolerance that the way of printing gives, and its name."""
    if row["certainty"] == WORDED:
        return reading_accuracy(row), "our reading of the paper's words"
    return half_unit(digits), _LAST_DIGIT
