"""From configuration to settings: the one place that resolves them.

A paper's defaults, an experiment's overrides and the user's configuration become one
frozen `RunSettings` per training run.
"""

import dataclasses
from pathlib import Path

from rerunoff.errors import InputError
from rerunoff.files import read_yaml
from rerunoff.protocol.benchmarks import BENCHMARKS
from rerunoff.protocol.experiments import check_named_basins
from rerunoff.protocol.settings import ModelSettings, RunSettings, TrainingSettings
from rerunoff.protocol.units import (
    FOLD,
    basins_of_unit,
    fold_of,
    read_regions,
    unit_kind,
    units_of,
)

# Keys that choose what to show or run and change no number of a run.
_NOT_PROTOCOL = {
    "only",
    "hydrographs",
    "title",
    "doi",
    "run",
    "hydrograph_epochs",
    "cell_state",
    "rnn_vs_lstm",
    "sac_sma",
    "sac_sma_published",
    "nwm",
    "replay",
    "reading_of",
}
# What nothing but networks of folds depends on.
_OF_FOLDS = {"folds", "held_out_attributes"}


def run_settings(config, paper, experiment, unit, seed):
    """Resolve the settings of one run.

    Parameters
    ----------
    config : dict
        The validated configuration, papers included.
    paper, experiment, unit : str
    seed : int or str

    Raises
    ------
    InputError
        If the configuration knows no such experiment, unit or seed.
    """
    protocol = config[paper]
    _known(experiment, active_experiments(config, paper), paper, "experiment")
    _known(unit, units_of(protocol, experiment), paper, "unit")
    _known(int(seed), protocol["seeds"], paper, "seed")
    model = ModelSettings(**laid_over(protocol, experiment, "model"))
    training = laid_over(protocol, experiment, "training")
    training["learning_rate"] = tuple(training["learning_rate"])
    row, basins = protocol["experiments"][experiment], basins_of_unit(protocol, unit)
    return RunSettings(
        paper=paper,
        experiment=experiment,
        unit=unit,
        seed=int(seed),
        forcing=protocol["forcing"],
        inputs=tuple(protocol["inputs"]),
        attributes=tuple(protocol["attributes"]) if model.static else (),
        basins=None if basins is None else tuple(basins),
        fold=fold_of(protocol, unit, int(seed)),
        train_period=tuple(period_of(protocol, experiment, "train")),
        own_start=protocol["periods"].get("own_start", False),
        start_from=row.get("start_from"),
        scaling=_scaling(protocol, experiment),
        model=model,
        training=TrainingSettings(**training),
    )


def selection_settings(config, paper, experiment, unit, seed):
    """Resolve the settings of a run that scores epochs (kratzert2018, p. 6012).

    Parameters and errors are those of `run_settings`.
    """
    epochs = config[paper].get("epoch_selection", {}).get("epochs", {})
    _known(experiment, list(epochs), paper, "epoch_selection.epochs of")
    settings = run_settings(config, paper, experiment, unit, seed)
    training = dataclasses.replace(settings.training, epochs=epochs[experiment])
    return dataclasses.replace(settings, training=training)


def look_of(config, paper, experiment):
    """Return how an experiment is drawn: `title`, `model` and `loss`.

    `model` is the network, and what it is trained on where that is not all basins:
    `ealstm`, `lstm`, `lstm_no_static`, `lstm_basin`, `lstm_region`, `lstm_fine_tuned`,
    `rnn`; whatever the experiment's name.
    """
    if experiment in BENCHMARKS:
        return {"title": BENCHMARKS[experiment], "model": experiment, "loss": None}
    protocol = config[paper]
    model = laid_over(protocol, experiment, "model")
    loss = laid_over(protocol, experiment, "training")["loss"]
    row, kind = protocol["experiments"][experiment], model["kind"]
    units = unit_kind(protocol, experiment)
    # Other networks look the same whatever they are trained on.
    if kind == "lstm" and row.get("start_from"):
        kind += "_fine_tuned"
    elif kind == "lstm" and units == "fold":
        kind += "_ungauged"
    elif kind == "lstm" and units != "all":
        kind += f"_{units}"
    elif kind == "lstm" and not model["static"]:
        kind += "_no_static"
    return {"title": row["title"], "model": kind, "loss": loss}


def period_of(protocol, experiment, name):
    """Return a period of an experiment: its own, or the paper's."""
    own = protocol["experiments"][experiment].get("periods", {})
    return own.get(name) or protocol["periods"][name]


def laid_over(protocol, experiment, section):
    """Return a section of the paper with the experiment's own keys laid over it."""
    return protocol[section] | protocol["experiments"][experiment].get(section, {})


