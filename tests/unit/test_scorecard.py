"""Published numbers, verdicts and the page, on small hand-made tables."""

from pathlib import Path

import compare_scorecard
import pandas as pd
import pytest
import render_scorecard
from pandas.testing import assert_frame_equal
from rerunoff.errors import InputError
from rerunoff.evaluation.summary import METRICS
from rerunoff.scorecard.compare import compare, read_scorecard
from rerunoff.scorecard.page import render
from rerunoff.scorecard.published import (
    COLUMNS,
    agrees_in_print,
    half_unit,
    published_spreads,
    read_basin_sets,
    read_published,
    tolerance,
)

CONFIG = Path(__file__).parents[2] / "config" / "published"
BASINS = ["01022500", "01031500", "01047000"]
SETS = {"531": BASINS}
ROW = {
    "id": "a",
    "location": "Table 2",
    "quantity": "performance",
    "experiment": "ealstm_nse",
    "basins": "531",
    "members": "seeds_mean",
    "metric": "NSE",
    "statistic": "median",
    "value": "0.50",
    "spread": "0.02",
    "source": "somewhere",
    "certainty": "paper, printed",
    "description": "",
}


def make_published(*changes):
    rows = [ROW | {"id": f"row{i}"} | change for i, change in enumerate(changes)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def make_metrics(medians, basins=BASINS):
    rows = [
        {"basin": basin, "member": member} | dict.fromkeys(METRICS, median + step)
        for member, median in medians.items()
        for basin, step in zip(basins, (-0.1, 0.0, 0.1), strict=False)
    ]
    return pd.DataFrame(rows)


def judge(change, medians, deviations=(), dataset="camels_us", basins=BASINS):
    """Return the one row that a single published number leads to."""
    ours = {"ealstm_nse": make_metrics(medians, basins)}
    table = compare(make_published(change), ours, {}, deviations, dataset, SETS)
    return table.iloc[0]


@pytest.mark.parametrize(
    ("text", "half"),
    [("0.674", 0.0005), ("2", 0.5), ("1.000", 0.0005), ("1.15e-75", 5e-78)],
)
def test_half_unit_follows_the_printed_digits(text, half):
    assert half_unit(text) == pytest.approx(half, rel=1e-12)


@pytest.mark.parametrize(
    ("value", "text", "same"),
    [
        (0.67979049, "0.67979", True),
        (0.6797951, "0.67979", False),
        (-0.0004, "0.000", True),
        (2.125, "2", True),
        (1.0, "1.000", True),
        (float("nan"), "0.5", False),
    ],
)
def test_agreement_is_judged_as_printed(value, text, same):
    assert agrees_in_print(value, text) is same


def test_within_two_published_deviations_is_reproduced():
    row = judge({}, {"seed111": 0.50, "seed222": 0.58})
    assert row["verdict"] == "reproduced"  # mean 0.54, tolerance 0.04
    assert row["ours"] == pytest.approx(0.54)
    assert row["ours_seed_median"] == pytest.approx(0.54)
    assert row["ours_seed_std"] == pytest.approx(0.04)
    assert row["seeds"] == 2
    assert row["tolerance"] == pytest.approx(0.04)
    assert row["tolerance_basis"] == "2 published seed standard deviations"


def test_outside_the_tolerance_deviates_by_so_much():
    row = judge({}, {"seed111": 0.54, "seed222": 0.56})
    assert row["verdict"] == "deviates"
    assert row["reason"] == "off by +0.05, tolerance 0.04"


def test_our_spread_serves_where_none_is_published():
    row = judge({"spread": ""}, {"seed111": 0.50, "seed222": 0.58})
    assert row["tolerance"] == pytest.approx(0.08)
    assert row["tolerance_basis"] == "2 of our seed standard deviations"


def test_the_last_digit_bounds_the_tolerance_from_below():
    row = judge({"spread": "0.0001"}, {"seed111": 0.505})
    assert row["tolerance"] == pytest.approx(0.005)
    assert row["verdict"] == "reproduced"


def test_ensembles_and_seeds_use_the_spread_printed_beside_the_mean():
    failures = {"statistic": "failures_le0", "value": "2.75", "spread": "0.97"}
    ensemble = {"members": "ensemble", "statistic": "failures_lt0", "spread": ""}
    table = make_published(failures, ensemble | {"value": "2"})
    spreads = published_spreads(table)
    allowed, _ = tolerance(table.iloc[1].to_dict(), spreads, None, 0)
    assert allowed == pytest.approx(1.94)


def test_a_published_deviation_has_its_own_tolerance():
    change = {"members": "seeds_std", "value": "0.02", "spread": ""}
    row = judge(change, {f"seed{n}": 0.5 + 0.01 * (n % 2) for n in range(5)})
    assert row["tolerance"] == pytest.approx(0.02)  # 2 · 0.02 / √4
    assert row["verdict"] == "reproduced"
    row = judge(change, {"seed111": 0.5})
    assert (row["verdict"], row["reason"]) == (
        "not comparable",
        "one seed has no spread",
    )


def test_digitised_values_have_the_reading_accuracy():
    change = {"certainty": "digitised", "source": "pixels, ±0.015", "spread": ""}
    row = make_published(change).iloc[0].to_dict()
    assert tolerance(row, {}, None, 0) == (0.015, "reading accuracy of the figure")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"quantity": "robustness"}, "analysis not part of this workflow yet"),
        ({"experiment": "lstm_nse"}, "experiment not run"),
        ({"members": "seed444"}, "seed444 not run"),
        ({"members": "ensemble"}, "ensemble not run"),
    ],
)
def test_not_run_says_why(change, reason):
    row = judge(change, {"seed111": 0.5})
    assert (row["verdict"], row["reason"]) == ("not run", reason)
    assert pd.isna(row["ours"])


