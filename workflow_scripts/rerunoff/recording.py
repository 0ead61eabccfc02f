"""Records of long runs: what is kept of a run's folder in the project, without series.

A record is a folder with the configuration, the runs' settings and times, what tables,
figures and scorecard are made from (below `results`, under the same paths as in a run's
folder), and these themselves. Of series only the basins and days that figures draw are
kept. A replay (`config/replay_recorded.yaml`) brings `results` back.
"""

import csv
import functools
import hashlib
import shutil
from pathlib import Path

import numpy as np
import xarray as xr
import yaml

from rerunoff.data.series_files import damage_said, write_series
from rerunoff.data.store import CONTENT
from rerunoff.errors import InputError
from rerunoff.files import write_text
from rerunoff.jobs import PUBLISHED_FILES
from rerunoff.protocol.recorded import CONFIG, RESULTS, SUMS, read_sums
from rerunoff.protocol.settings import DISCHARGE
from rerunoff.seals import beside, read_sealed
from rerunoff.yaml_files import read_yaml

# Of the machine, not of the protocol.
_OF_MACHINE = (
    *("data_root", "published_root", "model_output_root", "datasets_file"),
    *("weights_root", "shyft_python"),
)
# What is made from the rest, kept to be looked at.
_SHOWN = (
    *("answers/{paper}.txt", "tables/{paper}/*.csv", "figures/{paper}/*.png"),
    *("scorecard/{paper}.csv", "scorecard.html"),
)
_KEPT = (
    "metrics/*/*.csv",
    "analysis/*/*.csv",
    "analysis/*/*.yaml",
    "authors/*/*.csv",
    "data/*/basins_*.txt",
    "data/*/places.csv",
    "runs/*/*/*/*/run.yaml",
    "runs/*/*/*/*/epoch_scores.csv",
)
_SIMULATIONS = ("runs/*/*/*/*/simulation.nc", "analysis/*/*.nc")
_STORES = ("data/*/*.h5",)
# What is taken of Snakemake's benchmark files.
_MEASURED = {"cpu_time": "cpu_seconds", "max_rss": "max_rss_mb"}
_FIGURES_READ = (DISCHARGE, "prcp")


def record(folder, shown, experiments, target):
    """Keep what a finished run's folder gave.

    Parameters
    ----------
    folder : str or Path
        `results` of the run.
    shown : dict of str to dict
        By paper: `protocol.recorded.shown_series`.
    experiments : dict of str to sequence of str
        By paper the experiments and benchmarks of which metrics and runs are kept: not
        those of an earlier configuration, nor statistics of the authors, who publish
        them. Of other papers in the same folder nothing is kept.
    target : str or Path
        Folder of the record; replaced.

    Raises
    ------
    InputError
        If a file of the run's folder is damaged, or its configuration names a file that
        only this machine has.
    """
    folder, target = Path(folder), Path(target)
    shutil.rmtree(target, ignore_errors=True)
    patterns = {one.format(paper=paper) for paper in experiments for one in _SHOWN}
    for path in (path for pattern in patterns for path in folder.glob(pattern)):
        _copy(path, target / path.relative_to(folder))
    kept = target / RESULTS
    for name, _ in _of_papers(folder, _KEPT, experiments):
        _copy(folder / name, kept / name)
    for patterns, extract in ((_SIMULATIONS, _simulation), (_STORES, _store)):
        for name, paper in _of_papers(folder, patterns, experiments):
            extract(folder / name, kept / name, shown[paper])
    _copy(folder / "provenance.json", target / "provenance.json")
    _write_runs(kept, folder.parent / "benchmarks", target / "runs.csv")
    _write_config(folder / CONFIG, target / CONFIG)
    write_sums(target)


def write_sums(record):
    """Write the checksums of a record's results."""
    record = Path(record)
    paths = sorted(path for path in (record / RESULTS).rglob("*") if path.is_file())
    lines = [f"{_digest(path)}  {path.relative_to(record)}\n" for path in paths]
    write_text(record / SUMS, "".join(lines))


