"""Published numbers of benchmarks, and of tests, beside ours."""

import numpy as np
import pandas as pd
import pytest
from rerunoff.evaluation.comparisons import cohens_d
from rerunoff.numbers.published import read_published
from rerunoff.protocol.benchmarks import BENCHMARKS
from rerunoff.scorecard.words import name_of, scale_of
from scipy.stats import wilcoxon
from unit.scorecards import ROW, compare, make_published

BASINS = [f"0{i}000000" for i in range(1, 9)]
SETS = {"531": BASINS, "447": BASINS[:7]}
RANDOM = np.random.default_rng(7)
A, B = (
    {f"seed{n}": RANDOM.normal(mean, 0.1, 8) for n in (111, 222, 333)}
    for mean in (0.7, 0.6)
)
OTHER = np.array([0.1, 0.9, 0.3, 0.4, 0.5, -0.6, 0.7, 9.0])


def made(columns, ensemble):
    members = columns | {"ensemble": ensemble}
    rows = [
        {"basin": basin, "member": member, "NSE": value, "FHV": np.nan}
        for member, values in members.items()
        for basin, value in zip(BASINS, values, strict=True)
    ]
    return pd.DataFrame(rows).sample(frac=1, random_state=1)  # rows in any order


EA = made(A, np.mean([*A.values()], axis=0) + 0.05)
LSTM = made(B, np.mean([*B.values()], axis=0) + 0.05)
MHM = made({"mhm_basin": OTHER}, OTHER)


def judge(change, authors=None, **ours):
    published = make_published({"spread": "", "basins": "447"} | change)
    arguments = ({}, "camels_us", SETS)
    return compare(published, ours, authors or {}, *arguments).iloc[0]


TEST = {"quantity": "significance", "statistic": "wilcoxon_p", "value": "1.2e-05"}
EFFECT = {"quantity": "effect_size", "statistic": "cohens_d", "value": "0.5"}
NETWORKS = {"experiment": "lstm_nse - ealstm_nse", "basins": "531"}
AGAINST = {"experiment": "ealstm_nse - mhm_basin"}


def test_a_benchmarks_statistics_are_those_of_its_ensemble():
    change = {"quantity": "benchmark", "experiment": "mhm_basin", "members": "ensemble"}
    row = judge(change | {"value": "0.40"}, mhm_basin=MHM, authors={"mhm_basin": MHM})
    assert (row["ours"], row["verdict"]) == (0.4, "reproduced")
    assert row["recomputed_verdict"] == "exact"
    failures = change | {"statistic": "failures_le0", "value": "1"}
    assert judge(failures, mhm_basin=MHM)["ours"] == 1
    row = judge(change | {"metric": "FHV", "value": "1.0"}, mhm_basin=MHM)
    assert (row["verdict"], row["reason"]) == (
        "not run",
        "FHV of mhm_basin not evaluated",
    )
    row = judge(change | {"value": "0.40"})
    assert row["reason"] == "benchmark mhm_basin not at hand"


def test_benchmarks_at_least_as_good_are_counted_with_ties():
    change = {"quantity": "benchmark", "statistic": "count_ge", "members": "ensemble"}
    change |= {"experiment": "mhm_basin - ealstm_nse", "value": "2"}
    values = EA[EA["member"] == "ensemble"].set_index("basin")["NSE"]
    tied = OTHER.copy()
    tied[:7] = values[BASINS[:7]] - 1
    tied[0], tied[1] = values[BASINS[0]], values[BASINS[1]] + 0.1
    other = made({"mhm_basin": tied}, tied)
    assert judge(change, mhm_basin=other, ealstm_nse=EA)["ours"] == 2
    # The eighth basin is outside, and one without a value does not count.
    tied[1] = np.nan
    row = judge(change, mhm_basin=made({}, tied), ealstm_nse=EA)
    assert row["ours"] == 1
    assert "7 of 7, 1 of them without NSE" in row["reason"]


