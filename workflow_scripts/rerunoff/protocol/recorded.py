"""What the plan of a run must know of records of others (`rerunoff.recording`)."""

from pathlib import Path

from rerunoff.errors import InputError
from rerunoff.files import read_yaml

CONFIG, RESULTS = "config.yaml", "results"
# What a record stands for: where one of these is to run, something is not in it.
_RECORDED_RULES = ("build_store", "train", "fine_tune", "simulate", "evaluate")


def check_record(record):
    """Raise an `InputError` if a folder is no record, or its configuration no YAML."""
    if not Path(record, CONFIG).is_file():
        raise InputError(
            f"{record}: no record, because it has no {CONFIG}; correct the key "
            "recorded."
        )
    read_yaml(Path(record, CONFIG))


def check_jobs(rules):
    """Raise an `InputError` if a run with records would make what they should hold.

    Parameters
    ----------
    rules : set of str
        The rules of the jobs that are to run.
    """
    made = [rule for rule in _RECORDED_RULES if rule in rules]
    if made:
        raise InputError(
            f"The records lack what the rule {made[0]} makes, so that it would be made "
            "anew; restore their files, leave out of the configuration what they do "
            "not hold, or remove the key recorded."
        )


def recorded_files(records):
    """Return the files that records bring back, by where a run's folder has them.

    Parameters
    ----------
    records : sequence of str or Path
        Folders.

    Returns
    -------
    dict of str to str
    """
    return {
        f"results/{path.relative_to(Path(record, RESULTS))}": str(path)
        for record in records
        for path in sorted(Path(record, RESULTS).rglob("*"))
        # A checksum goes with its file.
        if path.is_file() and not path.name.startswith(".")
    }


def shown_series(paper):
    """Return which series the figures of a paper draw.

    Parameters
    ----------
    paper : Paper

    Returns
    -------
    dict or None
        `basins`, beside the first four of a file, and `period`, first and last day;
        None if they draw no series.
    """
    figures = paper.values.get("figures", {}).values()
    drawn = [values for values in figures if "period" in values]
    if not drawn:
        return None
    basins = set()
    for values in drawn:
        basins |= (
            {values["basin"]} if "basin" in values else {*(values["basins"] or ())}
        )
    days = [day for values in drawn for day in values["period"]]
    return {"basins": sorted(basins), "period": [min(days), max(days)]}
