"""Questions that the papers leave open: the comparison that answers one, and its target."""


rule answer_question:
    input:
        unpack(compared_in),
    output:
        **table("{paper}", "comparison", "Comparison", each={"paper": QUESTIONS}),
        answer="results/answers/{paper}.txt",
    log:
        "logs/analyse/{paper}/comparison.log",
    wildcard_constraints:
        paper="|".join(QUESTIONS),
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        question=lambda w: RESOLVED[w.paper].values["question"],
        titles=lambda w: titles_among(w.paper, compared_models(w.paper)),
        pairs=lambda w: pairs_of(w.paper),
        strata=lambda w: strata_of(w.paper),
        caption=lambda w: caption_of_question(w.paper),
        code=code_of("answer_question.py"),
    message:
        "Answering the question {wildcards.paper}"
    script:
        "../workflow_scripts/answer_question.py"


use rule draw_figure as plot_question with:
    input:
        metrics=lambda w: [metrics_of(w.paper)[n] for n in compared_models(w.paper)],
        comparison="results/tables/{paper}/comparison.csv",
    output:
        **figure("{paper}", "comparison", "Comparison", each={"paper": QUESTIONS}),
    log:
        "logs/figures/{paper}/comparison.log",
    wildcard_constraints:
        paper="|".join(QUESTIONS),
    params:
        **drawn("shared.comparison"),
        looks=lambda w: looks_among(w.paper, compared_models(w.paper)),
    message:
        "Drawing the comparison of {wildcards.paper}"


for question in QUESTIONS:

    rule:
        name:
            question
        input:
            results_of(question),


rule research:
    input:
        [results_of(question) for question in QUESTIONS],
