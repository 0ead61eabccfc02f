"""From the publishers to `resources/`. With `data_root` set there is nothing to do."""

if "camels_us" in DATASETS and given_root(config, "camels_us") is None:

    BIG_ARCHIVE = "basin_timeseries_v1p2_metForcing_obsFlow.zip"

    # Where each content comes from: data set in datasets.yaml, and its archive.
    ARCHIVES = {
        "daymet": ("camels_us_timeseries", BIG_ARCHIVE),
        "maurer": ("camels_us_timeseries", BIG_ARCHIVE),
        "nldas": ("camels_us_timeseries", BIG_ARCHIVE),
        "maurer_extended": ("maurer_extended", "maurer_extended.zip"),
        "nldas_extended": ("nldas_extended", "nldas_extended.tar.xz"),
    }
    BENCHMARK_ARCHIVE = "basin_timeseries_v1p2_modelOutput_{forcing}.zip"
    DATASET_OF_ARCHIVE = {archive: dataset for dataset, archive in ARCHIVES.values()}
    for forcing in BENCHMARK_FORCINGS:
        DATASET_OF_ARCHIVE[BENCHMARK_ARCHIVE.format(forcing=forcing)] = (
            "camels_us_model_output"
        )

    # Contents that can be fetched out of the big zip without downloading all of it.
    BY_RANGE = [] if config["fetch"] == "whole" else ["daymet", "maurer", "nldas"]

    # The download rules have no params.code: the checksum decides whether a file is
    # right, and no change of ours is worth fetching 3.4 GB again. They have no retries
    # either: the transfer itself tries again, mirror after mirror, and its last word is
    # an InputError. A killed download goes on from its part when the run is called again.

    rule download_archive:
        output:
            "resources/downloads/{archive}",
        log:
            "logs/download/{archive}.log",
        wildcard_constraints:
            archive="|".join(DATASET_OF_ARCHIVE),
        localrule: True
        conda:
            "../envs/data.yaml"
        resources:
            downloads=1,
        params:
            dataset=lambda wildcards: DATASET_OF_ARCHIVE[wildcards.archive],
            files=lambda wildcards: [wildcards.archive],
            datasets_file=DATASETS_FILE,
            partial="resources/downloads/partial",
        message:
            "Downloading {wildcards.archive}"
        script:
            "../workflow_scripts/download_files.py"

    rule download_attributes:
        output:
            attribute_tables("camels_us"),
        log:
            "logs/download/camels_attributes.log",
        localrule: True
        conda:
            "../envs/data.yaml"
        resources:
            downloads=1,
        params:
            dataset="camels_us_attributes",
            files=list(CAMELS_TABLES),
            datasets_file=DATASETS_FILE,
            partial="resources/downloads/partial",
        message:
            "Downloading the catchment attributes"
        script:
            "../workflow_scripts/download_files.py"

    rule download_basin_list:
        output:
            "resources/camels_us/basin_list_531.txt",
        log:
            "logs/download/basin_list_531.log",
        localrule: True
        conda:
            "../envs/data.yaml"
        resources:
            downloads=1,
        params:
            dataset="basin_list_531",
            files=["basin_list.txt"],
            datasets_file=DATASETS_FILE,
            partial="resources/downloads/partial",
        message:
            "Downloading the list of 531 basins"
        script:
            "../workflow_scripts/download_files.py"

    rule extract_forcing:
        input:
            # All basins of the product, so that it does not change with the papers.
            archive=lambda wildcards: (
                f"resources/downloads/{ARCHIVES[wildcards.forcing][1]}"
            ),
        output:
            directory("resources/camels_us/basin_mean_forcing/{forcing}"),
        log:
            "logs/download/extract_{forcing}.log",
        wildcard_constraints:
            forcing="|".join(name for name in ARCHIVES if name not in BY_RANGE),
        localrule: True
        conda:
            "../envs/data.yaml"
        params:
            dataset=lambda wildcards: ARCHIVES[wildcards.forcing][0],
            content=lambda wildcards: wildcards.forcing,
            datasets_file=DATASETS_FILE,
            code=code_of("extract_archive.py"),
        message:
            "Unpacking the {wildcards.forcing} forcing"
        script:
            "../workflow_scripts/extract_archive.py"

    rule extract_model_output:
        input:
            archive=f"resources/downloads/{BENCHMARK_ARCHIVE}",
            # Of all basins the runs of one product would take 7 GB.
            basins=lambda wildcards: [basins_of(wildcards.paper)],
        output:
            directory("resources/camels_us/model_output/{paper}/{forcing}"),
        log:
            "logs/download/extract_model_output_{paper}_{forcing}.log",
        wildcard_constraints:
            forcing="|".join(BENCHMARK_FORCINGS),
        localrule: True
        conda:
            "../envs/data.yaml"
        params:
            dataset="camels_us_model_output",
            content=lambda wildcards: wildcards.forcing,
            datasets_file=DATASETS_FILE,
            code=code_of("extract_archive.py"),
        message:
            "Unpacking the benchmark model on {wildcards.forcing} forcing"
        script:
            "../workflow_scripts/extract_archive.py"

    if config["fetch"] == "whole":

        rule extract_streamflow:
            input:
                archive=f"resources/downloads/{BIG_ARCHIVE}",
            output:
                directory("resources/camels_us/usgs_streamflow"),
            log:
                "logs/download/extract_usgs_streamflow.log",
            localrule: True
            conda:
                "../envs/data.yaml"
            params:
                dataset="camels_us_timeseries",
                content="usgs_streamflow",
                datasets_file=DATASETS_FILE,
                code=code_of("extract_archive.py"),
            message:
                "Unpacking the streamflow"
            script:
                "../workflow_scripts/extract_archive.py"

    else:

        # Meant for a few basins: the publisher slows down clients that ask often.
        rule fetch_by_range:
            input:
                basins=lambda wildcards: [
                    f"results/data/camels_us/basins_{forcing}_{owner}.txt"
                    for (dataset, forcing, owner), data in STORES.items()
                    if data.paper in config["papers"]
                    and dataset == "camels_us"
                    and wildcards.folder
                    in ("usgs_streamflow", f"basin_mean_forcing/{forcing}")
                ],
            output:
                directory("resources/camels_us/{folder}"),
            log:
                "logs/download/fetch_{folder}.log",
            wildcard_constraints:
                folder="basin_mean_forcing/({})|usgs_streamflow".format(
                    "|".join(BY_RANGE)
                ),
            localrule: True
            conda:
                "../envs/data.yaml"
            resources:
                downloads=1,
            params:
                dataset="camels_us_timeseries",
                contents=lambda wildcards: [wildcards.folder.split("/")[-1]],
                datasets_file=DATASETS_FILE,
            message:
                "Fetching {wildcards.folder} of the basins in use"
            script:
                "../workflow_scripts/fetch_archived_files.py"
