"""Tables and figures of kratzert2019b."""


rule tabulate_statistics:
    input:
        statistics=[statistics_of(model) for model in models_2019b()],
    output:
        table=report(
            "results/tables/kratzert2019b/statistics.csv",
            caption="../report/kratzert2019b/statistics.rst",
            category="kratzert2019b",
            subcategory="Tables",
            labels={"shows": "statistics by model"},
        ),
    log:
        "logs/figures/kratzert2019b/statistics.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        models=models_2019b(),
        table="statistics",
        code=fingerprint_of("tabulate_models.py"),
    message:
        "Tabulating the statistics of kratzert2019b"
    script:
        "../workflow_scripts/tabulate_models.py"


rule tabulate_win_counts:
    input:
        statistics=[statistics_of(model) for model in models_2019b()],
    output:
        table=report(
            "results/tables/kratzert2019b/win_counts.csv",
            caption="../report/kratzert2019b/win_counts.rst",
            category="kratzert2019b",
            subcategory="Tables",
            labels={"shows": "win counts"},
        ),
    log:
        "logs/figures/kratzert2019b/win_counts.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        models=models_2019b(),
        table="win_counts",
        code=fingerprint_of("tabulate_models.py"),
    message:
        "Counting wins of kratzert2019b"
    script:
        "../workflow_scripts/tabulate_models.py"


rule tabulate_significance:
    input:
        statistics=[statistics_of(model) for model in models_2019b()],
    output:
        table=report(
            "results/tables/kratzert2019b/significance.csv",
            caption="../report/kratzert2019b/significance.rst",
            category="kratzert2019b",
            subcategory="Tables",
            labels={"shows": "significance"},
        ),
    log:
        "logs/figures/kratzert2019b/significance.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        models=models_2019b(),
        table="significance",
        code=fingerprint_of("tabulate_models.py"),
    message:
        "Testing the differences of kratzert2019b"
    script:
        "../workflow_scripts/tabulate_models.py"


rule plot_densities:
    input:
        statistics=[statistics_of(model) for model in shown_2019b()],
    output:
        pdf="results/figures/kratzert2019b/densities_{statistic}.pdf",
        png=report(
            "results/figures/kratzert2019b/densities_{statistic}.png",
            caption="../report/kratzert2019b/densities.rst",
            category="kratzert2019b",
            subcategory="Figures",
            labels={"shows": "Densities, {statistic}"},
        ),
    log:
        "logs/figures/kratzert2019b/densities_{statistic}.log",
    wildcard_constraints:
        statistic="nse|bias|stdev|q95",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        models=shown_2019b(),
        looks=looks_2019b(),
        dataset=origin_2019b(),
        figure="densities",
        code=fingerprint_of("plot_statistic.py"),
    message:
        "Drawing densities of {wildcards.statistic}"
    script:
        "../workflow_scripts/plot_statistic.py"


rule plot_boxplots:
    input:
        statistics=[statistics_of(model) for model in shown_2019b()],
    output:
        pdf="results/figures/kratzert2019b/boxplots.pdf",
        png=report(
            "results/figures/kratzert2019b/boxplots.png",
            caption="../report/kratzert2019b/boxplots.rst",
            category="kratzert2019b",
            subcategory="Figures",
            labels={"shows": "Box plots"},
        ),
    log:
        "logs/figures/kratzert2019b/boxplots.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        models=shown_2019b(),
        looks=looks_2019b(),
        dataset=origin_2019b(),
        code=fingerprint_of("plot_boxplots.py"),
    message:
        "Drawing box plots of the statistics"
    script:
        "../workflow_scripts/plot_boxplots.py"


