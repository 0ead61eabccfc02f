"""kratzert2019b: its benchmark, statistics, tables, figures, replay and target."""


include: "kratzert2019b_helpers.smk"


if P19B.replay and config["published_root"] is None:

    rule download_statistics:
        output:
            [authors_statistics(model) for model in AUTHORS_FILES],
        log:
            "logs/download/kratzert2019b_statistics.log",
        localrule: True
        conda:
            "../../envs/data.yaml"
        resources:
            downloads=1,
        params:
            dataset="kratzert2019b_statistics",
            files=list(AUTHORS_FILES.values()),
            datasets_file=DATASETS_FILE,
            partial="resources/downloads/partial",
        message:
            "Downloading the authors' statistics of kratzert2019b"
        script:
            "../../workflow_scripts/download_files.py"


if P19B.replay:

    rule import_statistics:
        input:
            unpack(replayed_statistics),
        output:
            statistics="results/statistics/{paper}/{experiment}.csv",
        log:
            "logs/evaluate/{paper}/{experiment}_statistics.log",
        localrule: True
        conda:
            "../../envs/data.yaml"
        params:
            code=fingerprint_of("import_statistics.py"),
        message:
            "Taking the authors' statistics of {wildcards.experiment}"
        script:
            "../../workflow_scripts/import_statistics.py"

else:

    rule compute_statistics:
        input:
            simulations=lambda w: simulations_of(w.paper, w.experiment),
            store=lambda w: store_of(w.paper, w.experiment),
        output:
            statistics="results/statistics/{paper}/{experiment}.csv",
        log:
            "logs/evaluate/{paper}/{experiment}_statistics.log",
        conda:
            "../../envs/data.yaml"
        resources:
            mem_mb=2000,
            runtime=60,
        params:
            members=lambda w: members_of(w.paper, w.experiment),
            period=lambda w: statistics_period(w.paper, w.experiment),
            code=fingerprint_of("compute_statistics.py"),
        message:
            "Computing the statistics of {wildcards.paper} {wildcards.experiment}"
        script:
            "../../workflow_scripts/compute_statistics.py"


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
        mem_mb=1000,
        runtime=30,
    params:
        period=lambda w: P19B.own.period("test"),
        code=fingerprint_of("read_nwm.py"),
    message:
        "Reading the National Water Model for {wildcards.paper}"
    script:
        "../../workflow_scripts/read_nwm.py"


rule tabulate_statistics:
    input:
        statistics=[statistics_of(model) for model in models_2019b()],
    output:
        **table("kratzert2019b", "statistics", "statistics by model"),
    log:
        "logs/figures/kratzert2019b/statistics.log",
    localrule: True
    conda:
        "../../envs/data.yaml"
    params:
        models=models_2019b(),
        table="statistics",
        code=fingerprint_of("tabulate_models.py"),
    message:
        "Tabulating the statistics of kratzert2019b"
    script:
        "../../workflow_scripts/tabulate_models.py"


rule tabulate_win_counts:
    input:
        statistics=[statistics_of(model) for model in models_2019b()],
    output:
        **table("kratzert2019b", "win_counts", "win counts"),
    log:
        "logs/figures/kratzert2019b/win_counts.log",
    localrule: True
    conda:
        "../../envs/data.yaml"
    params:
        models=models_2019b(),
        table="win_counts",
        code=fingerprint_of("tabulate_models.py"),
    message:
        "Counting wins of kratzert2019b"
    script:
        "../../workflow_scripts/tabulate_models.py"


rule tabulate_significance:
    input:
        statistics=[statistics_of(model) for model in models_2019b()],
    output:
        **table("kratzert2019b", "significance", "significance"),
    log:
        "logs/figures/kratzert2019b/significance.log",
    localrule: True
    conda:
        "../../envs/data.yaml"
    params:
        models=models_2019b(),
        table="significance",
        code=fingerprint_of("tabulate_models.py"),
    message:
        "Testing the differences of kratzert2019b"
    script:
        "../../workflow_scripts/tabulate_models.py"


rule plot_densities:
    input:
        statistics=[statistics_of(model) for model in shown_2019b()],
    output:
        **figure(
            "kratzert2019b",
            "densities_{statistic}",
            "Densities, {statistic}",
            caption="kratzert2019b/densities",
            each=EACH_STATISTIC,
        ),
    log:
        "logs/figures/kratzert2019b/densities_{statistic}.log",
    wildcard_constraints:
        statistic="nse|bias|stdev|q95",
    localrule: True
    conda:
        "../../envs/plot.yaml"
    params:
        **drawn("plot_statistic.py", dataset=origin_2019b()),
        models=shown_2019b(),
        looks=looks_2019b(),
        figure="densities",
    message:
        "Drawing densities of {wildcards.statistic}"
    script:
        "../../workflow_scripts/plot_statistic.py"


