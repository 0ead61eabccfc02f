"""Helpers of the rules on what the EA-LSTM of kratzert2019a makes of the attributes."""

P19A = RESOLVED["kratzert2019a"]
# The experiment whose networks are looked into, as the authors did.
STUDIED = "ealstm_nse"
STUDIED_MEMBERS = members_of("kratzert2019a", STUDIED)
ANALYSIS_2019A = "results/analysis/kratzert2019a"
# As analysis.clusters.FEWEST_BASINS, whose module takes seconds to import.
FEWEST_CLUSTERED = 4


def is_studied():
    """Whether the experiment is run with one EA-LSTM of all basins."""
    row = P19A.experiments[STUDIED]
    run = STUDIED in P19A.active and row.model["kind"] == "ealstm"
    return run and row.units == ALL


def are_enough():
    """Whether basins can be clustered, as far as their number is known before."""
    data = data_of(P19A, STUDIED)
    if isinstance(data.basins, list):
        return len(data.basins) >= FEWEST_CLUSTERED
    if data.dataset == "virtual" and data.basins == "all":
        return config["virtual"]["number"] >= FEWEST_CLUSTERED
    return True


def weights_studied(*members):
    """Return the weights of some members; end with one sentence if there are none."""
    if not is_studied():
        give_up(
            f"kratzert2019a: attributes are ranked and basins embedded by {STUDIED}, one "
            "EA-LSTM of all basins; name it in kratzert2019a.only, with the units all "
            "and the model ealstm."
        )
    return [
        path
        for member in members
        for path in run_files("kratzert2019a", STUDIED, member, "model.pt")
    ]


def gradients_of(members):
    """Return the files of the mean absolute gradients of some members."""
    return [f"{ANALYSIS_2019A}/gradients_{member}.csv" for member in members]


def memory_of_gradients(wildcards, attempt):
    """Return the memory of differentiating a simulation, in MB.

    Of windows what a training step of as many takes (`memory_of`); of one pass the
    derivatives, bounded in analysis.attribute_gradients, and those of all days.
    """
    row = P19A.experiments[STUDIED]
    windows, model = 1024, row.model
    step = 80e-6 * model["hidden_size"] * model["sequence_length"] * windows
    wanted = 1.5 * (1500 + (1000 if row.simulation == "continuous" else step))
    return round(wanted) * attempt
