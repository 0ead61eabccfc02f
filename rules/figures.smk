"""Figures of more than one paper; drawn from simulations, they retrain nothing."""


rule plot_hydrographs:
    input:
        store=lambda w: store_of(w.paper),
        simulations=lambda w: [
            path
            for experiment in hydrograph_experiments(w.paper)
            for path in simulations_of(w.paper, experiment)
        ],
    output:
        **figure(
            "{paper}",
            "hydrographs",
            "Hydrographs",
            caption="hydrographs",
            each={"paper": [name for name in PAPERS if "hydrographs" in config[name]]},
        ),
    log:
        "logs/figures/{paper}/hydrographs.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        **drawn("plot_hydrographs.py"),
        experiments=lambda w: hydrograph_experiments(w.paper),
        members=lambda w: members_of(w.paper),
        looks=lambda w: looks_of(w.paper),
        basins=lambda w: config[w.paper]["hydrographs"]["basins"],
        period=lambda w: config[w.paper]["hydrographs"]["period"],
    message:
        "Drawing hydrographs of {wildcards.paper}"
    script:
        "../workflow_scripts/plot_hydrographs.py"


rule locate_gauges:
    input:
        attribute_inputs,
    output:
        places="results/data/{dataset}/places.csv",
    log:
        "logs/analyse/{dataset}_places.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        dataset=config["dataset"],
        files=content_of_attributes(),
        forcing=config["kratzert2019b"]["forcing"],
        code=fingerprint_of("locate_gauges.py", READER),
    message:
        "Reading where the gauges are"
    script:
        "../workflow_scripts/locate_gauges.py"