@pytest.mark.parametrize("members", ["seeds_mean", "ensemble"])
def test_networks_are_tested_paired_by_basin(members):
    row = judge(TEST | NETWORKS | {"members": members}, ealstm_nse=EA, lstm_nse=LSTM)
    first, second = (np.mean([*one.values()], axis=0) for one in (B, A))
    p = wilcoxon(first, second).pvalue
    assert row["ours"] == pytest.approx(p)
    assert row["tolerance_basis"] == "the same decision at p = 0.05"
    effect = EFFECT | NETWORKS | {"members": members}
    row = judge(effect, ealstm_nse=EA, lstm_nse=LSTM)
    assert row["ours"] == pytest.approx(cohens_d(first, second))
    by_seed = [cohens_d(B[seed], A[seed]) for seed in A]
    assert row["tolerance"] == pytest.approx(max(2 * np.std(by_seed), 0.05))


@pytest.mark.parametrize(
    ("value", "verdict", "reason"),
    [
        ("1.15e-28", "reproduced", ""),
        ("4.34e-02", "reproduced", ""),
        ("2.08e-01", "deviates", "off by -0.192, beyond 0.05"),
    ],
)
def test_of_p_values_the_decision_is_compared(value, verdict, reason):
    change = TEST | NETWORKS | {"members": "ensemble", "value": value}
    row = judge(change, ealstm_nse=EA, lstm_nse=LSTM)
    assert 0 < row["ours"] < 0.05
    assert (row["verdict"], row["reason"]) == (verdict, reason)
    assert scale_of(row) == "p value"


def test_a_mean_over_seeds_needs_seeds():
    change = TEST | NETWORKS | {"members": "seeds_mean"}
    alone = [one[one["member"] == "ensemble"] for one in (EA, LSTM)]
    row = judge(change, ealstm_nse=alone[0], lstm_nse=alone[1])
    assert row["verdict"] == "not run"
    assert pd.isna(row["ours"])


def test_tests_against_benchmarks_are_others_than_the_published_ones():
    tables = {"ealstm_nse": EA, "mhm_basin": MHM}
    row = judge(TEST | AGAINST | {"members": "seeds_mean"}, **tables, authors=tables)
    mean = np.mean([*A.values()], axis=0)
    assert row["ours"] == pytest.approx(wilcoxon(mean[:7], OTHER[:7]).pvalue)
    assert row["verdict"] == "not comparable"
    assert row["reason"].startswith("ours pairs the basins, the published test most")
    assert pd.isna(row["recomputed"])
    # The effect size does not depend on the order of the basins.
    d = cohens_d(mean[:7], OTHER[:7])
    change = EFFECT | AGAINST | {"members": "seeds_mean", "value": f"{d:.3f}"}
    row = judge(change, **tables, authors=tables)
    assert (row["verdict"], row["recomputed_verdict"]) == ("reproduced", "exact")


@pytest.mark.parametrize(
    ("change", "column"),
    [
        (TEST | {"experiment": "ealstm_nse"}, "experiment"),
        (TEST | AGAINST | {"statistic": "median"}, "statistic"),
        (EFFECT | AGAINST | {"statistic": "wilcoxon_p"}, "statistic"),
        ({"quantity": "benchmark", "statistic": "count_ge"}, "experiment"),
        ({"statistic": "count_ge", "experiment": "a - b"}, "statistic"),
        ({"quantity": "coverage", "metric": ""}, "metric"),
    ],
)
def test_faults_are_named(tmp_path, complaint, change, column):
    path = tmp_path / "p.csv"
    pd.DataFrame([ROW | change]).to_csv(path, index=False)
    assert f"row a, column {column}: " in complaint(read_published, path)


def test_rows_are_called_by_their_description():
    row = ROW | {"quantity": "coverage", "description": "basins of VIC"}
    assert name_of(row, {}) == "basins of VIC"
    row = ROW | {"quantity": "benchmark", "description": BENCHMARKS["fuse_900"]}
    assert name_of(row, {}) == "FUSE 900, median NSE"
