"""What results/recorded/README.md says of our own questions is what was recorded."""

import re
from pathlib import Path

import pandas as pd
import pytest

RECORDED = Path(__file__).resolve().parents[2] / "results/recorded"
PRETRAINED = [
    ("1 year", 1, "hbv_1_year"),
    ("3 years", 3, "hbv_3_years"),
    ("9 years", 9, "hbv"),
]
# Of each question the rows of its tables with effects, in their order: the words that
# stand there, and the pair.
EFFECTS = {
    "snow": [
        ("difference", "hbv_swe", "without"),
        ("difference", "phases", "without"),
    ],
    "humidity": [
        ("vapour pressure", "vapour_pressure", "without"),
        ("relative humidity and vapour-pressure deficit", "relative", "without"),
    ],
    "hybrid": [
        ("LSTM with HBV - LSTM", "lstm_hbv", "lstm"),
        ("refined - LSTM", "refined", "lstm"),
        ("EA-LSTM with HBV - EA-LSTM", "ealstm_hbv", "ealstm"),
        ("ungauged: with HBV - LSTM", "ungauged_hbv", "ungauged"),
        ("ungauged: refined - LSTM", "ungauged_refined", "ungauged"),
        ("LSTM - HBV", "lstm", "hbv"),
        ("ungauged: LSTM - HBV", "ungauged", "hbv_regional"),
    ],
    "pretraining": [
        row
        for said, years, hbv in PRETRAINED
        for row in (
            (
                f"{said}: HBV's discharge first - trained again",
                *(f"after_hbv_{years}", f"again_{years}"),
            ),
            (
                "virtual catchments first - trained again",
                *(f"after_virtual_{years}", f"again_{years}"),
            ),
            ("trained again - once", f"again_{years}", f"drawn_{years}"),
            ("HBV's discharge first - HBV", f"after_hbv_{years}", hbv),
        )
    ],
}
# The rows of the first tables: the words, and the model.
MODELS = {
    "hybrid": [
        ("LSTM", "lstm"),
        ("LSTM with HBV", "lstm_hbv"),
        ("LSTM refines HBV", "refined"),
        ("EA-LSTM", "ealstm"),
        ("EA-LSTM with HBV", "ealstm_hbv"),
        ("HBV (one run)", "hbv"),
        ("ungauged: LSTM", "ungauged"),
        ("ungauged: LSTM with HBV", "ungauged_hbv"),
        ("ungauged: LSTM refines HBV", "ungauged_refined"),
        ("ungauged: HBV", "hbv_regional"),
    ],
    "pretraining": [
        row
        for said, years, hbv in PRETRAINED
        for row in (
            (f"{said}: LSTM", f"drawn_{years}"),
            ("trained again", f"again_{years}"),
            ("after HBV's discharge", f"after_hbv_{years}"),
            ("after virtual catchments", f"after_virtual_{years}"),
            ("HBV (one run)", hbv),
        )
    ],
}
PAIRS = {question: [row[1:] for row in found] for question, found in EFFECTS.items()}
ROWS = [(q, n, *row) for q, found in MODELS.items() for n, row in enumerate(found)]
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


@pytest.mark.parametrize("question", EFFECTS)
def test_effects_in_the_readme_are_those_recorded(question):
    triple = rf"({NUMBER}) \(({NUMBER}) to ({NUMBER})\)"
    lines = [row for row in rows(question) if re.search(triple, row)]
    words = [line.split("|")[1].strip() for line in lines]
    assert words == [row[0] for row in EFFECTS[question]]
    shown = [numbers for line in lines for numbers in re.findall(triple, line)]
    found = compared(question, PAIRS[question])
    assert len(shown) == len(found) == 4 * len(PAIRS[question])
    values = found[["difference", "low", "high"]].to_numpy()
    for numbers, expected in zip(shown, values, strict=True):
        assert [float(n) for n in numbers] == nearly(expected)


@pytest.mark.parametrize("question", MODELS)
def test_effects_of_single_networks_in_the_readme_are_those_recorded(question):
    cells = [row.split("|")[-2] for row in rows(question) if "(" in row.split("|")[2]]
    found = compared(question, PAIRS[question]).query("group == 'all'")
    values = found[["lowest_single", "highest_single"]].to_numpy()
    for cell, expected in zip(cells, values, strict=True):
        assert ends(cell) == nearly(expected)


@pytest.mark.parametrize(("question", "row", "words", "model"), ROWS)
def test_models_in_the_readme_are_those_recorded(question, row, words, model):
    path = RECORDED / f"{question}/results/metrics/{question}/{model}.csv"
    nse = pd.read_csv(path).pivot(index="basin", columns="member", values="NSE")
    said, median, quartile, below, singles = rows(question)[row].split("|")[1:6]
    assert said.strip() == words
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


PHYSICS = [
    ("LSTM, ensemble", "lstm"),
    ("HBV, upper bound (theirs)", "hbv_upper"),
    ("HBV", "hbv"),
    ("mHM (theirs)", "mhm_basin"),
    ("FUSE 900 (theirs)", "fuse_900"),
    ("SAC-SMA (theirs)", "sac_sma"),
    ("VIC (theirs)", "vic_basin"),
    ("Shyft PT_GS_K", "shyft_pt_gs_k"),
]


def test_physical_models_in_the_readme_are_those_recorded():
    section = (RECORDED / "README.md").read_text().split("\n## physics (")[1]
    head = next(line for line in section.splitlines() if line.startswith("|"))
    assert [cell.strip() for cell in head.split("|")[1:-1]] == [p[0] for p in PHYSICS]
    cells = rows("physics")[0].split("|")[1:-1]
    table = pd.read_csv(RECORDED / "physics/tables/physics/comparison.csv")
    theirs = table.query("group == 'all'").set_index("against")["median_against"]
    for cell, (words, model) in zip(cells, PHYSICS, strict=True):
        median, below = re.fullmatch(rf" ({NUMBER}) \((\d+)\) ", cell).groups()
        if "theirs" in words:
            assert [float(median)] == nearly([theirs[model]])
            continue
        path = RECORDED / f"physics/results/metrics/physics/{model}.csv"
        nse = pd.read_csv(path).query("member == 'ensemble'")["NSE"]
        assert [float(median)] == nearly([nse.median()])
        assert int(below) == (nse < 0).sum()


def test_effects_of_physics_in_the_readme_are_those_recorded():
    section = (RECORDED / "README.md").read_text().split("\n## physics (")[1]
    words = " ".join(section.split("\n## ")[0].split())
    for pair, text in {
        ("lstm", "hbv"): r"LSTM is better .*? ({}) .*?interval ({}) to ({})\)",
        ("hbv", "hbv_upper"): r"what others got of HBV\*\*: ({}) \(({}) to ({})\)",
        ("hbv", "sac_sma"): r"than SAC-SMA by ({}) \(({}) to ({})\)",
        ("shyft_pt_gs_k", "hbv"): r"worse than HBV\*\*, by ({}) \(({}) to ({})\)",
    }.items():
        shown = re.search(text.format(NUMBER, NUMBER, NUMBER), words).groups()
        row = compared("physics", [pair]).query("group == 'all'").iloc[0]
        assert list(map(float, shown)) == nearly(row[["difference", "low", "high"]])
