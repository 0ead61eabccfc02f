"""Faults of a well-formed configuration: no sense, or nothing on disk.

Each check yields the key path and the fault; `configuration.validate` makes a sentence
of the first. A check may rely on those before it.
"""

import dataclasses
import datetime
import re
from pathlib import Path

from rerunoff.benchmarks import AUTHORS_FILES, NWM_FILES
from rerunoff.camels_tables import CAMELS_TABLES
from rerunoff.configuration_experiments import (
    check_insight,
    check_layers,
    check_start,
    check_units,
    check_weights,
    is_run,
)
from rerunoff.products import FORCINGS
from rerunoff.settings import ModelSettings, TrainingSettings

_PERIODS = ("train", "test")
# Figures with a time axis of their own.
_DRAWN = ("hydrographs", "hydrograph_epochs", "rnn_vs_lstm", "cell_state")
PUBLISHED_LIST = "basin_list_531"
# The list that the workflow itself writes beside the virtual catchments.
_VIRTUAL_LIST = "resources/virtual/basin_list.txt"
_FOLDERS = {
    "camels_us": ("basin_mean_forcing", "usgs_streamflow", "camels_attributes_v2.0"),
    "caravan": ("timeseries", "attributes"),
}
_TABLES = tuple(f"camels_attributes_v2.0/{name}" for name in CAMELS_TABLES)


def senseless(config, paper):
    """Yield faults of one paper's values, without a look at the disk.

    Parameters
    ----------
    config : dict
        The merged configuration, valid against the schemas.
    paper : str

    Yields
    ------
    path : tuple of str
    message : str
        Continues the key to a sentence, without the full stop.
    """
    protocol = config[paper]
    for check in (
        _periods,
        _names,
        _scaling,
        _training,
        _hydrograph_basins,
        check_units,
        check_start,
        check_weights,
        check_layers,
        check_insight,
    ):
        for path, message in check(protocol):
            yield (paper, *path), message
    known = FORCINGS[config["dataset"]]
    if paper in config["papers"] and protocol["forcing"] not in known:
        fault = f"is {protocol['forcing']}, but dataset {config['dataset']} has "
        remedy = "; set it to one of them, or leave the paper out of the key papers"
        yield (paper, "forcing"), fault + ", ".join(known) + remedy


def _periods(protocol):
    periods = {("periods", name): protocol["periods"][name] for name in _PERIODS}
    drawn = [(key, "period") for key in _DRAWN if key in protocol]
    periods |= {path: protocol[path[0]]["period"] for path in drawn}
    for name, row in protocol["experiments"].items():
        for period, days in row.get("periods", {}).items():
            periods["experiments", name, "periods", period] = days
    for path, days in periods.items():
        try:
            first, last = (datetime.date.fromisoformat(day) for day in days)
        except ValueError as error:
            yield path, f"is no date: {error}"
            return
        if first > last:
            yield path, f"ends ({last}) before it starts ({first}); swap them"
    first, last = periods["periods", "test"]
    for path in drawn:
        start, end = periods[path]
        if start < first or end > last:  # ISO dates sort as text
            yield (
                path,
                f"is {start} to {end}, which is not within periods.test ({first} to "
                f"{last}); set it to days of the test period",
            )


def _names(protocol):
    rows = protocol["experiments"]
    drawn = protocol.get("hydrographs", {}).get("experiments")
    chosen = {("only",): protocol.get("only"), ("hydrographs", "experiments"): drawn}
    for path, names in chosen.items():
        for name in names or []:
            if name not in rows:
                yield path, f"names {name}, but the paper has {', '.join(rows)}"


def _hydrograph_basins(protocol):
    basins = protocol["basins"]
    drawn = protocol.get("hydrographs", {}).get("basins") or []
    outside = [basin for basin in drawn if basin not in basins]
    if isinstance(basins, list) and outside:
        yield (
            ("hydrographs", "basins"),
            f"names {outside[0]}, which is not in the list basins; set it to basins of "
            "that list, or to null for its first four",
        )


def _scaling(protocol):
    rows = protocol["experiments"]
    active = [row for name, row in rows.items() if is_run(protocol, name)]
    used = {row.get("scaling", protocol["scaling"]) for row in active}
    if "published" not in used:
        return
    for key in ("input_mean", "input_std"):
        constants = protocol.get("published_scaling", {}).get(key, {})
        missing = [name for name in protocol["inputs"] if name not in constants]
        if missing:
            yield (
                ("published_scaling", key),
                f"has no {missing[0]}, which is one of the inputs; add its number, or "
                "set scaling: training",
            )


