"""The files of the authors' runs: a table of them, and fetching those of one run.

All runs are found first, because only the small cfg.json of each folder says which
network it holds. The table (`COLUMNS`) keeps what was found, and each run is fetched by
a job of its own.
"""

import dataclasses
import logging
import re
import shutil
from pathlib import Path

import pandas as pd

from rerunoff.data.authors_runs import (
    ATTRIBUTES,
    CFG,
    FOLDER,
    WEIGHTS,
    RunConfiguration,
    check_size,
    choose,
    read_cfg,
)
from rerunoff.data.hydroshare import fetch_file
from rerunoff.data.session import make_session
from rerunoff.errors import InputError
from rerunoff.files import atomic_path, disk_errors
from rerunoff.tables import read_checked, write_table

_log = logging.getLogger(__name__)
COLUMNS = ("experiment", "seed", "folder", "file", "source", "path", "bytes", "md5")
# Where a file is: in the resource, or already on this machine.
PUBLISHED, ON_DISK = "published", "disk"


@dataclasses.dataclass(frozen=True)
class RunFolder:
    """A run folder that was found.

    Attributes
    ----------
    configuration : RunConfiguration
    files : dict of str to tuple
        Name to `COLUMNS` from `source` on: where it is, its path there, bytes, md5.
    """

    configuration: RunConfiguration
    files: dict


def find_on_disk(roots):
    """Find the run folders below some folders.

    Parameters
    ----------
    roots : sequence of str or Path

    Returns
    -------
    dict of str to RunFolder
        By path.

    Raises
    ------
    InputError
        If a cfg.json cannot be used.
    """
    found = {}
    for root in roots:
        for cfg in sorted(Path(root).rglob(CFG)):
            if re.fullmatch(FOLDER, cfg.parent.name):
                files = {
                    path.name: (ON_DISK, str(path), path.stat().st_size, "")
                    for path in cfg.parent.iterdir()
                    if path.is_file()
                }
                found[str(cfg.parent)] = RunFolder(read_cfg(cfg), files)
    return found


def write_found(found, wanted, remedy, table):
    """Choose the run folders that are wanted, and write the table of their files.

    Parameters
    ----------
    found : dict of str to RunFolder
    wanted : dict
    remedy : str
        As of `authors_runs.choose`.
    table : str or Path

    Raises
    ------
    InputError
        If a run is not among them, or twice, or one of its files is too big.
    """
    configurations = {name: run.configuration for name, run in found.items()}
    rows = []
    for (experiment, seed), name in choose(configurations, wanted, remedy).items():
        pickle = wanted[experiment][0].results.format(seed)
        for file in (CFG, ATTRIBUTES, WEIGHTS, pickle):
            if file in found[name].files:
                facts = found[name].files[file]
                check_size(facts[1], facts[2])
                rows.append((experiment, seed, name, file, *facts))
    write_table(pd.DataFrame(rows, columns=[*COLUMNS]), table)
    _log.info("%d run folders, %d files of them to be used", len(found), len(rows))


def fetch_weights(table, dataset, experiment, seed, destination, partial):
    """Fetch what the weights of a run need: cfg.json, the last epoch, attributes.db.

    Parameters
    ----------
    table : str or Path
        From `write_found`.
    dataset : dict
        From `data.download.load_dataset`.
    experiment : str
    seed : int or str
    destination : str or Path
        Folder. `attributes.db` is there only if the run folder has one.
    partial : str or Path
        Folder of unfinished downloads.

    Raises
    ------
    InputError
        If the run folder lacks a file, or it cannot be had.
    """
    rows = _rows(table, experiment, seed)
    for file in {CFG, WEIGHTS, ATTRIBUTES} & rows.keys():
        _fetch(dataset, rows[file], Path(destination, file), partial)


def fetch_results(table, dataset, experiment, seed, destination, partial):
    """Fetch a run's pickle of results to a file; parameters as of `fetch_weights`.

    Raises
    ------
    InputError
        If the run folder has none, or it cannot be had.
    """
    rows = _rows(table, experiment, seed)
    pickles = [file for file in rows if file.endswith(".p")]
    if not pickles:
        folder = rows[CFG]["folder"]
        raise InputError(
            f"The run folder {folder} has no pickle of results; set "
            "kratzert2019a.stored_simulations: false in the configuration."
        )
    _fetch(dataset, rows[pickles[0]], Path(destination), partial)


def _rows(table, experiment, seed):
    """Return the rows of a run, by file."""
    options = {"dtype": str, "keep_default_na": False}
    rows = read_checked(table, "table of run folders", **options).to_dict("records")
    key = (experiment, str(seed))
    found = {r["file"]: r for r in rows if (r["experiment"], r["seed"]) == key}
    for file in (CFG, WEIGHTS):
        if file not in found:
            raise InputError(
                f"{table}: no {file} of {experiment}, seed {seed}; delete the table "
                "and run again, or name a folder that has it in weights_root."
            )
    return found


def _fetch(dataset, row, destination, partial):
    """Bring one file to its destination, from disk or the publisher."""
    path = row["path"]
    if row["source"] == PUBLISHED:
        facts = {"md5": row["md5"] or None, "bytes": int(row["bytes"])}
        session = make_session()
        fetch_file(dataset, path, facts, destination, Path(partial), session)
        return
    with disk_errors(destination), atomic_path(destination) as part:
        shutil.copyfile(path, part)
