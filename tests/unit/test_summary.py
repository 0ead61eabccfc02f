"""Statistics over basins and seeds, against values worked out by hand."""

import math

import pandas as pd
import pytest
from rerunoff.errors import InputError
from rerunoff.evaluation.metrics import METRICS
from rerunoff.evaluation.summary import (
    COMPONENTS,
    configuration_table,
    over_members,
    region_table,
    seed_members,
    statistic_by_member,
    values_by_basin,
)
from rerunoff.evaluation.tables import read_metrics

NAN = float("nan")
BASINS = ["01022500", "01031500", "01047000"]
NSE = {
    "seed111": [0.0, 0.4, 0.8],
    "seed222": [-0.2, 0.6, 0.7],
    "ensemble": [0.0, 0.5, 0.9],
}


def make_metrics(values=NSE, basins=BASINS):
    rows = [
        {"basin": basin, "member": member} | dict.fromkeys(METRICS, value)
        for member, column in values.items()
        for basin, value in zip(basins, column, strict=True)
    ]
    return pd.DataFrame(rows)


def member_statistic(metrics, members, metric, statistic):
    return over_members(statistic_by_member(metrics, metric, statistic), members)


@pytest.mark.parametrize(
    ("members", "statistic", "expected"),
    [
        ("seeds_mean", "mean", (0.4 + 1.1 / 3) / 2),
        ("seeds_mean", "median", 0.5),  # of 0.4 and 0.6
        ("seeds_std", "median", 0.1),  # ddof 0; ddof 1 would give 0.1414
        ("seeds_median", "maximum", 0.75),
        ("seeds_mean", "failures_le0", 1.0),
        ("seeds_mean", "failures_lt0", 0.5),
        ("ensemble", "failures_le0", 1.0),
        ("ensemble", "failures_lt0", 0.0),
        ("seed222", "minimum", -0.2),
    ],
)
def test_statistic_is_taken_over_basins_before_seeds(members, statistic, expected):
    value = member_statistic(make_metrics(), members, "NSE", statistic)
    assert value == pytest.approx(expected)


def test_median_over_seeds_is_not_their_mean():
    three = make_metrics({f"seed{i}": [value] * 3 for i, value in enumerate((0, 1, 5))})
    assert member_statistic(three, "seeds_median", "NSE", "mean") == 1
    assert member_statistic(three, "seeds_mean", "NSE", "mean") == 2


def test_nan_is_left_out_and_is_no_failure():
    metrics = make_metrics({"ensemble": [NAN, 0.5, 0.9]})
    assert statistic_by_member(metrics, "NSE", "mean")["ensemble"] == pytest.approx(0.7)
    assert member_statistic(metrics, "ensemble", "NSE", "failures_le0") == 0


@pytest.mark.parametrize("members", ["seed333", "seeds_mean"])
def test_absent_members_are_an_error(members):
    metrics = make_metrics({"ensemble": [0.1, 0.2, 0.3]})
    with pytest.raises(KeyError):
        member_statistic(metrics, members, "NSE", "mean")


def test_configuration_table_counts_failures_as_the_authors_did():
    whole = make_metrics()
    single = make_metrics({"seed111": [NAN, 0.4, 0.8]})
    table = configuration_table({"a": whole, "b": single}, {"a": "Model A"})
    first, second = table.to_dict("records")
    assert (first["title"], second["title"]) == ("Model A", "b")
    assert first["failures_seeds"] == 1  # the zero of seed 111 counts
    assert first["failures_ensemble"] == 0  # the ensemble's zero does not
    assert first["nse_median_seeds_std"] == pytest.approx(0.1)
    assert (first["basins"], first["seeds"], first["basins_without_nse"]) == (3, 2, 0)
    assert second["nse_mean_seeds"] == pytest.approx(0.6)
    assert math.isnan(second["nse_mean_ensemble"])
    assert (second["basins"], second["seeds"], second["basins_without_nse"]) == (
        3,
        1,
        1,
    )


