"""Simulation of the test period, and the metrics of each experiment."""


rule simulate:
    input:
        weights="results/runs/{paper}/{experiment}/{unit}/seed{seed}/model.pt",
        store=lambda w: store_of(w.paper),
        basins=lambda w: basins_of(w.paper),
    output:
        simulation="results/runs/{paper}/{experiment}/{unit}/seed{seed}/simulation.nc",
    log:
        "logs/simulate/{paper}/{experiment}/{unit}_seed{seed}.log",
    benchmark:
        "benchmarks/simulate/{paper}/{experiment}_{unit}_seed{seed}.tsv"
    conda:
        "../envs/train_cpu.yaml" if config["device"] == "cpu" else "../envs/train.yaml"
    threads: config["threads"]
    resources:
        gpu=GPU,
        mem_mb=8000,
        runtime=120,
    params:
        period=lambda w: config[w.paper]["periods"]["test"],
        code=fingerprint_of("simulate_run.py"),
    message:
        "Simulating {wildcards.paper} {wildcards.experiment} {wildcards.unit}, seed {wildcards.seed}"
    script:
        "../workflow_scripts/simulate_run.py"


rule evaluate:
    input:
        simulations=lambda w: simulations_of(w.paper, w.experiment),
        store=lambda w: store_of(w.paper),
    output:
        metrics="results/metrics/{paper}/{experiment}.csv",
    log:
        "logs/evaluate/{paper}/{experiment}.log",
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=8000,
        runtime=30,
    params:
        members=lambda w: members_of(w.paper),
        period=lambda w: config[w.paper]["periods"]["test"],
        code=fingerprint_of("evaluate_experiment.py"),
    message:
        "Evaluating {wildcards.paper} {wildcards.experiment}"
    script:
        "../workflow_scripts/evaluate_experiment.py"