def _digest(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def take(pairs):
    """Copy files of records to a run's folder.

    Parameters
    ----------
    pairs : iterable of tuple of str
        File of a record, and where it goes.

    Raises
    ------
    InputError
        If a file is not as it was recorded.
    """
    sums_of = functools.cache(read_sums)
    for source, target in pairs:
        record = str(source).removesuffix(f"/{target}")
        if sums_of(record)[target] != _digest(source):
            raise InputError(
                f"{source}: its content does not match the checksum in {SUMS} of the "
                "record; restore the file."
            )
        _copy(Path(source), Path(target))


def _copy(source, target):
    """Copy a file, and the checksum beside it if it has one."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if beside(source).is_file():
        shutil.copyfile(beside(source), beside(target))
    shutil.copyfile(source, target)


def _of_papers(folder, patterns, experiments):
    """Yield the files of some papers, seen from `folder`, and the paper of each."""
    for pattern in patterns:
        for path in sorted(folder.glob(pattern)):
            name = path.relative_to(folder)
            kind, part = name.parts[:2]
            # A store has the paper's name in its own; of the places, all have a share.
            part = name.stem if kind == "data" else part
            found = [one for one in experiments if one in part or part == "places"]
            if not found or part.startswith("model_output"):
                continue
            of_one = kind in ("metrics", "runs")
            if not of_one or Path(name.parts[2]).stem in experiments[found[0]]:
                yield name, found[0]


def _drawn(dataset, shown):
    """Return basins and days of a file that the figures of its paper draw."""
    if shown is None:
        return [], slice(0)
    basins = dataset.basin.values
    known = [basin for basin in basins if basin in shown["basins"]]
    first, last = (np.datetime64(day) for day in shown["period"])
    days = (dataset.date.values >= first) & (dataset.date.values <= last)
    return [*{*basins[:4], *known}], days


def _simulation(path, target, shown):
    """Keep the drawn basins and days of a simulation."""
    with (
        damage_said(path, "simulation"),
        xr.open_dataset(path, engine="h5netcdf") as whole,
    ):
        basins, days = _drawn(whole, shown)
        part = whole.isel(date=days)
        _write(part.sel(basin=part.basin.isin(basins)).load(), target)


def _store(path, target, shown):
    """Keep the attributes of a store, and the drawn basins and days of its series."""
    with (
        damage_said(path, "store"),
        xr.open_dataset(path, engine="h5netcdf") as whole,
    ):
        basins, days = _drawn(whole, shown)
        series = [name for name in whole.data_vars if "date" in whole[name].dims]
        part = whole.drop_vars(set(series) - set(_FIGURES_READ)).isel(date=days)
        part.load()
    for name in set(series) & set(_FIGURES_READ):
        part[name] = part[name].where(part.basin.isin(basins))
    part.attrs[CONTENT] = whole.attrs[CONTENT]
    _write(part, target)


def _write(dataset, target):
    series = [name for name in dataset.data_vars if "date" in dataset[name].dims]
    packed = {"zlib": True, "complevel": 9, "shuffle": True}
    encoding = {name: packed for name in series}
    for variable in dataset.variables.values():
        variable.encoding = {}
    target.parent.mkdir(parents=True, exist_ok=True)
    write_series(target, dataset, encoding)


def _write_runs(folder, benchmarks, target):
    """Write one row for each training: how long it took, and on what.

    Processor time and memory are Snakemake's, of the whole job and of its last start
    alone; empty where it has measured none.
    """
    columns = ("paper", "experiment", "unit", "seed")
    facts = ("samples", "device", "threads", "training_seconds", "commit", "written")
    with open(target, "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow((*columns, "epochs", *facts, *_MEASURED.values()))
        for path in sorted(folder.glob("runs/*/*/*/*/run.yaml")):
            values = yaml.safe_load(read_sealed(path))
            settings = values["settings"]
            epochs = values.get("epochs_chosen", settings["training"]["epochs"])
            names = [settings[column] for column in columns]
            measured = _measured(benchmarks, *names)
            rows.writerow(
                (*names, epochs, *(values[fact] for fact in facts), *measured)
            )


def _measured(folder, paper, experiment, unit, seed):
    """Return what Snakemake measured of a training (`benchmark` in rules/train.smk)."""
    path = folder / "train" / paper / f"{experiment}_{unit}_seed{seed}.tsv"
    if not path.is_file():
        return [""] * len(_MEASURED)
    with open(path, encoding="utf-8", newline="") as file:
        row = next(csv.DictReader(file, delimiter="\t"), {})
    found = [row.get(name) for name in _MEASURED]
    return ["" if value in (None, "NA") else value for value in found]


def _write_config(path, target):
    """Write the configuration without what is of the machine."""
    told = {
        key: value for key, value in read_yaml(path).items() if key not in _OF_MACHINE
    }
    for paper in told.values():
        if isinstance(paper, dict) and paper.get("benchmark_files"):
            # Somebody's copy of what the publisher has; a replay reads neither.
            paper["benchmark_files"] = PUBLISHED_FILES
    for key, value in _strings(told):
        if Path(value).is_absolute():
            raise InputError(
                f"{path}: {key} is a file of this machine, {value}, that no reader of "
                "a record has; put it into config/basins and give its name."
            )
    write_text(target, yaml.safe_dump(told, sort_keys=False))


def _strings(values, prefix=""):
    """Yield the dotted keys of nested mappings whose values are text, and these."""
    for key, value in values.items():
        if isinstance(value, dict):
            yield from _strings(value, f"{prefix}{key}.")
        elif isinstance(value, str):
            yield f"{prefix}{key}", value
