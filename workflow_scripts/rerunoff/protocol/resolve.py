"""From configuration to experiments and the settings of runs: the one overlay.

A paper's defaults and an experiment's own keys become one `Experiment`; checks,
settings, deviations and figures are read off it.
"""

import dataclasses
import functools
from pathlib import Path

from rerunoff.protocol.benchmarks import (
    BENCHMARKS,
    FAMILIES,
    STATISTICS_DATASET,
    THIRD_PARTY,
    THIRD_PARTY_FILE,
    THIRD_PARTY_PAPER,
)
from rerunoff.protocol.derived import HBV, PHYSICAL_MODELS, in_fold
from rerunoff.protocol.experiments import (
    ALL,
    FOLD,
    LINKS,
    PROTOCOL,
    Experiment,
    Paper,
    known,
)
from rerunoff.protocol.settings import ModelSettings, RunSettings, TrainingSettings
from rerunoff.protocol.units import basins_of_unit, fold_of, read_regions, units_of
from rerunoff.yaml_files import read_yaml


def resolve(config, name, root):
    """Resolve the experiments of a paper.

    Parameters
    ----------
    config : dict
        The merged configuration, valid against the schemas.
    name : str
        The paper.
    root : str or Path
        The folder of the Snakefile.

    Returns
    -------
    Paper

    Raises
    ------
    InputError
        If a file of regions cannot be used.
    """
    values = config[name]
    rows = values["experiments"]
    # An override moves the keys it names to the front; tables and legends must not
    # depend on that.
    own_order = original(name, root)["experiments"]
    names = [n for n in own_order if n in rows] + [
        n for n in rows if n not in own_order
    ]
    base = {"dataset": _dataset(config, name)} | _part(values)
    regions_of = functools.cache(lambda value: read_regions(value, root))

    def experiment(label, row):
        # Another reading of the same networks is that of all they were made with.
        networks = rows.get(row.get("weights_from"), {})
        keys = overlay(overlay(base, _part(networks)), _part(row))
        keys["regions"] = regions_of(keys.get("regions"))
        links = {link: row.get(link) for link in LINKS}
        title = row.get("title", label or values["title"])
        return Experiment(paper=name, name=label, title=title, **keys, **links)

    resolved = {label: experiment(label, rows[label]) for label in names}
    return Paper(name, values, experiment("", {}), resolved, _absent(config, name))


def _absent(config, name):
    """Return the benchmarks whose metrics by others are asked for, but not at hand."""
    root = config.get("published_root")
    there = root and Path(root, THIRD_PARTY_PAPER, THIRD_PARTY_FILE).is_file()
    # A question compares with them where it can, a paper is told to.
    ours = name != THIRD_PARTY_PAPER and _dataset(config, name) != STATISTICS_DATASET
    if there and not ours:
        return ()
    asked = config[name].get("benchmarks", {})
    return tuple(
        benchmark
        for benchmark in BENCHMARKS
        if asked.get(benchmark, {}).get("statistics") == THIRD_PARTY
    )


def _dataset(config, name):
    return config[name].get("dataset", config["dataset"])


def original(name, root):
    """Return a paper's own file, without what the user laid over it."""
    return read_yaml(Path(root, "config", "papers", f"{name}.yaml"))[name]


def added(paper, root):
    """Return the names of the experiments that the paper's own file does not have."""
    own = original(paper.name, root)["experiments"]
    return [name for name in paper.experiments if name not in own]


def overlay(base, over):
    """Lay a mapping over another key by key, at any depth; lists are replaced whole."""
    both = dict(base)
    for key, value in over.items():
        inner = both.get(key)
        nested = isinstance(inner, dict) and isinstance(value, dict)
        both[key] = overlay(inner, value) if nested else value
    return both


def _part(values):
    return {key: values[key] for key in PROTOCOL if key in values}


def run_settings(paper, experiment, unit, seed):
    """Return the settings of one run.

    Parameters
    ----------
    paper : Paper
    experiment, unit : str
    seed : int or str

    Raises
    ------
    InputError
        If the configuration knows no such experiment, unit or seed.
    """
    known(experiment, paper.active, paper.name, "experiment")
    row = paper.experiments[experiment]
    known(unit, units_of(row), paper.name, "unit")
    known(int(seed), row.seeds, paper.name, "seed")
    model = ModelSettings(**row.model)
    rates = tuple(row.training["learning_rate"])
    basins = basins_of_unit(row, unit)
    return RunSettings(
        paper=paper.name,
        experiment=experiment,
        unit=unit,
        seed=int(seed),
        forcing=row.forcing,
        inputs=tuple(in_fold(name, unit) for name in row.inputs),
        attributes=tuple(row.attributes) if model.static else (),
        basins=None if basins is None else tuple(basins),
        fold=fold_of(row, unit, int(seed)),
        train_period=tuple(row.period("train")),
        own_start=row.own_start,
        start_from=row.start_from or row.continues,
        scaling=_constants(row),
        model=model,
        training=TrainingSettings(**row.training | {"learning_rate": rates}),
        target=row.target,
    )


def selection_settings(paper, experiment, unit, seed):
    """Return the settings of a run that scores epochs (kratzert2018, p. 6012).

    Parameters and errors are those of `run_settings`.
    """
    epochs = paper.values.get("epoch_selection", {}).get("epochs", {})
    known(experiment, list(epochs), paper.name, "epoch_selection.epochs of")
    settings = run_settings(paper, experiment, unit, seed)
    training = dataclasses.replace(settings.training, epochs=epochs[experiment])
    return dataclasses.replace(settings, training=training)


def look_of(paper, name):
    """Return how an experiment or a benchmark is drawn: `title`, `model` and `loss`.

    `model` is the network, and what it is trained on where that is not all basins:
    `ealstm`, `lstm`, `lstm_no_static`, `lstm_basin`, `lstm_region`, `lstm_fine_tuned`,
    `rnn`; whatever the experiment's name.
    """
    if name in BENCHMARKS:
        # Ours stands beside what others calibrated of the same model.
        ours = name in PHYSICAL_MODELS and name.startswith(HBV)
        model = f"{HBV}_here" if ours else FAMILIES.get(name, name)
        return {"title": BENCHMARKS[name], "model": model, "loss": None}
    row = paper.experiments[name]
    kind = row.model["kind"]
    # Other networks look the same whatever they are trained on.
    if kind == "lstm" and row.start_from:
        kind += "_fine_tuned"
    elif kind == "lstm" and row.units == FOLD:
        kind += "_ungauged"
    elif kind == "lstm" and row.units != ALL:
        kind += f"_{row.units}"
    elif kind == "lstm" and not row.model["static"]:
        kind += "_no_static"
    return {"title": row.title, "model": kind, "loss": row.training["loss"]}


def _constants(row):
    """Return the published constants in the order of the inputs, or whose to take."""
    if row.scaling != "published":
        return row.scaling
    published = row.published_scaling
    return {
        "input_mean": [published["input_mean"][name] for name in row.inputs],
        "input_std": [published["input_std"][name] for name in row.inputs],
        "output_mean": published["output_mean"],
        "output_std": published["output_std"],
    }
