"""rerunoff: the LSTM rainfall-runoff papers, from raw data to scorecard."""

import gc

from snakemake.utils import min_version

# Planning makes many objects that all live on; looking for garbage among them takes time.
gc.set_threshold(200_000)

min_version("9.4")

# The one list: each has config/papers/, config/published/ and rules/papers/.
PAPERS = ["kratzert2018", "kratzert2019a", "kratzert2019b"]
# Questions that the papers leave open: each has config/papers/, like a paper.
QUESTIONS = ["snow", "humidity", "physics", "hybrid", "pretraining"]


configfile: f"{workflow.basedir}/config/config.yaml"


for paper in PAPERS + QUESTIONS:

    configfile: f"{workflow.basedir}/config/papers/{paper}.yaml"


report: "report/workflow.rst"


include: "rules/failures.smk"
include: "rules/run_folder.smk"
include: "rules/common.smk"
include: "rules/common_data.smk"
include: "rules/common_scorecard.smk"
include: "rules/download.smk"
include: "rules/preprocess.smk"
include: "rules/train.smk"
include: "rules/evaluate.smk"
include: "rules/benchmarks.smk"
include: "rules/physics.smk"
include: "rules/shyft.smk"
include: "rules/common_provenance.smk"
include: "rules/provenance.smk"
include: "rules/results.smk"
include: "rules/drawing.smk"
include: "rules/scorecard.smk"
# Before the papers, whose targets ask for its figures.
include: "rules/figures.smk"


for paper in PAPERS:

    include: f"rules/papers/{paper}.smk"


include: "rules/common_questions.smk"
include: "rules/questions.smk"
include: "rules/recording.smk"


# `use rule` does not hand on where a rule runs.
BASES = ("draw_figure", "tabulate", "take_statistics", "render_scorecard")
HERE = [workflow.get_rule(base).script for base in BASES]
workflow.localrules(*(rule.name for rule in workflow.rules if rule.script in HERE))


rule all:
    default_target: True
    input:
        all_results(),
