"""Physical models that are calibrated here, and inputs that no forcing product holds."""


rule calibrate_hbv:
    input:
        store=lambda w: store_of(w.paper),
        basins=lambda w: basins_of(w.paper),
    output:
        simulation="results/analysis/{paper}/{model}.nc",
        parameters="results/analysis/{paper}/{model}_parameters.csv",
    log:
        "logs/analyse/{paper}/{model}.log",
    benchmark:
        "benchmarks/physics/{paper}_{model}.tsv"
    wildcard_constraints:
        model="|".join([HBV, *HBV_FEW]),
    retries: 1
    conda:
        f"{workflow.basedir}/envs/train_cpu.yaml"
    resources:
        mem_mb=more(8000),
        runtime=more(240),
    params:
        search=lambda w: RESOLVED[w.paper].benchmark(w.model),
        period=lambda w: RESOLVED[w.paper].calibration(w.model),
        own_start=lambda w: RESOLVED[w.paper].own.own_start,
        checkpoints="checkpoints/{paper}/{model}",
        code=code_of("calibrate_hbv.py"),
    message:
        "Calibrating {wildcards.model} for {wildcards.paper}"
    script:
        "../workflow_scripts/calibrate_hbv.py"


rule regionalise_hbv:
    input:
        parameters="results/analysis/{paper}/hbv_parameters.csv",
        store=lambda w: store_of(w.paper),
        basins=lambda w: basins_of(w.paper),
    output:
        simulation="results/analysis/{paper}/hbv_regional{fold}_seed{seed}.nc",
    log:
        "logs/analyse/{paper}/hbv_regional{fold}_seed{seed}.log",
    wildcard_constraints:
        # For the network of a fold; without one, each basin as where it is held out.
        fold=rf"(_{FOLD}\d\d)?",
    conda:
        f"{workflow.basedir}/envs/train_cpu.yaml"
    resources:
        mem_mb=more(8000),
        runtime=more(60),
    params:
        donors=lambda w: RESOLVED[w.paper].benchmark("hbv_regional")["donors"],
        near=lambda w: donors_near(w.paper),
        folds=folds_of_donors,
        warmup=lambda w: RESOLVED[w.paper].benchmark("hbv")["warmup"],
        code=code_of("regionalise_hbv.py"),
    message:
        "Running HBV of {wildcards.paper} with parameters of others{wildcards.fold}, seed {wildcards.seed}"
    script:
        "../workflow_scripts/regionalise_hbv.py"


rule derive_inputs:
    input:
        store="results/data/{dataset}/{forcing}_{owner}.h5",
        simulations=simulations_behind,
    output:
        store="results/data/{dataset}/{forcing}_{owner}_with_{derived}.h5",
    log:
        "logs/preprocess/{dataset}_{forcing}_{owner}_with_{derived}.log",
    wildcard_constraints:
        derived=r"[a-z][a-z0-9_]*(?:-[a-z][a-z0-9_]*)*",
    conda:
        f"{workflow.basedir}/envs/train_cpu.yaml"
    resources:
        mem_mb=memory_of_derived,
        runtime=more(60),
    params:
        names=derived_in,
        models=lambda w: models_of(derived_in(w)),
        code=code_of("derive_inputs.py"),
    message:
        "Making {wildcards.derived} of {wildcards.forcing} for {wildcards.owner}"
    script:
        "../workflow_scripts/derive_inputs.py"
