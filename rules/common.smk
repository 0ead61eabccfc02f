"""Validation of the configuration, and the helpers that the other rules share."""

import datetime
import functools
import re
from pathlib import Path

from rerunoff.protocol.benchmarks import (
    AUTHORS,
    AUTHORS_FILES,
    BENCHMARKS,
    COMPARED_WITH_THIRD_PARTY,
    FAMILIES,
    NWM_FILES,
    THIRD_PARTY,
    THIRD_PARTY_FILE,
    THIRD_PARTY_MODELS,
    THIRD_PARTY_PAPER,
)
from rerunoff.protocol.camels_tables import CAMELS_TABLES
from rerunoff.protocol.derived import (
    HBV,
    HBV_FEW,
    HBV_REGIONAL,
    SHYFT,
    in_fold,
    models_of,
)
from rerunoff.protocol.deviations import (
    WITH_AUTHORS_WEIGHTS,
    deviations,
    notes,
    told,
    with_values,
)
from rerunoff.protocol.experiments import ALL, BASIN, FOLD, REGIONS
from rerunoff.protocol.validate import refuse_targets, validate, validate_data
from rerunoff.contents import content_of
from rerunoff.data.basin_lists import read_basin_list
from rerunoff.data.sizes import evaluation_mb, simulation_mb, training_mb
from rerunoff.fingerprint import fingerprint
from rerunoff.jobs import (
    PUBLISHED_FILES,
    benchmark_files,
    data_folder,
    given_root,
    model_output_folder,
)
from rerunoff.protocol.needs import MANY_BASINS, MOST, training_minutes
from rerunoff.protocol.products import FORCINGS
from rerunoff.protocol.resolve import added, look_of, run_settings, selection_settings
from rerunoff.protocol.stores import data_of, owner_of, stores_of
from rerunoff.protocol.units import named_basins, region_of, units_of, units_within

DATASETS_FILE = config["datasets_file"] or f"{workflow.basedir}/config/datasets.yaml"
SCRIPTS = f"{workflow.basedir}/workflow_scripts"
PUBLISHED = f"{workflow.basedir}/config/published"

# Forcing products with runs of the benchmark model SAC-SMA + Snow-17.
BENCHMARK_FORCINGS = ["daymet", "maurer", "nldas"]

# A training on a GPU claims one slot of it; the default profile grants one.
GPU = 0 if config["device"] == "cpu" else 1

CONFIG_FILES = [*workflow.configfiles, *workflow.config_settings.configfiles]
# Questions of our own are declared and run like papers.
DECLARED = [*PAPERS, *QUESTIONS]
or_give_up(refuse_targets, workflow.config_settings.configfiles, DECLARED)
# The papers and their experiments; no rule reads a protocol from `config`.
RESOLVED = or_give_up(validate, config, DECLARED, workflow.basedir, CONFIG_FILES)
# The data of each store, by the wildcards dataset, forcing and owner.
STORES = {
    names: data
    for paper in RESOLVED.values()
    for names, data in stores_of(paper).items()
}
DATASETS = {data.dataset for data in STORES.values()}


@functools.cache
def tell_absent(paper):
    """Warn once of benchmarks whose metrics by others are not at hand."""
    absent = [n for n in RESOLVED[paper].absent if n not in RESOLVED[paper].benchmarks]
    if absent and workflow.is_main_process:
        logger.warning(
            f"{paper}: the benchmarks {', '.join(absent)} are left out, because "
            f"published_root is no folder with {THIRD_PARTY_PAPER}/{THIRD_PARTY_FILE}."
        )


for paper in RESOLVED.values():
    idle = [name for name in added(paper, workflow.basedir) if name not in paper.active]
    if idle and workflow.is_main_process:
        logger.warning(
            f"{paper.name}: {', '.join(idle)} will not be run, because "
            f"{paper.name}.only does not name it."
        )
    if paper.name in PAPERS:
        tell_absent(paper.name)


