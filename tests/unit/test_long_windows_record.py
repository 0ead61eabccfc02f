"""What benchmarks/README.md says of long windows is what was recorded."""

import math
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "results/recorded/long_windows"
# The rows of the table, in their order.
NETWORKS = (
    *("long_1.5", "long_2", "long_3", "n365", "n730", "n90", "n30"),
    *("long_111", "long_222", "windows_111", "windows_222", "windows_111_130min"),
    "peer_111",
)


@pytest.fixture(scope="module")
def found():
    """Return the curves by network and way of simulation."""
    sys.path.insert(0, str(ROOT / "benchmarks"))
    from curves import curves

    return curves(FOLDER).set_index(["network", "simulation"])


def rows():
    text = (ROOT / "benchmarks/README.md").read_text()
    _, _, text = text.partition("### What long windows are worth")
    table = [line for line in text.splitlines() if line.startswith("|")]
    return list(zip(NETWORKS, table[2 : 2 + len(NETWORKS)], strict=True))


@pytest.mark.parametrize(("network", "row"), rows(), ids=NETWORKS)
def test_the_table_of_long_windows_is_the_recorded_curves(found, network, row):
    cells = [cell.strip(" *") for cell in row.split("|")[1:-1]]
    *_, to_60, to_65, one_pass, windows = cells
    way = "continuous" if network[0] in "ln" else "windows"
    curve = found.loc[(network, way)]
    for cell, skill in ((to_60, 0.60), (to_65, 0.65)):
        seconds = curve[f"s to {skill:.2f}"]
        assert cell == "-" if math.isnan(seconds) else last(cell) == round(seconds)
    for cell, simulation in ((one_pass, "continuous"), (windows, "windows")):
        if cell:
            end = found.loc[(network, simulation), "median_nse"]
            assert float(cell) == pytest.approx(end, abs=5e-4)


def last(cell):
    return int(re.findall(r"\d+", cell)[-1])
