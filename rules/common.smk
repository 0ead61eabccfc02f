"""Validation of the configuration, and the helpers that the other rules share."""

import datetime
import functools
from pathlib import Path

from rerunoff.protocol.benchmarks import AUTHORS_FILES, BENCHMARKS, NWM_FILES
from rerunoff.protocol.camels_tables import CAMELS_TABLES
from rerunoff.protocol.validate import refuse_targets, validate, validate_data
from rerunoff.contents import content_of
from rerunoff.data.basin_lists import read_basin_list
from rerunoff.fingerprint import fingerprint
from rerunoff.jobs import data_folder, model_output_folder
from rerunoff.protocol.products import FORCINGS
from rerunoff.protocol.resolve import (
    active_experiments,
    deviations,
    laid_over,
    look_of,
    period_of,
    run_settings,
    selection_settings,
    settle,
)
from rerunoff.protocol.units import ALL, BASIN, region_of, unit_kind, units_of

DATASETS_FILE = config["datasets_file"] or f"{workflow.basedir}/config/datasets.yaml"
SCRIPTS = f"{workflow.basedir}/workflow_scripts"
PUBLISHED = f"{workflow.basedir}/config/published"

# Scripts find the reader of the dataset by its name.
READER = f"data.readers.{config['dataset']}"

# Forcing products with runs of the benchmark model SAC-SMA + Snow-17.
BENCHMARK_FORCINGS = ["daymet", "maurer", "nldas"]

# A training on a GPU claims one slot of it; the default profile grants one.
GPU = 0 if config["device"] == "cpu" else 1


wildcard_constraints:
    paper="|".join(PAPERS),
    dataset="[a-z_]+",
    forcing="(?!model_output)[a-z0-9_]+",
    experiment="[a-z][a-z0-9_]*",
    unit=r"all|(huc|region)[a-z0-9]+|basin\w+|fold\d\d",
    seed=r"\d+",


CONFIG_FILES = [*workflow.configfiles, *workflow.config_settings.configfiles]
said(refuse_targets, workflow.config_settings.configfiles, PAPERS)
said(validate, config, PAPERS, workflow.basedir, CONFIG_FILES)
for paper in PAPERS:
    said(settle, config, paper, workflow.basedir)


@functools.cache
def fingerprint_of(script, *modules):
    """Fingerprint a script's logic, that of its imports and of modules found by name."""
    return fingerprint(script, SCRIPTS, modules)


def network_of(paper, experiment):
    """Return the module of an experiment's network, which jobs find by name."""
    return f"models.{laid_over(config[paper], experiment, 'model')['kind']}"


def learned_with(paper, experiment):
    """Return the modules of an experiment's network and loss."""
    loss = laid_over(config[paper], experiment, "training")["loss"]
    return network_of(paper, experiment), f"training.losses.{loss}"


def training_code(wildcards, script):
    """Fingerprint a script that trains, with the network and the loss that it uses."""
    modules = learned_with(wildcards.paper, wildcards.experiment)
    return fingerprint_of(script, *modules)


def settings_of(wildcards):
    """Return the settings of one run as plain values."""
    names = (wildcards.paper, wildcards.experiment, wildcards.unit, wildcards.seed)
    return said(run_settings, config, *names).to_dict()


def selection_settings_of(wildcards):
    """Return the settings of a run that scores epochs."""
    names = (wildcards.paper, wildcards.experiment, wildcards.unit, wildcards.seed)
    return said(selection_settings, config, *names).to_dict()


def threads_of(wildcards):
    """Return the threads of a training: one for a single basin, whose steps are small."""
    return 1 if wildcards.unit.startswith(BASIN) else config["threads"]


def memory_of(wildcards):
    """Return the memory of a training in MB: that measured, and half as much again.

    A step takes 80 bytes for each unit, day and window of a batch, beside 1 GB for torch
    and the series (benchmarks/README.md, "Memory").
    """
    names = (wildcards.paper, wildcards.experiment, wildcards.unit, wildcards.seed)
    run = said(run_settings, config, *names)
    units = run.model.layers * run.model.hidden_size
    step = 80e-6 * units * run.model.sequence_length * run.training.batch_size
    return round(1.5 * (1000 + step))


