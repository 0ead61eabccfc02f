"""What the papers look at beyond metrics."""

P18 = config["kratzert2018"]


rule choose_sac_sma:
    input:
        model_output=lambda w: model_output_of(w.paper),
        store=lambda w: store_of(w.paper),
        basins=lambda w: basins_of(w.paper),
    output:
        simulation="results/analysis/{paper}/sac_sma.nc",
        chosen="results/analysis/{paper}/sac_sma_calibrations.csv",
    log:
        "logs/analyse/{paper}/sac_sma.log",
    wildcard_constraints:
        paper="kratzert2018",
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=8000,
        runtime=30,
    params:
        periods=lambda w: periods_of(w.paper, "sac_sma"),
        own_start=lambda w: own_start(w.paper),
        code=fingerprint_of("choose_sac_sma.py"),
    message:
        "Choosing the calibrations of SAC-SMA for {wildcards.paper}"
    script:
        "../workflow_scripts/choose_sac_sma.py"


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


rule average_sac_sma:
    input:
        model_output=lambda w: model_output_of(w.paper),
        store=lambda w: store_of(w.paper),
        basins=lambda w: basins_of(w.paper),
    output:
        simulation="results/analysis/{paper}/sac_sma.nc",
    log:
        "logs/analyse/{paper}/sac_sma.log",
    wildcard_constraints:
        paper="kratzert2019b",
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=8000,
        runtime=30,
    params:
        period=lambda w: periods_of(w.paper, "sac_sma")["test"],
        code=fingerprint_of("average_sac_sma.py"),
    message:
        "Averaging the calibrations of SAC-SMA for {wildcards.paper}"
    script:
        "../workflow_scripts/average_sac_sma.py"


rule read_nwm:
    input:
        discharge=f"{config['kratzert2019b']['nwm']}/{NWM_FILES[0]}",
        gauges=f"{config['kratzert2019b']['nwm']}/{NWM_FILES[1]}",
        store=lambda w: store_of(w.paper),
        basins=lambda w: basins_of(w.paper),
    output:
        simulation="results/analysis/{paper}/nwm.nc",
    log:
        "logs/analyse/{paper}/nwm.log",
    wildcard_constraints:
        paper="kratzert2019b",
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=4000,
        runtime=30,
    params:
        period=lambda w: periods_of(w.paper, "nwm")["test"],
        code=fingerprint_of("read_nwm.py"),
    message:
        "Reading the National Water Model for {wildcards.paper}"
    script:
        "../workflow_scripts/read_nwm.py"


rule trace_epochs:
    input:
        store=store_of("kratzert2018"),
        basins=basins_of("kratzert2018"),
    output:
        "results/analysis/kratzert2018/hydrograph_epochs.csv",
    log:
        "logs/analyse/kratzert2018/hydrograph_epochs.log",
    retries: 1
    conda:
        TRAIN_ENV
    resources:
        gpu=GPU,
        mem_mb=2000,
        runtime=120,
    params:
        settings=lambda w: traced_settings("hydrograph_epochs"),
        epochs=P18["hydrograph_epochs"]["epochs"],
        period=P18["hydrograph_epochs"]["period"],
        checkpoints="checkpoints/kratzert2018/hydrograph_epochs",
        code=fingerprint_of(
            "trace_epochs.py",
            *learned_with("kratzert2018", P18["hydrograph_epochs"]["experiment"]),
        ),
    message:
        "Tracing the hydrograph of basin {params.settings[unit]} through training"
    script:
        "../workflow_scripts/trace_epochs.py"


rule trace_cell_state:
    input:
        unpack(cell_state_inputs),
        store=store_of("kratzert2018"),
    output:
        trace="results/analysis/kratzert2018/cell_state.csv",
        choice="results/analysis/kratzert2018/cell_state.yaml",
    log:
        "logs/analyse/kratzert2018/cell_state.log",
    conda:
        TRAIN_ENV
    params:
        basin=P18["cell_state"]["basin"],
        period=P18["cell_state"]["period"],
        swe=P18["cell_state"]["swe"],
        code=fingerprint_of(
            "trace_cell_state.py",
            network_of("kratzert2018", P18["cell_state"]["experiment"]),
        ),
    message:
        "Looking for the cell that follows the snow of basin {params.basin}"
    script:
        "../workflow_scripts/trace_cell_state.py"


rule correlate_basins:
    input:
        store=store_of("kratzert2018"),
    output:
        "results/analysis/kratzert2018/basin_correlation.csv",
    log:
        "logs/analyse/kratzert2018/basin_correlation.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        regions=P18["regions"],
        train=P18["periods"]["train"],
        own_start=own_start("kratzert2018"),
        code=fingerprint_of("correlate_basins.py"),
    message:
        "Correlating the discharge of the basins of each region"
    script:
        "../workflow_scripts/correlate_basins.py"
