import re

import numpy as np
import pandas as pd
import pytest
from rerunoff.evaluation import comparisons
from rerunoff.evaluation.comparisons import (
    cohens_d,
    significance,
    statistics_table,
    win_counts,
)
from rerunoff.evaluation.metrics_2019b import COLUMNS, STATISTICS
from rerunoff.evaluation.tables import read_authors_statistics
from scipy.stats import wilcoxon

BASINS = ["01013500", "02011400", "08202700", "10336660"]


def made(basins, seed):
    values = np.random.default_rng(seed).gamma(2, 1, (len(basins), len(COLUMNS)))
    table = pd.DataFrame(values, pd.Index(basins, name="basin"), COLUMNS)
    return table.assign(obs95=np.where(table.index == "08202700", 0, table["obs95"]))


@pytest.fixture
def path(tmp_path):
    """A file such as the authors': a row number without a name, then the basin."""
    path = tmp_path / "pub_lstm.csv"
    made(BASINS, 1).reset_index().to_csv(path)
    return path


def nse(**columns):
    """Statistics by model with this NSE; `basins` names other ones."""
    basins = columns.pop("basins", {})
    return {
        model: pd.DataFrame({"nse": values}, basins.get(model, range(len(values))))
        for model, values in columns.items()
    }


def test_read(path):
    table = read_authors_statistics(path)
    assert set(table.pop("member")) == {"ensemble"}
    table = table.set_index("basin")
    assert table.index.tolist() == BASINS
    assert table.columns.tolist() == [*COLUMNS, "q95"]
    pd.testing.assert_frame_equal(table[[*COLUMNS]], made(BASINS, 1))
    expected = 1 - table["sim95"] / table["obs95"].replace(0, np.nan)
    np.testing.assert_allclose(table["q95"], expected)
    assert table["q95"].isna().tolist() == [False, False, True, False]


def test_basins_are_padded_and_counts_are_numbers(tmp_path):
    table = made([1013500, 10336660], 2).assign(obs0=[0, 7], obsFDC=[-np.inf, np.nan])
    table.assign(q95=9, other="x").to_csv(tmp_path / "a.csv")
    read = read_authors_statistics(tmp_path / "a.csv").set_index(["basin", "member"])
    assert read.index.get_level_values("basin").tolist() == ["01013500", "10336660"]
    assert set(read.dtypes) == {np.dtype("f8")}
    assert np.isneginf(read["obsFDC"].iloc[0])
    assert (read["q95"] != 9).all()


def test_basins_asked_for_are_read_in_their_order(path, complaint):
    table = read_authors_statistics(path, BASINS[2:0:-1])
    assert table["basin"].tolist() == BASINS[2:0:-1]
    whole = read_authors_statistics(path).set_index("basin")
    pd.testing.assert_frame_equal(table.set_index("basin"), whole.loc[BASINS[2:0:-1]])
    assert complaint(read_authors_statistics, path, ["00000001"]) == (
        f"{path}: no statistics of basin 00000001; leave it out of the paper's basins, "
        "or set benchmarks.*.statistics to null."
    )


def change(path, function):
    function(pd.read_csv(path, dtype={"basin": str})).to_csv(path, index=False)


@pytest.mark.parametrize(
    ("function", "fault"),
    [
        (lambda t: t.drop(columns=["obs95", "nse"]), "column nse, obs95 is missing; "),
        (lambda t: t.drop(columns="basin"), "column basin is missing; "),
        (lambda t: t.assign(basin=["1", "2", "01", "3"]), "basin 00000001 occurs twi"),
        (lambda t: t.assign(basin=["1", None, "2", "3"]), "a row has no basin; "),
        (lambda t: t.iloc[:0], "a row has no basin; "),
        (lambda t: t.assign(basin=["1", "2.0", "3", "4"]), "'000002.0' is no gauge of"),
        (lambda t: t.assign(nse=np.inf), "the nse is infinite; "),
        (lambda t: t.assign(bias="a"), "column bias holds text where a number belongs"),
    ],
)
def test_damaged_file_is_said(path, complaint, function, fault):
    change(path, function)
    words = complaint(read_authors_statistics, path)
    assert re.fullmatch(rf"{path}(, line 2)?: {re.escape(fault)}.*", words)


def test_unreadable_files_are_said(tmp_path, complaint):
    path = tmp_path / "a.csv"
    assert complaint(read_authors_statistics, path).startswith(
        f"{path}: no such file; make or"
    )
    path.write_text("")
    assert complaint(read_authors_statistics, path).startswith(
        f"{path}: no readable statistics"
    )


def test_statistics_table(path):
    ours, theirs = read_authors_statistics(path), made(BASINS[::-1], 3)
    theirs = theirs.assign(q95=[1.0, 2.0, 4.0, np.nan], nse=[np.nan, 1, 2, 6])
    table = statistics_table({"lstm": ours, "nwm": theirs})
    columns = ["statistic", "model", "median", "mean", "minimum", "maximum", "n"]
    assert table.columns.tolist() == columns
    expected = [(name, model) for name in STATISTICS for model in ("lstm", "nwm")]
    assert [*zip(table["statistic"], table["model"], strict=True)] == expected
    table = table.set_index(["statistic", "model"])
    assert table.loc[("nse", "nwm")].tolist() == [2, 3, 1, 6, 3]
    assert table.loc[("q95", "nwm")].tolist() == pytest.approx([2, 7 / 3, 1, 4, 3])
    assert table["n"].tolist() == [4, 3, 4, 4, 4, 4, 3, 3]
    assert pd.api.types.is_integer_dtype(table["n"])
    assert table.loc[("bias", "lstm"), "mean"] == ours["bias"].mean()


