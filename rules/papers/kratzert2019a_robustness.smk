"""kratzert2019a: noise on the static attributes, and what it does to NSE."""


include: "kratzert2019a_robustness_helpers.smk"


rule perturb_attributes:
    input:
        weights=lambda w: perturbed_network(),
        store=lambda w: store_of("kratzert2019a", PERTURBED),
        basins=lambda w: basins_of("kratzert2019a", PERTURBED),
    output:
        levels="results/analysis/kratzert2019a/robustness.csv",
        basins="results/analysis/kratzert2019a/robustness_by_basin.csv",
    log:
        "logs/analyse/kratzert2019a/robustness.log",
    benchmark:
        "benchmarks/analyse/kratzert2019a/robustness.tsv"
    retries: 1
    conda:
        TRAIN_ENV
    threads: config["threads"]
    resources:
        gpu=GPU,
        mem_mb=more(2000),
        runtime=lambda w, attempt: min(noise_minutes() * attempt, MOST),
    params:
        periods=lambda w: perturbed_periods(),
        noise=lambda w: noise_settings(),
        simulation=lambda w: noise_simulation(),
        checkpoints="checkpoints/kratzert2019a/robustness",
        code=code_of(
            "perturb_attributes.py",
            network_of("kratzert2019a", PERTURBED),
        ),
    message:
        "Simulating kratzert2019a {params.noise[experiment]} with noise on its attributes"
    script:
        "../../workflow_scripts/perturb_attributes.py"


rule count_robustness:
    input:
        **published_basins("kratzert2019a"),
        levels="results/analysis/kratzert2019a/robustness.csv",
        basins="results/analysis/kratzert2019a/robustness_by_basin.csv",
    output:
        **numbers("kratzert2019a", "robustness", when=run_2019a(PERTURBED)),
    log:
        "logs/numbers/kratzert2019a_robustness.log",
    localrule: True
    conda:
        "../../envs/data.yaml"
    params:
        experiment=PERTURBED,
        member=lambda w: perturbed_member(),
        code=code_of("count_robustness.py"),
    message:
        "Taking the numbers of the robustness of kratzert2019a"
    script:
        "../../workflow_scripts/count_robustness.py"


use rule draw_figure as plot_robustness with:
    input:
        levels="results/analysis/kratzert2019a/robustness.csv",
        published=f"{PUBLISHED}/kratzert2019a.csv",
    output:
        **figure(
            "kratzert2019a",
            "robustness",
            "NSE with noise on the attributes",
            when=run_2019a(PERTURBED),
        ),
    log:
        "logs/figures/kratzert2019a/robustness.log",
    params:
        **drawn("kratzert2019a.robustness"),
        experiment=PERTURBED,
        member=lambda w: perturbed_member(),
        looks=lambda w: looks_among("kratzert2019a", [PERTURBED]),
    message:
        "Drawing the robustness of kratzert2019a"