def fine_tuned_experiments():
    """Return the names of the experiments that start from others' weights."""
    return sorted(
        name
        for paper in PAPERS
        for name, row in config[paper]["experiments"].items()
        if "start_from" in row
    )


FINE_TUNED = "|".join(fine_tuned_experiments()) or "none"


def start_of(wildcards):
    """Return the weights that a fine-tuned network starts from."""
    protocol = config[wildcards.paper]
    experiment = protocol["experiments"][wildcards.experiment]["start_from"]
    region = said(region_of, protocol, wildcards.unit.removeprefix(BASIN))
    folder = f"results/runs/{wildcards.paper}/{experiment}/{region}"
    return f"{folder}/seed{wildcards.seed}/model.pt"


def check_experiment(paper, experiment):
    """End with one sentence on an experiment that is not run."""
    known = active_experiments(config, paper)
    if experiment not in known:
        give_up(f"{paper} has no experiment {experiment}; it has {', '.join(known)}.")


def run_files(paper, experiment, member, name):
    """Return a file of each unit's run of one member."""
    check_experiment(paper, experiment)
    # Another reading of the same networks trains none of its own.
    row = config[paper]["experiments"][experiment]
    experiment = row.get("weights_from", experiment)
    units = said(units_of, config[paper], experiment)
    folder = f"results/runs/{paper}/{experiment}"
    return [f"{folder}/{unit}/{member}/{name}" for unit in units]


def members_of(paper, experiment=None):
    """Return the names of an experiment's members."""
    if experiment == "sac_sma" and config[paper]["sac_sma_calibrations"] == "best":
        return ["best"]
    if experiment in BENCHMARKS:
        return [experiment]
    return [f"seed{seed}" for seed in config[paper]["seeds"]]


def simulations_of(paper, experiment):
    """Return the simulations of all members of an experiment, or of the benchmark."""
    if experiment in BENCHMARKS and config[paper].get(experiment):
        return [f"results/analysis/{paper}/{experiment}.nc"]
    check_experiment(paper, experiment)
    # Networks of several units simulate one member together.
    whole = unit_kind(config[paper], experiment) == ALL
    folder = f"results/runs/{paper}/{experiment}/{ALL if whole else 'joined'}"
    return [f"{folder}/{member}/simulation.nc" for member in members_of(paper)]


def evaluated(paper):
    """Return the experiments with metrics: those that are run, and the benchmark."""
    benchmarks = [name for name in BENCHMARKS if config[paper].get(name)]
    return active_experiments(config, paper) + benchmarks


def metrics_of(paper):
    """Return the metrics tables of a paper's experiments, by experiment."""
    return {
        experiment: f"results/metrics/{paper}/{experiment}.csv"
        for experiment in evaluated(paper)
    }


def periods_of(paper, experiment):
    """Return the training and test period of an experiment or the benchmark."""
    if experiment in BENCHMARKS:
        return {name: config[paper]["periods"][name] for name in ("train", "test")}
    return {
        name: period_of(config[paper], experiment, name) for name in ("train", "test")
    }


def own_start(paper):
    """Whether the training period of a basin starts with its own first discharge."""
    return config[paper]["periods"].get("own_start", False)


def looks_of(paper):
    """Return title, model and loss of what a paper evaluates, for figures."""
    return {name: look_of(config, paper, name) for name in evaluated(paper)}


def titles_of(paper):
    """Return the titles of what a paper evaluates."""
    return {name: look["title"] for name, look in looks_of(paper).items()}


def hydrograph_experiments(paper):
    """Return the experiments of the hydrograph figure that are run."""
    active = active_experiments(config, paper)
    wanted = config[paper]["hydrographs"].get("experiments") or active
    drawn = [name for name in wanted if name in active]
    if not drawn:
        give_up(
            f"{paper}.hydrographs.experiments names {', '.join(wanted)}, none of which "
            f"is run; name some of {', '.join(active)}."
        )
    return drawn


def held_out_attributes(paper, experiment):
    """Return what standardises the attributes of held-out basins; None without any."""
    protocol = config[paper]
    if unit_kind(protocol, experiment) != "fold":
        return None
    default = protocol.get("held_out_attributes", "training")
    return protocol["experiments"][experiment].get("held_out_attributes", default)
