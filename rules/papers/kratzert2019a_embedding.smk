"""kratzert2019a: the EA-LSTM's embedding of basins, and what clusters of it tell."""

# With the helpers of kratzert2019a_sensitivity.smk.


rule embed_basins:
    input:
        weights=lambda w: weights_studied(*STUDIED_MEMBERS),
        store=store_of("kratzert2019a", STUDIED),
        basins=basins_of("kratzert2019a", STUDIED),
    output:
        # Deeper than what records keep of series.
        embedding=f"{ANALYSIS_2019A}/embedding/input_gates.nc",
        heat_map=f"{ANALYSIS_2019A}/embedding_{STUDIED_MEMBERS[0]}.csv",
    log:
        "logs/analyse/kratzert2019a/embedding.log",
    conda:
        TRAIN_ENV
    resources:
        mem_mb=more(2000),
        runtime=more(30),
    params:
        members=STUDIED_MEMBERS,
        code=code_of("embed_basins.py", network_of("kratzert2019a", STUDIED)),
    message:
        "Taking the input gates of all basins"
    script:
        "../../workflow_scripts/embed_basins.py"


rule cluster_basins:
    input:
        embedding=f"{ANALYSIS_2019A}/embedding/input_gates.nc",
    output:
        silhouette=f"{ANALYSIS_2019A}/silhouettes.csv",
        clusters=f"{ANALYSIS_2019A}/clusters.csv",
    log:
        "logs/analyse/kratzert2019a/clusters.log",
    conda:
        "../../envs/clusters.yaml"
    resources:
        mem_mb=more(1000),
        runtime=more(60),
    params:
        code=code_of("cluster_basins.py"),
    message:
        "Clustering basins by embeddings and attributes"
    script:
        "../../workflow_scripts/cluster_basins.py"


rule reduce_variance:
    input:
        clusters=f"{ANALYSIS_2019A}/clusters.csv",
        store=store_of("kratzert2019a", STUDIED),
    output:
        reduction=f"{ANALYSIS_2019A}/variance_reduction.csv",
    log:
        "logs/analyse/kratzert2019a/variance_reduction.log",
    localrule: True
    conda:
        "../../envs/data.yaml"
    params:
        code=code_of("reduce_variance.py"),
    message:
        "Comparing the variance of signatures within clusters with that over all basins"
    script:
        "../../workflow_scripts/reduce_variance.py"


rule project_basins:
    input:
        embedding=f"{ANALYSIS_2019A}/embedding/input_gates.nc",
    output:
        places=f"{ANALYSIS_2019A}/umap.csv",
    log:
        "logs/analyse/kratzert2019a/umap.log",
    conda:
        "../../envs/clusters.yaml"
    resources:
        mem_mb=more(1500),
        runtime=more(60),
    params:
        code=code_of("project_basins.py"),
    message:
        "Projecting embeddings onto a plane by UMAP"
    script:
        "../../workflow_scripts/project_basins.py"


rule count_embedding:
    input:
        **published_basins("kratzert2019a"),
        silhouettes=f"{ANALYSIS_2019A}/silhouettes.csv",
        clusters=f"{ANALYSIS_2019A}/clusters.csv",
        reductions=f"{ANALYSIS_2019A}/variance_reduction.csv",
    output:
        **numbers("kratzert2019a", "embedding", when=is_studied() and are_enough()),
    log:
        "logs/numbers/kratzert2019a_embedding.log",
    localrule: True
    conda:
        "../../envs/data.yaml"
    params:
        module="analysis.embedding_numbers",
        experiment=STUDIED,
        code=code_of("count_analysis.py", "analysis.embedding_numbers"),
    message:
        "Taking the numbers of the embedding"
    script:
        "../../workflow_scripts/count_analysis.py"


use rule draw_figure as plot_embedding_heatmap with:
    input:
        embedding=f"{ANALYSIS_2019A}/embedding_{STUDIED_MEMBERS[0]}.csv",
    output:
        **figure(
            "kratzert2019a",
            "embedding_heatmap",
            "Input gates",
            when=is_studied(),
        ),
    log:
        "logs/figures/kratzert2019a/embedding_heatmap.log",
    params:
        **drawn("kratzert2019a.embedding_heatmap"),
        member=STUDIED_MEMBERS[0],
    message:
        "Drawing the input gates of all basins"


use rule draw_figure as plot_silhouette with:
    input:
        silhouettes=f"{ANALYSIS_2019A}/silhouettes.csv",
    output:
        **figure(
            "kratzert2019a",
            "silhouette",
            "Silhouettes",
            when=is_studied() and are_enough(),
        ),
    log:
        "logs/figures/kratzert2019a/silhouette.log",
    params:
        **drawn("kratzert2019a.silhouette"),
    message:
        "Drawing silhouettes"


use rule draw_figure as plot_cluster_maps with:
    input:
        clusters=f"{ANALYSIS_2019A}/clusters.csv",
        store=store_of("kratzert2019a", STUDIED),
    output:
        **figure(
            "kratzert2019a",
            "cluster_maps",
            "Maps of clusters",
            when=is_studied() and are_enough(),
        ),
    log:
        "logs/figures/kratzert2019a/cluster_maps.log",
    params:
        **drawn("kratzert2019a.cluster_maps"),
    message:
        "Drawing maps of clusters"


use rule draw_figure as plot_variance_reduction with:
    input:
        reductions=f"{ANALYSIS_2019A}/variance_reduction.csv",
    output:
        **figure(
            "kratzert2019a",
            "variance_reduction",
            "Variance reduction",
            when=is_studied() and are_enough(),
        ),
    log:
        "logs/figures/kratzert2019a/variance_reduction.log",
    params:
        **drawn("kratzert2019a.variance_reduction"),
    message:
        "Drawing variance reductions"


use rule draw_figure as plot_umap with:
    input:
        places=f"{ANALYSIS_2019A}/umap.csv",
        store=store_of("kratzert2019a", STUDIED),
    output:
        **figure(
            "kratzert2019a",
            "umap",
            "Embedding by UMAP",
            when=is_studied() and are_enough(),
        ),
    log:
        "logs/figures/kratzert2019a/umap.log",
    params:
        **drawn("kratzert2019a.umap"),
    message:
        "Drawing the embedding on a plane"