def _scaling(protocol, experiment):
    """Return the published constants in the order of the inputs, or whose to take."""
    row = protocol["experiments"][experiment]
    scaling = row.get("scaling", protocol["scaling"])
    if scaling != "published":
        return scaling
    published = protocol["published_scaling"]
    return {
        "input_mean": [published["input_mean"][name] for name in protocol["inputs"]],
        "input_std": [published["input_std"][name] for name in protocol["inputs"]],
        "output_mean": published["output_mean"],
        "output_std": published["output_std"],
    }


def active_experiments(config, paper):
    """Return the names of the experiments to run, in the paper's order."""
    protocol = config[paper]
    only = protocol.get("only")
    return [name for name in protocol["experiments"] if only is None or name in only]


def settle(config, paper, root):
    """Read the regions, and put the experiments into the order of the paper's file.

    An override laid over the configuration moves the keys it names to the front, and
    the order of tables and legends must not depend on that.

    Parameters
    ----------
    config : dict
        Changed in place.
    paper : str
    root : str or Path
        The folder of the Snakefile.
    """
    rows = config[paper]["experiments"]
    original = _original(paper, root)["experiments"]
    names = [name for name in original if name in rows]
    names += [name for name in rows if name not in original]
    config[paper]["experiments"] = {name: rows[name] for name in names}
    config[paper]["regions"] = read_regions(config[paper].get("regions"), root)
    for path, message in check_named_basins(config[paper]):
        raise InputError(f"{paper}.{'.'.join(path)} {message}.")


def deviations(config, paper, root):
    """List the protocol keys that differ from the paper's own file.

    Parameters
    ----------
    config : dict
        The configuration in use.
    paper : str
    root : str or Path
        The folder of the Snakefile.

    Returns
    -------
    list of str
        Dotted keys below the paper, e.g. ``training.epochs``.
    """
    original = _original(paper, root)
    ours, theirs = _flatten(config[paper]), _flatten(original)
    changed = {key for key in ours.keys() | theirs if ours.get(key) != theirs.get(key)}
    changed = {"regions" if key.startswith("regions.") else key for key in changed}
    changed -= _without_effect(config, paper)
    kept = {key for key in changed if not _NOT_PROTOCOL & set(key.split("."))}
    kept |= _changed_starts(config[paper]["experiments"], kept)
    kept |= _changed_folds(config[paper], kept) | _changed_benchmark(config[paper])
    return sorted(kept - _OF_FOLDS)


def _without_effect(config, paper):
    """Return the keys that every experiment in use has of its own."""
    rows = config[paper]["experiments"]
    active = [rows[name] for name in active_experiments(config, paper)]
    return {"basins", "regions"} if all(row.get("basins") for row in active) else set()


def _changed_starts(rows, changed):
    """Return one key per experiment whose start, or whose networks, have changed."""
    # How a network simulates is no part of it.
    trained = {key for key in changed if not key.endswith(".held_out_attributes")}
    return {
        f"experiments.{name}.{link} ({key})"
        for name, row in rows.items()
        for link in ("start_from", "weights_from")
        for key in trained
        if link in row and key.startswith(f"experiments.{row[link]}.")
    }


def _changed_folds(protocol, changed):
    """Return what has changed for the experiments with folds, one key for each."""
    rows = protocol["experiments"]
    folds = [name for name in rows if unit_kind(protocol, name) == FOLD]
    return {
        f"experiments.{name}.{key}"
        for key in _OF_FOLDS & changed
        for name in folds
        if key not in rows[name]
    }


def _changed_benchmark(protocol):
    """Return the key of SAC-SMA runs on another forcing than the published ones."""
    given, published = protocol.get("sac_sma"), protocol.get("sac_sma_published")
    return {"experiments.sac_sma.forcing"} if given not in (None, published) else set()


def _original(paper, root):
    """Return the paper's own protocol, without overrides."""
    # A copy, for what was read is kept.
    protocol = dict(read_yaml(Path(root, "config", "papers", f"{paper}.yaml"))[paper])
    protocol["regions"] = read_regions(protocol.get("regions"), root)
    return protocol


def _known(value, known, paper, what):
    if value not in known:
        choice = ", ".join(str(name) for name in known)
        raise InputError(f"{paper} has no {what} {value}; it has {choice}.")


def _flatten(values, prefix=""):
    """Turn nested dicts into one dict of dotted keys."""
    flat = {}
    for key, value in values.items():
        if isinstance(value, dict):
            flat |= _flatten(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = value
    return flat
