"""Helpers of the rules of kratzert2018."""

from types import SimpleNamespace

P18 = RESOLVED["kratzert2018"]
# The paper's own maps and distributions.
COMPARED_2018 = ("basin", "region", "fine_tuned", "sac_sma")
EPOCH_SELECTION = P18.values["epoch_selection"]
# What figures look into.
TRACED, CELLS = P18.figure("hydrograph_epochs"), P18.figure("cell_state")
RNN_VS_LSTM = P18.figure("rnn_vs_lstm")

# A record has no raw files, which the notebook reads.
if not RECORDED:
    RESULTS["kratzert2018"].append("results/notebooks/single_basin.html")


def counted_with_2018():
    """Return the basin sets of kratzert2018."""
    basins = f"{workflow.basedir}/config/basins"
    return {
        "basins_241": f"{basins}/kratzert2018.csv",
        "basins_1": f"{basins}/kratzert2018_example.csv",
    }


COUNTED_WITH["kratzert2018"] = counted_with_2018


def run_2018(*experiments):
    """Whether all of some experiments are run."""
    return set(experiments) <= set(P18.active)


def asked_pairs():
    """Return the pairs to subtract; end with one sentence if there is none."""
    pairs = difference_pairs()
    if not pairs:
        give_up(
            "kratzert2018: nse_differences needs a network and another network or a "
            "benchmark; add experiments such as basin and region to kratzert2018.only."
        )
    return pairs


def compared_networks(wildcards):
    """Return the simulations and metrics of the plain network and of the LSTM."""
    return {
        "simulations": [simulations_of("kratzert2018", n)[0] for n in ("rnn", "basin")],
        "metrics": [metrics_of("kratzert2018")[n] for n in ("rnn", "basin")],
    }


def difference_pairs():
    """Return the pairs of experiments whose NSE kratzert2018 subtracts."""
    networks, benchmarks = networks_2018(), P18.benchmarks
    pairs = [(b, a) for i, a in enumerate(networks) for b in networks[i + 1 :]]
    pairs += [(name, other) for other in benchmarks for name in networks]
    # The paper's own first.
    return sorted(pairs, key=lambda pair: not {*pair} <= {*COMPARED_2018})


def traced_settings(key):
    """Return the settings of the run that a figure of kratzert2018 looks into."""
    wanted = P18.figure(key)
    name, unit = wanted["experiment"], f"{BASIN}{wanted['basin']}"
    seed = P18.experiments[name].seeds[0]
    return or_give_up(run_settings, P18, name, unit, seed).to_dict()


def cell_state_inputs(wildcards):
    """Return the weights whose cells are looked at, and the benchmark's snow."""
    name = CELLS["experiment"]
    unit, member = f"{BASIN}{CELLS['basin']}", members_of("kratzert2018", name)[0]
    weights = f"results/runs/kratzert2018/{name}/{unit}/{member}/model.pt"
    inputs = {"weights": weights, "store": store_of("kratzert2018", name)}
    if CELLS["swe"] == "sac_sma":
        inputs["model_output"] = model_output_of("kratzert2018")
    return inputs


def networks_2018():
    """Return the networks that maps and distributions compare, the paper's first.

    Those of a single basin are left out unless the paper is run with that one only.
    """

    def is_single(basins):
        return (
            basins != P18.own.basins and isinstance(basins, list) and len(basins) == 1
        )

    rows = P18.experiments
    others = [n for n in evaluated_once("kratzert2018") if n in rows]
    others = [
        n for n in others if n not in COMPARED_2018 and not is_single(rows[n].basins)
    ]
    return [n for n in COMPARED_2018 if n in P18.active] + others


def compared_2018():
    """Return what the maps and distributions of kratzert2018 compare."""
    return [*networks_2018(), *P18.benchmarks] or P18.evaluated


def asked_scores():
    """Return the epoch scores; end with one sentence if no experiment has any."""
    scores = epoch_scores()
    if not scores:
        give_up(
            "kratzert2018: none of the experiments that are run selects epochs; add "
            "one of kratzert2018.epoch_selection.epochs to kratzert2018.only."
        )
    return scores


def epoch_scores():
    """Return the epoch scores of each experiment that selects epochs."""
    known = P18.active
    wanted, regions = EPOCH_SELECTION["epochs"], EPOCH_SELECTION["regions"]
    return {
        name: run_files(
            "kratzert2018",
            name,
            members_of("kratzert2018", name)[0],
            "epoch_scores.csv",
            units=or_give_up(units_within, P18.experiments[name], regions),
        )
        for name in wanted
        if name in known
    }


def epochs_used():
    """Return the epochs that each experiment is trained for."""
    return {name: P18.experiments[name].training["epochs"] for name in epoch_scores()}


def fine_tuning_epochs():
    """Return the table of the epochs of fine-tuning, if there is fine-tuning."""
    # Its own 245 trainings; asked for alone, the selection does without.
    run = EPOCH_SELECTION["run"]
    if not run or "fine_tuned" not in P18.active:
        return {}
    return {"fine_tuning": "results/tables/kratzert2018/fine_tuning_epochs.csv"}


def notebook_inputs(wildcards):
    """Return the raw files that the notebook reads."""
    check_data(P18.own)
    owner = P18.own
    return raw_inputs(SimpleNamespace(dataset=owner.dataset, forcing=owner.forcing))


def notebook_parameters(wildcards):
    """Return what the notebook is told: the experiment `example`."""
    row = P18.experiments["example"]
    known = chosen_basins(P18.own) or row.basins
    return {
        "dataset": row.dataset,
        "forcing": row.forcing,
        "inputs": row.inputs,
        # The example's basin, or the first of the paper's if it is not there.
        "basin": next((b for b in row.basins if b in known), known[0]),
        "train_period": row.period("train"),
        "test_period": row.period("test"),
        "sequence_length": row.model["sequence_length"],
        "hidden_size": row.model["hidden_size"],
        "epochs": row.training["epochs"],
        "batch_size": row.training["batch_size"],
        "learning_rate": row.training["learning_rate"][0]["rate"],
        "seed": row.seeds[0],
    }
