"""kratzert2019b: its benchmark, tables, figures, replay and target."""


include: "kratzert2019b_helpers.smk"


if IMPORTED and config["published_root"] is None:

    rule download_statistics:
        output:
            [authors_statistics(model) for model in IMPORTED],
        log:
            "logs/download/kratzert2019b_statistics.log",
        localrule: True
        conda:
            "../../envs/data.yaml"
        resources:
            downloads=1,
        params:
            dataset="kratzert2019b_statistics",
            files=[AUTHORS_FILES[model] for model in IMPORTED],
            datasets_file=DATASETS_FILE,
            partial="resources/downloads/partial",
        message:
            "Downloading the authors' statistics of kratzert2019b"
        script:
            "../../workflow_scripts/download_files.py"


use rule take_statistics as import_statistics with:
    input:
        unpack(imported_statistics),
    wildcard_constraints:
        paper="kratzert2019b",
        experiment="|".join(IMPORTED) or "none",
    params:
        source=AUTHORS,
        code=code_of("import_statistics.py"),
    message:
        "Taking the authors' statistics of {wildcards.experiment}"


ruleorder: import_statistics > evaluate


rule read_nwm:
    input:
        discharge=f"{P19B.benchmark('nwm')['folder']}/{NWM_FILES[0]}",
        gauges=f"{P19B.benchmark('nwm')['folder']}/{NWM_FILES[1]}",
        store=lambda w: store_of(w.paper),
        basins=lambda w: basins_of(w.paper),
    output:
        simulation="results/analysis/{paper}/nwm.nc",
    log:
        "logs/analyse/{paper}/nwm.log",
    wildcard_constraints:
        paper="kratzert2019b",
    conda:
        "../../envs/data.yaml"
    resources:
        mem_mb=more(1000),
        runtime=more(30),
    params:
        period=lambda w: P19B.own.period("test"),
        code=code_of("read_nwm.py"),
    message:
        "Reading the National Water Model for {wildcards.paper}"
    script:
        "../../workflow_scripts/read_nwm.py"


use rule tabulate as tabulate_statistics with:
    input:
        statistics=[statistics_of(model) for model in models_2019b()],
    output:
        **table("kratzert2019b", "statistics", "Statistics by model"),
    log:
        "logs/figures/kratzert2019b/statistics.log",
    params:
        **tabulated("kratzert2019b.statistics"),
        models=models_2019b(),
    message:
        "Tabulating the statistics of kratzert2019b"


use rule tabulate as tabulate_win_counts with:
    input:
        statistics=[statistics_of(model) for model in drawn_2019b()],
    output:
        **table("kratzert2019b", "win_counts", "Win counts"),
    log:
        "logs/figures/kratzert2019b/win_counts.log",
    params:
        **tabulated("kratzert2019b.win_counts"),
        models=drawn_2019b(),
    message:
        "Counting wins of kratzert2019b"


use rule tabulate as tabulate_significance with:
    input:
        statistics=[statistics_of(model) for model in drawn_2019b()],
    output:
        **table("kratzert2019b", "significance", "Significance"),
    log:
        "logs/figures/kratzert2019b/significance.log",
    params:
        **tabulated("kratzert2019b.significance"),
        models=drawn_2019b(),
    message:
        "Testing the differences of kratzert2019b"


use rule draw_figure as plot_densities with:
    input:
        statistics=[statistics_of(model) for model in drawn_2019b()],
    output:
        **figure(
            "kratzert2019b",
            "densities_{statistic}",
            "Densities",
            statistic="{statistic}",
            each=EACH_STATISTIC,
        ),
    log:
        "logs/figures/kratzert2019b/densities_{statistic}.log",
    wildcard_constraints:
        statistic="nse|bias|stdev|q95",
    params:
        **drawn("kratzert2019b.densities", origin=origin_2019b()),
        statistic="{statistic}",
        looks=looks_among("kratzert2019b", drawn_2019b()),
    message:
        "Drawing densities of {wildcards.statistic}"


