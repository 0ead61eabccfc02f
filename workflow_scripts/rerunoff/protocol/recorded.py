"""What the plan of a run must know of records of others (`rerunoff.recording`)."""

import re
from pathlib import Path

from rerunoff.errors import InputError
from rerunoff.protocol.derived import PHYSICAL_MODELS
from rerunoff.protocol.resolve import overlay
from rerunoff.protocol.run_folder import changes
from rerunoff.yaml_files import read_yaml

CONFIG, RESULTS = "config.yaml", "results"
# Checksums of what is below RESULTS, as ``sha256sum --check`` reads them.
SUMS = "sha256.txt"
_SHA256 = re.compile("[0-9a-f]{64}")
# What a record stands for: where one of these is to run, something is not in it.
_RECORDED_RULES = ("build_store", "train", "fine_tune", "simulate", "evaluate")
# What may be shown in another way without another run.
_OF_DISPLAY = ("figures", "benchmarks", "only", "comparison", "question")


def find_records(config, root):
    """Return the folders of the records that a configuration names.

    Parameters
    ----------
    config : dict
    root : str or Path
        The folder of the Snakefile.

    Returns
    -------
    list of Path

    Raises
    ------
    InputError
        If one is no record, its configuration no YAML, or a file lacks.
    """
    named = config.get("recorded", [])
    if not isinstance(named, list) or not all(isinstance(one, str) for one in named):
        raise InputError(
            f"recorded is {named}, but must be a list of folders, such as "
            "[results/recorded/kratzert2019a]."
        )
    records = [Path(root, name) for name in named]
    for record in records:
        for name in (CONFIG, SUMS):
            if not Path(record, name).is_file():
                raise InputError(
                    f"{record}: no record, because it has no {name}; correct the key "
                    "recorded."
                )
        _check_told(record / CONFIG)  # before Snakemake reads it, with a traceback
        for name in read_sums(record):
            if not Path(record, name).is_file():
                raise InputError(f"{record}: the record lacks {name}; restore it.")
    return records


def _check_told(path):
    """Raise an `InputError` if a record has a configuration that no run was told."""
    told = read_yaml(path)
    papers = told.get("papers") if isinstance(told, dict) else None
    if not isinstance(papers, list) or not all(isinstance(one, str) for one in papers):
        raise InputError(f"{path}: no list papers in it; restore the file.")
    for paper in papers:
        if not isinstance(told.get(paper, {}), dict):
            raise InputError(f"{path}: {paper} holds no keys; restore the file.")


def read_sums(record):
    """Return the checksums of a record's results, by their paths in it.

    Raises
    ------
    InputError
        If a line is none of ``sha256sum``, or there is no line.
    """
    path, sums = Path(record, SUMS), {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: no UTF-8 text; restore it.") from error
    for line in lines:
        digest, _, name = line.partition("  ")
        of_results = name.startswith(f"{RESULTS}/") and ".." not in name
        if not of_results or not _SHA256.fullmatch(digest):
            raise InputError(f"{path}: {line} is no checksum and path; restore it.")
        sums[name] = digest
    if not sums:
        raise InputError(f"{path}: no checksum in it; restore it.")
    return sums


def check_unchanged(record, config, defaults):
    """Raise an `InputError` if a record's results would be told to be of another run.

    Parameters
    ----------
    record : Path
    config, defaults : dict
        All in all, and of the project's own files.
    """
    told = read_yaml(Path(record, CONFIG))
    for paper in told["papers"]:
        if paper not in defaults:
            path = Path(record, CONFIG)
            raise InputError(f"{path}: there is no paper {paper}; restore the file.")
        theirs = overlay(defaults[paper], told.get(paper, {}))
        ours = {key: config[paper].get(key) for key in theirs | config[paper]}
        keys = [key for key in changes(ours, theirs) if key not in _OF_DISPLAY]
        # What a model that is calibrated here was told is no matter of display.
        runs = [(ours.get("benchmarks") or {}), (theirs.get("benchmarks") or {})]
        keys += [
            f"benchmarks.{name}"
            for name in PHYSICAL_MODELS
            if runs[0].get(name) != runs[1].get(name)
        ]
        other = config["dataset"] != told.get("dataset", defaults["dataset"])
        names = [f"{paper}.{key}" for key in keys] + ["dataset"] * other
        if names:
            raise InputError(
                f"{record}: {names[0]} is not that of the record, whose results are "
                "of another configuration; leave it out, or remove the key recorded."
            )


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
        name: str(Path(record, name))
        for record in records
        for name in read_sums(record)
        # A checksum goes with its file.
        if not Path(name).name.startswith(".")
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
