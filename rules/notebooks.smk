"""The notebook that goes from one basin's files to its hydrograph."""

from types import SimpleNamespace

EXAMPLE = P18["experiments"]["example"]
EXAMPLE_PERIODS = periods_of("kratzert2018", "example")
EXAMPLE_MODEL = laid_over(P18, "example", "model")
EXAMPLE_TRAINING = laid_over(P18, "example", "training")


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


rule execute_notebook:
    input:
        unpack(notebook_inputs),
        notebook=f"{workflow.basedir}/notebooks/single_basin.ipynb",
    output:
        notebook="results/notebooks/single_basin.ipynb",
        page=report(
            "results/notebooks/single_basin.html",
            caption="../report/kratzert2018/single_basin.rst",
            category="kratzert2018",
            subcategory="Notebook",
            labels={"shows": "one basin, from file to hydrograph"},
        ),
    log:
        "logs/notebooks/single_basin.log",
    conda:
        "../envs/notebook.yaml"
    resources:
        mem_mb=2000,
        runtime=60,
    params:
        parameters=notebook_parameters,
        files=lambda w: content_of_series(P18["forcing"]),
        # The notebook goes the way of these scripts, with the same functions.
        code=[
            fingerprint_of(
                f"{script}.py", READER, *learned_with("kratzert2018", "example")
            )
            for script in (
                "execute_notebook",
                "build_store",
                "train_run",
                "simulate_member",
                "evaluate_experiment",
                "plot_hydrographs",
            )
        ],
    message:
        "Executing the notebook on basin {params.parameters[basin]}"
    script:
        "../workflow_scripts/execute_notebook.py"
