"""Simulation of the test period, and the metrics of each experiment."""


rule simulate:
    input:
        weights=lambda w: run_files(w.paper, w.experiment, f"seed{w.seed}", "model.pt"),
        store=lambda w: store_of(w.paper),
        basins=lambda w: basins_of(w.paper),
    output:
        simulation="results/runs/{paper}/{experiment}/{together}/seed{seed}/simulation.nc",
    log:
        "logs/simulate/{paper}/{experiment}/{together}_seed{seed}.log",
    benchmark:
        "benchmarks/simulate/{paper}/{experiment}_{together}_seed{seed}.tsv"
    wildcard_constraints:
        # Of one network for all basins, or of the units' networks joined.
        together=f"{ALL}|joined",
    conda:
        "../envs/train_cpu.yaml" if config["device"] == "cpu" else "../envs/train.yaml"
    threads: config["threads"]
    resources:
        gpu=GPU,
        mem_mb=8000,
        runtime=120,
    params:
        period=lambda w: periods_of(w.paper, w.experiment)["test"],
        held_out_attributes=lambda w: held_out_attributes(w.paper, w.experiment),
        code=lambda w: fingerprint_of(
            "simulate_member.py", network_of(w.paper, w.experiment)
        ),
    message:
        "Simulating {wildcards.paper} {wildcards.experiment}, seed {wildcards.seed}"
    script:
        "../workflow_scripts/simulate_member.py"


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
        members=lambda w: members_of(w.paper, w.experiment),
        periods=lambda w: periods_of(w.paper, w.experiment),
        own_start=lambda w: own_start(w.paper),
        code=fingerprint_of("evaluate_experiment.py"),
    message:
        "Evaluating {wildcards.paper} {wildcards.experiment}"
    script:
        "../workflow_scripts/evaluate_experiment.py"


if config["kratzert2019b"]["replay"]:

    rule import_statistics:
        input:
            unpack(replayed_statistics),
        output:
            statistics="results/statistics/{paper}/{experiment}.csv",
        log:
            "logs/evaluate/{paper}/{experiment}_statistics.log",
        localrule: True
        conda:
            "../envs/data.yaml"
        params:
            code=fingerprint_of("import_statistics.py"),
        message:
            "Taking the authors' statistics of {wildcards.experiment}"
        script:
            "../workflow_scripts/import_statistics.py"

else:

    rule compute_statistics:
        input:
            simulations=lambda w: simulations_of(w.paper, w.experiment),
            store=lambda w: store_of(w.paper),
        output:
            statistics="results/statistics/{paper}/{experiment}.csv",
        log:
            "logs/evaluate/{paper}/{experiment}_statistics.log",
        conda:
            "../envs/data.yaml"
        resources:
            mem_mb=16000,
            runtime=60,
        params:
            members=lambda w: members_of(w.paper, w.experiment),
            period=lambda w: statistics_period(w.paper, w.experiment),
            code=fingerprint_of("compute_statistics.py"),
        message:
            "Computing the statistics of {wildcards.paper} {wildcards.experiment}"
        script:
            "../workflow_scripts/compute_statistics.py"
