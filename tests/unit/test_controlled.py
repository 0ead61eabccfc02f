"""Controlled comparisons: effects, intervals, groups and the sentence of an answer."""

import re

import numpy as np
import pandas as pd
import pytest
from rerunoff.analysis.controlled import (
    answer,
    compare,
    groups_of,
    headline,
    not_compared,
)
from rerunoff.errors import InputError
from scipy.stats import wilcoxon
from unit.stores import make_series

NEITHER = "is not clearly better or worse than"
BASINS = [f"{number:08d}" for number in range(1, 41)]


def metrics(shift, seeds=("seed1", "seed2"), basins=BASINS, by_seed=0.0):
    """Return NSE that rises from basin to basin, the same shift for all."""
    values = np.linspace(0.2, 0.8, len(BASINS))[: len(basins)]
    noise = np.random.default_rng(1).normal(0, 0.02, len(basins))
    rows = [
        pd.DataFrame(
            {"basin": basins, "member": member, "NSE": values + shift * (1 + noise) + k}
        )
        for member, k in zip(
            (*seeds, "ensemble"), (by_seed, -by_seed, 0.0), strict=False
        )
    ]
    return pd.concat(rows, ignore_index=True)


def test_effect_is_the_median_of_paired_differences():
    first, second = metrics(0.1), metrics(0.0)
    second.loc[second["basin"] == BASINS[3], "NSE"] = np.nan
    [row] = compare({"a": first, "b": second}, [("a", "b")]).to_dict("records")
    pair = [
        t[t["member"] == "ensemble"].set_index("basin")["NSE"] for t in (first, second)
    ]
    difference = (pair[0] - pair[1]).dropna()
    assert row["basins"] == len(BASINS) - 1 == row["better"]
    assert row["difference"] == pytest.approx(difference.median())
    assert row["p_value"] == wilcoxon(difference).pvalue
    assert row["median"] == pytest.approx(pair[0].drop(BASINS[3]).median())
    assert row["lower_quartile_against"] == pytest.approx(pair[1].quantile(0.25))
    assert row["low"] < row["difference"] < row["high"]


def test_interval_holds_the_true_effect_as_often_as_it_says():
    generator, held = np.random.default_rng(0), 0
    second = metrics(0.0)
    for _ in range(100):
        first = second.copy()
        first["NSE"] += 0.05 + generator.normal(0, 0.1, len(first))
        [row] = compare({"a": first, "b": second}, [("a", "b")]).to_dict("records")
        held += row["low"] <= 0.05 <= row["high"]
    assert 88 <= held <= 100


def test_each_network_is_compared_with_each_of_the_other():
    first, second = metrics(0.1, by_seed=0.02), metrics(0.0, seeds=("seed1", "seed3"))
    [row] = compare({"a": first, "b": second}, [("a", "b")]).to_dict("records")
    assert row["singles"] == 4
    assert row["lowest_single"] == pytest.approx(0.08, abs=0.01)
    assert row["highest_single"] == pytest.approx(0.12, abs=0.01)
    [row] = compare(
        {"a": first, "b": second}, [("a", "b")], related=[["a", "b"]]
    ).to_dict("records")
    assert row["singles"] == 1
    assert (
        row["lowest_single"] == row["highest_single"] == pytest.approx(0.12, abs=0.01)
    )
    tables = {"a": first, "b": metrics(0.0, seeds=()), "c": metrics(0.1, seeds=())}
    pairs = [("a", "b"), ("b", "a"), ("c", "b")]
    rows = compare(tables, pairs).to_dict("records")
    single = first[first["member"] != "ensemble"].groupby("member")["NSE"]
    plain = tables["b"].set_index("basin")["NSE"]
    wanted = [(one.to_numpy() - plain.to_numpy()) for _, one in single]
    wanted = sorted(np.median(one) for one in wanted)
    assert [row["singles"] for row in rows] == [len(wanted), len(wanted), 0]
    assert rows[0]["lowest_single"] == pytest.approx(wanted[0])
    assert rows[0]["highest_single"] == pytest.approx(wanted[-1])
    assert rows[1]["lowest_single"] == pytest.approx(-wanted[-1])
    assert np.isnan(rows[2]["lowest_single"])


def test_groups_begin_with_their_lower_limit(tmp_path):
    series = make_series(last="1990-12-31", basins=BASINS[:4])
    series.attributes = {"frac_snow": [0.0, 0.1, 0.3, 0.5]}
    store = series.write(tmp_path / "store.h5")
    groups = groups_of({"by": "frac_snow", "limits": [0.1, 0.3]}, store)
    assert groups.tolist() == [
        "frac_snow below 0.1",
        "frac_snow 0.1 to 0.3",
        "frac_snow 0.3 and above",
        "frac_snow 0.3 and above",
    ]
    tables = {"a": metrics(0.1), "b": metrics(0.0)}
    found = compare(tables, [("a", "b")], groups)
    assert found["group"].tolist() == ["all", *groups.cat.categories]
    assert found["basins"].tolist() == [len(BASINS), 1, 1, 2]


