"""Raw files to one HDF5 store per dataset and forcing."""

if config["dataset"] == "virtual":

    rule generate_virtual:
        output:
            directory(
                expand(
                    "resources/virtual/basin_mean_forcing/{product}",
                    product=FORCINGS["virtual"],
                )
            ),
            directory("resources/virtual/usgs_streamflow"),
            [
                directory(f"resources/virtual/model_output/{forcing}")
                for forcing in benchmarks_in_use()
            ],
            attribute_tables(),
            "resources/virtual/basin_list.txt",
        log:
            "logs/preprocess/generate_virtual.log",
        conda:
            "../envs/data.yaml"
        params:
            folder="resources/virtual",
            number=config["virtual"]["number"],
            start=config["virtual"]["start"],
            end=config["virtual"]["end"],
            seed=config["virtual"]["seed"],
            model_output=benchmarks_in_use(),
            code=fingerprint_of("generate_virtual.py"),
        message:
            "Generating {params.number} virtual catchments"
        script:
            "../workflow_scripts/generate_virtual.py"


rule select_basins:
    input:
        unpack(selection_inputs),
    output:
        basins="results/data/{dataset}/basins_{paper}.txt",
    log:
        "logs/preprocess/{dataset}_basins_{paper}.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        chosen=lambda w: chosen_basins(w.paper),
        source=lambda w: basins_source(w.paper),
        dataset=config["dataset"],
        forcing=lambda w: config[w.paper]["forcing"],
        local=forcing_is_local(),
        files=lambda w: selection_content(w.paper),
        code=fingerprint_of("select_basins.py", READER),
    message:
        "Selecting the basins of {wildcards.paper}"
    script:
        "../workflow_scripts/select_basins.py"


rule build_store:
    input:
        unpack(raw_inputs),
        basins=lambda w: basins_of(w.paper),
    output:
        store="results/data/{dataset}/{forcing}_{paper}.h5",
    log:
        "logs/preprocess/{dataset}_{forcing}_{paper}.log",
    benchmark:
        "benchmarks/preprocess/{dataset}_{forcing}_{paper}.tsv"
    conda:
        "../envs/data.yaml"
    threads: 2
    resources:
        mem_mb=2000,
        runtime=60,
    params:
        inputs=lambda w: config[w.paper]["inputs"],
        impossible=config["impossible_values"],
        files=lambda w: content_of_series(w.forcing),
        code=fingerprint_of("build_store.py", READER),
    message:
        "Building the store of {wildcards.paper}: {wildcards.dataset}, {wildcards.forcing}"
    script:
        "../workflow_scripts/build_store.py"


rule read_model_output:
    input:
        unpack(benchmark_inputs),
    output:
        store="results/data/{dataset}/model_output_{forcing}_{paper}.h5",
    log:
        "logs/preprocess/{dataset}_model_output_{forcing}_{paper}.log",
    wildcard_constraints:
        forcing="|".join(BENCHMARK_FORCINGS),
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=2500,
        runtime=60,
    params:
        files=lambda w: content_of_benchmark(w.forcing),
        code=fingerprint_of("read_model_output.py"),
    message:
        "Reading the benchmark model of {wildcards.paper} on {wildcards.forcing} forcing"
    script:
        "../workflow_scripts/read_model_output.py"
