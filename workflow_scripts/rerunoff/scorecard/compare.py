"""Each published number beside ours and beside the authors' own per-basin values."""

from dataclasses import dataclass

import pandas as pd

from rerunoff.errors import InputError
from rerunoff.evaluation.summary import member_statistic, seed_members
from rerunoff.scorecard.published import (
    PERFORMANCE,
    agrees_in_print,
    number,
    published_spreads,
    tolerance,
)

REPRODUCED = "reproduced"
DEVIATES = "deviates"
NOT_RUN = "not run"
NOT_COMPARABLE = "not comparable"
VERDICTS = (REPRODUCED, DEVIATES, NOT_COMPARABLE, NOT_RUN)
EXACT = "exact"
DIFFERS = "differs"
PAPER_DATASET = "camels_us"

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
)
_NUMBERS = ("ours", "ours_seed_median", "ours_seed_std", "tolerance", "recomputed")
# Absorbs binary rounding where a difference equals the tolerance.
_FUZZ = 1e-9


@dataclass(frozen=True)
class _Ours:
    """Our side of one row; a statistic is None where it cannot be taken."""

    value: float | None = None
    seed_median: float | None = None
    seed_std: float | None = None
    seeds: int = 0
    why_not: str = ""  # why there is no value at all
    basins: str = ""  # what is missing from the row's basin set


def compare(published, ours, authors, deviations, dataset, basin_sets):
    """Judge every published number of one paper.

    Parameters
    ----------
    published : DataFrame
        From `read_published`.
    ours, authors : dict of str to DataFrame
        Metrics tables by experiment: of our runs, and of the authors' own per-basin
        files where these exist.
    deviations : list of str
        Dotted config keys that differ from the paper's protocol.
    dataset : str
        The dataset of our runs; only `camels_us` is comparable.
    basin_sets : dict of str to list of str
        The basins behind each name in the column `basins`; empty where the paper's
        basin list is not at hand, and then nothing is comparable.

    Returns
    -------
    DataFrame
        `COLUMNS`, one row per published number in the same order. `published` and
        `published_spread` are text; the numbers are NaN where unknown and have the
        unit of the metric.

    Raises
    ------
    InputError
        If a row names a basin set that `basin_sets` lacks.
    """
    spreads = published_spreads(published)
    rows = []
    for row in published.to_dict("records"):
        mine = _our_side(row, ours, basin_sets, dataset)
        judged = _judge(row, mine, spreads, deviations, dataset)
        recomputed, agreement = _recompute(row, authors, basin_sets)
        judged |= {"recomputed": recomputed, "recomputed_verdict": agreement}
        rows.append(row | judged)
    return _typed(pd.DataFrame(rows, columns=list(COLUMNS)))


def read_scorecard(path):
    """Read a scorecard written with `to_csv`; types and values as `compare` gave.

    Raises
    ------
    InputError
        If the file cannot be read or lacks a column.
    """
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        return _typed(table[list(COLUMNS)])
    except (OSError, ValueError, KeyError) as error:
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
    averaged = row["quantity"] == PERFORMANCE and row["members"] == "seeds_mean"
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


def _basins_of(row, basin_sets):
    """Return the basins that a row is about, or None without the paper's list."""
    if not basin_sets:
        return None
    if row["basins"] not in basin_sets:
        raise InputError(
            f"published row {row['id']}, column basins: {row['basins']!r} is none of "
            f"the known basin sets {', '.join(basin_sets)}."
        )
    return basin_sets[row["basins"]]


def _our_side(row, ours, basin_sets, dataset):
    """Take the row's statistic of our metrics, or say why there is none."""
    if row["quantity"] != PERFORMANCE:
        return _Ours(why_not="analysis not part of this workflow yet")
    if row["experiment"] not in ours:
        return _Ours(why_not="experiment not run")
    metrics, members = ours[row["experiment"]], row["members"]
    averaged = members.startswith("seeds_")
    seeds = seed_members(metrics)
    wanted = seeds if averaged else [members]
    absent = [name for name in wanted if name not in set(metrics["member"])]
    if absent or not wanted:
        return _Ours(why_not=f"{absent[0] if absent else 'single seeds'} not run")
    basins = _basins_of(row, basin_sets)
    here = metrics[metrics["basin"].isin(set(basins or ()))]
    if basins is None or (here.empty and dataset != PAPER_DATASET):
        # Other data have other basins; their number is still worth a look.
        here = metrics
    statistic = [row["metric"], row["statistic"]]
    values = {}
    for name in ("seeds_median", "seeds_std") if seeds else ():
        values[name] = member_statistic(here, name, *statistic) if len(here) else None
    return _Ours(
        value=member_statistic(here, members, *statistic) if len(here) else None,
        seed_median=values.get("seeds_median"),
        seed_std=values.get("seeds_std"),
        seeds=len(seeds),
        basins=_incomplete(metrics, wanted, row["metric"], basins),
    )


def _incomplete(metrics, members, metric, basins):
    """Return `basin set incomplete: …`, or empty text if every member is whole."""
    if basins is None:
        return "the paper's basin list is not at hand"
    used = metrics[metrics["member"].isin(members) & metrics["basin"].isin(set(basins))]
    rows = used.groupby("member")["basin"].count().reindex(members, fill_value=0)
    finite = used.groupby("member")[metric].count().reindex(members, fill_value=0)
    if finite.min() == len(basins):
        return ""
    text = f"basin set incomplete: {rows.min()} of {len(basins)}"
    empty = int((rows - finite).max())
    return f"{text}, {empty} of them without {metric}" if empty else text


def _verdict(row, mine, allowed, deviations, dataset):
    """Return the verdict and the reason for it."""
    if mine.why_not:
        return NOT_RUN, mine.why_not
    reasons = []
    if dataset != PAPER_DATASET:
        reasons.append(f"other data: {dataset}")
    changed = _relevant(deviations, row["experiment"])
    if changed:
        reasons.append(f"changed: {', '.join(changed)}")
    if mine.basins:
        reasons.append(mine.basins)
    if row["members"] == "seeds_std" and mine.seeds < 2:
        reasons.append("one seed has no spread")
    if reasons:
        return NOT_COMPARABLE, "; ".join(reasons)
    difference = mine.value - number(row["value"])
    if abs(difference) <= allowed * (1 + _FUZZ):
        return REPRODUCED, ""
    return DEVIATES, f"off by {difference:+.3g}, tolerance {allowed:.3g}"


def _relevant(deviations, experiment):
    """Leave out what was changed in other experiments only."""
    return [
        key
        for key in deviations
        if not key.startswith("experiments.") or key.split(".")[1] == experiment
    ]


def _recompute(row, authors, basin_sets):
    """Take the row's statistic of the authors' file; compare it digit by digit.

    Returns
    -------
    tuple of (float or None, str)
        The value and `exact`, `differs`, or empty without such a file, member or
        complete basin set.
    """
    if row["quantity"] != PERFORMANCE or row["experiment"] not in authors:
        return None, ""
    metrics = authors[row["experiment"]]
    basins = _basins_of(row, basin_sets)
    if row["members"].startswith("seeds_"):
        members = seed_members(metrics)
    else:
        members = [row["members"]]
    if not members or _incomplete(metrics, members, row["metric"], basins):
        return None, ""
    value = member_statistic(
        metrics, row["members"], row["metric"], row["statistic"], basins
    )
    return value, EXACT if agrees_in_print(value, row["value"]) else DIFFERS
