"""What all rules of figures have, and all of tables: `use rule draw_figure as ... with`."""


rule draw_figure:
    input:
        lambda w: no_target("figure"),
    log:
        "logs/figures/figure.log",
    localrule: True
    conda:
        f"{workflow.basedir}/envs/plot.yaml"
    script:
        f"{SCRIPTS}/draw_figure.py"


rule tabulate:
    input:
        lambda w: no_target("table"),
    log:
        "logs/figures/table.log",
    localrule: True
    conda:
        f"{workflow.basedir}/envs/data.yaml"
    script:
        f"{SCRIPTS}/make_table.py"
