"""A small run end to end, then: what reruns what."""

import copy
import dataclasses
import os
import shutil
import zipfile

import bs4
import pandas as pd
import pytest
import yaml
from workflow.conftest import SMALL, SMALL_2018, Project

# What follows the metrics of an experiment.
AFTER = {
    "tabulate_configurations": 1,
    "tabulate_benchmarks": 1,
    "tabulate_significance_2019a": 1,
    "plot_nse_cdf_configurations": 1,
    "count_numbers": 1,
    "compare_scorecard": 1,
    "render_scorecard": 1,
    "all": 1,
}
TRAINING = "workflow_scripts/rerunoff/training"


@pytest.fixture(scope="module")
def done(project, conda):
    """The project after a complete small run, with conda."""
    run = dataclasses.replace(project, conda=conda)
    run.snakemake(config=SMALL)
    return run


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_everything_is_there(done):
    results = done.run / "results"
    for name in ("nse_cdf_configurations", "hydrographs", "robustness"):
        for kind in ("pdf", "png"):
            assert (results / f"figures/kratzert2019a/{name}.{kind}").stat().st_size
    table = pd.read_csv(results / "tables/kratzert2019a/configurations.csv")
    assert table["experiment"].tolist() == ["ealstm_nse", "lstm_mse"]
    assert (table["basins"] == 4).all()
    metrics = pd.read_csv(results / "metrics/kratzert2019a/ealstm_nse.csv", dtype=str)
    assert set(metrics["member"]) == {"seed111", "seed222", "ensemble"}
    assert len(metrics) == 12
    page = bs4.BeautifulSoup((results / "scorecard.html").read_text(), "html.parser")
    links = {link["href"] for link in page.find_all("a")}
    links = {link for link in links if not link.startswith(("#", "https://doi.org/"))}
    for link in links:
        assert (results / link).is_file(), link
    assert "runs/kratzert2019a/ealstm_nse/all/seed111/run.yaml" in links
    assert "figures/kratzert2019a/nse_cdf_configurations.png" in links
    scorecard = pd.read_csv(results / "scorecard/kratzert2019a.csv")
    verdicts = {"not comparable", "not run"}
    assert set(scorecard["verdict"]) == verdicts
    assert not list((done.run / "checkpoints").rglob("*.pt"))


def test_report_shows_every_result(done):
    done.snakemake("--report", "report.zip", config=SMALL)
    with zipfile.ZipFile(done.run / "report.zip") as report:
        names = " ".join(report.namelist())
    for name in (
        "nse_cdf_configurations.html",
        "hydrographs.html",
        "configurations.html",
    ):
        assert name in names


def test_nothing_is_left_to_do(done):
    assert done.jobs(config=SMALL) == {}


def test_changed_learning_rate_reruns_its_experiment_only(done):
    config = copy.deepcopy(SMALL)
    rate = [{"from_epoch": 1, "rate": 0.002}]
    config["kratzert2019a"]["experiments"] = {
        "lstm_mse": {"training": {"learning_rate": rate}}
    }
    jobs = done.jobs(config=config)
    again = AFTER | {"train": 2, "simulate": 2, "evaluate": 1}
    # The captions of the others name the changed key; no analysis is made again.
    captions = {name for name in set(jobs) - set(again) if "plot_" in name}
    captions.add("tabulate_feature_ranking")
    assert {n: jobs[n] for n in jobs if n not in captions} == again
    listed = done.snakemake("-n", config=config).stdout
    assert "Training kratzert2019a lstm_mse all, seed 111" in listed
    assert "Training kratzert2019a ealstm_nse" not in listed


def test_changed_test_period_trains_nothing(done):
    config = copy.deepcopy(SMALL)
    config["kratzert2019a"]["periods"]["test"][1] = "1997-09-29"
    config["kratzert2019a"]["figures"]["hydrographs"]["period"][1] = "1997-09-29"
    jobs = done.jobs(config=config)
    assert "train" not in jobs
    assert jobs["simulate"] == 4


OWN_KEYS = {
    "snow": {"forcing": "daymet", "inputs": ["prcp", "tmax", "swe"]},
    "attributes": {"attributes": ["aridity"]},
    "target": {"target": "srad", "seeds": [7]},
}


