"""Tables and figures of kratzert2018."""


rule tabulate_nse_by_region:
    input:
        metrics=[metrics_of("kratzert2018")[name] for name in shown_2018()],
    output:
        table=report(
            "results/tables/kratzert2018/nse_by_region.csv",
            caption="../report/kratzert2018/nse_by_region.rst",
            category="kratzert2018",
            subcategory="Tables",
            labels={"shows": "NSE by region"},
        ),
    log:
        "logs/figures/kratzert2018/nse_by_region_table.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        experiments=shown_2018(),
        regions=P18["regions"],
        titles=titles_of("kratzert2018"),
        code=fingerprint_of("tabulate_nse_by_region.py"),
    message:
        "Tabulating NSE by region"
    script:
        "../workflow_scripts/tabulate_nse_by_region.py"


rule tabulate_fine_tuning_epochs:
    input:
        records=lambda w: run_files(
            "kratzert2018", "fine_tuned", members_of("kratzert2018")[0], "run.yaml"
        ),
    output:
        table=report(
            "results/tables/kratzert2018/fine_tuning_epochs.csv",
            caption="../report/kratzert2018/fine_tuning_epochs.rst",
            category="kratzert2018",
            subcategory="Tables",
            labels={"shows": "epochs of fine-tuning"},
        ),
    log:
        "logs/figures/kratzert2018/fine_tuning_epochs_table.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        regions=P18["regions"],
        code=fingerprint_of("tabulate_fine_tuning_epochs.py"),
    message:
        "Tabulating the epochs of fine-tuning"
    script:
        "../workflow_scripts/tabulate_fine_tuning_epochs.py"


rule tabulate_epoch_selection:
    input:
        unpack(lambda w: asked_scores()),
    output:
        table=report(
            "results/tables/kratzert2018/epoch_selection.csv",
            caption="../report/kratzert2018/epoch_selection.rst",
            category="kratzert2018",
            subcategory="Tables",
            labels={"shows": "numbers of epochs"},
        ),
    log:
        "logs/figures/kratzert2018/epoch_selection_table.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        experiments=list(epoch_scores()),
        used=epochs_used(),
        code=fingerprint_of("tabulate_epoch_selection.py"),
    message:
        "Tabulating the numbers of epochs"
    script:
        "../workflow_scripts/tabulate_epoch_selection.py"


rule plot_nse_cdf:
    input:
        metrics=[metrics_of("kratzert2018")[name] for name in shown_2018()],
    output:
        pdf="results/figures/kratzert2018/nse_cdf.pdf",
        png=report(
            "results/figures/kratzert2018/nse_cdf.png",
            caption="../report/kratzert2018/nse_cdf.rst",
            category="kratzert2018",
            subcategory="Figures",
            labels={"shows": "CDF of NSE"},
        ),
    log:
        "logs/figures/kratzert2018/nse_cdf.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        experiments=shown_2018(),
        looks=looks_of("kratzert2018"),
        dataset=config["dataset"],
        code=fingerprint_of("plot_nse_cdf.py"),
    message:
        "Drawing the CDF of NSE of kratzert2018"
    script:
        "../workflow_scripts/plot_nse_cdf.py"


rule plot_nse_maps:
    input:
        metrics=[metrics_of("kratzert2018")[name] for name in shown_2018()],
        store=store_of("kratzert2018"),
    output:
        pdf="results/figures/kratzert2018/nse_maps.pdf",
        png=report(
            "results/figures/kratzert2018/nse_maps.png",
            caption="../report/kratzert2018/nse_maps.rst",
            category="kratzert2018",
            subcategory="Figures",
            labels={"shows": "Maps and histograms of NSE"},
        ),
    log:
        "logs/figures/kratzert2018/nse_maps.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        experiments=shown_2018(),
        looks=looks_of("kratzert2018"),
        dataset=config["dataset"],
        code=fingerprint_of("plot_nse_maps.py"),
    message:
        "Drawing maps of NSE"
    script:
        "../workflow_scripts/plot_nse_maps.py"


rule plot_nse_differences:
    input:
        metrics=[metrics_of("kratzert2018")[name] for name in shown_2018()],
        store=store_of("kratzert2018"),
    output:
        pdf="results/figures/kratzert2018/nse_differences.pdf",
        png=report(
            "results/figures/kratzert2018/nse_differences.png",
            caption="../report/kratzert2018/nse_differences.rst",
            category="kratzert2018",
            subcategory="Figures",
            labels={"shows": "Maps of differences in NSE"},
        ),
    log:
        "logs/figures/kratzert2018/nse_differences.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        experiments=shown_2018(),
        looks=looks_of("kratzert2018"),
        pairs=lambda w: asked_pairs(),
        dataset=config["dataset"],
        code=fingerprint_of("plot_nse_differences.py"),
    message:
        "Drawing maps of differences in NSE"
    script:
        "../workflow_scripts/plot_nse_differences.py"


