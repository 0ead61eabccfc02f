"""kratzert2019a: its tables, figures and target."""


include: "kratzert2019a_helpers.smk"


rule tabulate_configurations:
    input:
        **metrics_of("kratzert2019a"),
    output:
        **table("kratzert2019a", "configurations", "NSE of the configurations"),
    log:
        "logs/figures/kratzert2019a/configurations.log",
    localrule: True
    conda:
        "../../envs/data.yaml"
    params:
        titles=titles_of("kratzert2019a"),
        code=fingerprint_of("tabulate_configurations.py"),
    message:
        "Tabulating the configurations of kratzert2019a"
    script:
        "../../workflow_scripts/tabulate_configurations.py"


rule plot_nse_cdf_configurations:
    input:
        **metrics_of("kratzert2019a"),
    output:
        **figure(
            "kratzert2019a", "nse_cdf_configurations", "CDF of NSE, configurations"
        ),
    log:
        "logs/figures/kratzert2019a/nse_cdf_configurations.log",
    localrule: True
    conda:
        "../../envs/plot.yaml"
    params:
        **drawn("plot_nse_cdf_configurations.py"),
        looks=looks_of("kratzert2019a"),
        # The paper shows its first seed beside the ensemble.
        members={
            name: members_of("kratzert2019a", name)[0]
            for name in metrics_of("kratzert2019a")
        },
    message:
        "Drawing the CDF of NSE of kratzert2019a"
    script:
        "../../workflow_scripts/plot_nse_cdf_configurations.py"


rule kratzert2019a:
    input:
        results_of("kratzert2019a"),
        "results/scorecard/kratzert2019a.html",