def test_changed_settings_and_other_data_are_not_comparable_but_shown():
    row = judge({}, {"seed111": 0.5}, ["training.epochs", "model.hidden_size"])
    assert row["verdict"] == "not comparable"
    assert row["reason"] == "changed: training.epochs, model.hidden_size"
    assert row["ours"] == pytest.approx(0.5)
    strangers = ["90000001", "90000002", "90000003"]
    row = judge({}, {"seed111": 0.5}, dataset="virtual", basins=strangers)
    assert row["reason"] == "other data: virtual; basin set incomplete: 0 of 3"
    assert row["ours"] == pytest.approx(0.5)


def test_incomplete_basin_sets_are_not_comparable():
    row = judge({}, {"seed111": 0.5}, basins=BASINS[:2])
    assert row["verdict"] == "not comparable"
    assert row["reason"] == "basin set incomplete: 2 of 3"
    metrics = make_metrics({"seed111": 0.5})
    metrics.loc[0, "NSE"] = float("nan")
    table = compare(
        make_published({}), {"ealstm_nse": metrics}, {}, [], "camels_us", SETS
    )
    reason = "basin set incomplete: 3 of 3, 1 of them without NSE"
    assert table.loc[0, "reason"] == reason


def test_without_any_of_the_basins_there_is_no_value():
    row = judge({}, {"seed111": 0.5}, basins=["90000001", "90000002", "90000003"])
    assert row["reason"] == "basin set incomplete: 0 of 3"
    assert pd.isna(row["ours"])


def test_authors_values_are_compared_digit_by_digit():
    published = make_published({}, {"value": "0.51"}, {"experiment": "lstm_nse"})
    authors = {"ealstm_nse": make_metrics({"seed111": 0.499, "seed222": 0.50})}
    table = compare(published, {}, authors, [], "camels_us", SETS)
    assert table["recomputed_verdict"].tolist() == ["exact", "differs", ""]
    assert table.loc[0, "recomputed"] == pytest.approx(0.4995)
    assert set(table["verdict"]) == {"not run"}


def test_unknown_basin_sets_are_named():
    with pytest.raises(InputError, match="row0, column basins: '447'"):
        judge({"basins": "447"}, {"seed111": 0.5})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"value": "about 3"}, "row row0, column value: 'about 3' is no number"),
        ({"value": "<=0"}, "column value"),
        ({"spread": "x"}, "column spread"),
        ({"members": "best"}, "column members: 'best'"),
        ({"statistic": "mode"}, "column statistic: 'mode'"),
        ({"experiment": ""}, "column experiment: is empty"),
        ({"source": ""}, "column source: is empty"),
        ({"certainty": "digitised"}, "column source: must state the reading accuracy"),
        ({"id": ""}, "row at line 2, column id: is empty"),
    ],
)
def test_faults_in_published_numbers_are_named(tmp_path, change, words):
    path = tmp_path / "published.csv"
    make_published(change).to_csv(path, index=False)
    with pytest.raises(InputError, match=words) as error:
        read_published(path)
    assert str(path) in str(error.value)


