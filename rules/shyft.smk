"""Shyft, in an environment of its own, calibrated on a paper's training period."""

# With `shyft_python` the job itself needs no Shyft.
SHYFT_ENV = f"{workflow.basedir}/" + (
    "envs/data.yaml" if config["shyft_python"] else "envs/shyft.yaml"
)


rule calibrate_shyft:
    input:
        store=lambda w: store_of(w.paper),
        basins=lambda w: basins_of(w.paper),
    output:
        simulation="results/analysis/{paper}/{experiment}.nc",
        parameters="results/analysis/{paper}/{experiment}_parameters.csv",
    log:
        "logs/analyse/{paper}/{experiment}.log",
    wildcard_constraints:
        experiment="|".join(SHYFT),
    retries: 1
    conda:
        SHYFT_ENV
    # So many basins side by side.
    threads: config["threads"]
    resources:
        mem_mb=more(4000),
        runtime=more(240),
    params:
        stack=lambda w: w.experiment.removeprefix("shyft_"),
        search=lambda w: RESOLVED[w.paper].benchmark(w.experiment),
        period=lambda w: RESOLVED[w.paper].calibration(w.experiment),
        own_start=lambda w: RESOLVED[w.paper].own.own_start,
        # A folder that Snakemake does not know outlives a killed job.
        checkpoints="checkpoints/{paper}/{experiment}",
        code=code_of("calibrate_shyft.py"),
    message:
        "Calibrating {wildcards.experiment} for {wildcards.paper}"
    script:
        "../workflow_scripts/calibrate_shyft.py"
