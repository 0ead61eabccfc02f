"""One job per training run: paper / experiment / unit / seed."""


rule train:
    input:
        store=lambda w: store_of(w.paper),
        basins=lambda w: basins_of(w.paper),
    output:
        weights="results/runs/{paper}/{experiment}/{unit}/seed{seed}/model.pt",
        history="results/runs/{paper}/{experiment}/{unit}/seed{seed}/history.csv",
        record="results/runs/{paper}/{experiment}/{unit}/seed{seed}/run.yaml",
    log:
        "logs/train/{paper}/{experiment}/{unit}_seed{seed}.log",
    benchmark:
        "benchmarks/train/{paper}/{experiment}_{unit}_seed{seed}.tsv"
    retries: 1
    conda:
        "../envs/train_cpu.yaml" if config["device"] == "cpu" else "../envs/train.yaml"
    threads: config["threads"]
    resources:
        gpu=GPU,
        mem_mb=16000,
        runtime=720,
    params:
        settings=settings_of,
        # A folder that Snakemake does not know outlives a killed job.
        checkpoints="checkpoints/{paper}/{experiment}/{unit}/seed{seed}",
        code=fingerprint_of("train_run.py"),
    message:
        "Training {wildcards.paper} {wildcards.experiment} {wildcards.unit}, seed {wildcards.seed}"
    script:
        "../workflow_scripts/train_run.py"
