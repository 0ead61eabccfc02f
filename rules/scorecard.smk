"""Published numbers against ours: one table per paper, one page for all."""

# The report sorts its categories by name: this one stands first.
SCORECARDS = "All numbers: scorecard"


rule compare_scorecard:
    input:
        unpack(scorecard_inputs),
    output:
        report(
            "results/scorecard/{paper}.csv",
            caption="../report/scorecard.rst",
            category=SCORECARDS,
            labels={"scorecard": "{paper}, as CSV"},
        ),
    log:
        "logs/scorecard/{paper}.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        experiments=lambda w: list(compared(w.paper)),
        authors_root=lambda w: authors_root(w.paper),
        deviations=lambda w: deviations_of(w.paper),
        dataset=config["dataset"],
        code=fingerprint_of("compare_scorecard.py"),
    message:
        "Comparing {wildcards.paper} with its published numbers"
    script:
        "../workflow_scripts/compare_scorecard.py"


rule render_scorecard:
    input:
        expand("results/scorecard/{paper}.csv", paper=config["papers"]),
    output:
        report(
            "results/scorecard.html",
            caption="../report/scorecard.rst",
            category=SCORECARDS,
            labels={"scorecard": "all papers"},
        ),
    log:
        "logs/scorecard/page.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        papers=lambda w: {paper: shown_of(paper) for paper in config["papers"]},
        dataset=config["dataset"],
        version=VERSION,
        code=fingerprint_of("render_scorecard.py"),
    message:
        "Rendering the scorecard"
    script:
        "../workflow_scripts/render_scorecard.py"


use rule render_scorecard as render_paper with:
    input:
        "results/scorecard/{paper}.csv",
    output:
        report(
            "results/scorecard/{paper}.html",
            caption="../report/scorecard.rst",
            category=SCORECARDS,
            labels={"scorecard": "{paper}"},
        ),
    log:
        "logs/scorecard/{paper}_page.log",
    params:
        papers=lambda w: {w.paper: shown_of(w.paper)},
        dataset=config["dataset"],
        version=VERSION,
        code=fingerprint_of("render_scorecard.py"),
    message:
        "Rendering the scorecard of {wildcards.paper}"
