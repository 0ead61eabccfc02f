"""What long runs gave (results/recorded/) is shown again without their data."""

import shutil
from pathlib import Path

import pandas as pd
import pytest
from workflow.conftest import Project, copy_project

RECORDED = Path(__file__).resolve().parents[2] / "results" / "recorded"
RECORDS = sorted(path.parent for path in RECORDED.glob("*/config.yaml"))
# What replay_recorded.yaml leaves out, because its authors publish it.
LEFT_OUT = ("sac_sma", "nwm")


@pytest.fixture(scope="module")
def redrawn(tmp_path_factory):
    base = tmp_path_factory.mktemp("recorded")
    done = Project(copy_project(base / "checkout"), base / "run")
    shutil.copytree(RECORDED, done.folder / "results" / "recorded")
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
    kept = kept[
        (kept["ours"] != "") & ~kept["experiment"].str.contains("|".join(LEFT_OUT))
    ]
    assert len(kept) > 50
    again = again.loc[kept.index]
    assert again["ours"].tolist() == kept["ours"].tolist()


def figures():
    return [path for record in RECORDS for path in record.glob("figures/*/*.png")]


def test_every_figure_is_drawn_again(redrawn):
    assert figures()
    for path in figures():
        assert (redrawn / "figures" / path.parent.name / path.name).is_file()
