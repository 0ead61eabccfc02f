"""kratzert2019b from the authors' per-basin statistics, through Snakemake."""

import os
from decimal import Decimal

import pandas as pd
import pytest
from rerunoff.numbers.published import agrees_in_print
from workflow.conftest import ROOT, Project, copy_project

DATA = os.environ.get("RERUNOFF_DATA")
pytestmark = pytest.mark.skipif(
    not DATA, reason="RERUNOFF_DATA (the folder with the real data) is not set"
)


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    base = tmp_path_factory.mktemp("replay")
    project = Project(copy_project(base / "checkout"), base / "run")
    replay = ("--configfile", "config/replay.yaml")
    root = f"published_root={DATA}/published"
    project.snakemake("kratzert2019b", *replay, "--config", root)
    return project.run / "results"


def published():
    table = pd.read_csv(
        ROOT / "config/published/kratzert2019b.csv", dtype=str, keep_default_na=False
    )
    return table[table["location"] == "Statistics table"]


def test_statistics_table_has_every_printed_digit(results):
    table = pd.read_csv(results / "tables/kratzert2019b/statistics.csv")
    table = table.set_index(["statistic", "model"])
    rows = published()
    assert len(rows) == 80
    for row in rows.to_dict("records"):
        value = table.loc[(row["metric"], row["experiment"]), row["statistic"]]
        assert agrees_in_print(value, str(Decimal(row["value"]))), row["id"]


def test_scorecard_recomputes_from_the_same_files(results):
    scorecard = pd.read_csv(
        results / "scorecard/kratzert2019b.csv", keep_default_na=False
    )
    # What measures a reading has no published value.
    readings = scorecard["location"] == "Readings of the protocol"
    counts = scorecard.loc[~readings, "recomputed_verdict"].value_counts()
    # Two 16-digit means of the authors' log add up in another order.
    assert counts.to_dict() == {"exact": 114, "differs": 2}
    # Statistics of the authors are none of ours.
    assert set(scorecard.loc[~readings, "verdict"]) == {"not run"}
    page = (results / "scorecard/kratzert2019b.html").read_text()
    for words in (
        "107 of the 116 are printed nowhere",
        "checks our arithmetic and not the paper",
        "107 of these come from the very files that they are compared with",
        "9 were printed by the authors (7 agree in every digit, 2 differ)",
    ):
        assert words in page


def test_figures_are_drawn(results):
    drawn = {path.stem for path in (results / "figures/kratzert2019b").glob("*.pdf")}
    names = ("densities", "scatters", "gauged_scatters")
    statistics = ("nse", "bias", "stdev", "q95")
    expected = {f"{name}_{one}" for name in names for one in statistics}
    assert drawn == expected | {"boxplots"}
    assert (results / "scorecard/kratzert2019b.html").stat().st_size > 10_000
