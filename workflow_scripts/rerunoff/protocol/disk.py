"""Faults of the folders and files that a configuration names.

Each check yields the key path and the fault, as those of `checks` do.
"""

import re
from pathlib import Path

from rerunoff.jobs import PUBLISHED_FILES, given_root
from rerunoff.protocol.benchmarks import (
    AUTHORS,
    AUTHORS_FILES,
    COMPARED_WITH_THIRD_PARTY,
    NWM_FILES,
    THIRD_PARTY_PAPER,
)
from rerunoff.protocol.camels_tables import CAMELS_TABLES
from rerunoff.protocol.products import FORCINGS
from rerunoff.protocol.weights_checks import CFG

PUBLISHED_LIST = "basin_list_531"
# The list that the workflow itself writes beside the virtual catchments.
_VIRTUAL_LIST = "resources/virtual/basin_list.txt"
_FOLDERS = {
    "camels_us": ("basin_mean_forcing", "usgs_streamflow", "camels_attributes_v2.0"),
    "caravan": ("timeseries", "attributes"),
}
_TABLES = tuple(f"camels_attributes_v2.0/{name}" for name in CAMELS_TABLES)


def missing_of_all(config):
    """Yield faults of what all papers read.

    Yields are those of `checks.faults_of`.
    """
    yield from _data_root(config)
    yield from _published_root(config)
    root = config.get("weights_root")
    if root is not None and not (root and Path(root).is_dir()):
        fault = f"names no folder: {root}; write the full path of the run folders'"
        yield ("weights_root",), f"{fault} folder, or null"
    elif root is not None and not any(Path(root).rglob(CFG)):
        fault = f"is {root}, which has no {CFG} at any depth; write the full path"
        yield ("weights_root",), f"{fault} of the run folders' folder, or null"
    papers = [values for values in config.values() if isinstance(values, dict)]
    if root is not None and "authors" not in [one.get("weights") for one in papers]:
        yield (
            ("weights_root",),
            "has no effect without kratzert2019a.weights: authors; add this, or remove "
            "it",
        )


def missing_of_store(config, paper, data):
    """Yield faults of what one store is built from, whether or not others find theirs.

    Parameters
    ----------
    config : dict
    paper : Paper
    data : Experiment
        Of the store (`stores.data_of`).
    """
    # A replay of published statistics needs neither series nor a basin list.
    if paper.replay:
        yield from _authors(config, paper.name, AUTHORS_FILES, "replay")
    else:
        yield from _forcing(config, paper, data)
        yield from _basins(config, paper, data)


def _data_root(config):
    roots = config["data_root"]
    if not isinstance(roots, dict):
        roots = {config["dataset"]: roots}
    for dataset, root in roots.items():
        if root is None and config.get("recorded"):
            continue  # what is recorded needs no data
        key = ("data_root",)
        if isinstance(config["data_root"], dict):
            key = ("data_root", dataset)
        yield from _root_of(dataset, root, key)


def _root_of(dataset, root, key):
    if root is None:
        if dataset == "caravan":
            yield (
                key,
                "must name a folder in the Caravan layout when dataset is caravan",
            )
        return
    if dataset == "virtual":
        yield (
            key,
            "must be null when dataset is virtual, whose catchments are generated; set "
            "it to null, or dataset to what the folder holds",
        )
    if not root or not Path(root).is_dir():
        yield key, f"names no folder: {root}; write the full path of the data's folder"
    wanted = _FOLDERS[dataset] + (_TABLES if dataset == "camels_us" else ())
    for name in wanted:
        path = Path(root, name)
        if not (path.is_file() if name in _TABLES else path.is_dir()):
            remedy = _better_root(root, dataset) or "add it"
            yield key, f"is {root}, which has no {name}; {remedy}"


def _forcing(config, paper, data):
    """Yield a forcing product that the dataset does not have, or data_root lacks."""
    forcing, known = data.forcing, FORCINGS[data.dataset]
    key = (paper.name, *paper.key_of(data.name, "forcing"))
    if forcing not in known:
        fault = f"is {forcing}, but dataset {data.dataset} has {', '.join(known)}"
        remedy = "set it to one of them, or name the target of another paper"
        yield key, f"{fault}; {remedy}"
    root = given_root(config, data.dataset)
    if root is None and data.dataset == "caravan":
        yield ("data_root",), "must name the folder of caravan: {caravan: /path/to/it}"
    if data.dataset != "camels_us" or not root:
        return
    folder = Path(root, "basin_mean_forcing")
    if not (folder / forcing).is_dir():
        there = sorted({path.name for path in folder.glob("*/")} & set(known))
        remedy = f", set {'.'.join(key)} to what is there ({', '.join(there)})"
        yield (
            ("data_root",),
            f"is {root}, which has no {folder.name}/{forcing}, needed by {paper.name}; "
            f"add it{remedy if there else ''}, or name the target of another paper",
        )


