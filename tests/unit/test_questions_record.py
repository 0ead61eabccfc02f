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
        ("after_hbv_9", "again_9"),
        ("after_virtual_9", "again_9"),
        ("again_9", "drawn_9"),
        ("after_hbv_9", "hbv"),
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
        *("drawn_9", "again_9", "after_hbv_9", "after_virtual_9", "hbv"),
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


def nearly(values):
    """Return what a number that is shown in three digits may be."""
    return pytest.approx(list(values), abs=5.01e-4)


def ends(cell):
    """Return both ends of a range that a cell shows, which may be one number."""
    numbers = [float(number) for number in re.findall(NUMBER, cell)]
    assert len(numbers) in (1, 2)
    return [numbers[0], numbers[-1]]


def compared(question, pairs):
    table = pd.read_csv(RECORDED / question / f"tables/{question}/comparison.csv")
    return table.set_index(["experiment", "against"]).loc[pairs]


@pytest.mark.parametrize("question", PAIRS)
def test_effects_in_the_readme_are_those_recorded(question):
    shown = [
        numbers
        for row in rows(question)
        for numbers in re.findall(rf"({NUMBER}) \(({NUMBER}) to ({NUMBER})\)", row)
    ]
    found = compared(question, PAIRS[question])
    assert len(shown) == len(found) == 4 * len(PAIRS[question])
    values = found[["difference", "low", "high"]].to_numpy()
    for numbers, expected in zip(shown, values, strict=True):
        assert [float(n) for n in numbers] == nearly(expected)


@pytest.mark.parametrize("question", MODELS)
def test_effects_of_single_networks_in_the_readme_are_those_recorded(question):
    cells = [row.split("|")[-2] for row in rows(question) if "(" in row.split("|")[2]]
    found = compared(question, PAIRS[question]).query("group == 'all'")
    values = found[["lowest_seed", "highest_seed"]].to_numpy()
    for cell, expected in zip(cells, values, strict=True):
        assert ends(cell) == nearly(expected)


@pytest.mark.parametrize(("question", "row", "model"), ROWS)
def test_models_in_the_readme_are_those_recorded(question, row, model):
    path = RECORDED / f"{question}/results/metrics/{question}/{model}.csv"
    nse = pd.read_csv(path).pivot(index="basin", columns="member", values="NSE")
    median, quartile, below, singles = rows(question)[row].split("|")[2:6]
    ensemble, nse = nse["ensemble"], nse.filter(like="seed")
    shown = [float(median), float(quartile)]
    assert shown == nearly(ensemble.quantile([0.5, 0.25]))
    assert int(below) == (ensemble < 0).sum()
    if nse.empty:
        assert not singles.strip()
    else:
        assert ends(singles) == nearly(nse.median().agg(["min", "max"]))


def test_medians_of_snow_in_the_readme_are_those_recorded():
    shown = [
        [float(median), float(quartile)]
        for row in rows("snow")
        for median, quartile in re.findall(rf"({NUMBER}), ({NUMBER})", row)
    ]
    one, other = (compared("snow", [pair]) for pair in PAIRS["snow"])
    names = ["median", "lower_quartile"]
    found = [one[[f"{name}_against" for name in names]], one[names], other[names]]
    values = [numbers for table in found for numbers in table.to_numpy()]
    for numbers, expected in zip(shown, values, strict=True):
        assert numbers == nearly(expected)
