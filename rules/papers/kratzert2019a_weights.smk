"""kratzert2019a with the authors' own networks: from HydroShare, nothing is trained."""

if P19A.authors_weights:

    # As in download.smk: what fetches has no params.code, and checksums decide.
    rule find_authors_runs:
        output:
            table=f"{AUTHORS_RUNS}/runs.csv",
        log:
            "logs/download/kratzert2019a_runs.log",
        localrule: True
        conda:
            "../../envs/data.yaml"
        resources:
            downloads=1,
        params:
            **WEIGHTS_PARAMS,
            root=config["weights_root"],
            files=content_of_runs(),
            wanted=wanted_runs(),
        message:
            "Looking for the authors' networks of kratzert2019a"
        script:
            "../../workflow_scripts/find_authors_runs.py"

    # A table that is made anew, because another seed is wanted, fetches nothing again.
    rule fetch_authors_weights:
        input:
            table=ancient(f"{AUTHORS_RUNS}/runs.csv"),
        output:
            directory(f"{AUTHORS_RUNS}/{{experiment}}/seed{{seed}}"),
        log:
            "logs/download/kratzert2019a_{experiment}_seed{seed}.log",
        localrule: True
        conda:
            "../../envs/data.yaml"
        resources:
            downloads=1,
        params:
            **WEIGHTS_PARAMS,
            what="weights",
            files=content_of_runs(),
        message:
            "Fetching the authors' network of {wildcards.experiment}, seed {wildcards.seed}"
        script:
            "../../workflow_scripts/fetch_authors_run.py"

    rule convert_authors_weights:
        input:
            run=f"{AUTHORS_RUNS}/{{experiment}}/seed{{seed}}",
            store=lambda w: store_of(w.paper, w.experiment),
            basins=lambda w: basins_of(w.paper, w.experiment),
        output:
            weights=f"{RUN}/model.pt",
            record=f"{RUN}/run.yaml",
        log:
            "logs/convert/{paper}/{experiment}/{unit}_seed{seed}.log",
        wildcard_constraints:
            paper="kratzert2019a",
        conda:
            TRAIN_ENV
        resources:
            mem_mb=more(2000),
            runtime=more(30),
        params:
            settings=settings_of,
            order=order_of_weights(),
            code=lambda w: fingerprint_of(
                "convert_authors_run.py", network_of(w.paper, w.experiment)
            ),
        message:
            "Converting the authors' network of {wildcards.experiment}, seed {wildcards.seed}"
        script:
            "../../workflow_scripts/convert_authors_run.py"

    ruleorder: convert_authors_weights > train


if P19A.stored_simulations:

    rule fetch_authors_results:
        input:
            table=ancient(f"{AUTHORS_RUNS}/runs.csv"),
        output:
            f"{AUTHORS_RUNS}/{{experiment}}/results_seed{{seed}}.p",
        log:
            "logs/download/kratzert2019a_{experiment}_results_seed{seed}.log",
        localrule: True
        conda:
            "../../envs/data.yaml"
        resources:
            downloads=1,
        params:
            **WEIGHTS_PARAMS,
            what="results",
        message:
            "Fetching the authors' simulation of {wildcards.experiment}, seed {wildcards.seed}"
        script:
            "../../workflow_scripts/fetch_authors_run.py"

    rule read_authors_simulation:
        input:
            results=f"{AUTHORS_RUNS}/{{experiment}}/results_seed{{seed}}.p",
            store=lambda w: store_of("kratzert2019a", w.experiment),
            basins=lambda w: basins_of("kratzert2019a", w.experiment),
        output:
            simulation=stored_simulation("{experiment}", "seed{seed}"),
        log:
            "logs/analyse/kratzert2019a/stored_{experiment}_seed{seed}.log",
        conda:
            "../../envs/data.yaml"
        resources:
            mem_mb=more(1500),
            runtime=more(30),
        params:
            period=lambda w: P19A.find(w.experiment).period("test"),
            code=code_of("read_authors_simulation.py"),
        message:
            "Reading the authors' simulation of {wildcards.experiment}, seed {wildcards.seed}"
        script:
            "../../workflow_scripts/read_authors_simulation.py"

    # As `evaluate`, which no rule of another folder can use: its script would be lost.
    rule evaluate_stored:
        input:
            simulations=lambda w: [
                stored_simulation(w.experiment, member)
                for member in members_of("kratzert2019a", w.experiment)
            ],
            store=lambda w: store_of("kratzert2019a", w.experiment),
        output:
            metrics=f"{STORED}/kratzert2019a/metrics_{{experiment}}.csv",
        log:
            "logs/evaluate/kratzert2019a/stored_{experiment}.log",
        conda:
            "../../envs/data.yaml"
        resources:
            mem_mb=more(2000),
            runtime=more(60),
        params:
            members=lambda w: members_of("kratzert2019a", w.experiment),
            periods=lambda w: evaluated_periods("kratzert2019a", w.experiment),
            own_start=lambda w: P19A.find(w.experiment).own_start,
            target=lambda w: P19A.find(w.experiment).target,
            metrics=P19A.metrics,
            code=code_of("evaluate_experiment.py", f"evaluation.{P19A.metrics}"),
        message:
            "Evaluating the authors' simulations of {wildcards.experiment}"
        script:
            "../../workflow_scripts/evaluate_experiment.py"

    rule compare_authors_simulations:
        input:
            ours=[
                path
                for name in P19A.active
                for path in simulations_of("kratzert2019a", name)
            ],
            stored=[stored_simulation(*key) for key in stored_members()],
        output:
            table="results/analysis/kratzert2019a/authors_simulations.csv",
        log:
            "logs/analyse/kratzert2019a/authors_simulations.log",
        localrule: True
        conda:
            "../../envs/data.yaml"
        params:
            members=stored_members(),
            code=code_of("compare_authors_simulations.py"),
        message:
            "Comparing our simulations with the authors'"
        script:
            "../../workflow_scripts/compare_authors_simulations.py"
