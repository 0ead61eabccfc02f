"""What long runs gave (results/recorded/) is shown again without their data."""

import re
from pathlib import Path

import pandas as pd
import pytest
from workflow.conftest import Project, copy_project

RECORDED = Path(__file__).resolve().parents[2] / "results" / "recorded"
RECORDS = sorted(path.parent for path in RECORDED.glob("*/config.yaml"))
# What replay_recorded.yaml leaves out, because others publish it.
LEFT_OUT = (
    r"\b(?:sac_sma|nwm|vic_basin|mhm_basin|hbv_upper|fuse_900)\b|^all_benchmarks$"
)
LEFT_OUT_FIGURES = ("nse_cdf_basin_calibrated", "win_map")


@pytest.fixture(scope="module")
def redrawn(tmp_path_factory):
    base = tmp_path_factory.mktemp("recorded")
    done = Project(copy_project(base / "checkout"), base / "run")
    replay = ("--configfile", "config/replay_recorded.yaml")
    jobs = done.jobs(*replay)
    assert not {"train", "simulate", "evaluate", "build_store"} & set(jobs)
    assert not [rule for rule in jobs if "download" in rule]
    done.snakemake(*replay)
    return done.run / "results"


def read(path):
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def scorecards():
    return [path for record in RECORDS for path in record.glob("scorecard/*.csv")]


@pytest.mark.parametrize("path", scorecards(), ids=lambda path: path.stem)
def test_every_number_is_there_again(redrawn, path):
    kept = read(path).set_index("id")
    again = read(redrawn / "scorecard" / path.name).set_index("id")
    left_out = kept["experiment"].str.contains(LEFT_OUT)
    kept = kept[(kept["ours"] != "") & ~left_out]
    assert len(kept)
    again = again.loc[kept.index]
    assert again["ours"].tolist() == kept["ours"].tolist()


def figures():
    found = [path for record in RECORDS for path in record.glob("figures/*/*.png")]
    return [path for path in found if path.stem not in LEFT_OUT_FIGURES]


def test_every_figure_is_drawn_again(redrawn):
    assert figures()
    for path in figures():
        assert (redrawn / "figures" / path.parent.name / path.name).is_file()


def replay(project, tmp_path, paper, **keys):
    config = {"recorded": [str(RECORDED / paper)]} | keys
    done = Project(project.folder, tmp_path / "run").snakemake(
        config=config, check=False
    )
    assert done.returncode != 0
    assert not (tmp_path / "run/results/tables").exists()
    return done.stdout


def test_nothing_is_made_that_a_record_lacks(project, tmp_path):
    papers = ["kratzert2018", "kratzert2019b"]
    said = replay(project, tmp_path, "kratzert2019b", papers=papers)
    assert "The records lack what the rule build_store makes" in said


def test_another_configuration_than_the_record_is_refused(project, tmp_path):
    keys = {"kratzert2019a": {"training": {"epochs": 2}}}
    said = replay(project, tmp_path, "kratzert2019a", **keys)
    assert "kratzert2019a.training is not that of the record" in said


def test_a_folder_that_is_no_record_is_named(project, tmp_path):
    done = Project(project.folder, tmp_path).snakemake(
        "-n", config={"recorded": ["/no/record"]}, check=False
    )
    assert done.returncode != 0
    assert "/no/record: no record, because it has no config.yaml; " in done.stdout


def medians(paper, experiment, metric):
    """Return the mean over seeds of the median NSE, and that of the ensemble."""
    path = RECORDED / paper / "results/metrics" / paper / f"{experiment}.csv"
    found = pd.read_csv(path).groupby("member")[metric].median()
    return found.drop("ensemble").mean(), found["ensemble"]


def headline(start):
    """Return the line of the README's first screen that starts so."""
    lines = (RECORDED.parents[1] / "README.md").read_text().splitlines()
    return next(line for line in lines if line.startswith(start))


HEADLINE = {
    "| LSTM with attributes |": ("kratzert2019a", "lstm_nse", "NSE"),
    "| EA-LSTM |": ("kratzert2019a", "ealstm_nse", "NSE"),
    "| LSTM without attributes |": ("kratzert2019a", "lstm_no_static_nse", "NSE"),
    "| LSTM, gauged |": ("kratzert2019b", "lstm_static", "nse"),
    "| LSTM, ungauged |": ("kratzert2019b", "lstm_ungauged", "nse"),
}


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("basin", "| one LSTM per basin |"),
        ("region", "| one LSTM per region |"),
        ("fine_tuned", "| fine-tuned |"),
    ],
)
def test_headline_of_kratzert2018_is_what_was_recorded(name, start):
    line = headline(start)
    path = RECORDED / f"kratzert2018/results/metrics/kratzert2018/{name}.csv"
    metrics = pd.read_csv(path)
    nse = metrics.loc[metrics["member"] == "ensemble", "NSE"]
    for cell, value in zip(
        line.split("|")[2:4], (nse.mean(), nse.median()), strict=True
    ):
        assert cell.split()[0] == f"{value:.2f}".replace("0.", ".")


@pytest.mark.parametrize("start", HEADLINE)
def test_headline_of_the_readme_is_what_was_recorded(start):
    line = headline(start)
    shown = re.findall(r"(\.\d\d) \(\.\d\d\)", line)
    single, ensemble = medians(*HEADLINE[start])
    ours = [single, ensemble] if len(shown) == 2 else [ensemble]
    assert shown == [f"{value:.2f}"[1:] for value in ours]