rule plot_epoch_selection:
    input:
        unpack(lambda w: asked_scores()),
        **fine_tuning_epochs(),
    output:
        pdf="results/figures/kratzert2018/epoch_selection.pdf",
        png=report(
            "results/figures/kratzert2018/epoch_selection.png",
            caption="../report/kratzert2018/epoch_selection.rst",
            category="kratzert2018",
            subcategory="Figures",
            labels={"shows": "Skill after each epoch"},
        ),
    log:
        "logs/figures/kratzert2018/epoch_selection.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        experiments=list(epoch_scores()),
        used=epochs_used(),
        looks=looks_of("kratzert2018"),
        dataset=config["dataset"],
        code=fingerprint_of("plot_epoch_selection.py"),
    message:
        "Drawing the selection of epochs"
    script:
        "../workflow_scripts/plot_epoch_selection.py"


rule plot_hydrograph_epochs:
    input:
        series="results/analysis/kratzert2018/hydrograph_epochs.csv",
        store=store_of("kratzert2018"),
    output:
        pdf="results/figures/kratzert2018/hydrograph_epochs.pdf",
        png=report(
            "results/figures/kratzert2018/hydrograph_epochs.png",
            caption="../report/kratzert2018/hydrograph_epochs.rst",
            category="kratzert2018",
            subcategory="Figures",
            labels={"shows": "Hydrograph after several epochs"},
        ),
    log:
        "logs/figures/kratzert2018/hydrograph_epochs.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        basin=P18["hydrograph_epochs"]["basin"],
        dataset=config["dataset"],
        code=fingerprint_of("plot_hydrograph_epochs.py"),
    message:
        "Drawing a hydrograph through training"
    script:
        "../workflow_scripts/plot_hydrograph_epochs.py"


rule plot_rnn_vs_lstm:
    input:
        unpack(compared_networks),
        store=store_of("kratzert2018"),
    output:
        pdf="results/figures/kratzert2018/rnn_vs_lstm.pdf",
        png=report(
            "results/figures/kratzert2018/rnn_vs_lstm.png",
            caption="../report/kratzert2018/rnn_vs_lstm.rst",
            category="kratzert2018",
            subcategory="Figures",
            labels={"shows": "RNN and LSTM"},
        ),
    log:
        "logs/figures/kratzert2018/rnn_vs_lstm.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        experiments=["rnn", "basin"],
        member=members_of("kratzert2018")[0],
        basin=P18["rnn_vs_lstm"]["basin"],
        period=P18["rnn_vs_lstm"]["period"],
        looks=looks_of("kratzert2018"),
        dataset=config["dataset"],
        code=fingerprint_of("plot_rnn_vs_lstm.py"),
    message:
        "Drawing RNN and LSTM"
    script:
        "../workflow_scripts/plot_rnn_vs_lstm.py"


rule plot_cell_state_snow:
    input:
        trace="results/analysis/kratzert2018/cell_state.csv",
        choice="results/analysis/kratzert2018/cell_state.yaml",
    output:
        pdf="results/figures/kratzert2018/cell_state_snow.pdf",
        png=report(
            "results/figures/kratzert2018/cell_state_snow.png",
            caption="../report/kratzert2018/cell_state_snow.rst",
            category="kratzert2018",
            subcategory="Figures",
            labels={"shows": "A cell state and snow"},
        ),
    log:
        "logs/figures/kratzert2018/cell_state_snow.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        dataset=config["dataset"],
        code=fingerprint_of("plot_cell_state_snow.py"),
    message:
        "Drawing a cell state beside snow"
    script:
        "../workflow_scripts/plot_cell_state_snow.py"


rule plot_basin_correlation:
    input:
        "results/analysis/kratzert2018/basin_correlation.csv",
    output:
        pdf="results/figures/kratzert2018/basin_correlation.pdf",
        png=report(
            "results/figures/kratzert2018/basin_correlation.png",
            caption="../report/kratzert2018/basin_correlation.rst",
            category="kratzert2018",
            subcategory="Figures",
            labels={"shows": "Correlation between basins"},
        ),
    log:
        "logs/figures/kratzert2018/basin_correlation.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        regions=P18["regions"],
        dataset=config["dataset"],
        code=fingerprint_of("plot_basin_correlation.py"),
    message:
        "Drawing the correlation between basins"
    script:
        "../workflow_scripts/plot_basin_correlation.py"
