"""Simulation of the test period, and the metrics of each experiment."""


rule simulate:
    input:
        weights=lambda w: run_files(w.paper, w.experiment, f"seed{w.seed}", "model.pt"),
        store=lambda w: store_of(w.paper, w.experiment, w.seed),
        basins=lambda w: basins_of(w.paper, w.experiment),
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
        TRAIN_ENV
    threads: config["threads"]
    resources:
        gpu=GPU,
        mem_mb=memory_of_member,
        runtime=minutes_of_member,
    params:
        period=lambda w: experiment_of(w.paper, w.experiment).period("test"),
        held_out_attributes=lambda w: held_out_attributes(w.paper, w.experiment),
        simulation=lambda w: experiment_of(w.paper, w.experiment).simulation,
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
        store=lambda w: store_of(w.paper, w.experiment),
    output:
        metrics="results/metrics/{paper}/{experiment}.csv",
    log:
        "logs/evaluate/{paper}/{experiment}.log",
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=memory_of_evaluation,
        runtime=more(60),
    params:
        members=lambda w: members_of(w.paper, w.experiment),
        periods=lambda w: evaluated_periods(w.paper, w.experiment),
        own_start=lambda w: RESOLVED[w.paper].find(w.experiment).own_start,
        target=lambda w: RESOLVED[w.paper].find(w.experiment).target,
        metrics=lambda w: RESOLVED[w.paper].metrics,
        code=lambda w: fingerprint_of(
            "evaluate_experiment.py", f"evaluation.{RESOLVED[w.paper].metrics}"
        ),
    message:
        "Evaluating {wildcards.paper} {wildcards.experiment}"
    script:
        "../workflow_scripts/evaluate_experiment.py"
