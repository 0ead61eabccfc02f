"""Helpers of rules: which data, basins and benchmark runs there are, and where."""

from rerunoff.protocol.needs import batch_mb, simulation_minutes

# Checksums of files that were looked into before.
KNOWN_FILES = "results/data/.checksums.json"


def memory_of_member(wildcards, input, attempt):
    """Return the memory of a simulation in MB, of large networks more."""
    batch = batch_mb(experiment_of(wildcards.paper, wildcards.experiment))
    return (simulation_mb(input.store) + batch) * attempt


def minutes_of_member(wildcards, input, attempt):
    """Return the time limit of a simulation in minutes."""
    row = experiment_of(wildcards.paper, wildcards.experiment)
    known = Path(input.basins).is_file()
    basins = len(read_basin_list(input.basins)) if known else MANY_BASINS
    return min(simulation_minutes(row, basins, config["threads"], GPU) * attempt, MOST)


def stored(wildcards):
    """Return the data of the store that wildcards name: dataset, forcing, basins."""
    names = (wildcards.dataset, wildcards.forcing, wildcards.owner)
    if names not in STORES:
        there = ", ".join(f"{d}/{f}_{owner}" for d, f, owner in STORES)
        give_up(f"No experiment reads the store {'/'.join(names)}; there are {there}.")
    return STORES[names]


def check_data(data):
    """End with one sentence if the data of a store are not on disk.

    Called by the rules that read them, so that a target of one paper needs no other's.
    """
    or_give_up(validate_data, config, RESOLVED[data.paper], data, CONFIG_FILES)


def raw_inputs(wildcards):
    """Return the raw files and folders that a store is built from, unless given.

    Given data are no inputs: rules know them by their content (`content_of_data`).
    """
    dataset = wildcards.dataset
    if given_root(config, dataset):
        return {}
    root = data_folder(config, dataset)
    return {
        "forcing": f"{root}/basin_mean_forcing/{wildcards.forcing}",
        "streamflow": f"{root}/usgs_streamflow",
        "attributes": attribute_tables(dataset),
    }


@functools.cache
def content_of_data(dataset, *parts):
    """Return a checksum of files and folders below data_root; nothing without it."""
    root = given_root(config, dataset)
    return content_of(root, parts, KNOWN_FILES) if root else ""


def content_of_series(dataset, forcing):
    """Return a checksum of the given files that a store is built from."""
    if dataset == "caravan":
        return content_of_data(dataset, "timeseries", "attributes")
    folders = f"basin_mean_forcing/{forcing}", "usgs_streamflow"
    return content_of_data(dataset, *folders, "camels_attributes_v2.0")


def content_of_attributes(dataset):
    """Return a checksum of the given attribute tables."""
    folder = "attributes" if dataset == "caravan" else "camels_attributes_v2.0"
    return content_of_data(dataset, folder)


@functools.cache
def content_of_benchmark(dataset, forcing):
    """Return a checksum of the given files of the benchmark runs."""
    given = config["model_output_root"] or given_root(config, dataset)
    folder = model_output_folder(config, dataset)
    return content_of(folder, [forcing], KNOWN_FILES) if given else ""


def benchmark_inputs(wildcards):
    """Return the folder of the benchmark runs and the basin file, as `raw_inputs`."""
    dataset = wildcards.dataset
    inputs = {"basins": basins_of(wildcards.paper)}
    if config["model_output_root"] or given_root(config, dataset):
        return inputs
    # What is downloaded is of one paper's basins.
    part = "" if dataset == "virtual" else f"{wildcards.paper}/"
    folder = f"{model_output_folder(config, dataset)}/{part}{wildcards.forcing}"
    return inputs | {"files": folder}


def attribute_tables(dataset):
    """Return CAMELS' seven attribute tables."""
    folder = f"{data_folder(config, dataset)}/camels_attributes_v2.0"
    return [f"{folder}/{name}" for name in CAMELS_TABLES]


def attribute_inputs(wildcards):
    """Return the attribute tables, as `raw_inputs`."""
    dataset = wildcards.dataset
    return [] if given_root(config, dataset) else attribute_tables(dataset)


def basin_list_file(data):
    """Return the file that lists a store's basins, or nothing for all or for ids."""
    basins = data.basins
    if basins in ("all", REGIONS) or isinstance(basins, list):
        return []
    if basins == "basin_list_531":
        return f"{data_folder(config, data.dataset)}/{basins}.txt"
    return basins


def made_basin_list(data):
    """Return the list of a store's basins if a rule makes it, or nothing."""
    listed = basin_list_file(data)
    return listed if str(listed).startswith("resources/") else []


def selection_inputs(wildcards):
    """Return what the selection of basins reads."""
    check_data(stored(wildcards))
    inputs = {"attributes": attribute_inputs(wildcards)}
    if list_file := made_basin_list(stored(wildcards)):
        inputs["list_file"] = list_file
    return inputs


def selection_content(wildcards):
    """Return a checksum of the given files that tell which basins there are."""
    if chosen_basins(stored(wildcards)) is None:
        return content_of_series(wildcards.dataset, wildcards.forcing)
    return content_of_attributes(wildcards.dataset)


