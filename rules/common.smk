"""Validation of the configuration, and the helpers that the other rules share."""

import functools
import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError

# The package lies beside the scripts; scripts find it by themselves, this file does not.
sys.path.insert(0, f"{workflow.basedir}/workflow_scripts")

from rerunoff import __version__ as VERSION
from rerunoff.configuration import validate
from rerunoff.errors import InputError
from rerunoff.files import listing
from rerunoff.fingerprint import fingerprint
from rerunoff.layouts import CAMELS_TABLES, FORCINGS
from rerunoff.resolution import (
    active_experiments,
    deviations,
    look_of,
    restore_order,
    run_settings,
)

PAPERS = ["kratzert2019a"]
DATASETS_FILE = config["datasets_file"] or f"{workflow.basedir}/config/datasets.yaml"
SCRIPTS = f"{workflow.basedir}/workflow_scripts"

# A training on a GPU claims one slot of it; the default profile grants one.
GPU = 0 if config["device"] == "cpu" else 1


wildcard_constraints:
    paper="|".join(PAPERS),
    dataset="[a-z_]+",
    forcing="[a-z0-9_]+",
    experiment="[a-z][a-z0-9_]*",
    unit=r"all|huc\d\d|basin\w+|fold\d\d",
    seed=r"\d+",


def said(function, *arguments):
    """Call a function; turn its InputError into Snakemake's one-line error."""
    try:
        return function(*arguments)
    except InputError as error:
        raise WorkflowError(str(error))


CONFIG_FILES = [*workflow.configfiles, *workflow.config_settings.configfiles]
said(validate, config, PAPERS, workflow.basedir, CONFIG_FILES)
for paper in PAPERS:
    restore_order(config, paper, workflow.basedir)


def fingerprint_of(script):
    """Fingerprint a script's logic, and that of the modules it imports."""
    return fingerprint(script, SCRIPTS)


def data_folder():
    """Return the folder that holds the raw data, downloaded or given."""
    return config["data_root"] or f"resources/{config['dataset']}"


def raw_inputs(wildcards):
    """Return the raw files and folders that a store is built from."""
    root = data_folder()
    if config["dataset"] == "caravan":
        return {"series": f"{root}/timeseries", "attributes": f"{root}/attributes"}
    return {
        "forcing": f"{root}/basin_mean_forcing/{wildcards.forcing}",
        "streamflow": f"{root}/usgs_streamflow",
        "attributes": attribute_tables(),
    }


@functools.cache
def listing_of(forcing):
    """Fingerprint the files below data_root that a store is built from."""
    if not config["data_root"]:
        return ""
    root = config["data_root"]
    if config["dataset"] == "caravan":
        return listing([f"{root}/timeseries", f"{root}/attributes"])
    return listing([f"{root}/basin_mean_forcing/{forcing}", f"{root}/usgs_streamflow"])


def attribute_tables():
    """Return the attribute tables: CAMELS' seven files, or Caravan's folder."""
    if config["dataset"] == "caravan":
        return f"{data_folder()}/attributes"
    folder = f"{data_folder()}/camels_attributes_v2.0"
    return [f"{folder}/{name}" for name in CAMELS_TABLES]


def basin_list_file(paper):
    """Return the file that lists a paper's basins, or nothing for all or for ids."""
    basins = config[paper]["basins"]
    if basins == "all" or isinstance(basins, list):
        return []
    if basins == "basin_list_531":
        return f"{data_folder()}/{basins}.txt"
    return basins


def selection_inputs(wildcards):
    """Return what the selection of a paper's basins reads."""
    inputs = {"attributes": attribute_tables()}
    if list_file := basin_list_file(wildcards.paper):
        inputs["list_file"] = list_file
    return inputs


def forcing_is_local():
    """Whether forcing is on disk before basins are chosen (nothing to download)."""
    return bool(config["data_root"]) or config["dataset"] == "virtual"


def store_of(paper):
    """Return the store that a paper's runs read."""
    return f"results/data/{config['dataset']}/{config[paper]['forcing']}.h5"


def basins_of(paper):
    """Return the file of a paper's basins."""
    return f"results/data/{config['dataset']}/basins_{paper}.txt"


def basin_files(forcing):
    """Return the basin files of the papers that use a forcing."""
    papers = [name for name in config["papers"] if config[name]["forcing"] == forcing]
    return [basins_of(paper) for paper in papers]


def all_basin_files():
    """Return the basin files of all papers in use."""
    return [basins_of(paper) for paper in config["papers"]]


def settings_of(wildcards):
    """Return the settings of one run as plain values."""
    names = (wildcards.paper, wildcards.experiment, wildcards.unit, wildcards.seed)
    return said(run_settings, config, *names).to_dict()


def members_of(paper):
    """Return the names of an experiment's members."""
    return [f"seed{seed}" for seed in config[paper]["seeds"]]


def simulations_of(paper, experiment):
    """Return the simulations of all members of an experiment."""
    known = active_experiments(config, paper)
    if experiment not in known:
        raise WorkflowError(
            f"{paper} has no experiment {experiment}; it has {', '.join(known)}."
        )
    folder = f"results/runs/{paper}/{experiment}/all"
    return [f"{folder}/{member}/simulation.nc" for member in members_of(paper)]


def metrics_of(paper):
    """Return the metrics tables of a paper's experiments, by experiment."""
    return {
        experiment: f"results/metrics/{paper}/{experiment}.csv"
        for experiment in active_experiments(config, paper)
    }


def titles_of(paper):
    """Return the titles of a paper's experiments, by experiment."""
    rows = config[paper]["experiments"]
    return {name: rows[name]["title"] for name in active_experiments(config, paper)}


def looks_of(paper):
    """Return title, model and loss of a paper's experiments, for figures."""
    return {
        experiment: look_of(config, paper, experiment)
        for experiment in active_experiments(config, paper)
    }


def hydrograph_experiments(paper):
    """Return the experiments of the hydrograph figure that are run."""
    active = active_experiments(config, paper)
    wanted = config[paper]["hydrographs"].get("experiments") or active
    return [name for name in wanted if name in active] or active


def deviations_of(paper):
    """Return the protocol keys that differ from the paper's."""
    return deviations(config, paper, workflow.basedir)


def scorecard_inputs(wildcards):
    """Return what the scorecard compares: published numbers, ours, the authors'."""
    published = f"{workflow.basedir}/config/published"
    inputs = {
        "published": f"{published}/{wildcards.paper}.csv",
        "basins_outside_447": f"{published}/outside_447_basins.txt",
        "metrics": list(metrics_of(wildcards.paper).values()),
    }
    root = Path(config["published_root"] or "")
    if config["published_root"]:
        inputs["authors"] = sorted(map(str, (root / wildcards.paper).glob("metrics_*")))
    if config["published_root"] and (root / "basin_list_531.txt").is_file():
        inputs["basins_531"] = str(root / "basin_list_531.txt")
    elif config[wildcards.paper]["basins"] == "basin_list_531":
        inputs["basins_531"] = basin_list_file(wildcards.paper)
    return inputs


def results_of(paper):
    """Return the tables, figures and scorecard of a paper."""
    tables = ["configurations"]
    figures = ["nse_cdf_configurations", "hydrographs"]
    return [
        *(f"results/tables/{paper}/{name}.csv" for name in tables),
        *(f"results/figures/{paper}/{name}.pdf" for name in figures),
        f"results/scorecard/{paper}.csv",
    ]
