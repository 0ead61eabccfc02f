"""Models of others that papers compare with, as simulations like our own."""


rule simulate_sac_sma:
    input:
        model_output=lambda w: model_output_of(w.paper),
        store=lambda w: store_of(w.paper),
        basins=lambda w: basins_of(w.paper),
    output:
        simulation="results/analysis/{paper}/sac_sma.nc",
        chosen="results/analysis/{paper}/sac_sma_calibrations.csv",
    log:
        "logs/analyse/{paper}/sac_sma.log",
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=more(2000),
        runtime=more(30),
    params:
        calibrations=lambda w: RESOLVED[w.paper].benchmark("sac_sma")["calibrations"],
        periods=lambda w: RESOLVED[w.paper].own.days(),
        own_start=lambda w: RESOLVED[w.paper].own.own_start,
        code=code_of("simulate_sac_sma.py"),
    message:
        "Taking the calibrations of SAC-SMA for {wildcards.paper}"
    script:
        "../workflow_scripts/simulate_sac_sma.py"


# What all rules have that take metrics by basin as they are, instead of evaluating runs:
# `use rule take_statistics as ... with`.
rule take_statistics:
    input:
        lambda w: no_target("benchmark's metrics"),
    output:
        metrics="results/metrics/{paper}/{experiment}.csv",
    log:
        "logs/evaluate/{paper}/{experiment}.log",
    wildcard_constraints:
        experiment="none",
    localrule: True
    conda:
        f"{workflow.basedir}/envs/data.yaml"
    script:
        f"{SCRIPTS}/import_statistics.py"
