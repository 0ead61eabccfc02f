"""What results/recorded/README.md says of our own questions is what was recorded."""

import re
from pathlib import Path

import pandas as pd
import pytest

RECORDED = Path(__file__).resolve().parents[2] / "results/recorded"
# Of each question the pairs whose effects stand in its tables, in their order.
PAIRS = {
    "snow": [("hbv_swe", "without"), ("phases", "without")],
    "humidity": [("vapour_pressure", "without"), ("relative", "without")],
    "hybrid": [
        ("lstm_hbv", "lstm"),
        ("refined", "lstm"),
        ("ealstm_hbv", "ealstm"),
        ("ungauged_hbv", "ungauged"),
        ("ungauged_refined", "ungauged"),
        ("lstm", "hbv"),
        ("ungauged", "hbv_regional"),
    ],
    "pretraining": [
        ("after_hbv_1", "again_1"),
        ("after_virtual_1", "again_1"),
        ("again_1", "drawn_1"),
        ("after_hbv_1", "hbv_1_year"),
        ("after_hbv_3", "again_3"),
        ("after_virtual_3", "again_3"),
        ("again_3", "drawn_3"),
        ("after_hbv_3", "hbv_3_years"),
        ("again_9", "drawn_9"),
    ],
}
# The rows of the first tables.
MODELS = {
    "hybrid": (
        *("lstm", "lstm_hbv", "refined", "ealstm", "ealstm_hbv", "hbv"),
        *("ungauged", "ungauged_hbv", "ungauged_refined", "hbv_regional"),
    ),
    "pretraining": (
        *("drawn_1", "again_1", "after_hbv_1", "after_virtual_1", "hbv_1_year"),
        *("drawn_3", "again_3", "after_hbv_3", "after_virtual_3", "hbv_3_years"),
        *("drawn_9", "again_9"),
    ),
}
ROWS = [(q, n, name) for q, names in MODELS.items() for n, name in enumerate(names)]
NUMBER = r"[+-]?\.\d{3}"


def rows(question):
    """Return the lines of a question's tables, without their heads."""
    text = (RECORDED / "README.md").read_text()
    section = text.split(f"\n## {question} (")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [line for line in lines if re.search(r"\.\d{3}", line)]


@pytest.mark.parametrize("question", PAIRS)
def test_effects_in_the_readme_are_those_recorded(question):
    shown = re.findall(
        rf"({NUMBER}) \(({NUMBER}) to ({NUMBER})\)", "\n".join(rows(question))
    )
    table = pd.read_csv(RECORDED / question / f"tables/{question}/comparison.csv")
    found = table.set_index(["experiment", "against"]).loc[PAIRS[question]]
    found = found[["difference", "low", "high"]].to_numpy().tolist()
    assert len(shown) == len(found) == 4 * len(PAIRS[question])
    for numbers, values in zip(shown, found, strict=True):
        assert [float(n) for n in numbers] == pytest.approx(values, abs=5.01e-4)


@pytest.mark.parametrize(("question", "row", "model"), ROWS)
def test_models_in_the_readme_are_those_recorded(question, row, model):
    path = RECORDED / f"{question}/results/metrics/{question}/{model}.csv"
    nse = pd.read_csv(path).query("member == 'ensemble'")["NSE"]
    median, quartile, below, *_ = rows(question)[row].split("|")[2:]
    shown = [float(median), float(quartile)]
    assert shown == pytest.approx(nse.quantile([0.5, 0.25]).tolist(), abs=5.01e-4)
    assert int(below) == (nse < 0).sum()
