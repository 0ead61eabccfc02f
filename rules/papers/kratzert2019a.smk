"""kratzert2019a: its tables, figures and target."""


include: "kratzert2019a_helpers.smk"
include: "kratzert2019a_weights_helpers.smk"
include: "kratzert2019a_weights.smk"


use rule tabulate as tabulate_configurations with:
    input:
        metrics=metrics_among(P19A.active),
    output:
        **table("kratzert2019a", "configurations", "NSE of the configurations"),
    log:
        "logs/figures/kratzert2019a/configurations.log",
    params:
        **tabulated("kratzert2019a.configurations"),
        titles=titles_among("kratzert2019a", P19A.active),
    message:
        "Tabulating the configurations of kratzert2019a"


use rule draw_figure as plot_nse_cdf_configurations with:
    input:
        metrics=metrics_among(P19A.active),
    output:
        **figure(
            "kratzert2019a", "nse_cdf_configurations", "CDF of NSE, configurations"
        ),
    log:
        "logs/figures/kratzert2019a/nse_cdf_configurations.log",
    params:
        **drawn("kratzert2019a.nse_cdf_configurations"),
        looks=looks_among("kratzert2019a", P19A.active),
        # The paper shows its first seed beside the ensemble.
        members=first_members(P19A.active),
    message:
        "Drawing the CDF of NSE of kratzert2019a"


include: "kratzert2019a_benchmarks.smk"
include: "kratzert2019a_robustness.smk"
include: "kratzert2019a_sensitivity.smk"
include: "kratzert2019a_embedding.smk"


rule kratzert2019a:
    input:
        results_of("kratzert2019a"),
        "results/scorecard/kratzert2019a.html",
