"""Helpers of rules: which data, basins and benchmark runs there are, and where."""


def data_folder():
    """Return the folder that holds the raw data, downloaded or given."""
    return config["data_root"] or f"resources/{config['dataset']}"


@functools.cache
def check_data_of(paper):
    """End with one sentence if the data of a paper are not on disk.

    Called by the rules that read them, so that a target of one paper needs no other's.
    """
    said(validate_data, config, paper, CONFIG_FILES)


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


@functools.cache
def listing_of_benchmark(forcing):
    """Fingerprint the files of the benchmark runs below data_root."""
    given = config["model_output_root"] or config["data_root"]
    return listing([f"{model_output_folder()}/{forcing}"]) if given else ""


def model_output_folder():
    """Return the folder that holds the benchmark runs of each forcing product."""
    return config["model_output_root"] or f"{data_folder()}/model_output"


def raw_model_output(wildcards):
    """Return the folder of a forcing's benchmark runs; downloaded ones are a paper's."""
    given = config["model_output_root"] or forcing_is_local()
    owner = "" if given else f"{wildcards.paper}/"
    return f"{model_output_folder()}/{owner}{wildcards.forcing}"


def attribute_tables():
    """Return the attribute tables: CAMELS' seven files, or Caravan's folder."""
    if config["dataset"] == "caravan":
        return f"{data_folder()}/attributes"
    folder = f"{data_folder()}/camels_attributes_v2.0"
    return [f"{folder}/{name}" for name in CAMELS_TABLES]


def basin_list_file(paper):
    """Return the file that lists a paper's basins, or nothing for all or for ids."""
    basins = config[paper]["basins"]
    if basins in ("all", "regions") or isinstance(basins, list):
        return []
    if basins == "basin_list_531":
        return f"{data_folder()}/{basins}.txt"
    return basins


def selection_inputs(wildcards):
    """Return what the selection of a paper's basins reads."""
    check_data_of(wildcards.paper)
    inputs = {"attributes": attribute_tables()}
    if list_file := basin_list_file(wildcards.paper):
        inputs["list_file"] = list_file
    return inputs


def forcing_is_local():
    """Whether forcing is on disk before basins are chosen (nothing to download)."""
    return bool(config["data_root"]) or config["dataset"] == "virtual"


def store_of(paper):
    """Return the store that a paper's runs read: its own, so that no other changes it."""
    return f"results/data/{config['dataset']}/{config[paper]['forcing']}_{paper}.h5"


def basins_of(paper):
    """Return the file of a paper's basins."""
    return f"results/data/{config['dataset']}/basins_{paper}.txt"


def benchmarks_in_use():
    """Return the forcings of the benchmark runs that the papers ask for."""
    return sorted({config[paper].get("sac_sma") for paper in PAPERS} - {None})


def model_output_of(paper):
    """Return the store of the benchmark runs of a paper."""
    forcing = config[paper]["sac_sma"]
    return f"results/data/{config['dataset']}/model_output_{forcing}_{paper}.h5"


def chosen_basins(paper):
    """Return the basins that the configuration names one by one, or nothing."""
    basins = config[paper]["basins"]
    if basins == "regions":
        return [
            basin for region in config[paper]["regions"].values() for basin in region
        ]
    return basins if isinstance(basins, list) else None
