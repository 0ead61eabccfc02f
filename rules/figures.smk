"""Figures of more than one paper; drawn from simulations, they retrain nothing."""


rule plot_hydrographs:
    input:
        store=lambda w: store_of(w.paper, hydrograph_experiments(w.paper)[0]),
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
            each={
                "paper": [
                    name for name in PAPERS if RESOLVED[name].figure("hydrographs")
                ]
            },
        ),
    log:
        "logs/figures/{paper}/hydrographs.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        **drawn("plot_hydrographs.py"),
        experiments=lambda w: hydrograph_experiments(w.paper),
        members=lambda w: [
            members_of(w.paper, experiment)
            for experiment in hydrograph_experiments(w.paper)
        ],
        looks=lambda w: looks_of(w.paper),
        basins=lambda w: RESOLVED[w.paper].figure("hydrographs")["basins"],
        period=lambda w: RESOLVED[w.paper].figure("hydrographs")["period"],
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
        files=lambda w: content_of_attributes(w.dataset),
        # Any of the dataset's: places do not depend on it.
        forcing=lambda w: FORCINGS[w.dataset][0],
        code=lambda w: fingerprint_of("locate_gauges.py", reader_of(w.dataset)),
    message:
        "Reading where the gauges are"
    script:
        "../workflow_scripts/locate_gauges.py"