wildcard_constraints:
    paper="|".join(DECLARED),
    owner=rf"(?:{'|'.join(DECLARED)})(?:_[0-9a-f]{{8}})?",
    dataset="[a-z_]+",
    forcing="(?!model_output)[a-z0-9_]+",
    experiment="[a-z][a-z0-9_]*",
    unit=r"all|(huc|region)[a-z0-9]+|basin\w+|fold\d\d",
    seed=r"\d+",


@functools.cache
def fingerprint_of(script, *modules):
    """Fingerprint a script's logic, that of its imports and of modules found by name."""
    return or_give_up(fingerprint, script, SCRIPTS, modules)


def code_of(script, *modules):
    """Return `fingerprint_of` as a parameter of a rule: that of the jobs at hand alone.

    Each job reads all rules, and the code of all scripts takes it half a second.
    """
    return lambda wildcards: fingerprint_of(script, *modules)


def reader_of(dataset):
    """Return the module that reads a dataset, which scripts find by its name."""
    return f"data.readers.{dataset}"


def network_of(paper, experiment):
    """Return the module of an experiment's network, which jobs find by name."""
    return f"models.{RESOLVED[paper].experiments[experiment].model['kind']}"


def learned_with(paper, experiment):
    """Return the modules of an experiment's network and loss."""
    loss = RESOLVED[paper].experiments[experiment].training["loss"]
    return network_of(paper, experiment), f"training.losses.{loss}"


def training_code(wildcards, script):
    """Fingerprint a script that trains, with the network and the loss that it uses."""
    modules = learned_with(wildcards.paper, wildcards.experiment)
    return fingerprint_of(script, *modules)


@functools.cache
def _resolved_run(paper, settings, *names):
    return or_give_up(settings, RESOLVED[paper], *names)


def run_of(wildcards, settings=run_settings):
    """Return the `RunSettings` of one run."""
    names = (wildcards.experiment, wildcards.unit, wildcards.seed)
    return _resolved_run(wildcards.paper, settings, *names)


def settings_of(wildcards):
    """Return the settings of one run as plain values."""
    return run_of(wildcards).to_dict()


def selection_settings_of(wildcards):
    """Return the settings of a run that scores epochs."""
    return run_of(wildcards, selection_settings).to_dict()


def alone(wildcards):
    """Whether a network learns a single basin: then hundreds train for a minute each."""
    return wildcards.unit.startswith(BASIN)


def threads_of(wildcards):
    """Return the threads of a training: one for a single basin, whose steps are small."""
    return 1 if alone(wildcards) else config["threads"]


def in_group(name):
    """Return what puts trainings of single basins into a group of one cluster job."""
    return lambda wildcards: name if alone(wildcards) else None


def more(amount):
    """Return a resource that grows with each attempt."""
    return lambda wildcards, attempt: amount * attempt


def memory_of(wildcards, input, attempt):
    """Return the memory of a training in MB."""
    return training_mb(run_of(wildcards), input.store) * attempt


def memory_of_scored(wildcards, input, attempt):
    """Return the memory of a training whose epochs are scored, in MB."""
    return training_mb(run_of(wildcards), input.store, scored=True) * attempt


def memory_of_evaluation(wildcards, input, attempt):
    """Return the memory of an evaluation in MB."""
    return evaluation_mb(input.store, len(input.simulations)) * attempt


def minutes_of(settings):
    """Return the time limit of a training with the settings of `run_of`, in minutes."""

    def minutes(wildcards, attempt):
        run = run_of(wildcards, settings)
        wanted = training_minutes(run, learned(run), threads_of(wildcards), GPU)
        return min(wanted * attempt, MOST)

    return minutes


def learned(run):
    """Return the number of basins that a network learns, at most."""
    own = Path(basins_of(run.paper, run.experiment))
    if run.basins:
        return len(run.basins)
    return len(read_basin_list(own)) if own.is_file() else MANY_BASINS