def test_experiments_with_other_data_run_and_retrain_nothing(done):
    config = copy.deepcopy(SMALL)
    config["kratzert2019a"]["only"] += list(OWN_KEYS)
    config["kratzert2019a"]["experiments"] = {
        name: {"title": name, **keys} for name, keys in OWN_KEYS.items()
    }
    jobs = done.jobs(config=config)
    own = {"select_basins": 1, "build_store": 1, "train": 5, "simulate": 5}
    assert jobs == {**AFTER, **own, "evaluate": 3}
    done.snakemake(config=config)
    table = pd.read_csv(done.run / "results/tables/kratzert2019a/configurations.csv")
    names = ["ealstm_nse", "lstm_mse", *sorted(OWN_KEYS)]  # as YAML has them
    assert table["experiment"].tolist() == names
    record = done.run / "results/runs/kratzert2019a/snow/all/seed111/run.yaml"
    settings = yaml.safe_load(record.read_text())["settings"]
    assert settings["inputs"] == ["prcp", "tmax", "swe"]
    # One more on the same data, put before it; the page alone knows its title.
    rows = config["kratzert2019a"]["experiments"]
    config["kratzert2019a"]["experiments"] = {"dry": OWN_KEYS["snow"], **rows}
    assert done.jobs(config=config) == {"render_scorecard": 1, "all": 1}
    # Back to what the folder was told before, for the tests that follow.
    done.snakemake(config=SMALL)


def test_an_added_experiment_that_only_leaves_out_gets_a_line(done):
    config = copy.deepcopy(SMALL)
    config["kratzert2019a"]["experiments"] = {"mine": {"title": "Mine"}}
    assert (
        "kratzert2019a: mine will not be run, because kratzert2019a.only does not name "
        "it." in done.snakemake("-n", config=config).stdout
    )


def test_changed_comment_or_docstring_reruns_nothing(done):
    for path in (done.folder / TRAINING).glob("*.py"):
        text = path.read_text()
        path.write_text(text.replace('"""', '"""Now, ', 1) + "\n# One more comment.\n")
    assert done.jobs(config=SMALL) == {}


def test_another_paper_retrains_nothing_of_the_first(done):
    config = copy.deepcopy(SMALL) | {"papers": ["kratzert2018", "kratzert2019a"]}
    # On the very forcing of the first, and with basins that it does not have.
    config["kratzert2018"] = SMALL_2018["kratzert2018"] | {"forcing": "maurer_extended"}
    jobs = done.jobs("kratzert2019a", config=config)
    assert jobs == {"render_paper": 1, "kratzert2019a": 1}  # its page, not made before
    listed = done.snakemake("-n", config=config).stdout
    assert "Building the store of kratzert2018" in listed
    for first in ("store of", "Training", "Simulating", "Evaluating"):
        assert f"{first} kratzert2019a" not in listed


def test_changed_logic_reruns_what_uses_it(done):
    path = done.folder / "workflow_scripts/rerunoff/evaluation/metrics.py"
    edit(path, "_TINY = 1e-6", "_TINY = 2e-6")
    jobs = done.jobs(config=SMALL)
    edit(path, "_TINY = 2e-6", "_TINY = 1e-6")
    assert "train" not in jobs
    assert "simulate" not in jobs
    assert jobs["evaluate"] == 2
    assert done.jobs(config=SMALL) == {}


def test_changed_training_logic_retrains(done):
    path = done.folder / TRAINING / "losses/nse.py"
    edit(path, "weights * (", "1 * weights * (")
    jobs = done.jobs(config=SMALL)
    edit(path, "1 * weights * (", "weights * (")
    # Those with the other loss stay.
    assert jobs["train"] == 2
    assert "build_store" not in jobs


PACKAGE = "workflow_scripts/rerunoff"
NEW_FILES = {
    "model": f"{PACKAGE}/models/gru.py",
    "loss": f"{PACKAGE}/training/losses/mae.py",
    "reader": f"{PACKAGE}/data/readers/camels_br.py",
}
NEW_LINES = {
    "benchmark": (
        f"{PACKAGE}/protocol/benchmarks.py",
        '"nwm": "National Water Model"',
        '"nwm": "National Water Model", "vic": "VIC"',
    ),
    "forcing": (f"{PACKAGE}/protocol/products.py", '"nldas",', '"nldas", "era5",'),
    "message of an error": (f"{PACKAGE}/files.py", "no such file", "there is no file"),
    "message in the log": (f"{PACKAGE}/training/loop.py", "epoch %d of %d", "%d of %d"),
    "setting": (
        f"{PACKAGE}/protocol/settings.py",
        "    fold: dict | None = None\n",
        "    fold: dict | None = None\n    noise: float = 0.0\n",
    ),
}


@pytest.mark.parametrize("what", NEW_FILES)
def test_new_file_of_a_kind_reruns_nothing(done, what):
    path = done.folder / NEW_FILES[what]
    path.write_text("SIZE = 1\n")
    jobs = done.jobs(config=SMALL)
    path.unlink()
    assert jobs == {}


