"""Figures of more than one paper; drawn from simulations, they retrain nothing."""


use rule draw_figure as plot_hydrographs with:
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
            each={
                "paper": [
                    name for name in DECLARED if RESOLVED[name].figure("hydrographs")
                ]
            },
        ),
    log:
        "logs/figures/{paper}/hydrographs.log",
    params:
        **drawn("shared.hydrographs"),
        looks=lambda w: looks_among(w.paper, hydrograph_experiments(w.paper)),
        members=lambda w: {
            experiment: members_of(w.paper, experiment)
            for experiment in hydrograph_experiments(w.paper)
        },
        basins=lambda w: RESOLVED[w.paper].figure("hydrographs")["basins"],
        period=lambda w: RESOLVED[w.paper].figure("hydrographs")["period"],
    message:
        "Drawing hydrographs of {wildcards.paper}"


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
