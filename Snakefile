"""rerunoff: the LSTM rainfall-runoff papers, from raw data to scorecard."""

from snakemake.utils import min_version

min_version("9.4")


configfile: f"{workflow.basedir}/config/config.yaml"
configfile: f"{workflow.basedir}/config/papers/kratzert2018.yaml"
configfile: f"{workflow.basedir}/config/papers/kratzert2019a.yaml"
configfile: f"{workflow.basedir}/config/papers/kratzert2019b.yaml"


report: "report/workflow.rst"


include: "rules/run_folder.smk"
include: "rules/common.smk"
include: "rules/common_data.smk"
include: "rules/common_kratzert2018.smk"
include: "rules/common_kratzert2019b.smk"
include: "rules/download.smk"
include: "rules/preprocess.smk"
include: "rules/train.smk"
include: "rules/evaluate.smk"
include: "rules/analyse.smk"
include: "rules/figures.smk"
include: "rules/figures_kratzert2018.smk"
include: "rules/figures_kratzert2019b.smk"
include: "rules/scorecard.smk"
include: "rules/notebooks.smk"


rule all:
    default_target: True
    input:
        [results_of(paper) for paper in config["papers"]],
        "results/scorecard.html",


rule kratzert2018:
    input:
        results_of("kratzert2018"),
        "results/scorecard/kratzert2018.html",


rule kratzert2019a:
    input:
        results_of("kratzert2019a"),
        "results/scorecard/kratzert2019a.html",


rule kratzert2019b:
    input:
        results_of("kratzert2019b"),
        "results/scorecard/kratzert2019b.html",
