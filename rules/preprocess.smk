"""Raw files to one HDF5 store per dataset and forcing."""

if "virtual" in DATASETS:

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
            [directory(folder) for folder in generated_benchmarks()],
            attribute_tables("virtual"),
            "resources/virtual/basin_list.txt",
        log:
            "logs/preprocess/generate_virtual.log",
        conda:
            "../envs/data.yaml"
        params:
            folder=lambda w, output: str(Path(output[-1]).parent),
            number=config["virtual"]["number"],
            start=config["virtual"]["start"],
            end=config["virtual"]["end"],
            seed=config["virtual"]["seed"],
            model_output=benchmarks_in_use(),
            benchmark_files=bool(generated_benchmarks()),
            code=code_of("generate_virtual.py"),
        message:
            "Generating {params.number} virtual catchments"
        script:
            "../workflow_scripts/generate_virtual.py"


rule select_basins:
    input:
        unpack(selection_inputs),
    output:
        basins="results/data/{dataset}/basins_{forcing}_{owner}.txt",
    log:
        "logs/preprocess/{dataset}_basins_{forcing}_{owner}.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        chosen=lambda w: chosen_basins(stored(w)),
        source=basins_source,
        local=forcing_is_local,
        files=selection_content,
        code=lambda w: fingerprint_of("select_basins.py", reader_of(w.dataset)),
    message:
        "Selecting the basins of {wildcards.owner}"
    script:
        "../workflow_scripts/select_basins.py"


rule build_store:
    input:
        unpack(raw_inputs),
        basins="results/data/{dataset}/basins_{forcing}_{owner}.txt",
    output:
        store="results/data/{dataset}/{forcing}_{owner}.h5",
    log:
        "logs/preprocess/{dataset}_{forcing}_{owner}.log",
    benchmark:
        "benchmarks/preprocess/{dataset}_{forcing}_{owner}.tsv"
    conda:
        "../envs/data.yaml"
    threads: 2
    resources:
        mem_mb=more(2000),
        runtime=more(60),
    params:
        inputs=inputs_of_all,
        impossible=config["impossible_values"],
        files=lambda w: content_of_series(w.dataset, w.forcing),
        code=lambda w: fingerprint_of("build_store.py", reader_of(w.dataset)),
    message:
        "Building the store of {wildcards.owner}: {wildcards.dataset}, {wildcards.forcing}"
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
        mem_mb=more(2500),
        runtime=more(60),
    params:
        files=lambda w: content_of_benchmark(w.dataset, w.forcing),
        code=code_of("read_model_output.py"),
    message:
        "Reading the benchmark model of {wildcards.paper} on {wildcards.forcing} forcing"
    script:
        "../workflow_scripts/read_model_output.py"