def _better_root(root, dataset):
    """Say which folder one level up or down holds the data, or what to look for."""
    names = _FOLDERS[dataset]
    if all(Path(root, name).is_dir() for name in names):
        return ""
    try:
        below = sorted(path for path in Path(root).iterdir() if path.is_dir())
        for folder in (Path(root).resolve().parent, *below):
            if all((folder / name).is_dir() for name in names):
                return f"set it to {folder}, which has all of them"
    except OSError:  # a folder that may not be listed gives no hint
        pass
    return f"set it to the folder that holds {', '.join(names)}"


def _basins(config, paper, data):
    key, basins = (paper.name, *paper.key_of(data.name, "basins")), data.basins
    root = given_root(config, data.dataset)
    if isinstance(basins, list) or basins in ("all", "regions"):
        return
    if basins != PUBLISHED_LIST:
        generated = data.dataset == "virtual" and basins == _VIRTUAL_LIST
        if not generated and not Path(basins).is_file():
            one = (
                f'["{basins}"]' if re.fullmatch(r"\w*\d\w*", basins) else '["01022500"]'
            )
            yield (
                key,
                f"names no file: {basins} (seen from {Path.cwd()}); correct the path, "
                f"or write a list of ids ({one}), all or {PUBLISHED_LIST}",
            )
    elif data.dataset == "virtual":
        message = f"is {PUBLISHED_LIST}, a list of CAMELS US; set it to all"
        yield key, f"{message} when dataset is virtual"
    elif root and not _list_in(root).is_file():
        yield (
            key,
            f"is {PUBLISHED_LIST}, but there is no {_list_in(root)}; put the list "
            "there, or set basins to a file, a list of ids or all",
        )


def missing_of_benchmarks(config, paper):
    """Yield benchmark files that are named but not there."""
    if paper.replay:
        return
    authors = [
        name
        for name in paper.imported
        if paper.benchmark(name)["statistics"] == AUTHORS
    ]
    yield from _authors(config, paper.name, authors, "benchmarks")
    yield from _benchmark_files(paper)
    given, forcing = config["model_output_root"], paper.sac_sma_forcing
    root = given_root(config, paper.own.dataset)
    if given is not None and forcing and not Path(given, forcing).is_dir():
        key = ("model_output_root",)
        yield key, f"is {given}, which has no folder {forcing}; correct it, or null"
    below = Path(root or "", "model_output", forcing or "")
    if given is None and root and forcing and not below.is_dir():
        yield (
            ("data_root",),
            f"is {root}, which has no model_output/{forcing}; add it, name its folder "
            f"in model_output_root, or set {paper.name}.benchmarks.sac_sma.forcing to "
            "null",
        )
    runs = "nwm" in paper.benchmarks and "nwm" not in paper.imported
    folder = paper.benchmark("nwm")["folder"] if runs else None
    for name in NWM_FILES if folder is not None else ():
        if not Path(folder, name).is_file():
            yield (
                (paper.name, "benchmarks", "nwm", "folder"),
                f"is {folder}, which has no {name}; set it to the folder that has "
                f"{' and '.join(NWM_FILES)}, or to null",
            )


def _benchmark_files(paper):
    """Yield a folder of benchmark files without any, or an archive that is none."""
    given = paper.values.get("benchmark_files")
    if given in (None, PUBLISHED_FILES):
        return
    path = Path(given)
    archive = path.is_file() and path.name.endswith(".tar.xz")
    if not archive and not any(path.glob("*.nc")):
        yield (
            (paper.name, "benchmark_files"),
            f"is {given}, which is no folder with *.nc and no .tar.xz; name the folder "
            f"of the benchmarks' netCDF files, or set it to {PUBLISHED_FILES} or null",
        )


def _list_in(root):
    return Path(root, f"{PUBLISHED_LIST}.txt")


def _published_root(config):
    key, root = ("published_root",), config.get("published_root")
    if root is None:
        return
    if not root or not Path(root).is_dir():
        yield key, f"names no folder: {root}; write its full path, or null"
    asked = config["papers"]
    # Of questions nothing is published; one compares with a paper's benchmarks.
    papers = [name for name in asked if "question" not in config[name]]
    papers += [THIRD_PARTY_PAPER] if {*asked} & {*COMPARED_WITH_THIRD_PARTY} else []
    if papers and not any(any(Path(root, paper).glob("*.csv")) for paper in papers):
        yield (
            key,
            f"is {root}, which has no {papers[0]}/*.csv; set it to the folder above "
            "the papers' folders, or to null",
        )


def _authors(config, paper, models, key):
    """Yield statistics of the authors that a key needs and published_root lacks."""
    root = config.get("published_root")
    for name in (AUTHORS_FILES[model] for model in models) if root else ():
        if not Path(root, paper, name).is_file():
            yield (
                ("published_root",),
                f"is {root}, which has no {paper}/{name}, needed by {key}; add it, or "
                "set the key to null to download all",
            )
