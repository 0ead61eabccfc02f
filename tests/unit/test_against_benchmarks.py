"""kratzert2019a beside models of others: tables, tests, metrics of others, coverage."""

import collect_coverage
import count_coverage
import import_statistics
import numpy as np
import pandas as pd
import pytest
from rerunoff.evaluation.against_benchmarks import (
    benchmark_table,
    significance_table,
)
from rerunoff.evaluation.comparisons import cohens_d, unpaired_p_values
from rerunoff.evaluation.metrics import METRICS, compute_metrics
from rerunoff.evaluation.tables import read_metrics
from rerunoff.evaluation.third_party import read_third_party
from rerunoff.figures.kratzert2019a import benchmark_cdf
from rerunoff.figures.style import COLOURS
from rerunoff.numbers.coverage import coverage_table
from rerunoff.numbers.files import read_numbers
from rerunoff.tables import write_table
from scipy.stats import wilcoxon

BASINS = [f"0{i}000000" for i in range(1, 9)]
OUTSIDE = [BASINS[7]]
RANDOM = np.random.default_rng(5)
SINGLE = {f"seed{n}": RANDOM.normal(0.6, 0.2, 8) for n in (111, 222)}


def made(basins=BASINS, **members):
    """Metrics tables whose NSE is given, and of which alpha is twice that."""
    rows = [
        pd.DataFrame({"basin": basins, "member": member, "NSE": values}).assign(
            alpha_nse=2 * np.asarray(values, dtype=float)
        )
        for member, values in members.items()
    ]
    return pd.concat(rows, ignore_index=True).reindex(
        columns=["basin", "member", *METRICS]
    )


NETWORK = made(**SINGLE, ensemble=(SINGLE["seed111"] + SINGLE["seed222"]) / 2 + 0.1)
OTHERS = np.array([0.5, -0.2, 0.0, 0.4, 0.7, 0.1, 0.3, -9.0])
BENCHMARK = made(vic_basin=OTHERS, ensemble=OTHERS)
TABLES = {"ealstm_nse": NETWORK, "vic_basin": BENCHMARK}


def test_table_has_medians_failures_and_coverage_of_the_shared_basins():
    titles = {"ealstm_nse": "EA", "vic_basin": "V"}
    table = benchmark_table(TABLES, titles, OUTSIDE, pd.Series({"vic_basin": 670}))
    assert table["experiment"].tolist() == ["ealstm_nse", "ealstm_nse", "vic_basin"]
    assert table["members"].tolist() == ["seeds_mean", "ensemble", "ensemble"]
    seeds, ensemble, other = (row for _, row in table.iterrows())
    medians = [np.median(values[:7]) for values in SINGLE.values()]
    assert seeds["NSE_median"] == pytest.approx(np.mean(medians))
    assert seeds["NSE_median_std"] == pytest.approx(np.std(medians))
    shared = NETWORK.loc[NETWORK["member"] == "ensemble", "NSE"].to_numpy()[:7]
    assert ensemble["NSE_mean"] == pytest.approx(shared.mean())
    assert np.isnan(ensemble["NSE_mean_std"])
    assert (other["NSE_median"], other["alpha_nse_median"]) == (0.3, 0.6)
    assert (other["basins"], other["failures"]) == (7, 2)  # 0 is one, -9 is outside
    assert other["coverage"] == 670
    assert np.isnan(other["FHV_median"])
    assert np.isnan(seeds["coverage"])


def test_significance_is_paired_by_basin_and_the_unpaired_test_stands_beside_it():
    # Each lacks a basin of the other, and the rows are in another order.
    shuffled = BENCHMARK[BENCHMARK["basin"] != BASINS[2]].iloc[::-1]
    network = NETWORK[NETWORK["basin"] != BASINS[4]]
    tables = {"ealstm_nse": network, "vic_basin": shuffled.reset_index(drop=True)}
    table = significance_table(tables, OUTSIDE)
    assert set(table["metric"]) == {"NSE", "alpha_nse"}  # the others were not evaluated
    row = table.set_index(["metric", "members"]).loc[("NSE", "seeds_mean")]
    both = [0, 1, 3, 5, 6]
    ours, theirs = np.mean([*SINGLE.values()], axis=0)[both], OTHERS[both]
    assert (row["first"], row["second"], row["basins"]) == (
        "ealstm_nse",
        "vic_basin",
        5,
    )
    assert row["p_value"] == wilcoxon(ours, theirs).pvalue
    assert row["cohens_d"] == pytest.approx(cohens_d(ours, theirs))
    assert row["median_difference"] == pytest.approx(np.median(ours - theirs))
    assert row["p_unpaired_low"] <= row["p_unpaired"] <= row["p_unpaired_high"]


