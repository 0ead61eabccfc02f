"""Tables and figures; drawn from metrics and simulations, they retrain nothing."""


rule tabulate_configurations:
    input:
        **metrics_of("kratzert2019a"),
    output:
        table=report(
            "results/tables/kratzert2019a/configurations.csv",
            caption="../report/kratzert2019a/configurations.rst",
            category="kratzert2019a",
            subcategory="Tables",
            labels={"shows": "NSE of the configurations"},
        ),
    log:
        "logs/figures/kratzert2019a/configurations.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        titles=titles_of("kratzert2019a"),
        code=fingerprint_of("tabulate_configurations.py"),
    message:
        "Tabulating the configurations of kratzert2019a"
    script:
        "../workflow_scripts/tabulate_configurations.py"


rule plot_nse_cdf_configurations:
    input:
        **metrics_of("kratzert2019a"),
    output:
        pdf="results/figures/kratzert2019a/nse_cdf_configurations.pdf",
        png=report(
            "results/figures/kratzert2019a/nse_cdf_configurations.png",
            caption="../report/kratzert2019a/nse_cdf_configurations.rst",
            category="kratzert2019a",
            subcategory="Figures",
            labels={"shows": "CDF of NSE, configurations"},
        ),
    log:
        "logs/figures/kratzert2019a/nse_cdf_configurations.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        looks=looks_of("kratzert2019a"),
        # The paper shows its first seed beside the ensemble.
        member=members_of("kratzert2019a")[0],
        dataset=config["dataset"],
        code=fingerprint_of("plot_nse_cdf_configurations.py"),
    message:
        "Drawing the CDF of NSE of kratzert2019a"
    script:
        "../workflow_scripts/plot_nse_cdf_configurations.py"


rule plot_hydrographs:
    input:
        store=lambda w: store_of(w.paper),
        simulations=lambda w: [
            path
            for experiment in hydrograph_experiments(w.paper)
            for path in simulations_of(w.paper, experiment)
        ],
    output:
        pdf="results/figures/{paper}/hydrographs.pdf",
        png=report(
            "results/figures/{paper}/hydrographs.png",
            caption="../report/hydrographs.rst",
            category="{paper}",
            subcategory="Figures",
            labels={"shows": "Hydrographs"},
        ),
    log:
        "logs/figures/{paper}/hydrographs.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        experiments=lambda w: hydrograph_experiments(w.paper),
        members=lambda w: members_of(w.paper),
        looks=lambda w: looks_of(w.paper),
        basins=lambda w: config[w.paper]["hydrographs"]["basins"],
        period=lambda w: config[w.paper]["hydrographs"]["period"],
        dataset=config["dataset"],
        code=fingerprint_of("plot_hydrographs.py"),
    message:
        "Drawing hydrographs of {wildcards.paper}"
    script:
        "../workflow_scripts/plot_hydrographs.py"
