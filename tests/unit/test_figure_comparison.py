"""The figure of a question: who is drawn, and the intervals of the differences."""

import numpy as np
import pandas as pd
import pytest
from rerunoff.analysis.controlled import compare
from rerunoff.figures.shared import comparison

BASINS = [f"{number:08d}" for number in range(20)]
LOOKS = {
    "hybrid": {"title": "LSTM with HBV's output", "model": "lstm", "loss": "nse"},
    "lstm": {"title": "LSTM", "model": "lstm", "loss": "nse"},
}


def metrics(shift):
    values = np.linspace(-0.1, 0.9, len(BASINS)) + shift * np.linspace(0.5, 1.5, 20)
    return pd.DataFrame({"basin": BASINS, "member": "ensemble", "NSE": values})


@pytest.fixture(scope="module")
def drawn():
    tables = {"hybrid": metrics(0.1), "lstm": metrics(0.0)}
    groups = pd.Series(
        pd.Categorical(["wet"] * 8 + ["dry"] * 12, ["wet", "dry"]), index=BASINS
    )
    table = compare(tables, [("hybrid", "lstm")], groups)
    return table, comparison.figure_of(tables, table, LOOKS)


def test_each_difference_stands_with_its_interval_and_number_of_basins(drawn):
    table, figure = drawn
    axis = figure.axes[1]
    words = [label.get_text() for label in axis.get_yticklabels()]
    assert words == ["all (20)", "wet (8)", "dry (12)"]
    bars = [bar for bar in axis.containers if bar.has_xerr]
    for bar, (_, row) in zip(bars, table.iterrows(), strict=True):
        assert bar[0].get_xdata().item() == pytest.approx(row["difference"])
        [[start, end]] = bar[2][0].get_segments()
        assert (start[0], end[0]) == pytest.approx((row["low"], row["high"]))
    assert axis.texts[0].get_text() == "LSTM with HBV's output − LSTM"
    # The first stands on top.
    low, high = axis.get_ylim()
    assert low > high


def test_networks_of_one_family_are_told_apart(drawn):
    lines = drawn[1].axes[0].get_lines()
    looks = {
        (line.get_color(), str(line.get_linestyle()), line.get_marker())
        for line in lines
        if len(line.get_xdata()) > 2
    }
    assert len(looks) == 2