@pytest.mark.parametrize("what", NEW_LINES)
def test_new_name_message_or_setting_reruns_nothing(done, what):
    path, old, new = NEW_LINES[what]
    edit(done.folder / path, old, new)
    jobs = done.jobs(config=SMALL)
    edit(done.folder / path, new, old)
    # The page compares all models that there are; it is drawn in a second.
    scorecard = {"count_numbers", "compare_scorecard", "render_scorecard"}
    scorecard |= {"tabulate_benchmarks", "tabulate_significance_2019a"}
    scorecard |= {"count_feature_ranking", "count_embedding", "count_robustness"}
    assert set(jobs) <= {*scorecard, "all"}
    assert (jobs == {}) == (what != "benchmark")


def test_new_metric_evaluates_and_trains_nothing(done):
    path = done.folder / f"{PACKAGE}/evaluation/metrics.py"
    edit(path, '"FHV", "FLV"', '"FHV", "KGE", "FLV"')
    jobs = done.jobs(config=SMALL)
    edit(path, '"FHV", "KGE", "FLV"', '"FHV", "FLV"')
    assert jobs["evaluate"] == 2
    assert not {"train", "simulate", "build_store"} & set(jobs)


def test_deleted_figure_is_redrawn_alone(done):
    figure = done.run / "results/figures/kratzert2019a/hydrographs.pdf"
    figure.unlink()
    jobs = done.jobs(config=SMALL)
    assert jobs == {"plot_hydrographs": 1, "all": 1}
    done.snakemake(config=SMALL)
    assert figure.is_file()
    assert done.jobs(config=SMALL) == {}


def test_folder_knows_its_configuration(done):
    figure = "results/figures/kratzert2019a/nse_cdf_configurations.pdf"
    assert done.jobs() == {}
    done.run.joinpath(figure).unlink()
    redrawn = done.snakemake(figure).stdout
    assert "configuration is that of the last run in this folder" in redrawn
    assert done.run.joinpath(figure).is_file()
    assert done.jobs(config=SMALL) == {}


@pytest.mark.parametrize("text", ["a: [b", "- a", "nonsense: 1"])
def test_damaged_configuration_of_a_folder_ends_with_one_sentence(project, text):
    run = Project(project.folder, project.run.with_name("damaged"))
    path = run.run / "results/config.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    failed = run.snakemake("-n", check=False)
    assert failed.returncode != 0
    assert failed.stdout.splitlines()[-1].startswith("results/config.yaml: ")


def test_other_configuration_says_how_many_trainings_it_means(done, tmp_path):
    run = tmp_path / "run"
    shutil.copytree(done.run, run, symlinks=True)
    other = Project(done.folder, run)
    config = copy.deepcopy(SMALL)
    config["kratzert2019a"]["seeds"] = [111, 222, 333]
    told = other.snakemake(config=config).stdout
    assert told.index("and does 2 trainings") < told.index("Training kratzert2019a")
    assert "[111, 222]" not in (run / "results/config.yaml").read_text()
    assert (run / "results/config.previous.yaml").is_file()
    assert other.jobs() == {}
    assert "trainings" not in other.snakemake(config=config).stdout


def test_impossible_hydrograph_basin_ends_with_one_sentence(done):
    config = copy.deepcopy(SMALL)
    config["kratzert2019a"]["figures"]["hydrographs"]["basins"] = ["99999999"]
    target = "results/figures/kratzert2019a/hydrographs.pdf"
    failed = done.snakemake(target, config=config, check=False)
    assert failed.returncode != 0
    assert "basin 99999999 of the key hydrographs.basins was not simulated" in (
        failed.stdout
    )
    done.snakemake(config=SMALL)


def test_given_data_are_known_by_content(done, tmp_path):
    root = tmp_path / "camels"
    shutil.copytree(done.run / "resources/virtual", root)
    config = SMALL | {"dataset": "camels_us", "data_root": str(root)}
    run = Project(done.folder, tmp_path / "run")
    store = "results/data/camels_us/maurer_extended_kratzert2019a.h5"
    run.snakemake(store, config=config)
    assert run.jobs(store, config=config) == {}
    path = next(root.rglob("*_streamflow_qc.txt"))
    os.utime(path)
    assert run.jobs(store, config=config) == {}
    moved = tmp_path / "elsewhere"
    root.rename(moved)
    config["data_root"] = str(moved)
    assert run.jobs(store, config=config) == {}
    path = next(moved.rglob("*_streamflow_qc.txt"))
    text = path.read_text()
    path.write_text(text.replace("1", "2"))
    assert run.jobs(store, config=config)["build_store"] == 1
    path.write_text(text)
    assert run.jobs(store, config=config) == {}
