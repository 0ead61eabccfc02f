"""Helpers of rules: which data, basins and benchmark runs there are, and where."""

# Checksums of files that were looked into before.
KNOWN_FILES = "results/data/.checksums.json"


@functools.cache
def check_data_of(paper):
    """End with one sentence if the data of a paper are not on disk.

    Called by the rules that read them, so that a target of one paper needs no other's.
    """
    said(validate_data, config, paper, CONFIG_FILES)


def raw_inputs(wildcards):
    """Return the raw files and folders that a store is built from, unless given.

    Given data are no inputs: rules know them by their content (`content_of_data`).
    """
    root = data_folder(config)
    if config["data_root"]:
        return {}
    return {
        "forcing": f"{root}/basin_mean_forcing/{wildcards.forcing}",
        "streamflow": f"{root}/usgs_streamflow",
        "attributes": attribute_tables(),
    }


@functools.cache
def content_of_data(*parts):
    """Return a checksum of files and folders below data_root; nothing without it."""
    root = config["data_root"]
    return content_of(root, parts, KNOWN_FILES) if root else ""


def content_of_series(forcing):
    """Return a checksum of the given files that a store is built from."""
    if config["dataset"] == "caravan":
        return content_of_data("timeseries", "attributes")
    folders = f"basin_mean_forcing/{forcing}", "usgs_streamflow"
    return content_of_data(*folders, "camels_attributes_v2.0")


def content_of_attributes():
    """Return a checksum of the given attribute tables."""
    caravan = config["dataset"] == "caravan"
    return content_of_data("attributes" if caravan else "camels_attributes_v2.0")


@functools.cache
def content_of_benchmark(forcing):
    """Return a checksum of the given files of the benchmark runs."""
    given = config["model_output_root"] or config["data_root"]
    folder = model_output_folder(config)
    return content_of(folder, [forcing], KNOWN_FILES) if given else ""


def benchmark_inputs(wildcards):
    """Return the folder of the benchmark runs and the basin file, as `raw_inputs`."""
    inputs = {"basins": basins_of(wildcards.paper)}
    if config["model_output_root"] or config["data_root"]:
        return inputs
    # What is downloaded is of one paper's basins.
    owner = "" if config["dataset"] == "virtual" else f"{wildcards.paper}/"
    folder = f"{model_output_folder(config)}/{owner}{wildcards.forcing}"
    return inputs | {"files": folder}


def attribute_tables():
    """Return CAMELS' seven attribute tables."""
    folder = f"{data_folder(config)}/camels_attributes_v2.0"
    return [f"{folder}/{name}" for name in CAMELS_TABLES]


def attribute_inputs(wildcards):
    """Return the attribute tables, as `raw_inputs`."""
    return [] if config["data_root"] else attribute_tables()


def basin_list_file(paper):
    """Return the file that lists a paper's basins, or nothing for all or for ids."""
    basins = config[paper]["basins"]
    if basins in ("all", "regions") or isinstance(basins, list):
        return []
    if basins == "basin_list_531":
        return f"{data_folder(config)}/{basins}.txt"
    return basins


def made_basin_list(paper):
    """Return the list of a paper's basins if a rule makes it, or nothing."""
    listed = basin_list_file(paper)
    return listed if str(listed).startswith("resources/") else []


def selection_inputs(wildcards):
    """Return what the selection of a paper's basins reads."""
    check_data_of(wildcards.paper)
    inputs = {"attributes": attribute_inputs(wildcards)}
    if list_file := made_basin_list(wildcards.paper):
        inputs["list_file"] = list_file
    return inputs


def selection_content(paper):
    """Return a checksum of the given files that tell which basins there are."""
    if chosen_basins(paper) is None:
        return content_of_series(config[paper]["forcing"])
    return content_of_attributes()


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


@functools.cache
def chosen_basins(paper):
    """Return the basins that a configuration or a file names, or nothing.

    A file is known by its content, so it is read here and is no input.
    """
    basins = config[paper]["basins"]
    if basins == "regions":
        return [
            basin for region in config[paper]["regions"].values() for basin in region
        ]
    listed = basin_list_file(paper)
    if listed and not made_basin_list(paper):
        return said(read_basin_list, listed)
    return basins if isinstance(basins, list) else None


def basins_source(paper):
    """Say where a paper's basins are listed, without the folder."""
    listed = basin_list_file(paper)
    return f"the basin list {Path(listed).name}" if listed else "the key basins"