def forcing_is_local(wildcards):
    """Whether forcing is on disk before basins are chosen (nothing to download)."""
    given = given_root(config, wildcards.dataset)
    return bool(given) or wildcards.dataset == "virtual"


def _of_store(paper, experiment, name):
    data = data_of(RESOLVED[paper], experiment)
    names = {"forcing": data.forcing, "owner": owner_of(RESOLVED[paper], data)}
    return f"results/data/{data.dataset}/{name.format(**names)}"


def store_of(paper, experiment="", seed=None):
    """Return the store that an experiment reads; without one, that of benchmarks.

    What its networks learn of other basins' parameters differs by seed, because the
    folds do; without a seed such a store is the one without it.
    """
    row = RESOLVED[paper].experiments.get(experiment)
    names = row.derived if row else []
    regional = HBV_REGIONAL in models_of(names)
    if not names or (regional and seed is None):
        return _of_store(paper, experiment, "{forcing}_{owner}.h5")
    part = "-".join(names) + (f"_seed{seed}" if regional else "")
    return _of_store(paper, experiment, f"{{forcing}}_{{owner}}_with_{part}.h5")


def basins_of(paper, experiment=""):
    """Return the file of the basins of `store_of`."""
    return _of_store(paper, experiment, "basins_{forcing}_{owner}.txt")


def benchmarks_in_use():
    """Return the forcings of the benchmark runs that the papers ask for."""
    return sorted({paper.sac_sma_forcing for paper in RESOLVED.values()} - {None})


def read_from_files(paper):
    """Return the benchmarks read from a paper's netCDF files, and their variables."""
    rows = RESOLVED[paper].values.get("benchmarks", {})
    own = set(RESOLVED[paper].benchmarks) - set(RESOLVED[paper].imported)
    return {n: rows[n]["variable"] for n in rows if n in own and "variable" in rows[n]}


def made_benchmark_files(paper):
    """Return what a rule makes of a paper's benchmark files; nothing if given."""
    made = config[paper].get("benchmark_files") == PUBLISHED_FILES
    return [benchmark_files(config, paper)] if made and read_from_files(paper) else []


def generated_benchmarks():
    """Return the folders of benchmark files of virtual catchments."""
    return sorted(
        {
            folder
            for name, paper in RESOLVED.items()
            if paper.own.dataset == "virtual"
            for folder in made_benchmark_files(name)
        }
    )


@functools.cache
def content_of_benchmark_files(paper):
    """Return a checksum of a paper's given benchmark files."""
    if made_benchmark_files(paper):
        return ""
    path = Path(benchmark_files(config, paper))
    return content_of(path.parent, [path.name], KNOWN_FILES)


def model_output_of(paper):
    """Return the store of the benchmark runs of a paper."""
    folder = f"results/data/{RESOLVED[paper].own.dataset}"
    return f"{folder}/model_output_{RESOLVED[paper].sac_sma_forcing}_{paper}.h5"


def chosen_basins(data):
    """Return the basins of a store that the configuration or its file names, or None.

    A file is known by its content, so it is read here and is no input.
    """
    if data.basins == REGIONS or isinstance(data.basins, list):
        return named_basins(data)
    listed = basin_list_file(data)
    if listed and not made_basin_list(data):
        return or_give_up(read_basin_list, listed)
    return None


def basins_source(wildcards):
    """Say where a store's basins are listed, without the folder."""
    listed = basin_list_file(stored(wildcards))
    return f"the basin list {Path(listed).name}" if listed else "the key basins"


def inputs_of_all(wildcards):
    """Return the inputs that a paper's own store must hold for all its networks.

    Those of an experiment with other data are looked for when it is trained: a store
    must not depend on who reads it.
    """
    own = RESOLVED[stored(wildcards).paper].own
    return own.variables if stored(wildcards) == own else []


def derived_in(wildcards):
    """Return the variables that a store's name lists (`store_of`), those of folds each."""
    names = re.sub(r"_seed\d+$", "", wildcards.derived).split("-")
    folds = range(RESOLVED[stored(wildcards).paper].own.folds or 1)
    made = [in_fold(name, f"{FOLD}{index:02d}") for index in folds for name in names]
    return list(dict.fromkeys(made))


def simulations_behind(wildcards):
    """Return the simulations of the physical models that derived inputs are made of."""
    member = wildcards.derived.rpartition("_")[2]
    models = models_of(derived_in(wildcards))
    return [benchmark_run(wildcards.owner, model, member) for model in models]


def memory_of_derived(wildcards, input, attempt):
    """Return the memory of making inputs in MB: all models' runs are held."""
    return (2000 + 120 * len(input.simulations)) * attempt


def folds_of_donors(wildcards):
    """Return the folds of a regional run, and of which no basin is a donor."""
    fold = wildcards.fold.removeprefix(f"_{FOLD}")
    return {
        "number": RESOLVED[wildcards.paper].own.folds,
        "random_state": int(wildcards.seed),
        "index": int(fold) if fold else None,
    }


def donors_near(paper):
    """Return the attributes by which donors are near: latitude and longitude, or all."""
    if RESOLVED[paper].benchmark("hbv_regional")["near"] == "place":
        return ["gauge_lat", "gauge_lon"]
    return RESOLVED[paper].own.attributes