def test_networks_are_compared_over_all_basins_in_the_papers_pairs():
    other = NETWORK.assign(NSE=NETWORK["NSE"] - 0.1)
    tables = {"ealstm_nse": NETWORK, "mine": other, "lstm_nse": other}
    table = significance_table(tables, OUTSIDE)
    pairs = list(zip(table["first"], table["second"], strict=True))[::2]
    assert pairs == [
        *(("lstm_nse", "ealstm_nse"), ("mine", "ealstm_nse"), ("mine", "lstm_nse")),
    ]
    assert set(table["basins"]) == {8}
    assert set(table["metric"]) == {"NSE"}
    assert table["p_unpaired"].isna().all()


def test_unpaired_p_values_are_those_of_orders_at_random():
    random = np.random.default_rng(3)
    first = random.normal(0.7, 0.2, 60)
    second = first - 0.02 + random.normal(0, 0.02, 60)
    middle, low, high = unpaired_p_values(first, second, (0.5, 0.05, 0.95))
    assert low < middle < high
    assert wilcoxon(first, second).pvalue < 1e-6 < low
    some = [wilcoxon(first, random.permutation(second)).pvalue for _ in range(200)]
    assert middle == pytest.approx(np.median(some), abs=0.15)
    again = unpaired_p_values(first, second, (0.5,))
    assert again == middle


# ------------------------------------------------------------------ metrics of others


@pytest.fixture
def others(tmp_path):
    """A file such as the third party's, of series made here."""
    observed = RANDOM.gamma(1, 3, (3, 400))
    simulated = np.stack([0.7 * observed[0], observed[1] + 1, observed[2] * 0 + 4])
    metrics = compute_metrics(observed, simulated)
    ratio = simulated.mean(axis=1) / observed.mean(axis=1)
    rows = pd.DataFrame(
        {
            "gauge_id": BASINS[:3],
            "model": "VIC_basin",
            **{name: metrics[name] for name in ("NSE", "alpha_nse", "r")},
            "beta_ratio": ratio,
        }
    )
    more = rows.assign(model="HBV_ub", NSE=0.1).iloc[:1]
    path = tmp_path / "benchmarks_perbasin.csv"
    pd.concat([more, rows]).to_csv(path, index=False)
    return path, metrics


def test_beta_follows_from_the_other_components(others, tmp_path):
    path, metrics = others
    table = read_third_party(path, "vic_basin")
    assert table.columns.tolist() == ["basin", "member", *METRICS]
    assert set(table["member"]) == {"ensemble"}
    beta = table.set_index("basin")["beta_nse"]
    np.testing.assert_allclose(beta[BASINS[:2]], metrics["beta_nse"][:2], rtol=1e-9)
    assert beta[BASINS[0]] < 0 < beta[BASINS[1]]
    # A constant simulation has no correlation, and then no value at all.
    assert np.isnan(metrics["r"][2])
    assert table.loc[2, [*METRICS]].isna().all()
    assert table[["FHV", "FLV", "FMS"]].isna().all(axis=None)
    output = tmp_path / "vic_basin.csv"
    listed = tmp_path / "basins.txt"
    listed.write_text(f"{BASINS[1]}\n{BASINS[5]}\n{BASINS[0]}\n")
    import_statistics.main(path, "third_party", "vic_basin", listed, output)
    read = read_metrics(output)
    assert read["basin"].tolist() == [BASINS[1], BASINS[5], BASINS[0]]
    assert read["NSE"].isna().tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda t: t.drop(columns="r"), "column r is missing"),
        (lambda t: t[t["model"] != "VIC_basin"], "no model VIC_basin; set"),
        (lambda t: pd.concat([t, t]), "basin 01000000 occurs twice"),
        (lambda t: t.assign(r="x"), "column r holds text"),
        (lambda t: t.assign(gauge_id="river"), "'000river' is no gauge"),
    ],
)
def test_faults_in_metrics_of_others_are_named(others, complaint, change, fault):
    path, _ = others
    change(pd.read_csv(path, dtype={"gauge_id": str})).to_csv(path, index=False)
    assert fault in complaint(read_third_party, path, "vic_basin")


