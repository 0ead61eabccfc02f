"""kratzert2018: its analyses, tables, figures (as the paper), notebook and target."""


include: "kratzert2018_helpers.smk"


rule trace_epochs:
    input:
        store=store_of("kratzert2018", TRACED["experiment"]),
        basins=basins_of("kratzert2018", TRACED["experiment"]),
    output:
        "results/analysis/kratzert2018/hydrograph_epochs.csv",
    log:
        "logs/analyse/kratzert2018/hydrograph_epochs.log",
    retries: 1
    conda:
        TRAIN_ENV
    resources:
        gpu=GPU,
        mem_mb=more(2000),
        runtime=more(120),
    params:
        settings=lambda w: traced_settings("hydrograph_epochs"),
        epochs=TRACED["epochs"],
        period=TRACED["period"],
        checkpoints="checkpoints/kratzert2018/hydrograph_epochs",
        code=code_of(
            "trace_epochs.py",
            *learned_with("kratzert2018", TRACED["experiment"]),
        ),
    message:
        "Tracing the hydrograph of basin {params.settings[unit]} through training"
    script:
        "../../workflow_scripts/trace_epochs.py"


rule trace_cell_state:
    input:
        unpack(cell_state_inputs),
    output:
        trace="results/analysis/kratzert2018/cell_state.csv",
        choice="results/analysis/kratzert2018/cell_state.yaml",
    log:
        "logs/analyse/kratzert2018/cell_state.log",
    conda:
        TRAIN_ENV
    params:
        basin=CELLS["basin"],
        period=CELLS["period"],
        swe=CELLS["swe"],
        code=code_of(
            "trace_cell_state.py",
            network_of("kratzert2018", CELLS["experiment"]),
        ),
    message:
        "Looking for the cell that follows the snow of basin {params.basin}"
    script:
        "../../workflow_scripts/trace_cell_state.py"


rule correlate_basins:
    input:
        store=store_of("kratzert2018"),
    output:
        "results/analysis/kratzert2018/basin_correlation.csv",
    log:
        "logs/analyse/kratzert2018/basin_correlation.log",
    localrule: True
    conda:
        "../../envs/data.yaml"
    params:
        regions=P18.own.regions,
        train=P18.own.period("train"),
        own_start=P18.own.own_start,
        code=code_of("correlate_basins.py"),
    message:
        "Correlating the discharge of the basins of each region"
    script:
        "../../workflow_scripts/correlate_basins.py"


use rule tabulate as tabulate_nse_by_region with:
    input:
        metrics=[metrics_of("kratzert2018")[name] for name in compared_2018()],
    output:
        **table("kratzert2018", "nse_by_region", "NSE by region"),
    log:
        "logs/figures/kratzert2018/nse_by_region_table.log",
    params:
        **tabulated("kratzert2018.nse_by_region"),
        titles=titles_among("kratzert2018", compared_2018()),
        regions=P18.own.regions,
    message:
        "Tabulating NSE by region"


use rule tabulate as tabulate_fine_tuning_epochs with:
    input:
        records=lambda w: run_files(
            "kratzert2018",
            "fine_tuned",
            members_of("kratzert2018", "fine_tuned")[0],
            "run.yaml",
        ),
    output:
        **table(
            "kratzert2018",
            "fine_tuning_epochs",
            "Epochs of fine-tuning",
            when=run_2018("fine_tuned"),
        ),
    log:
        "logs/figures/kratzert2018/fine_tuning_epochs_table.log",
    params:
        **tabulated("kratzert2018.fine_tuning_epochs"),
        regions=P18.own.regions,
    message:
        "Tabulating the epochs of fine-tuning"


use rule tabulate as tabulate_epoch_selection with:
    input:
        unpack(lambda w: asked_scores()),
    output:
        **table(
            "kratzert2018",
            "epoch_selection",
            "Numbers of epochs",
            when=EPOCH_SELECTION["run"] and epoch_scores(),
        ),
    log:
        "logs/figures/kratzert2018/epoch_selection_table.log",
    params:
        **tabulated("kratzert2018.epoch_selection"),
        used=epochs_used(),
    message:
        "Tabulating the numbers of epochs"


rule count_epochs:
    input:
        selection="results/tables/kratzert2018/epoch_selection.csv",
    output:
        **numbers(
            "kratzert2018",
            "epoch_selection",
            when=EPOCH_SELECTION["run"] and epoch_scores(),
        ),
    log:
        "logs/numbers/kratzert2018_epoch_selection.log",
    localrule: True
    conda:
        "../../envs/data.yaml"
    params:
        basins="241",
        code=code_of("count_epochs.py"),
    message:
        "Taking the numbers of epochs of kratzert2018"
    script:
        "../../workflow_scripts/count_epochs.py"


use rule draw_figure as plot_hydrograph_epochs with:
    input:
        series="results/analysis/kratzert2018/hydrograph_epochs.csv",
        store=store_of("kratzert2018"),
    output:
        **figure(
            "kratzert2018",
            "hydrograph_epochs",
            "Hydrograph after several epochs",
            when=run_2018(TRACED["experiment"]),
        ),
    log:
        "logs/figures/kratzert2018/hydrograph_epochs.log",
    params:
        **drawn("kratzert2018.hydrograph_epochs"),
        basin=TRACED["basin"],
    message:
        "Drawing a hydrograph through training"


