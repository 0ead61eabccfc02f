"""kratzert2019a beside models of others: their series, metrics, tables and figures."""


include: "kratzert2019a_benchmarks_helpers.smk"


if FROM_FILES and P19A.own.dataset == "camels_us":

    rule download_benchmark_models:
        output:
            [
                path
                for path in made_benchmark_files("kratzert2019a")
                or ["resources/downloads/camels_benchmark_models/netcdf.tar.xz"]
            ],
        log:
            "logs/download/camels_benchmark_models.log",
        localrule: True
        conda:
            "../../envs/data.yaml"
        resources:
            downloads=1,
        params:
            dataset="camels_benchmark_models",
            files=["netcdf.tar.xz"],
            datasets_file=DATASETS_FILE,
            partial="resources/downloads/partial",
        message:
            "Downloading the benchmarks of kratzert2019a"
        script:
            "../../workflow_scripts/download_files.py"


if FROM_FILES:

    rule read_benchmark_files:
        input:
            # Given files are known by their content.
            files=made_benchmark_files("kratzert2019a"),
            store=store_of("kratzert2019a"),
            basins=basins_of("kratzert2019a"),
        output:
            simulations=expand(
                "results/analysis/kratzert2019a/{name}.nc", name=FROM_FILES
            ),
            skill=BENCHMARK_SKILL,
        log:
            "logs/analyse/kratzert2019a/benchmark_files.log",
        conda:
            "../../envs/data.yaml"
        resources:
            mem_mb=more(2000),
            runtime=more(30),
        params:
            variables=FROM_FILES,
            period=P19A.own.period("test"),
            impossible=config["impossible_values"],
            files=lambda w: content_of_benchmark_files("kratzert2019a"),
            code=code_of("read_benchmark_files.py"),
        message:
            "Reading the benchmarks of kratzert2019a"
        script:
            "../../workflow_scripts/read_benchmark_files.py"

    ruleorder: read_benchmark_files > simulate_sac_sma


use rule take_statistics as import_third_party with:
    input:
        unpack(imported_by_others),
    wildcard_constraints:
        paper="|".join(COMPARED_WITH_THIRD_PARTY),
        experiment="|".join(THIRD_PARTY_MODELS) if ANY_THIRD_PARTY else "none",
    params:
        source=THIRD_PARTY,
        code=code_of("import_statistics.py"),
    message:
        "Taking the metrics of {wildcards.experiment} that others computed"


ruleorder: import_third_party > evaluate


rule collect_coverage:
    input:
        unpack(covered_2019a),
    output:
        coverage=COVERAGE_2019A,
    log:
        "logs/analyse/kratzert2019a/coverage.log",
    localrule: True
    conda:
        "../../envs/data.yaml"
    params:
        benchmarks=P19A.benchmarks,
        code=code_of("collect_coverage.py"),
    message:
        "Counting the basins that the benchmarks of kratzert2019a have"
    script:
        "../../workflow_scripts/collect_coverage.py"


rule count_coverage:
    input:
        coverage=COVERAGE_2019A,
    output:
        **numbers("kratzert2019a", "coverage", when=bool(P19A.benchmarks)),
    log:
        "logs/numbers/kratzert2019a_coverage.log",
    localrule: True
    conda:
        "../../envs/data.yaml"
    params:
        benchmarks=list(P19A.values["benchmarks"]),
        code=code_of("count_coverage.py"),
    message:
        "Taking the numbers of basins of the benchmarks"
    script:
        "../../workflow_scripts/count_coverage.py"


use rule tabulate as tabulate_benchmarks with:
    input:
        metrics=metrics_among(P19A.evaluated),
        outside=OUTSIDE_447,
        coverage=COVERAGE_2019A if P19A.benchmarks else [],
    output:
        **table("kratzert2019a", "benchmarks", "Networks and benchmarks"),
    log:
        "logs/figures/kratzert2019a/benchmarks.log",
    params:
        **tabulated("kratzert2019a.benchmarks"),
        titles=titles_among("kratzert2019a", P19A.evaluated),
    message:
        "Tabulating networks and benchmarks of kratzert2019a"


use rule tabulate as tabulate_significance_2019a with:
    input:
        metrics=metrics_among(P19A.evaluated),
        outside=OUTSIDE_447,
    output:
        **table("kratzert2019a", "significance", "Significance"),
    log:
        "logs/figures/kratzert2019a/significance.log",
    params:
        **tabulated("kratzert2019a.significance"),
        experiments=P19A.evaluated,
    message:
        "Testing the differences of kratzert2019a"


use rule draw_figure as plot_nse_cdf_conus with:
    input:
        metrics=metrics_among(shown_2019a(FOR_CONUS)),
        outside=OUTSIDE_447,
    output:
        **figure(
            "kratzert2019a",
            "nse_cdf_conus",
            "CDF of NSE, models calibrated for CONUS",
            when=has_benchmark(FOR_CONUS),
        ),
    log:
        "logs/figures/kratzert2019a/nse_cdf_conus.log",
    params:
        **drawn("kratzert2019a.nse_cdf_conus"),
        looks=looks_among("kratzert2019a", shown_2019a(FOR_CONUS)),
        members=first_members(FOR_CONUS),
    message:
        "Drawing NSE beside models calibrated for CONUS"


use rule draw_figure as plot_nse_cdf_basin_calibrated with:
    input:
        metrics=metrics_among(shown_2019a(BY_BASIN)),
        outside=OUTSIDE_447,
    output:
        **figure(
            "kratzert2019a",
            "nse_cdf_basin_calibrated",
            "CDF of NSE, models calibrated by basin",
            when=has_benchmark(BY_BASIN),
        ),
    log:
        "logs/figures/kratzert2019a/nse_cdf_basin_calibrated.log",
    params:
        **drawn("kratzert2019a.nse_cdf_basin_calibrated"),
        looks=looks_among("kratzert2019a", shown_2019a(BY_BASIN)),
        members=first_members(BY_BASIN),
    message:
        "Drawing NSE beside models calibrated by basin"