def test_read_metrics_keeps_leading_zeros_and_empty_cells(tmp_path):
    path = tmp_path / "metrics.csv"
    make_metrics({"seed111": [NAN, 0.4, 0.8]}).to_csv(path, index=False)
    metrics = read_metrics(path)
    assert metrics["basin"].tolist() == BASINS
    assert metrics["NSE"].isna().tolist() == [True, False, False]
    assert seed_members(metrics) == ["seed111"]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda table: table.drop(columns="FLV"), "column FLV is missing"),
        (lambda table: pd.concat([table, table.tail(1)]), "line 11: basin 01047000"),
        (lambda table: table.assign(NSE="good"), "column NSE holds text"),
        (lambda table: pd.DataFrame(), "no readable metrics"),
    ],
)
def test_bad_metrics_files_are_named(tmp_path, spoil, words):
    path = tmp_path / "metrics.csv"
    spoil(make_metrics()).to_csv(path, index=False)
    with pytest.raises(InputError, match=words) as error:
        read_metrics(path)
    assert str(path) in str(error.value)


REGIONS = {"huc01": BASINS[:2], "huc03": BASINS[2:], "huc17": ["13340600"]}


def components(nse, r=0.9):
    """Return a table whose ensemble has an NSE and a correlation of each basin."""
    metrics = make_metrics({"seed111": [9.0] * 3, "ensemble": nse})
    metrics["r"] = r
    metrics["alpha_nse"] = metrics["NSE"] + 1
    metrics["beta_nse"] = -metrics["NSE"]
    return metrics


def test_region_table_by_hand():
    tables = {"basin": components([0.2, 0.6, 0.7]), "region": components([0.1, NAN, 1])}
    table = region_table(tables, REGIONS, {"basin": "Exp. 1", "region": "Exp. 2"})
    rows = {(row["region"], row["experiment"]): row for row in table.to_dict("records")}
    # No basin of the last region has metrics; the row of all regions is the last.
    assert list(rows) == [
        ("huc01", "basin"),
        ("huc01", "region"),
        ("huc03", "basin"),
        ("huc03", "region"),
        ("all", "basin"),
        ("all", "region"),
    ]
    one, whole = rows["huc01", "basin"], rows["all", "basin"]
    assert (one["title"], one["basins"]) == ("Exp. 1", 2)
    assert one["NSE_mean"] == one["NSE_median"] == pytest.approx(0.4)
    assert whole["basins"] == 3
    assert whole["NSE_mean"] == pytest.approx(0.5)
    assert whole["NSE_median"] == pytest.approx(0.6)
    assert whole["r_mean"] == pytest.approx(0.9)
    assert whole["alpha_nse_mean"] == pytest.approx(1.5)
    assert whole["beta_nse_median"] == pytest.approx(-0.6)
    statistics = [
        f"{name}_{kind}" for name in COMPONENTS for kind in ("mean", "median")
    ]
    names = ["region", "experiment", "title", "basins"]
    assert list(table.columns) == names + statistics
    # A basin without NSE is left out of all components.
    gap = rows["huc01", "region"]
    assert (gap["title"], gap["basins"], gap["NSE_mean"]) == ("Exp. 2", 1, 0.1)
    assert gap["r_median"] == pytest.approx(0.9)


def test_basins_outside_of_the_regions_are_in_no_row():
    table = region_table(
        {"a": components([0.2, 0.6, 0.7])}, {"x": BASINS[:1]}, {"a": "A"}
    )
    assert table["basins"].tolist() == [1, 1]
    assert table["NSE_mean"].tolist() == pytest.approx([0.2, 0.2])


def test_values_by_basin_are_those_of_the_ensembles():
    second = make_metrics({"ensemble": [0.3, 0.1]}, [BASINS[2], BASINS[0]])
    values = values_by_basin({"a": make_metrics(), "b": second})
    assert list(values.columns) == ["a", "b"]
    assert values.loc[BASINS, "a"].tolist() == NSE["ensemble"]
    assert values.loc[BASINS[2], "b"] == 0.3
    assert values.loc[BASINS[0], "b"] == 0.1
    assert math.isnan(values.loc[BASINS[1], "b"])
    other = make_metrics().assign(r=0.25)
    assert values_by_basin({"a": other}, "r")["a"].tolist() == [0.25] * 3