def test_statistics_of_nothing_are_missing():
    nothing = pd.DataFrame(np.nan, [0, 1], [*COLUMNS, "q95"])
    table = statistics_table({"lstm": nothing})
    assert table["median"].isna().all()
    assert (table["n"] == 0).all()


def test_wins_are_counted_by_gauge():
    by_model = nse(
        a=[0.1, 0.2, 0.3, 0.4],
        b=[0.5, 0.3, 0.2, 0.1],
        c=[0.3, 0.2, np.nan, 0.5, 0.6],
        basins={"b": [3, 2, 1, 0], "c": [0, 1, 2, 3, 9]},
    )
    pairs = [("a", "b"), ("b", "a"), ("a", "c"), ("c", "a"), ("c", "a", "b")]
    table = win_counts(by_model, pairs)
    # b by gauge is 0.1 0.2 0.3 0.5: equal in three of four, and equal is no win.
    assert table.to_dict("list") == {
        "model": ["a", "b", "a", "c", "c"],
        "than": ["b", "a", "c", "a", "a and b"],
        "basins": [4, 4, 3, 3, 3],
        "count": [0, 1, 0, 2, 1],
        "fraction": pytest.approx([0, 0.25, 0, 2 / 3, 1 / 3]),
    }


def test_wins_over_all_need_every_one_in_the_same_basin():
    by_model = nse(a=[3, 3, 3, 3], b=[1, 4, 1, 4], c=[1, 1, 4, 4])
    table = win_counts(by_model, [("a", "b"), ("a", "c"), ("a", "b", "c")])
    assert table["count"].tolist() == [2, 2, 1]


def test_no_common_basin():
    by_model = nse(a=[1.0, 2.0], b=[1.0, 2.0], basins={"b": [7, 8]})
    row = win_counts(by_model, [("a", "b")]).iloc[0]
    assert (row["basins"], row["count"]) == (0, 0)
    assert np.isnan(row["fraction"])
    row = significance(by_model, [("a", "b")]).iloc[0]
    assert row["basins"] == 0
    assert row[["p_value", "cohens_d", "median_difference"]].isna().all()


def test_tables_of_no_pair_have_their_columns():
    assert list(win_counts({}, [])) == ["model", "than", "basins", "count", "fraction"]
    tested = ["p_value", "cohens_d", "median_difference"]
    assert list(significance({}, [])) == ["first", "second", "basins", *tested]


@pytest.mark.parametrize("function", [win_counts, significance])
def test_unknown_model_is_said(complaint, function):
    message = complaint(function, nse(a=[1.0], b=[2.0]), [("a", "x")])
    assert message == (
        "Model x is to be compared but has no statistics; there are a, b."
    )


def test_significance_is_paired_by_gauge():
    rng = np.random.default_rng(4)
    first = rng.normal(0.6, 0.2, 60)
    second = first + rng.normal(0.02, 0.03, 60)
    order = rng.permutation(60)
    by_model = nse(a=first, b=second[order], basins={"b": order})
    by_model["b"].loc[99] = 0.7
    table = significance(by_model, [("a", "b"), ("b", "a")])
    pooled = np.sqrt((first.var() + second.var()) / 2)
    assert table["basins"].tolist() == [60, 60]
    p_value = wilcoxon(first - second).pvalue
    assert table["p_value"].tolist() == pytest.approx([p_value, p_value])
    assert p_value < 0.01 < wilcoxon(first - second[order]).pvalue
    d = abs(first.mean() - second.mean()) / pooled
    assert table["cohens_d"].tolist() == pytest.approx([d, d])
    difference = np.median(first - second)
    expected = pytest.approx([difference, -difference])
    assert table["median_difference"].tolist() == expected


@pytest.mark.filterwarnings("error")
def test_equal_models_do_not_differ():
    row = significance(nse(a=[0.1, 0.5], b=[0.1, 0.5]), [("a", "b")]).iloc[0]
    assert (row["p_value"], row["cohens_d"], row["median_difference"]) == (1, 0, 0)


def test_cohens_d():
    first, second = np.array([1.0, 3.0]), np.array([4.0, 6.0, 8.0])
    # Variances (ddof 0) 1 and 8/3, weighted 1 to 2: (1 + 16/3) / 3 = 19/9.
    assert cohens_d(first, second) == pytest.approx(4 / np.sqrt(19 / 9))
    assert cohens_d(second, first) == cohens_d(first, second)
    assert cohens_d(np.ones(2), np.zeros(2)) == np.inf


def test_models_of_the_paper_are_compared_first_then_all_others(monkeypatch):
    """A benchmark and a network of one's own; the paper's rows stay as they are."""
    monkeypatch.setattr(comparisons, "BENCHMARKS", ["sac_sma", "nwm", "climatology"])
    one = made(BASINS, 1)
    paper = {name: one for name in comparisons.MODELS}
    more = {"sac_sma": one, "climatology": one, **paper, "warm": one}
    tests, wins = significance(more), win_counts(more)
    rows = len(significance(paper))
    pd.testing.assert_frame_equal(tests[:rows], significance(paper))
    pd.testing.assert_frame_equal(wins[: rows + 1], win_counts(paper))
    models = ["sac_sma", "nwm", "lstm_no_static", "lstm_static", "lstm_ungauged"]
    new = [*((name, "climatology") for name in models)]
    new += [*(("warm", name) for name in models), ("warm", "climatology")]
    pairs = tests[rows:][["first", "second"]].itertuples(index=False, name=None)
    assert [*pairs] == new
    pairs = wins[rows + 1 :][["model", "than"]].itertuples(index=False, name=None)
    assert [*pairs] == [*new, ("warm", "sac_sma and climatology and nwm")]