def test_repeated_ids_and_missing_columns_are_named(tmp_path):
    path = tmp_path / "published.csv"
    make_published({"id": "x"}, {"id": "x"}).to_csv(path, index=False)
    with pytest.raises(InputError, match="row x, column id: occurs twice"):
        read_published(path)
    make_published({}).drop(columns="spread").to_csv(path, index=False)
    with pytest.raises(InputError, match="column spread is missing"):
        read_published(path)


def test_the_repositorys_numbers_are_complete():
    table = read_published(CONFIG / "kratzert2019a.csv")
    assert len(table) == 585
    performance = table[table["quantity"] == "performance"]
    assert performance["experiment"].nunique() == 6
    assert len(performance) == 219


def test_basin_sets_of_another_size_are_refused(tmp_path):
    path = tmp_path / "basins.txt"
    path.write_text("01022500\n")
    with pytest.raises(InputError, match="leads to 1 basins where the paper has 531"):
        read_basin_sets(path, CONFIG / "outside_447_basins.txt")


def test_page_escapes_and_needs_nothing_from_outside():
    nasty = {"location": "<b>T</b>", "description": '"><script>alert(1)</script>'}
    table = compare(make_published(nasty), {}, {}, [], "camels_us", SETS)
    page = render({"p": table}, {"p": "A & B"}, {"dataset": "camels_us"})
    assert "<b>T</b>" not in page
    assert "alert(1)</script>" not in page
    assert "A &amp; B" in page
    assert "http" not in page
    assert 'role="note"' not in page


@pytest.mark.parametrize(
    ("dataset", "words"),
    [("virtual", "virtual catchments"), ("<caravan>", "other data (&lt;caravan&gt;)")],
)
def test_page_announces_other_data(dataset, words):
    table = compare(make_published({}), {}, {}, [], dataset, SETS)
    page = render({"p": table}, {}, {"dataset": dataset})
    assert 'role="note"' in page
    assert words in page


def test_page_counts_and_names_every_verdict():
    published = make_published({}, {"value": "0.9"}, {"experiment": "lstm_nse"})
    ours = {"ealstm_nse": make_metrics({"seed111": 0.5})}
    table = compare(published, ours, {}, [], "camels_us", SETS)
    page = render({"p": table}, {}, {"dataset": "camels_us"})
    for verdict, count in {"reproduced": 1, "deviates": 1, "not run": 1}.items():
        assert f"<b>{count}</b>{verdict}</li>" in page
    assert page.count("data-verdict=") == 3
    assert "0.50 ± 0.00" in page


def test_scripts_write_a_scorecard_and_a_page(tmp_path):
    everything = [f"{n:08d}" for n in range(531)]
    (tmp_path / "531.txt").write_text("\n".join(everything))
    (tmp_path / "outside.txt").write_text("\n".join(everything[:84]))
    make_published({}).to_csv(tmp_path / "published.csv", index=False)
    make_metrics({"seed111": 0.5}).to_csv(tmp_path / "metrics.csv", index=False)
    compare_scorecard.main(
        published=tmp_path / "published.csv",
        metrics={"ealstm_nse": tmp_path / "metrics.csv"},
        authors_root=tmp_path,
        paper="p",
        deviations=[],
        dataset="virtual",
        basins_531=tmp_path / "531.txt",
        basins_outside_447=tmp_path / "outside.txt",
        output=tmp_path / "p.csv",
    )
    table = read_scorecard(tmp_path / "p.csv")
    assert table.loc[0, "verdict"] == "not comparable"
    table.to_csv(tmp_path / "again.csv", index=False)
    assert_frame_equal(read_scorecard(tmp_path / "again.csv"), table)
    render_scorecard.main(
        scorecards={"p": tmp_path / "p.csv"},
        titles={},
        dataset="virtual",
        version="1.0",
        made="",
        output=tmp_path / "page.html",
    )
    assert "virtual catchments" in (tmp_path / "page.html").read_text("utf-8")


def test_a_file_that_is_no_scorecard_is_refused(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match="no scorecard"):
        read_scorecard(path)