def _training(protocol):
    """Yield faults of each experiment, laid over the paper's model and training."""
    for name, row in protocol["experiments"].items():
        training = {**protocol["training"], **row.get("training", {})}
        model = {**protocol["model"], **row.get("model", {})}
        for owner, section, values in (
            (TrainingSettings, "training", training),
            (ModelSettings, "model", model),
        ):
            keys = [field.name for field in dataclasses.fields(owner)]
            missing = [key for key in keys if key not in values]
            if missing:
                yield (section,), f"lacks {missing[0]}, needed by {name}"
                return
        if min(step["from_epoch"] for step in training["learning_rate"]) > 1:
            path = _where(row, name, "training", "learning_rate")
            yield path, "needs a rate from_epoch: 1"
        if model["static"] and not protocol["attributes"]:
            yield ("attributes",), f"is empty, but {name} has model.static: true"
        if model["kind"] == "ealstm" and not model["static"]:
            yield (
                _where(row, name, "model", "static"),
                "must be true for an EA-LSTM, whose input gate sees the attributes",
            )


def _where(row, name, section, key):
    """Return the path of a key: in the experiment if that sets it, else the paper's."""
    if key in row.get(section, {}):
        return ("experiments", name, section, key)
    return (section, key)


def absent(config):
    """Yield faults of the folders and files that the configuration names.

    Parameters and yields are those of `senseless`, for all papers in use.
    """
    yield from _data_root(config)
    for paper in config["papers"]:
        # A replay of published statistics needs neither series nor a basin list.
        if not config[paper].get("replay"):
            yield from _basins(config, paper)
            yield from _benchmarks(config, paper)
    yield from _published_root(config)


def _data_root(config):
    key, root, dataset = ("data_root",), config["data_root"], config["dataset"]
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
    wanted = dict.fromkeys(_FOLDERS[dataset], "")
    if dataset == "camels_us":
        for paper in config["papers"]:
            if config[paper].get("replay"):
                continue
            forcing = config[paper]["forcing"]
            wanted[f"basin_mean_forcing/{forcing}"] = _products(root, paper)
            benchmark = config[paper].get("sac_sma")
            if benchmark and not config.get("model_output_root"):
                wanted[f"model_output/{benchmark}"] = (
                    f"add it, name its folder in model_output_root, or set {paper}."
                    "sac_sma: null"
                )
        wanted |= dict.fromkeys(_TABLES, "")
    for name, choice in wanted.items():
        path = Path(root, name)
        if not (path.is_file() if name in _TABLES else path.is_dir()):
            remedy = _better_root(root, dataset) or choice or "add it"
            yield key, f"is {root}, which has no {name}; {remedy}"


def _products(root, paper):
    """Say how to do without a forcing product."""
    found = Path(root, "basin_mean_forcing").glob("*/")
    there = sorted({path.name for path in found} & set(FORCINGS["camels_us"]))
    if not there:
        return ""
    return f"add it, or set {paper}.forcing to what is there ({', '.join(there)})"


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


def _basins(config, paper):
    key, basins = (paper, "basins"), config[paper]["basins"]
    if isinstance(basins, list) or basins in ("all", "regions"):
        return
    if basins != PUBLISHED_LIST:
        generated = config["dataset"] == "virtual" and basins == _VIRTUAL_LIST
        if not generated and not Path(basins).is_file():
            one = (
                f'["{basins}"]' if re.fullmatch(r"\w*\d\w*", basins) else '["01022500"]'
            )
            yield (
                key,
                f"names no file: {basins} (seen from {Path.cwd()}); correct the path, "
                f"or write a list of ids ({one}), all or {PUBLISHED_LIST}",
            )
    elif config["dataset"] == "virtual":
        message = f"is {PUBLISHED_LIST}, a list of CAMELS US; set it to all"
        yield key, f"{message} when dataset is virtual"
    elif config["data_root"] and not _list_in(config["data_root"]).is_file():
        yield (
            key,
            f"is {PUBLISHED_LIST}, but there is no {_list_in(config['data_root'])}; "
            "put the list there, or set basins to a file, a list of ids or all",
        )


def _benchmarks(config, paper):
    """Yield benchmark files that are named but not there."""
    root, forcing = config.get("model_output_root"), config[paper].get("sac_sma")
    if root is not None and forcing and not Path(root, forcing).is_dir():
        key = ("model_output_root",)
        yield key, f"is {root}, which has no folder {forcing}; correct it, or null"
    folder = config[paper].get("nwm")
    for name in NWM_FILES if folder is not None else ():
        if not Path(folder, name).is_file():
            yield (
                (paper, "nwm"),
                f"is {folder}, which has no {name}; set it to the folder that has "
                f"{' and '.join(NWM_FILES)}, or to null",
            )


def _list_in(root):
    return Path(root, f"{PUBLISHED_LIST}.txt")


def _published_root(config):
    key, root = ("published_root",), config.get("published_root")
    if root is None:
        return
    if not root or not Path(root).is_dir():
        yield key, f"names no folder: {root}; write its full path, or null"
    papers = config["papers"]
    if not any(any(Path(root, paper).glob("*.csv")) for paper in papers):
        yield (
            key,
            f"is {root}, which has no {papers[0]}/*.csv; set it to the folder above "
            "the papers' folders, or to null",
        )
    for paper in papers:
        for name in AUTHORS_FILES.values() if config[paper].get("replay") else ():
            if not Path(root, paper, name).is_file():
                yield (
                    key,
                    f"is {root}, which has no {paper}/{name}, needed by replay; "
                    "add it, or set the key to null to download all",
                )
