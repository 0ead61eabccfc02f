"""Helpers of the rules of kratzert2018."""

from types import SimpleNamespace

P18 = config["kratzert2018"]
EXAMPLE = P18["experiments"]["example"]
EXAMPLE_PERIODS = periods_of("kratzert2018", "example")
EXAMPLE_MODEL = laid_over(P18, "example", "model")
EXAMPLE_TRAINING = laid_over(P18, "example", "training")

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
    return set(experiments) <= set(active_experiments(config, "kratzert2018"))


def asked_pairs():
    """Return the pairs to subtract; end with one sentence if there is none."""
    pairs = difference_pairs()
    if not pairs:
        give_up(
            "kratzert2018: nse_differences needs two of basin, region, fine_tuned and "
            "sac_sma; add them to kratzert2018.only."
        )
    return pairs


def compared_networks(wildcards):
    """Return the simulations and metrics of the plain network and of the LSTM."""
    for name in ("rnn", "basin"):
        check_experiment("kratzert2018", name)
    return {
        "simulations": [simulations_of("kratzert2018", n)[0] for n in ("rnn", "basin")],
        "metrics": [metrics_of("kratzert2018")[n] for n in ("rnn", "basin")],
    }


def difference_pairs():
    """Return the pairs of experiments whose NSE kratzert2018 subtracts."""
    shown = [
        n for n in ("basin", "region", "fine_tuned") if n in evaluated("kratzert2018")
    ]
    pairs = [(b, a) for i, a in enumerate(shown) for b in shown[i + 1 :]]
    if "sac_sma" in evaluated("kratzert2018"):
        pairs += [(name, "sac_sma") for name in shown]
    return pairs


def traced_settings(key):
    """Return the settings of the run that a figure of kratzert2018 looks into."""
    wanted = config["kratzert2018"][key]
    unit, seed = f"{BASIN}{wanted['basin']}", config["kratzert2018"]["seeds"][0]
    names = ("kratzert2018", wanted["experiment"], unit, seed)
    return said(run_settings, config, *names).to_dict()


def cell_state_inputs(wildcards):
    """Return the weights whose cells are looked at, and the benchmark's snow."""
    wanted = config["kratzert2018"]["cell_state"]
    folder = f"results/runs/kratzert2018/{wanted['experiment']}"
    member = members_of("kratzert2018")[0]
    inputs = {"weights": f"{folder}/{BASIN}{wanted['basin']}/{member}/model.pt"}
    if wanted["swe"] == "sac_sma":
        inputs["model_output"] = model_output_of("kratzert2018")
    return inputs


def shown_2018():
    """Return what the maps and distributions of kratzert2018 show."""
    wanted = ["basin", "region", "fine_tuned", "sac_sma"]
    shown = [name for name in wanted if name in evaluated("kratzert2018")]
    return shown or evaluated("kratzert2018")


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
    known = active_experiments(config, "kratzert2018")
    member = members_of("kratzert2018")[0]
    wanted = config["kratzert2018"]["epoch_selection"]["epochs"]
    return {
        name: run_files("kratzert2018", name, member, "epoch_scores.csv")
        for name in wanted
        if name in known
    }


def epochs_used():
    """Return the epochs that each experiment is trained for."""
    return {
        name: laid_over(config["kratzert2018"], name, "training")["epochs"]
        for name in epoch_scores()
    }


def fine_tuning_epochs():
    """Return the table of the epochs of fine-tuning, if there is fine-tuning."""
    # Its own 245 trainings; asked for alone, the selection does without.
    run = config["kratzert2018"]["epoch_selection"]["run"]
    if not run or "fine_tuned" not in active_experiments(config, "kratzert2018"):
        return {}
    return {"fine_tuning": "results/tables/kratzert2018/fine_tuning_epochs.csv"}


def notebook_inputs(wildcards):
    """Return the raw files that the notebook reads."""
    check_data_of("kratzert2018")
    return raw_inputs(SimpleNamespace(forcing=P18["forcing"]))


def notebook_parameters(wildcards):
    """Return what the notebook is told: the experiment `example`."""
    known = chosen_basins("kratzert2018") or EXAMPLE["basins"]
    return {
        "dataset": config["dataset"],
        "forcing": P18["forcing"],
        "inputs": P18["inputs"],
        # The example's basin, or the first of the paper's if it is not there.
        "basin": next((b for b in EXAMPLE["basins"] if b in known), known[0]),
        "train_period": EXAMPLE_PERIODS["train"],
        "test_period": EXAMPLE_PERIODS["test"],
        "sequence_length": EXAMPLE_MODEL["sequence_length"],
        "hidden_size": EXAMPLE_MODEL["hidden_size"],
        "epochs": EXAMPLE_TRAINING["epochs"],
        "batch_size": EXAMPLE_TRAINING["batch_size"],
        "learning_rate": EXAMPLE_TRAINING["learning_rate"][0]["rate"],
        "seed": P18["seeds"][0],
    }
