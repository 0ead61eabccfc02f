"""The statistics over basins that the published numbers name, of any metrics tables."""

from dataclasses import asdict

from rerunoff.errors import InputError
from rerunoff.evaluation.summary import over_members, seed_members, statistic_by_member
from rerunoff.numbers.files import KEY, Number, key_of
from rerunoff.numbers.paired import MEAN, join_pair, tests_by_member
from rerunoff.numbers.published import (
    AT_LEAST,
    DIFFERENCE,
    EFFECT_SIZE,
    MEASURED,
    SIGNIFICANCE,
    TESTS,
    WINS,
    experiments_of,
)
from rerunoff.numbers.wins import join_experiments, wins_by_member
from rerunoff.protocol.benchmarks import BENCHMARKS

PAPER_DATASET = "camels_us"
_TESTED = {SIGNIFICANCE: "p_value", EFFECT_SIZE: "cohens_d"}
# Their p values are of basins in the order of a list against files in that of a folder
# (performance.ipynb, cell 23, and evalutils.py, eval_benchmark_models).
_UNPAIRED = (
    "ours pairs the basins, the published test most likely did not (table significance)"
)


def count(published, tables, basin_sets, dataset):
    """Take each statistic that the published numbers name.

    Parameters
    ----------
    published : DataFrame
        From `read_published`.
    tables : dict of str to DataFrame
        Metrics tables by experiment: of our runs, or of the authors' own files.
    basin_sets : dict of str to list of str
        The basins behind each name in the column `basins`; empty where the paper's
        basin list is not at hand.
    dataset : str
        Of the tables.

    Returns
    -------
    list of dict
        As for `write_numbers`: one for each key whose quantity is in `MEASURED`.

    Raises
    ------
    InputError
        If a row names a basin set that `basin_sets` lacks.
    """
    measured = published[published["quantity"].isin(MEASURED)]
    counted = {}
    for row in measured.to_dict("records"):
        if key_of(row) not in counted:
            number = _number(row, tables, basin_sets, dataset)
            counted[key_of(row)] = {name: row[name] for name in KEY} | asdict(number)
    return list(counted.values())


def count_whole(published, tables, basin_sets):
    """Take the same statistics of the papers' data, without those that lack a basin."""
    rows = count(published, tables, basin_sets, PAPER_DATASET)
    return [row for row in rows if not row["why_not"] and not row["incomplete"]]


def _number(row, tables, basin_sets, dataset):
    """Take the row's statistic of tables, or say why there is none."""
    metrics, why_not = metrics_behind(row, tables)
    if why_not:
        return Number(why_not=why_not)
    members, seeds = _member_of(row), seed_members(metrics)
    wanted = seeds if members.startswith("seeds_") else [members]
    there = set(metrics["member"])
    lacking = [name for name in wanted if name not in there]
    if lacking or not wanted:
        return Number(why_not=f"{lacking[0] if lacking else 'single seeds'} not run")
    basins = _basins_of(row, basin_sets)
    here = metrics[metrics["basin"].isin(set(basins or ()))]
    if basins is None or (here.empty and dataset != PAPER_DATASET):
        # Other data have other basins; their number is still worth a look.
        here = metrics
    names = (members, *(("seeds_median", "seeds_std") if seeds else ()))
    by_member = _by_member(row, here)
    values = {name: over_members(by_member, name) for name in names if len(here)}
    return Number(
        value=values.get(members),
        seed_median=values.get("seeds_median"),
        seed_std=values.get("seeds_std"),
        seeds=len(seeds),
        incomplete=_unpaired(row)
        or _incomplete(metrics, wanted, row["metric"], basins),
    )


def _member_of(row):
    """Return the member, or what of the seeds, that a row is about."""
    averaged = row["quantity"] in TESTS and row["members"] == "seeds_mean"
    return MEAN if averaged else row["members"]


def _unpaired(row):
    """Return why a published test of a network against a benchmark is another one."""
    against = set(experiments_of(row)) & set(BENCHMARKS)
    return _UNPAIRED if row["quantity"] == SIGNIFICANCE and against else ""


def _by_member(row, metrics):
    """Take the row's statistic for each member."""
    names, statistic = experiments_of(row), row["statistic"]
    if row["quantity"] in TESTS:
        return tests_by_member(metrics, names, _TESTED[row["quantity"]])
    if row["quantity"] == WINS or statistic == AT_LEAST:
        return wins_by_member(metrics, names, statistic)
    return statistic_by_member(metrics, row["metric"], row["statistic"])


def metrics_behind(row, tables):
    """Return the metrics table that a row is about, or None and what is missing.

    For a difference of two experiments: the basins and members of both, with the
    difference of the metric in the place of the metric. For wins: as in
    `join_experiments`; for tests: as in `join_pair`.
    """
    names, metric = experiments_of(row), row["metric"]
    for name in names:
        if name not in tables:
            return None, not_run(name)
        if metric not in tables[name] or tables[name][metric].isna().all():
            return None, f"{metric} of {name} not evaluated"
    if len(names) == 1:
        return tables[names[0]], ""
    joined = {name: tables[name] for name in names}
    if row["quantity"] in TESTS:
        return join_pair(joined, metric), ""
    if row["quantity"] != DIFFERENCE:
        return join_experiments(joined, metric), ""
    keys = ["basin", "member"]
    both = [tables[name].set_index(keys)[metric] for name in names]
    # Without the inner join a basin of one experiment would count as one of both.
    first, second = both[0].align(both[1], join="inner")
    return (first - second).reset_index(), ""


def not_run(name):
    """Say of an experiment or a benchmark that there is nothing of it."""
    if name in BENCHMARKS:
        return f"benchmark {name} not at hand"
    return f"experiment {name} not run"


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
