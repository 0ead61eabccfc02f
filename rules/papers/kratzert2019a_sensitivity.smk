"""kratzert2019a: which attributes discharge reacts to, by gradients and by Morris."""


include: "kratzert2019a_sensitivity_helpers.smk"


rule rank_attributes:
    input:
        weights=lambda w: weights_studied(f"seed{w.seed}")[0],
        store=store_of("kratzert2019a", STUDIED),
        basins=basins_of("kratzert2019a", STUDIED),
    output:
        gradients=f"{ANALYSIS_2019A}/gradients_seed{{seed}}.csv",
    log:
        "logs/analyse/kratzert2019a/gradients_seed{seed}.log",
    conda:
        TRAIN_ENV
    threads: config["threads"]
    resources:
        gpu=GPU,
        mem_mb=memory_of_gradients,
        runtime=more(240),
    params:
        period=P19A.experiments[STUDIED].period("test"),
        simulation=P19A.experiments[STUDIED].simulation,
        code=code_of("rank_attributes.py", network_of("kratzert2019a", STUDIED)),
    message:
        "Differentiating discharge by each attribute, seed {wildcards.seed}"
    script:
        "../../workflow_scripts/rank_attributes.py"


rule screen_attributes:
    input:
        weights=lambda w: weights_studied(STUDIED_MEMBERS[0])[0],
        store=store_of("kratzert2019a", STUDIED),
        basins=basins_of("kratzert2019a", STUDIED),
    output:
        effects=f"{ANALYSIS_2019A}/elementary_effects.csv",
    log:
        "logs/analyse/kratzert2019a/elementary_effects.log",
    conda:
        TRAIN_ENV
    threads: config["threads"]
    resources:
        gpu=GPU,
        mem_mb=more(3000),
        runtime=more(720),
    params:
        period=P19A.experiments[STUDIED].period("test"),
        simulation=P19A.experiments[STUDIED].simulation,
        basins=P19A.values["morris"]["basins"],
        trajectories=P19A.values["morris"]["trajectories"],
        code=code_of("screen_attributes.py", network_of("kratzert2019a", STUDIED)),
    message:
        "Computing Morris' elementary effects of the attributes"
    script:
        "../../workflow_scripts/screen_attributes.py"


rule count_feature_ranking:
    input:
        **published_basins("kratzert2019a"),
        gradients=gradients_of(STUDIED_MEMBERS),
    output:
        **numbers("kratzert2019a", "feature_ranking", when=is_studied()),
    log:
        "logs/numbers/kratzert2019a_feature_ranking.log",
    localrule: True
    conda:
        "../../envs/data.yaml"
    params:
        module="analysis.feature_ranking",
        members=STUDIED_MEMBERS,
        experiment=STUDIED,
        code=code_of("count_analysis.py", "analysis.feature_ranking"),
    message:
        "Taking the numbers of the ranking of attributes"
    script:
        "../../workflow_scripts/count_analysis.py"


use rule tabulate as tabulate_feature_ranking with:
    input:
        gradients=gradients_of(STUDIED_MEMBERS),
        effects=f"{ANALYSIS_2019A}/elementary_effects.csv",
        published=f"{PUBLISHED}/kratzert2019a.csv",
    output:
        **table(
            "kratzert2019a",
            "feature_ranking",
            "Ranking of attributes",
            when=is_studied(),
        ),
    log:
        "logs/figures/kratzert2019a/feature_ranking.log",
    params:
        **tabulated("kratzert2019a.feature_ranking"),
        members=STUDIED_MEMBERS,
    message:
        "Tabulating the ranking of attributes"


use rule draw_figure as plot_top_feature_map with:
    input:
        gradients=gradients_of(STUDIED_MEMBERS),
        store=store_of("kratzert2019a", STUDIED),
    output:
        **figure(
            "kratzert2019a",
            "top_feature_map",
            "Attribute of rank 1",
            when=is_studied(),
        ),
    log:
        "logs/figures/kratzert2019a/top_feature_map.log",
    params:
        **drawn("kratzert2019a.top_feature_map"),
        members=STUDIED_MEMBERS,
    message:
        "Drawing the map of the attributes of rank 1"
