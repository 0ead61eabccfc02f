"""The figure of a question: who is drawn, and the intervals of the differences."""

import numpy as np
import pandas as pd
import pytest
from rerunoff.analysis.controlled import compare
from rerunoff.figures.shared import comparison
from rerunoff.figures.style import COLOURS

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


def test_models_that_no_pair_joins_stand_in_panels_of_their_own():
    tables = {name: metrics(0.02 * n) for n, name in enumerate("abcde")}
    looks = {name: {"title": name, "model": "lstm"} for name in tables}
    # d and b are joined through a only.
    table = compare(tables, [("a", "b"), ("c", "e"), ("d", "a")])
    figure = comparison.figure_of(tables, table, looks)
    legends = [axis.get_legend() for axis in figure.axes if axis.get_legend()]
    titles = [[text.get_text() for text in one.get_texts()] for one in legends]
    assert titles == [["a", "b", "d"], ["c", "e"]]
    for legend in legends:
        colours = [line.get_color() for line in legend.get_lines()]
        assert colours[0] == COLOURS["lstm"]
        assert len(set(colours)) == len(colours)


def test_long_titles_leave_room_for_the_panels():
    title = "LSTM with relative humidity and vapour-pressure deficit, and another"
    tables = {"hybrid": metrics(0.1), "lstm": metrics(0.0)}
    looks = {name: look | {"title": f"{title} {name}"} for name, look in LOOKS.items()}
    table = compare(tables, [("hybrid", "lstm")])
    figure = comparison.figure_of(tables, table, looks)
    figure.draw_without_rendering()
    width = figure.bbox.width
    left, right = (axis.get_window_extent().width for axis in figure.axes)
    assert left > 0.25 * width
    assert right > 0.25 * width
    assert figure.axes[1].texts[0].get_window_extent().x1 <= width