use rule draw_figure as plot_boxplots with:
    input:
        statistics=[statistics_of(model) for model in drawn_2019b()],
    output:
        **figure("kratzert2019b", "boxplots", "Box plots"),
    log:
        "logs/figures/kratzert2019b/boxplots.log",
    params:
        **drawn("kratzert2019b.boxplots", origin=origin_2019b()),
        looks=looks_among("kratzert2019b", drawn_2019b()),
    message:
        "Drawing box plots of the statistics"


use rule draw_figure as plot_scatters with:
    input:
        statistics=[statistics_of(model) for model in drawn_2019b()],
    output:
        **figure(
            "kratzert2019b",
            "scatters_{statistic}",
            "Scatters",
            statistic="{statistic}",
            when=SCATTERED,
            each=EACH_STATISTIC,
        ),
    log:
        "logs/figures/kratzert2019b/scatters_{statistic}.log",
    wildcard_constraints:
        statistic="nse|bias|stdev|q95",
    params:
        **drawn("kratzert2019b.scatters", origin=origin_2019b()),
        statistic="{statistic}",
        looks=looks_among("kratzert2019b", drawn_2019b()),
    message:
        "Drawing scatters of {wildcards.statistic}"


use rule draw_figure as plot_gauged_scatters with:
    input:
        statistics=[statistics_of(model) for model in gauged_2019b()],
    output:
        **figure(
            "kratzert2019b",
            "gauged_scatters_{statistic}",
            "Against the gauged LSTM",
            statistic="{statistic}",
            when=AGAINST_GAUGED,
            each=EACH_STATISTIC,
        ),
    log:
        "logs/figures/kratzert2019b/gauged_scatters_{statistic}.log",
    wildcard_constraints:
        statistic="nse|bias|stdev|q95",
    params:
        **drawn("kratzert2019b.gauged_scatters", origin=origin_2019b()),
        statistic="{statistic}",
        looks=looks_among("kratzert2019b", gauged_2019b()),
    message:
        "Drawing {wildcards.statistic} against the gauged LSTM"


use rule draw_figure as plot_members_by_basin with:
    input:
        statistics=statistics_of("lstm_ungauged"),
    output:
        **figure(
            "kratzert2019b", "members_by_basin", "Members by basin", when=MEMBERS_DRAWN
        ),
    log:
        "logs/figures/kratzert2019b/members_by_basin.log",
    params:
        **drawn("kratzert2019b.members_by_basin", origin=origin_2019b()),
        members=members_of("kratzert2019b", "lstm_ungauged"),
    message:
        "Drawing the members of the ungauged LSTM"


use rule draw_figure as plot_members_ranked with:
    input:
        statistics=statistics_of("lstm_ungauged"),
    output:
        **figure("kratzert2019b", "members_ranked", "Basins ranked", when=MEMBERS_DRAWN),
    log:
        "logs/figures/kratzert2019b/members_ranked.log",
    params:
        **drawn("kratzert2019b.members_ranked", origin=origin_2019b()),
        members=members_of("kratzert2019b", "lstm_ungauged"),
    message:
        "Drawing the members of the ungauged LSTM"


use rule draw_figure as plot_win_map with:
    input:
        places=f"results/data/{config['dataset']}/places.csv",
        statistics=[statistics_of(model) for model in ("lstm_ungauged", "sac_sma")],
    output:
        **figure(
            "kratzert2019b",
            "win_map",
            "Where the ungauged LSTM wins",
            when={"lstm_ungauged", "sac_sma"} <= DRAWN and PLACED,
        ),
    log:
        "logs/figures/kratzert2019b/win_map.log",
    params:
        **drawn("kratzert2019b.win_map", origin=origin_2019b()),
        looks=looks_among("kratzert2019b", ["lstm_ungauged", "sac_sma"]),
    message:
        "Drawing where the ungauged LSTM is better than SAC-SMA"


rule kratzert2019b:
    input:
        results_of("kratzert2019b"),
        "results/scorecard/kratzert2019b.html",
