"""Statistics over basins and seeds, against values worked out by hand."""

import math

import pandas as pd
import pytest
from rerunoff.errors import InputError
from rerunoff.evaluation.summary import (
    METRICS,
    configuration_table,
    member_statistic,
    read_metrics,
    seed_members,
    statistic_by_member,
)

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


def test_basins_restrict_the_statistic():
    value = member_statistic(make_metrics(), "ensemble", "FHV", "mean", BASINS[1:])
    assert value == pytest.approx(0.7)


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
        (lambda table: pd.DataFrame(), "cannot be read"),
    ],
)
def test_bad_metrics_files_are_named(tmp_path, spoil, words):
    path = tmp_path / "metrics.csv"
    spoil(make_metrics()).to_csv(path, index=False)
    with pytest.raises(InputError, match=words) as error:
        read_metrics(path)
    assert str(path) in str(error.value)
