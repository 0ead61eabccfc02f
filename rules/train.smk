"""One job per training run: paper / experiment / unit / seed."""

TRAINING_RULES = (
    "train",
    "fine_tune",
    "continue_training",
    "score_epochs",
    "trace_epochs",
)
GPU_RULES = (
    *(*TRAINING_RULES, "simulate"),
    *("perturb_attributes", "rank_attributes", "screen_attributes"),
)
RUN = "results/runs/{paper}/{experiment}/{unit}/seed{seed}"
# Of rules in any folder.
TRAIN_ENV = f"{workflow.basedir}/" + (
    "envs/train_cpu.yaml" if config["device"] == "cpu" else "envs/train.yaml"
)


rule train:
    input:
        store=lambda w: store_of(w.paper, w.experiment, w.seed),
        basins=lambda w: basins_of(w.paper, w.experiment),
    output:
        weights=f"{RUN}/model.pt",
        history=f"{RUN}/history.csv",
        record=f"{RUN}/run.yaml",
    log:
        "logs/train/{paper}/{experiment}/{unit}_seed{seed}.log",
    benchmark:
        "benchmarks/train/{paper}/{experiment}_{unit}_seed{seed}.tsv"
    wildcard_constraints:
        experiment=rf"(?!(?:{FINE_TUNED}|{CONTINUED})/)[a-z][a-z0-9_]*",
    retries: 1
    group:
        in_group("basins")
    conda:
        TRAIN_ENV
    threads: threads_of
    resources:
        gpu=GPU,
        # Of a group one after the other: it asks for what one of them needs.
        in_turn=lambda w: int(alone(w)),
        mem_mb=memory_of,
        runtime=minutes_of(run_settings),
    params:
        settings=settings_of,
        # A folder that Snakemake does not know outlives a killed job.
        checkpoints="checkpoints/{paper}/{experiment}/{unit}/seed{seed}",
        code=lambda w: training_code(w, "train_run.py"),
    message:
        "Training {wildcards.paper} {wildcards.experiment} {wildcards.unit}, seed {wildcards.seed}"
    script:
        "../workflow_scripts/train_run.py"


rule fine_tune:
    input:
        store=lambda w: store_of(w.paper, w.experiment, w.seed),
        basins=lambda w: basins_of(w.paper, w.experiment),
        start=start_of,
    output:
        weights=f"{RUN}/model.pt",
        history=f"{RUN}/history.csv",
        record=f"{RUN}/run.yaml",
    log:
        "logs/train/{paper}/{experiment}/{unit}_seed{seed}.log",
    benchmark:
        "benchmarks/train/{paper}/{experiment}_{unit}_seed{seed}.tsv"
    wildcard_constraints:
        experiment=FINE_TUNED,
    retries: 1
    group:
        in_group("fine_tuned")
    conda:
        TRAIN_ENV
    threads: threads_of
    resources:
        gpu=GPU,
        # Of a group one after the other: it asks for what one of them needs.
        in_turn=lambda w: int(alone(w)),
        mem_mb=memory_of_scored,
        runtime=minutes_of(run_settings),
    params:
        settings=settings_of,
        checkpoints="checkpoints/{paper}/{experiment}/{unit}/seed{seed}",
        code=lambda w: training_code(w, "fine_tune_run.py"),
    message:
        "Fine-tuning {wildcards.paper} {wildcards.experiment} {wildcards.unit}, seed {wildcards.seed}"
    script:
        "../workflow_scripts/fine_tune_run.py"


rule score_epochs:
    input:
        store=lambda w: store_of(w.paper, w.experiment, w.seed),
        basins=lambda w: basins_of(w.paper, w.experiment),
    output:
        scores=f"{RUN}/epoch_scores.csv",
    log:
        "logs/score_epochs/{paper}/{experiment}/{unit}_seed{seed}.log",
    wildcard_constraints:
        experiment=rf"(?!(?:{FINE_TUNED})/)[a-z][a-z0-9_]*",
    retries: 1
    group:
        in_group("scored")
    conda:
        TRAIN_ENV
    threads: threads_of
    resources:
        gpu=GPU,
        # Of a group one after the other: it asks for what one of them needs.
        in_turn=lambda w: int(alone(w)),
        mem_mb=memory_of_scored,
        runtime=minutes_of(selection_settings),
    params:
        settings=selection_settings_of,
        checkpoints="checkpoints/{paper}/{experiment}/{unit}/seed{seed}_scores",
        code=lambda w: training_code(w, "score_epochs.py"),
    message:
        "Scoring epochs of {wildcards.paper} {wildcards.experiment} {wildcards.unit}, seed {wildcards.seed}"
    script:
        "../workflow_scripts/score_epochs.py"


rule continue_training:
    input:
        store=lambda w: store_of(w.paper, w.experiment, w.seed),
        basins=lambda w: basins_of(w.paper, w.experiment),
        start=start_of,
    output:
        weights=f"{RUN}/model.pt",
        history=f"{RUN}/history.csv",
        record=f"{RUN}/run.yaml",
    log:
        "logs/train/{paper}/{experiment}/{unit}_seed{seed}.log",
    benchmark:
        "benchmarks/train/{paper}/{experiment}_{unit}_seed{seed}.tsv"
    wildcard_constraints:
        experiment=CONTINUED,
    retries: 1
    conda:
        TRAIN_ENV
    threads: config["threads"]
    resources:
        gpu=GPU,
        mem_mb=memory_of,
        runtime=minutes_of(run_settings),
    params:
        settings=settings_of,
        checkpoints="checkpoints/{paper}/{experiment}/{unit}/seed{seed}",
        code=lambda w: training_code(w, "continue_run.py"),
    message:
        "Continuing {wildcards.paper} {wildcards.experiment}, seed {wildcards.seed}"
    script:
        "../workflow_scripts/continue_run.py"
