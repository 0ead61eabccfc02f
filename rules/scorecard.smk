"""Numbers of ours, and published ones against them: a table a paper, a page for all."""


rule count_numbers:
    input:
        unpack(counted),
    output:
        **numbers("{paper}", "metrics"),
        recomputed="results/numbers/{paper}/recomputed.csv",
    log:
        "logs/numbers/{paper}_metrics.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        experiments=lambda w: list(compared(w.paper)),
        authors_root=lambda w: authors_root(w.paper),
        dataset=config["dataset"],
        code=code_of("count_numbers.py"),
    message:
        "Taking the statistics of {wildcards.paper} that are published"
    script:
        "../workflow_scripts/count_numbers.py"


# The report sorts its categories by name: this one stands first.
SCORECARDS = "All numbers: scorecard"


rule compare_scorecard:
    input:
        published=f"{PUBLISHED}/{{paper}}.csv",
        ours=lambda w: NUMBERS[w.paper],
        recomputed="results/numbers/{paper}/recomputed.csv",
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
        deviations=lambda w: {
            name: with_values(RESOLVED[w.paper], deviations_of(w.paper), [name])
            for name in deviations_of(w.paper)
        },
        dataset=config["dataset"],
        notes=lambda w: notes(RESOLVED[w.paper]),
        code=code_of("compare_scorecard.py"),
    message:
        "Comparing {wildcards.paper} with its published numbers"
    script:
        "../workflow_scripts/compare_scorecard.py"


rule render_scorecard:
    input:
        expand("results/scorecard/{paper}.csv", paper=papers_asked()),
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
        papers=lambda w: {paper: shown_of(paper) for paper in papers_asked()},
        dataset=config["dataset"],
        code=code_of("render_scorecard.py"),
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
        code=code_of("render_scorecard.py"),
    message:
        "Rendering the scorecard of {wildcards.paper}"