use rule draw_figure as plot_epoch_selection with:
    input:
        unpack(lambda w: asked_scores()),
        **fine_tuning_epochs(),
    output:
        **figure(
            "kratzert2018",
            "epoch_selection",
            "Skill after each epoch",
            when=EPOCH_SELECTION["run"] and epoch_scores(),
        ),
    log:
        "logs/figures/kratzert2018/epoch_selection.log",
    params:
        **drawn("kratzert2018.epoch_selection"),
        used=epochs_used(),
        looks=looks_among("kratzert2018", epoch_scores()),
    message:
        "Drawing the selection of epochs"


use rule draw_figure as plot_rnn_vs_lstm with:
    input:
        unpack(compared_networks),
        store=store_of("kratzert2018"),
    output:
        **figure(
            "kratzert2018",
            "rnn_vs_lstm",
            "RNN and LSTM",
            when=run_2018("rnn", "basin"),
        ),
    log:
        "logs/figures/kratzert2018/rnn_vs_lstm.log",
    params:
        **drawn("kratzert2018.rnn_vs_lstm"),
        member=members_of("kratzert2018", "rnn")[0],
        basin=RNN_VS_LSTM["basin"],
        period=RNN_VS_LSTM["period"],
        looks=looks_among("kratzert2018", ["rnn", "basin"]),
    message:
        "Drawing RNN and LSTM"


use rule draw_figure as plot_nse_cdf with:
    input:
        metrics=[metrics_of("kratzert2018")[name] for name in compared_2018()],
    output:
        **figure(
            "kratzert2018",
            "nse_cdf",
            "CDF of NSE",
            when=networks_2018(),
        ),
    log:
        "logs/figures/kratzert2018/nse_cdf.log",
    params:
        **drawn("kratzert2018.nse_cdf"),
        looks=looks_among("kratzert2018", compared_2018()),
    message:
        "Drawing the CDF of NSE of kratzert2018"


use rule draw_figure as plot_nse_maps with:
    input:
        metrics=[metrics_of("kratzert2018")[name] for name in compared_2018()],
        stores=[store_of("kratzert2018", name) for name in compared_2018()],
    output:
        **figure(
            "kratzert2018",
            "nse_maps",
            "Maps and histograms of NSE",
            when=networks_2018(),
        ),
    log:
        "logs/figures/kratzert2018/nse_maps.log",
    params:
        **drawn("kratzert2018.nse_maps"),
        looks=looks_among("kratzert2018", compared_2018()),
    message:
        "Drawing maps of NSE"


use rule draw_figure as plot_nse_differences with:
    input:
        metrics=[metrics_of("kratzert2018")[name] for name in compared_2018()],
        stores=[store_of("kratzert2018", name) for name in compared_2018()],
    output:
        **figure(
            "kratzert2018",
            "nse_differences",
            "Maps of differences in NSE",
            when=difference_pairs(),
        ),
    log:
        "logs/figures/kratzert2018/nse_differences.log",
    params:
        **drawn("kratzert2018.nse_differences"),
        looks=looks_among("kratzert2018", compared_2018()),
        pairs=lambda w: asked_pairs(),
    message:
        "Drawing maps of differences in NSE"


use rule draw_figure as plot_basin_correlation with:
    input:
        correlation="results/analysis/kratzert2018/basin_correlation.csv",
    output:
        **figure(
            "kratzert2018",
            "basin_correlation",
            "Correlation between basins",
            when=any(len(basins) > 1 for basins in P18.own.regions.values()),
        ),
    log:
        "logs/figures/kratzert2018/basin_correlation.log",
    params:
        **drawn("kratzert2018.basin_correlation"),
        regions=P18.own.regions,
    message:
        "Drawing the correlation between basins"


use rule draw_figure as plot_cell_state_snow with:
    input:
        trace="results/analysis/kratzert2018/cell_state.csv",
        choice="results/analysis/kratzert2018/cell_state.yaml",
    output:
        **figure(
            "kratzert2018",
            "cell_state_snow",
            "A cell state and snow",
            when=run_2018(CELLS["experiment"]),
        ),
    log:
        "logs/figures/kratzert2018/cell_state_snow.log",
    params:
        **drawn("kratzert2018.cell_state_snow"),
    message:
        "Drawing a cell state beside snow"


rule execute_notebook:
    input:
        unpack(notebook_inputs),
        notebook=f"{workflow.basedir}/notebooks/single_basin.ipynb",
    output:
        notebook="results/notebooks/single_basin.ipynb",
        page=report(
            "results/notebooks/single_basin.html",
            caption="../../report/kratzert2018/single_basin.rst",
            category="kratzert2018",
            subcategory="Notebook",
            labels={"notebook": "one basin, from file to hydrograph"},
        ),
    log:
        "logs/notebooks/single_basin.log",
    conda:
        "../../envs/notebook.yaml"
    resources:
        mem_mb=more(2000),
        runtime=more(60),
    params:
        parameters=notebook_parameters,
        files=lambda w: content_of_series(P18.own.dataset, P18.own.forcing),
        # The notebook goes the way of these scripts, with the same functions.
        code=lambda w: [
            fingerprint_of("draw_figure.py", "figures.shared.hydrographs"),
            *[
                fingerprint_of(
                    f"{script}.py",
                    reader_of(P18.own.dataset),
                    *learned_with("kratzert2018", "example"),
                )
                for script in (
                    "execute_notebook",
                    "build_store",
                    "train_run",
                    "simulate_member",
                    "evaluate_experiment",
                )
            ],
        ],
    message:
        "Executing the notebook on basin {params.parameters[basin]}"
    script:
        "../../workflow_scripts/execute_notebook.py"


rule kratzert2018:
    input:
        results_of("kratzert2018"),
        "results/scorecard/kratzert2018.html",