rule plot_scatters:
    input:
        statistics=[statistics_of(model) for model in shown_2019b()],
    output:
        pdf="results/figures/kratzert2019b/scatters_{statistic}.pdf",
        png=report(
            "results/figures/kratzert2019b/scatters_{statistic}.png",
            caption="../report/kratzert2019b/scatters.rst",
            category="kratzert2019b",
            subcategory="Figures",
            labels={"shows": "Scatters, {statistic}"},
        ),
    log:
        "logs/figures/kratzert2019b/scatters_{statistic}.log",
    wildcard_constraints:
        statistic="nse|bias|stdev|q95",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        models=shown_2019b(),
        looks=looks_2019b(),
        dataset=origin_2019b(),
        figure="scatters",
        code=fingerprint_of("plot_statistic.py"),
    message:
        "Drawing scatters of {wildcards.statistic}"
    script:
        "../workflow_scripts/plot_statistic.py"


rule plot_gauged_scatters:
    input:
        statistics=[statistics_of(model) for model in shown_2019b()],
    output:
        pdf="results/figures/kratzert2019b/gauged_scatters_{statistic}.pdf",
        png=report(
            "results/figures/kratzert2019b/gauged_scatters_{statistic}.png",
            caption="../report/kratzert2019b/gauged_scatters.rst",
            category="kratzert2019b",
            subcategory="Figures",
            labels={"shows": "Against the gauged LSTM, {statistic}"},
        ),
    log:
        "logs/figures/kratzert2019b/gauged_scatters_{statistic}.log",
    wildcard_constraints:
        statistic="nse|bias|stdev|q95",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        models=shown_2019b(),
        looks=looks_2019b(),
        dataset=origin_2019b(),
        figure="gauged_scatters",
        code=fingerprint_of("plot_statistic.py"),
    message:
        "Drawing {wildcards.statistic} against the gauged LSTM"
    script:
        "../workflow_scripts/plot_statistic.py"


rule plot_members_by_basin:
    input:
        statistics=statistics_of("lstm_ungauged"),
    output:
        pdf="results/figures/kratzert2019b/members_by_basin.pdf",
        png=report(
            "results/figures/kratzert2019b/members_by_basin.png",
            caption="../report/kratzert2019b/members_by_basin.rst",
            category="kratzert2019b",
            subcategory="Figures",
            labels={"shows": "Members by basin"},
        ),
    log:
        "logs/figures/kratzert2019b/members_by_basin.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        members=members_of("kratzert2019b"),
        dataset=origin_2019b(),
        figure="members_by_basin",
        code=fingerprint_of("plot_members.py"),
    message:
        "Drawing the members of the ungauged LSTM"
    script:
        "../workflow_scripts/plot_members.py"


rule plot_members_ranked:
    input:
        statistics=statistics_of("lstm_ungauged"),
    output:
        pdf="results/figures/kratzert2019b/members_ranked.pdf",
        png=report(
            "results/figures/kratzert2019b/members_ranked.png",
            caption="../report/kratzert2019b/members_ranked.rst",
            category="kratzert2019b",
            subcategory="Figures",
            labels={"shows": "Basins ranked"},
        ),
    log:
        "logs/figures/kratzert2019b/members_ranked.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        members=members_of("kratzert2019b"),
        dataset=origin_2019b(),
        figure="members_ranked",
        code=fingerprint_of("plot_members.py"),
    message:
        "Drawing the members of the ungauged LSTM"
    script:
        "../workflow_scripts/plot_members.py"


rule plot_win_map:
    input:
        places=f"results/data/{config['dataset']}/places.csv",
        statistics=[statistics_of(model) for model in shown_2019b()],
    output:
        pdf="results/figures/kratzert2019b/win_map.pdf",
        png=report(
            "results/figures/kratzert2019b/win_map.png",
            caption="../report/kratzert2019b/win_map.rst",
            category="kratzert2019b",
            subcategory="Figures",
            labels={"shows": "Where the ungauged LSTM wins"},
        ),
    log:
        "logs/figures/kratzert2019b/win_map.log",
    localrule: True
    conda:
        "../envs/plot.yaml"
    params:
        models=shown_2019b(),
        looks=looks_2019b(),
        pair=["lstm_ungauged", "sac_sma"],
        dataset=origin_2019b(),
        code=fingerprint_of("plot_win_map.py"),
    message:
        "Drawing where the ungauged LSTM is better than SAC-SMA"
    script:
        "../workflow_scripts/plot_win_map.py"
