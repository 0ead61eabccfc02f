"""What the report's pages of tables show, and how a table is made by its name."""

import re

import make_table
import pandas as pd
import pytest
from rerunoff.evaluation.metrics import METRICS
from rerunoff.report_pages import rounded
from rerunoff.tables import write_table


def cells(html):
    return re.findall(r"<td>(.*?)</td>", html)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([0.7302798604275933, -1.25], ["0.730", "−1.250"]),
        ([0.00012345, 0.5], ["1.2e−04", "0.500"]),
        ([12.0, float("nan")], ["12", "–"]),
        ([3, 4], ["3", "4"]),
        (["a-b", "<c>"], ["a-b", "&lt;c&gt;"]),
        ([0.0, 0.25], ["0.000", "0.250"]),
    ],
)
def test_numbers_of_a_column_have_equal_digits_and_texts_stay(values, words):
    assert cells(rounded(pd.DataFrame({"x": values}))) == words


def test_table_keeps_its_digits_and_its_page_is_rounded(tmp_path):
    columns = dict.fromkeys(METRICS, 1 / 3)
    metrics = pd.DataFrame({"basin": ["00000001"], "member": ["ensemble"], **columns})
    write_table(metrics, tmp_path / "m.csv")
    output, page = tmp_path / "t.csv", tmp_path / "t.html"
    make_table.main(
        "tabulations.kratzert2019a.configurations", "About ``it``.", output, page,
        metrics=[tmp_path / "m.csv"],
        titles={"mine": "Mine"},
    )  # fmt: skip
    assert pd.read_csv(output)["nse_mean_ensemble"][0] == 1 / 3
    text = page.read_text(encoding="utf-8")
    assert "0.333" in cells(text)
    assert str(1 / 3) not in text
    assert "About <code>it</code>." in text
