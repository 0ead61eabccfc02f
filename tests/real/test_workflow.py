"""One real basin through Snakemake: raw text files to NSE, figures, scorecard."""

import os
from pathlib import Path

import pandas as pd
import pytest
from workflow.conftest import SMALL, Project, copy_project

DATA = os.environ.get("RERUNOFF_DATA")
pytestmark = pytest.mark.skipif(
    not DATA, reason="RERUNOFF_DATA (the folder with the real data) is not set"
)

CONFIG = SMALL | {
    "dataset": "camels_us",
    "data_root": f"{DATA}/camels_us_sample",
    "published_root": f"{DATA}/published",
    "kratzert2019a": SMALL["kratzert2019a"]
    | {
        "basins": ["01022500"],
        # One basin: its attributes cannot be standardised against others.
        "only": ["lstm_no_static_nse"],
        "forcing": "nldas",
        "seeds": [111],
        "periods": {
            "train": ["1999-10-01", "2002-09-30"],
            "test": ["1995-10-01", "1997-09-30"],
        },
        "model": {"hidden_size": 16, "sequence_length": 60, "forget_bias": 3.0},
        "training": {
            "epochs": 30,
            "batch_size": 64,
            "learning_rate": [
                {"from_epoch": 1, "rate": 1.0e-2},
                {"from_epoch": 20, "rate": 1.0e-3},
            ],
        },
        "figures": {
            "hydrographs": {"basins": None, "period": ["1995-10-01", "1996-09-30"]}
        },
    },
}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    base = tmp_path_factory.mktemp("real")
    project = Project(copy_project(base / "checkout"), base / "run")
    project.snakemake(config=CONFIG)
    return project.run / "results"


def test_a_small_network_learns_a_real_basin(run):
    metrics = pd.read_csv(run / "metrics/kratzert2019a/lstm_no_static_nse.csv")
    assert metrics["days"].tolist() == [731, 731]
    # The authors' example reaches 0.70 on this basin with another product and size.
    assert metrics["NSE"].iloc[-1] > 0.4


def test_scorecard_recomputes_the_published_table_from_the_authors_file(run):
    scorecard = pd.read_csv(run / "scorecard/kratzert2019a.csv", keep_default_na=False)
    table = scorecard[
        scorecard["location"].str.startswith("Table 2")
        & (scorecard["experiment"] == "ealstm_nse")
    ]
    assert len(table) == 9
    assert (table["recomputed_verdict"] == "exact").all()
    assert (table["verdict"] == "not run").all()


def test_page_and_figures(run):
    assert Path(run / "scorecard.html").stat().st_size > 10_000
    assert (run / "figures/kratzert2019a/hydrographs.png").stat().st_size > 10_000