def experiments_with(link):
    """Return a pattern of the names of the experiments that have a link to another."""
    names = {
        name
        for paper in RESOLVED.values()
        for name, row in paper.experiments.items()
        if getattr(row, link)
    }
    return "|".join(sorted(names)) or "none"


FINE_TUNED = experiments_with("start_from")
CONTINUED = experiments_with("continues")


def start_of(wildcards):
    """Return the weights that a fine-tuned or continued network starts from."""
    row = experiment_of(wildcards.paper, wildcards.experiment)
    if row.continues:
        [start] = run_files(
            wildcards.paper, row.continues, f"seed{wildcards.seed}", "model.pt"
        )
        return start
    start = experiment_of(wildcards.paper, row.start_from)
    region = or_give_up(region_of, start, wildcards.unit.removeprefix(BASIN))
    folder = f"results/runs/{wildcards.paper}/{start.name}/{region}"
    return f"{folder}/seed{wildcards.seed}/model.pt"


def experiment_of(paper, name):
    """Return a resolved experiment; end with one sentence if it is not run."""
    return or_give_up(RESOLVED[paper].find, name)


def run_files(paper, experiment, member, name, units=None):
    """Return a file of each unit's run of one member; of all units, or those named."""
    row = experiment_of(paper, experiment)
    # Another reading of the same networks trains none of its own.
    folder = f"results/runs/{paper}/{row.weights_from or experiment}"
    units = or_give_up(units_of, row) if units is None else units
    return [f"{folder}/{unit}/{member}/{name}" for unit in units]


def members_of(paper, experiment):
    """Return the names of the members of an experiment or a benchmark."""
    benchmark = RESOLVED[paper].benchmark(experiment)
    if benchmark.get("calibrations") == "best":
        return ["best"]
    # Its donors follow from the folds, which follow from the seed.
    if experiment == HBV_REGIONAL:
        return [f"seed{seed}" for seed in RESOLVED[paper].own.seeds]
    if experiment in BENCHMARKS:
        return [experiment]
    return [f"seed{seed}" for seed in RESOLVED[paper].experiments[experiment].seeds]


def simulations_of(paper, experiment):
    """Return the simulations of all members of an experiment or a benchmark."""
    if experiment in RESOLVED[paper].benchmarks:
        members = members_of(paper, experiment)
        return [benchmark_run(paper, experiment, member) for member in members]
    # Networks of several units simulate one member together.
    whole = experiment_of(paper, experiment).units == ALL
    folder = f"results/runs/{paper}/{experiment}/{ALL if whole else 'joined'}"
    members = members_of(paper, experiment)
    return [f"{folder}/{member}/simulation.nc" for member in members]


def benchmark_run(paper, model, member=""):
    """Return the simulation of a benchmark; of donors, which differ, that of a member."""
    suffix = f"_{member}" if model.startswith(HBV_REGIONAL) else ""
    return f"results/analysis/{paper}/{model}{suffix}.nc"


def metrics_of(paper):
    """Return the metrics tables of a paper's experiments, by experiment."""
    return {
        experiment: f"results/metrics/{paper}/{experiment}.csv"
        for experiment in RESOLVED[paper].evaluated
    }


def looks_of(paper):
    """Return title, model and loss of what a paper evaluates, for figures."""
    resolved = RESOLVED[paper]
    return {name: look_of(resolved, name) for name in resolved.evaluated}


def hydrograph_experiments(paper):
    """Return the experiments of the hydrograph figure: those named, if any is run."""
    active = RESOLVED[paper].active
    wanted = RESOLVED[paper].figure("hydrographs").get("experiments", ())
    return [name for name in wanted if name in active] or active


def held_out_attributes(paper, experiment):
    """Return what standardises the attributes of held-out basins; None without any."""
    row = experiment_of(paper, experiment)
    return row.held_out_attributes if row.units == FOLD else None