def test_groups_by_the_calibration_of_a_model(tmp_path):
    path = tmp_path / "hbv_parameters.csv"
    path.write_text("basin,tt,NSE\n00000001,0.1,0.4\n00000002,0.2,0.9\n")
    groups = groups_of({"by": "hbv", "limits": [0.5]}, calibrated=path)
    assert groups.tolist() == ["NSE of hbv below 0.5", "NSE of hbv 0.5 and above"]


@pytest.mark.parametrize(
    ("shift", "words"),
    [(0.1, "is better than"), (-0.1, "is worse than"), (0.0, NEITHER)],
)
def test_sentence_says_what_the_interval_says(shift, words):
    first, second = metrics(shift, by_seed=0.002), metrics(0.0)
    if not shift:
        first["NSE"] += np.tile([0.01, -0.01], len(first) // 2)
    table = compare({"a": first, "b": second}, [("a", "b")])
    titles = {"a": "LSTM with snow", "b": "LSTM"}
    [said] = answer(table, titles)
    assert said.startswith(f"LSTM with snow {words} LSTM: median NSE ")
    assert f"in {len(BASINS)} basins" in said
    singles = [f"{table[f'{end}_single'][0]:+.3f}" for end in ("lowest", "highest")]
    ends = ", {} to {} between single networks.".format(*singles).replace("-", "−")
    assert said.endswith(ends)
    # True minus signs, in numbers alone.
    assert "LSTM-like" in answer(table, {"a": "LSTM-like", "b": "LSTM"})[0]
    assert not re.search(r"-\d", said + headline(table, titles))


def test_headline_sorts_the_pairs_by_what_came_out_over_all_basins():
    tables = {
        name: metrics(k, by_seed=0.002)
        for name, k in zip("abc", (0.1, 0, -0.2), strict=True)
    }
    unclear = metrics(0.0)
    unclear["NSE"] += np.tile([0.01, -0.01], len(unclear) // 2)
    tables["d"] = unclear
    groups = pd.Series(pd.Categorical(["dry"] * 40, ["dry", "wet"]), index=BASINS)
    pairs = [("d", "b"), ("c", "b"), ("a", "b"), ("a", "c")]
    titles = dict(zip("abcd", ("A", "B", "C", "D"), strict=True))
    said = headline(compare(tables, pairs, groups), titles)
    found = re.fullmatch(
        r"In short, better: A than B \(\+0\.1\d\d\), A than C \(\+0\.\d{3}\); "
        r"worse: C than B \(−0\.\d{3}\); "
        r"not clearly better or worse: D than B \(.0\.\d{3}\)\.",
        said,
    )
    assert found, said


def test_models_without_a_common_basin_are_refused():
    other = metrics(0.0).assign(basin=lambda t: "9" + t["basin"].str[1:])
    with pytest.raises(InputError, match="a and b have no basin in common"):
        compare({"a": metrics(0.1), "b": other}, [("a", "b")])


def test_sentence_names_the_groups_of_the_largest_and_smallest_effect():
    first, second = metrics(0.1), metrics(0.0)
    first.loc[first["basin"].isin(BASINS[:10]), "NSE"] -= 0.3
    groups = pd.Series(
        pd.Categorical(["dry"] * 10 + ["wet"] * 30, ["dry", "wet"]), index=BASINS
    )
    table = compare({"a": first, "b": second}, [("a", "b")], groups)
    [said] = answer(table, {"a": "LSTM with snow", "b": "LSTM"})
    assert re.search(r"; most with wet \(\+0\.1\d\d\), least with dry \(−0\.1", said)


def test_networks_that_differ_otherwise_from_another_one_are_not_told_apart():
    """Equal seeds alone would tell them apart: .1 each; seed 1 and 2 differ by -.2."""
    first, second = metrics(0.1), metrics(0.0)
    for table in (first, second):
        table.loc[table["member"] == "seed1", "NSE"] -= 0.3
    table = compare({"a": first, "b": second}, [("a", "b")])
    assert table["p_value"][0] < 1e-6
    [said] = answer(table, {"a": "LSTM with snow", "b": "LSTM"})
    assert said.startswith(f"LSTM with snow {NEITHER} LSTM")


def test_pairs_that_are_left_out_are_named():
    assert not_compared([]) == []
    [said] = not_compared([("LSTM", "HBV"), ("EA-LSTM", "LSTM")])
    assert said.endswith("or is not at hand: LSTM − HBV; EA-LSTM − LSTM.")