rule plot_boxplots:
    input:
        statistics=[statistics_of(model) for model in shown_2019b()],
    output:
        **figure("kratzert2019b", "boxplots", "Box plots"),
    log:
        "logs/figures/kratzert2019b/boxplots.log",
    localrule: True
    conda:
        "../../envs/plot.yaml"
    params:
        **drawn("plot_boxplots.py", dataset=origin_2019b()),
        models=shown_2019b(),
        looks=looks_2019b(),
    message:
        "Drawing box plots of the statistics"
    script:
        "../../workflow_scripts/plot_boxplots.py"


rule plot_scatters:
    input:
        statistics=[statistics_of(model) for model in shown_2019b()],
    output:
        **figure(
            "kratzert2019b",
            "scatters_{statistic}",
            "Scatters, {statistic}",
            caption="kratzert2019b/scatters",
            when=SCATTERED,
            each=EACH_STATISTIC,
        ),
    log:
        "logs/figures/kratzert2019b/scatters_{statistic}.log",
    wildcard_constraints:
        statistic="nse|bias|stdev|q95",
    localrule: True
    conda:
        "../../envs/plot.yaml"
    params:
        **drawn("plot_statistic.py", dataset=origin_2019b()),
        models=shown_2019b(),
        looks=looks_2019b(),
        figure="scatters",
    message:
        "Drawing scatters of {wildcards.statistic}"
    script:
        "../../workflow_scripts/plot_statistic.py"


rule plot_gauged_scatters:
    input:
        statistics=[statistics_of(model) for model in shown_2019b()],
    output:
        **figure(
            "kratzert2019b",
            "gauged_scatters_{statistic}",
            "Against the gauged LSTM, {statistic}",
            caption="kratzert2019b/gauged_scatters",
            when=AGAINST_GAUGED,
            each=EACH_STATISTIC,
        ),
    log:
        "logs/figures/kratzert2019b/gauged_scatters_{statistic}.log",
    wildcard_constraints:
        statistic="nse|bias|stdev|q95",
    localrule: True
    conda:
        "../../envs/plot.yaml"
    params:
        **drawn("plot_statistic.py", dataset=origin_2019b()),
        models=shown_2019b(),
        looks=looks_2019b(),
        figure="gauged_scatters",
    message:
        "Drawing {wildcards.statistic} against the gauged LSTM"
    script:
        "../../workflow_scripts/plot_statistic.py"


rule plot_members_by_basin:
    input:
        statistics=statistics_of("lstm_ungauged"),
    output:
        **figure(
            "kratzert2019b", "members_by_basin", "Members by basin", when=MEMBERS_SHOWN
        ),
    log:
        "logs/figures/kratzert2019b/members_by_basin.log",
    localrule: True
    conda:
        "../../envs/plot.yaml"
    params:
        **drawn("plot_members.py", dataset=origin_2019b()),
        members=members_of("kratzert2019b", "lstm_ungauged"),
        figure="members_by_basin",
    message:
        "Drawing the members of the ungauged LSTM"
    script:
        "../../workflow_scripts/plot_members.py"


rule plot_members_ranked:
    input:
        statistics=statistics_of("lstm_ungauged"),
    output:
        **figure("kratzert2019b", "members_ranked", "Basins ranked", when=MEMBERS_SHOWN),
    log:
        "logs/figures/kratzert2019b/members_ranked.log",
    localrule: True
    conda:
        "../../envs/plot.yaml"
    params:
        **drawn("plot_members.py", dataset=origin_2019b()),
        members=members_of("kratzert2019b", "lstm_ungauged"),
        figure="members_ranked",
    message:
        "Drawing the members of the ungauged LSTM"
    script:
        "../../workflow_scripts/plot_members.py"


rule plot_win_map:
    input:
        places=f"results/data/{config['dataset']}/places.csv",
        statistics=[statistics_of(model) for model in shown_2019b()],
    output:
        **figure(
            "kratzert2019b",
            "win_map",
            "Where the ungauged LSTM wins",
            when={"lstm_ungauged", "sac_sma"} <= SHOWN and PLACED,
        ),
    log:
        "logs/figures/kratzert2019b/win_map.log",
    localrule: True
    conda:
        "../../envs/plot.yaml"
    params:
        **drawn("plot_win_map.py", dataset=origin_2019b()),
        models=shown_2019b(),
        looks=looks_2019b(),
        pair=["lstm_ungauged", "sac_sma"],
    message:
        "Drawing where the ungauged LSTM is better than SAC-SMA"
    script:
        "../../workflow_scripts/plot_win_map.py"


rule kratzert2019b:
    input:
        results_of("kratzert2019b"),
        "results/scorecard/kratzert2019b.html",
