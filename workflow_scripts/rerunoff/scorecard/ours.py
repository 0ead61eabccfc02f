"""Our side of a published number: the same statistic of our own metrics."""

from dataclasses import dataclass

from rerunoff.errors import InputError
from rerunoff.evaluation.summary import member_statistic, seed_members
from rerunoff.scorecard.published import (
    EPOCHS,
    MEASURED,
    PROTOCOL,
    WINS,
    experiments_of,
)
from rerunoff.scorecard.wins import join_experiments, wins_by_member

PAPER_DATASET = "camels_us"


@dataclass(frozen=True)
class Ours:
    """Our side of one row; a statistic is None where it cannot be taken."""

    value: float | None = None
    seed_median: float | None = None
    seed_std: float | None = None
    seeds: int = 0
    why_not: str = ""  # why there is no value at all
    basins: str = ""  # what is missing from the row's basin set


@dataclass(frozen=True)
class Runs:
    """What we ran.

    Attributes
    ----------
    metrics : dict of str to DataFrame
        Metrics tables by experiment.
    chosen_epochs : dict of str to int
        Epochs that our own validation chose, by experiment.
    dataset : str
    """

    metrics: dict
    chosen_epochs: dict
    dataset: str


def our_side(row, runs, basin_sets):
    """Take what the row is about from our runs, or say why there is none.

    Parameters
    ----------
    row : dict
        A row of `read_published`.
    runs : Runs
    basin_sets : dict of str to list of str
        As in `compare`.

    Returns
    -------
    Ours

    Raises
    ------
    InputError
        If the row names a basin set that `basin_sets` lacks.
    """
    if row["quantity"] == EPOCHS:
        epoch = runs.chosen_epochs.get(row["experiment"])
        return Ours(epoch, why_not="" if epoch else "no epoch chosen by validation")
    if row["quantity"] == PROTOCOL:
        return Ours(why_not="a setting of the paper, no result")
    if row["quantity"] not in MEASURED:
        return Ours(why_not="analysis not part of this workflow yet")
    metrics, why_not = metrics_behind(row, runs.metrics)
    return (
        Ours(why_not=why_not) if why_not else _measure(row, metrics, runs, basin_sets)
    )


def _measure(row, metrics, runs, basin_sets):
    """Take the row's statistic of a metrics table that has what it takes."""
    members, seeds = row["members"], seed_members(metrics)
    wanted = seeds if members.startswith("seeds_") else [members]
    absent = [name for name in wanted if name not in set(metrics["member"])]
    if absent or not wanted:
        return Ours(why_not=f"{absent[0] if absent else 'single seeds'} not run")
    basins = _basins_of(row, basin_sets)
    here = metrics[metrics["basin"].isin(set(basins or ()))]
    if basins is None or (here.empty and runs.dataset != PAPER_DATASET):
        # Other data have other basins; their number is still worth a look.
        here = metrics
    names = (members, *(("seeds_median", "seeds_std") if seeds else ()))
    values = {name: _statistic(row, here, name) for name in names if len(here)}
    return Ours(
        value=values.get(members),
        seed_median=values.get("seeds_median"),
        seed_std=values.get("seeds_std"),
        seeds=len(seeds),
        basins=_incomplete(metrics, wanted, row["metric"], basins),
    )


def _statistic(row, metrics, members):
    """Take the row's statistic of `members`, as in `member_statistic`."""
    if row["quantity"] != WINS:
        return member_statistic(metrics, members, row["metric"], row["statistic"])
    wins = wins_by_member(metrics, experiments_of(row), row["statistic"])
    if members not in ("seeds_median", "seeds_std"):
        return float(wins[members])
    seeds = wins[seed_members(metrics)]
    return float(seeds.median() if members == "seeds_median" else seeds.std(ddof=0))


def recompute(row, authors, basin_sets):
    """Take the row's statistic of the authors' own per-basin values.

    Parameters
    ----------
    row, basin_sets
        As in `our_side`.
    authors : dict of str to DataFrame
        Metrics tables by experiment.

    Returns
    -------
    float or None
        None without such a file, member or complete basin set.
    """
    if row["quantity"] not in MEASURED:
        return None
    metrics, why_not = metrics_behind(row, authors)
    if why_not:
        return None
    basins = _basins_of(row, basin_sets)
    members = [row["members"]]
    if row["members"].startswith("seeds_"):
        members = seed_members(metrics)
    if not members or _incomplete(metrics, members, row["metric"], basins):
        return None
    here = metrics[metrics["basin"].isin(set(basins))]
    return _statistic(row, here, row["members"])


def metrics_behind(row, tables):
    """Return the metrics table that a row is about, or None and what is missing.

    For a difference of two experiments: the basins and members of both, with the
    difference of the metric in the place of the metric. For wins: as in
    `join_experiments`.
    """
    names, metric = experiments_of(row), row["metric"]
    for name in names:
        if name not in tables:
            label = f" {name}" if len(names) > 1 else ""
            return None, f"experiment{label} not run"
        if metric not in tables[name]:
            return None, f"{metric} not evaluated"
    if len(names) == 1:
        return tables[names[0]], ""
    if row["quantity"] == WINS:
        return join_experiments({name: tables[name] for name in names}, metric), ""
    keys = ["basin", "member"]
    both = [tables[name].set_index(keys)[metric] for name in names]
    # Without the inner join a basin of one experiment would count as one of both.
    first, second = both[0].align(both[1], join="inner")
    return (first - second).reset_index(), ""


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