# ------------------------------------------------------------------ coverage


def test_coverage_counts_sources_our_basins_and_those_of_all():
    covered = {"a": {*BASINS, "90000000"}, "b": {*BASINS[:3], BASINS[7]}}
    table = coverage_table(covered, BASINS, OUTSIDE).set_index("benchmark")
    assert table.loc["a"].tolist() == [9, 8, 7]
    assert table.loc["b"].tolist() == [4, 4, 3]
    assert table.loc["all_models"].tolist() == [4, 4, 3]


def test_coverage_becomes_numbers(others, tmp_path):
    skill = pd.DataFrame(
        {"basin": BASINS * 2, "benchmark": ["sac_sma"] * 8 + ["fuse_900"] * 8}
    )
    skill["NSE"] = [np.nan] + [0.1] * 7 + [0.2] * 8
    write_table(skill, tmp_path / "skill.csv")
    for name, basins in (("basins.txt", BASINS), ("outside.txt", OUTSIDE)):
        (tmp_path / name).write_text("\n".join(basins) + "\n")
    files = [tmp_path / name for name in ("basins.txt", "outside.txt", "coverage.csv")]
    used = ["sac_sma", "vic_basin", "fuse_900"]
    collect_coverage.main(used, tmp_path / "skill.csv", others[0], *files)
    table = pd.read_csv(files[2]).set_index("benchmark")
    assert table["source"].to_dict() == {
        **{"sac_sma": 7, "vic_basin": 2, "fuse_900": 8, "all_models": 1},
    }
    output = tmp_path / "numbers.csv"
    count_coverage.main(files[2], [*used, "vic_conus"], output)
    numbers = {key[1]: number for key, number in read_numbers([output]).items()}
    assert numbers["sac_sma"].value == 7
    assert numbers["vic_conus"].why_not == "benchmark vic_conus not at hand"
    assert numbers["all_models"].why_not == "1 of 4 benchmarks not at hand"
    count_coverage.main(files[2], used, output)
    key = ("coverage", "all_models", "", "ensemble", "NSE", "count")
    assert read_numbers([output])[key].value == 1


# ------------------------------------------------------------------ figure


def test_cdf_of_networks_beside_benchmarks():
    looks = {
        "ealstm_nse": {"title": "EA-LSTM", "model": "ealstm", "loss": "nse"},
        "vic_basin": {"title": "VIC", "model": "vic", "loss": None},
    }
    figure = benchmark_cdf.figure_of(TABLES, looks, {"ealstm_nse": "seed222"}, OUTSIDE)
    left, right = figure.axes
    assert left.get_title() == "single network (seed222), 7 basins"
    assert right.get_title() == "ensemble, 7 basins"
    steps = [axis.lines[0].get_xdata() for axis in (left, right)]
    np.testing.assert_allclose(steps[0][1:], np.sort(SINGLE["seed222"][:7]))
    ensemble = NETWORK.loc[NETWORK["member"] == "ensemble", "NSE"].to_numpy()[:7]
    np.testing.assert_allclose(steps[1][1:], np.sort(ensemble))
    for axis in (left, right):
        np.testing.assert_array_equal(
            axis.lines[2].get_xdata()[1:], np.sort(OTHERS[:7])
        )
        assert axis.lines[3].get_ydata() == [1 / 7]  # below 0: one of seven
    assert left.lines[0].get_color() == COLOURS["ealstm"]
    assert left.lines[2].get_color() == COLOURS["vic"]
