"""Published numbers and verdicts, on small hand-made tables."""

from pathlib import Path

import pandas as pd
import pytest
import render_scorecard
from pandas.testing import assert_frame_equal
from rerunoff.errors import InputError
from rerunoff.evaluation.metrics import METRICS
from rerunoff.numbers.files import KEY, Number, key_of, read_numbers
from rerunoff.numbers.inputs import read_basin_sets
from rerunoff.numbers.published import (
    ANALYSED,
    COMPARED,
    NOT_IMPLEMENTED,
    PROTOCOL,
    agrees_in_print,
    half_unit,
    read_published,
)
from rerunoff.scorecard.compare import compare as compare_numbers
from rerunoff.scorecard.compare import read_scorecard
from rerunoff.scorecard.tolerances import published_spreads, tolerance
from unit.scorecards import (
    ABOUT,
    BASINS,
    DIFFERENCE,
    SETS,
    compare,
    make_metrics,
    make_published,
    run_scripts,
)

CONFIG = Path(__file__).parents[2] / "config" / "published"
REPORT = Path(__file__).parents[2] / "report"


def judge(change, medians, deviations=(), dataset="camels_us", basins=BASINS):
    """Return the one row that a single published number leads to."""
    ours = {"ealstm_nse": make_metrics(medians, basins)}
    changed = {"ealstm_nse": list(deviations), "rnn": ["seeds"]}
    table = compare(make_published(change), ours, {}, changed, dataset, SETS)
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
    allowed, _ = tolerance(table.iloc[1].to_dict(), spreads, Number())
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
    assert tolerance(row, {}, Number()) == (0.015, "reading accuracy of the figure")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"experiment": "lstm_nse"}, "experiment lstm_nse not run"),
        ({"members": "seed444"}, "seed444 not run"),
        ({"members": "ensemble"}, "ensemble not run"),
    ],
)
def test_not_run_says_why(change, reason):
    row = judge(change, {"seed111": 0.5})
    assert (row["verdict"], row["reason"]) == ("not run", reason)
    assert pd.isna(row["ours"])


def test_analyses_that_do_not_exist_are_not_implemented():
    row = judge({"quantity": "validation_curve"}, {"seed111": 0.5})
    assert row["verdict"] == "not implemented"
    assert row["reason"] == "analysis not part of this workflow yet"
    nothing = {"value": "", "spread": "", "certainty": "unconfirmed"}
    row = judge(nothing | {"quantity": "correlation"}, {"seed111": 0.5})
    assert row["verdict"] == "unconfirmed"


def test_noise_on_attributes_concerns_its_own_numbers_only():
    noise = {"quantity": "robustness", "metric": "NSE_sigma0.1"}
    row = judge(noise, {"seed111": 0.5}, ["robustness.draws"])
    assert (row["verdict"], row["reason"]) == (
        "not run",
        "no noise added to the attributes",
    )
    assert (
        "robustness" not in judge({}, {"seed111": 0.5}, ["robustness.draws"])["reason"]
    )
    key = dict.fromkeys(KEY, "") | noise | {"experiment": "ealstm_nse"}
    key |= {"basins": "531", "members": "seed111", "statistic": "median"}
    published = make_published(key | {"spread": ""})
    ours = {key_of(key): Number(value=0.5)}
    changed = {"ealstm_nse": ["robustness.draws"]}
    row = compare_numbers(published, ours, {}, changed, "camels_us").iloc[0]
    assert row["reason"] == "changed: robustness.draws"


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
        make_published({}), {"ealstm_nse": metrics}, {}, {}, "camels_us", SETS
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
    table = compare(published, {}, authors, {}, "camels_us", SETS)
    assert table["recomputed_verdict"].tolist() == ["exact", "differs", ""]
    assert table.loc[0, "recomputed"] == pytest.approx(0.4995)
    assert set(table["verdict"]) == {"not run"}


@pytest.mark.parametrize(
    ("bound", "ours", "verdict", "reason"),
    [
        (">=0.65", 0.80, "reproduced", ""),
        (">=0.65", 0.646, "reproduced", ""),
        (
            ">=0.65",
            0.60,
            "deviates",
            "misses the bound by 0.05, tolerance 0.005",
        ),
        ("<=0.65", 0.10, "reproduced", ""),
        (
            "<=0.65",
            0.70,
            "deviates",
            "misses the bound by 0.05, tolerance 0.005",
        ),
    ],
)
def test_bounds_are_one_sided(bound, ours, verdict, reason):
    change = {"value": bound, "members": "ensemble", "spread": ""}
    row = judge(change, {"ensemble": ours})
    assert (row["verdict"], row["reason"]) == (verdict, reason)
    assert row["published"] == bound


def test_an_unconfirmed_number_shows_ours_alone():
    nothing = {"value": "", "spread": "", "certainty": "unconfirmed"}
    row = judge(nothing, {"seed111": 0.5})
    assert row["verdict"] == "unconfirmed"
    assert row["reason"] == "no published number could be confirmed"
    assert row["ours"] == pytest.approx(0.5)
    assert pd.isna(row["tolerance"])
    row = judge(nothing, {"seed111": 0.5}, dataset="virtual")
    assert row["reason"].endswith("confirmed; other data: virtual")
    row = judge(nothing | {"experiment": "lstm_nse"}, {"seed111": 0.5})
    assert row["verdict"] == "unconfirmed"
    assert row["reason"].endswith("confirmed; experiment lstm_nse not run")
    row = judge(nothing | {"metric": "r2"}, {"seed111": 0.5})
    assert row["reason"].endswith("confirmed; r2 of ealstm_nse not evaluated")
    row = judge(nothing | {"quantity": "protocol"}, {"seed111": 0.5})
    assert row["reason"].endswith("confirmed; a setting of the paper, no result")


def differ(region, basin, deviations=(), authors=()):
    ours = {"region": region, "basin": basin}
    table = compare(
        make_published(DIFFERENCE),
        ours,
        dict(authors),
        dict(deviations),
        "camels_us",
        SETS,
    )
    return table.iloc[0]


def test_differences_are_taken_basin_by_basin():
    region, basin = (make_metrics({"ensemble": 0.5}) for _ in range(2))
    region["NSE"] = [0.5, 0.6, 0.9]
    basin["NSE"] = [0.495, 0.7, 0.2]
    row = differ(region, basin.iloc[::-1])  # the order of the rows is of no account
    assert row["ours"] == pytest.approx(0.005)
    assert row["verdict"] == "reproduced"
    assert row["tolerance"] == pytest.approx(0.01)
    assert row["tolerance_basis"] == "our reading of the paper's words"
    row = differ(region.assign(NSE=region["NSE"] + 0.1), basin)
    assert row["reason"] == "off by +0.105, tolerance 0.01"


def test_differences_need_both_experiments_and_the_same_basins():
    whole = make_metrics({"ensemble": 0.5})
    table = compare(
        make_published(DIFFERENCE), {"region": whole}, {}, {}, "camels_us", SETS
    )
    assert table.loc[0, "reason"] == "experiment basin not run"
    row = differ(whole, whole.iloc[:2])
    assert row["reason"] == "basin set incomplete: 2 of 3"
    changed = {"basin": ["seeds"], "region": ["inputs", "seeds"], "rnn": ["scaling"]}
    row = differ(whole, whole, changed)
    assert row["reason"] == "changed: inputs, seeds"
    row = differ(whole, whole, authors={"region": whole, "basin": whole})
    assert (row["recomputed"], row["recomputed_verdict"]) == (0, "exact")


def test_epochs_come_from_our_own_validation():
    published = make_published(
        {"quantity": "epochs", "value": "50", "members": "", "spread": ""}
    )

    def epochs(chosen, deviations=()):
        changed = {"ealstm_nse": list(deviations)}
        arguments = ({}, {}, changed, "camels_us", SETS, chosen)
        return compare(published, *arguments).iloc[0]

    assert epochs(None)["verdict"] == "not run"
    assert epochs({})["reason"] == "no epoch chosen by validation"
    assert epochs({"ealstm_nse": 50})["verdict"] == "reproduced"
    assert epochs({"ealstm_nse": 47})["reason"] == "off by -3, tolerance 0.5"
    row = epochs({"ealstm_nse": 50}, ["training.batch_size"])
    assert row["reason"] == "changed: training.batch_size"
    # How many epochs are tried counts, how many the experiments use does not.
    row = epochs({"ealstm_nse": 10}, ["epoch_selection.epochs.ealstm_nse"])
    assert row["reason"] == "changed: epoch_selection.epochs.ealstm_nse"
    assert epochs({"ealstm_nse": 50}, ["training.epochs"])["verdict"] == "reproduced"


def test_epochs_tried_do_not_concern_performance():
    row = judge({}, {"seed111": 0.5}, ["epoch_selection.epochs.ealstm_nse"])
    assert "epoch_selection" not in row["reason"]


KEY_LINE = "quantity,experiment,basins,members,metric,statistic,value"


def test_a_file_of_numbers_fills_rows_that_were_not_implemented(tmp_path):
    key = {"quantity": "validation_curve", "basins": "531", "statistic": "noise_0.1"}
    alone = key | {"spread": "", "value": "0.40"}
    bound = alone | {"statistic": "noise_0.2", "value": "<=0.30", "members": "ensemble"}
    published = make_published(alone, alone | {"statistic": "noise_1"}, bound)
    path = tmp_path / "curve.csv"

    def judged(value, *more):
        lines = [
            f"validation_curve,ealstm_nse,531,seeds_mean,NSE,noise_0.1,{value}",
            *more,
        ]
        path.write_text("\n".join([KEY_LINE, *lines]) + "\n")
        table = compare_numbers(published, read_numbers([path]), {}, {}, "camels_us")
        return table["verdict"].tolist(), table["reason"].tolist()

    assert set(compare_numbers(published, {}, {}, {}, "camels_us")["verdict"]) == {
        "not implemented"
    }
    verdicts = ["reproduced", "not implemented", "not implemented"]
    assert judged(0.404)[0] == verdicts
    assert judged(0.41)[1][0] == "off by +0.01, tolerance 0.005"
    other = "validation_curve,ealstm_nse,531,ensemble,NSE,noise_0.2,0.31"
    verdicts, reasons = judged(0.404, other)
    assert (verdicts[2], reasons[2]) == (
        "deviates",
        "misses the bound by 0.01, tolerance 0.005",
    )


def test_an_analysis_says_why_it_has_no_number(tmp_path):
    path = tmp_path / "silhouette.csv"
    row = "silhouette,ealstm_nse,531,seeds_mean,NSE,median,,one basin has no clusters"
    path.write_text(f"{KEY_LINE},why_not\n{row}\n")
    published = make_published({"quantity": "silhouette"})
    table = compare_numbers(published, read_numbers([path]), {}, {}, "camels_us")
    assert table.loc[0, "verdict"] == "not run"
    assert table.loc[0, "reason"] == "one basin has no clusters"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            f"{KEY_LINE}\na,b,1,,NSE,,x\n",
            "a.csv, line 2: value is 'x', which is no",
        ),
        (f"{KEY_LINE}\na,b,1,,NSE,,\n", "line 2: no value; say in the column why_not"),
        (f"{KEY_LINE}\na,b,1,,NSE,,1\na,b,1,,NSE,,2\n", "line 3: the number a / b / 1"),
        ("quantity,value\na,1\n", "column experiment is missing"),
    ],
)
def test_faults_in_files_of_numbers_are_named(tmp_path, text, words):
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(InputError, match=words):
        read_numbers([tmp_path / "a.csv"])


def test_unknown_basin_sets_are_named():
    with pytest.raises(InputError, match="row0, column basins: '447'"):
        judge({"basins": "447"}, {"seed111": 0.5})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"value": "about 3"}, "row row0, column value: 'about 3' is no number"),
        ({"value": ""}, "column value: is empty; only certainty unconfirmed"),
        ({"value": ">=x"}, "column value: '>=x' is no number and no bound"),
        ({"certainty": "unconfirmed"}, "column value: '0.50' is given although"),
        ({"certainty": "in words"}, "column source: must state the reading accuracy"),
        ({"quantity": "epochs", "experiment": ""}, "column experiment: is empty"),
        (
            {"quantity": "difference"},
            "column experiment: 'ealstm_nse' is no difference of two experiments",
        ),
        ({"spread": "x"}, "column spread"),
        ({"members": "best"}, "column members: 'best'"),
        ({"statistic": "mode"}, "column statistic: 'mode'"),
        ({"experiment": ""}, "column experiment: is empty"),
        ({"quantity": "gusts"}, "column quantity: 'gusts' is none of performance, "),
        ({"quantity": "top_feature", "metric": ""}, "column metric: is empty"),
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


@pytest.mark.parametrize("path", sorted(CONFIG.glob("*.csv")), ids=lambda p: p.stem)
def test_every_number_has_a_key_that_the_code_knows(path):
    table = read_published(path)
    known = {*COMPARED, *ANALYSED, PROTOCOL, *NOT_IMPLEMENTED}
    assert set(table["quantity"]) <= known
    # A number that is published twice stands in two places, or was read from two runs.
    missing = table[table["quantity"].isin([*ANALYSED, *NOT_IMPLEMENTED])]
    where = ["location", "description", "quantity", "basins", "members"]
    assert not missing.duplicated([*where, "experiment", "metric", "statistic"]).any()


@pytest.mark.parametrize("paper", ["kratzert2018", "kratzert2019a", "kratzert2019b"])
def test_tables_and_figures_of_a_number_have_a_caption(paper):
    table = read_published(CONFIG / f"{paper}.csv")
    names = {name for cell in table["results"] for name in cell.split()}
    captions = {path.stem for path in (REPORT / paper).glob("*.rst")}
    # One caption serves the same figure of four statistics.
    same = {f"densities_{name}" for name in ("nse", "bias", "stdev", "q95")}
    uncaptioned = names - captions - (same if "densities" in captions else set())
    assert not uncaptioned


def test_the_numbers_of_2018_are_those_of_their_source():
    table = read_published(CONFIG / "kratzert2018.csv").set_index("id")
    known = table[table["certainty"] != "unconfirmed"]
    assert known["value"].to_dict() == {
        "text_p6014_basin_mean_NSE": "0.63",
        "text_p6014_basin_median_NSE": ">=0.65",
        "text_p6016_region_minus_basin_median_NSE": "0",
        "text_p6012_basin_epochs": "50",
        "text_p6012_region_epochs": "20",
        "example_test_NSE": "0.700",
        "example_master_validation_epoch1_NSE": "0.14",
        "example_master_validation_epoch10_NSE": "0.58",
        "example_master_validation_epoch20_NSE": "0.66",
        "example_run_local_validation_epoch1_NSE": "0.01",
        "example_run_local_validation_epoch10_NSE": "0.55",
        "example_run_local_validation_epoch20_NSE": "0.63",
    }
    assert len(table) == 45
    example = table[table["experiment"] == "example"]
    assert len(example) == 7
    assert example["description"].str.startswith("no number of the paper").all()
    assert set(table["members"]) == {"ensemble", ""}


def test_every_row_of_2018_can_be_judged():
    published = read_published(CONFIG / "kratzert2018.csv")
    sets = read_basin_sets(
        {
            "241": CONFIG.parent / "basins" / "kratzert2018.csv",
            "1": CONFIG.parent / "basins" / "kratzert2018_example.csv",
        }
    )
    whole = pd.DataFrame({"basin": sets["241"], "member": "ensemble"})
    whole[sorted({*METRICS, "r"})] = 0.63
    ours = dict.fromkeys(("basin", "region", "fine_tuned", "sac_sma"), whole)
    ours["example"] = whole[whole["basin"].isin(sets["1"])]
    epochs = {"basin": 50, "region": 30}
    table = compare(published, ours, {}, {}, "camels_us", sets, epochs)
    verdicts = table.set_index("id")["verdict"]
    assert verdicts.value_counts().to_dict() == {
        "unconfirmed": 33,
        "not implemented": 6,
        "reproduced": 3,
        "deviates": 3,
    }
    assert verdicts["text_p6014_basin_median_NSE"] == "deviates"
    assert table.loc[verdicts.to_numpy() == "unconfirmed", "ours"].notna().sum() == 30


def test_the_basins_of_2018_are_complete():
    table = pd.read_csv(CONFIG.parent / "basins" / "kratzert2018.csv", dtype=str)
    counts = {"huc01": 27, "huc03": 92, "huc11": 31, "huc17": 91}
    assert table["region"].value_counts().to_dict() == counts
    assert table["basin"].str.fullmatch(r"\d{8}").all()
    assert table["basin"].is_unique
    assert_frame_equal(table, table.sort_values(["region", "basin"], ignore_index=True))


def test_basin_sets_of_another_size_are_refused(tmp_path):
    path = tmp_path / "basins.txt"
    path.write_text("01022500\n")
    outside = CONFIG / "outside_447_basins.txt"
    with pytest.raises(InputError, match="leads to 1 basins where the paper has 531"):
        read_basin_sets({"531": path, "outside_447": outside})
    with pytest.raises(
        InputError, match=r"outside_447_basins.txt: .* the paper has 447"
    ):
        read_basin_sets({"all": path, "outside_447": outside})


def test_basin_sets_come_from_lists_and_tables(tmp_path):
    whole, part = tmp_path / "basins.csv", tmp_path / "outside.txt"
    whole.write_text("basin,region\n01022500,huc01\n03000000,huc03\n")
    part.write_text("01022500\n")
    sets = read_basin_sets({"2": whole, "outside_1": part})
    assert sets == {"2": ["01022500", "03000000"], "1": ["03000000"]}
    assert read_basin_sets({"outside_1": part}) == {}
    with pytest.raises(InputError, match="outside of which set"):
        read_basin_sets({"2": whole, "1": part, "outside_1": part})
    whole.write_text("basin\n01022500\n01022500\n")
    with pytest.raises(InputError, match="basin 01022500 a second time"):
        read_basin_sets({"2": whole})
    whole.write_text("gauge\n01022500\n")
    with pytest.raises(InputError, match="with a column basin"):
        read_basin_sets({"2": whole})


def test_scripts_write_a_scorecard_and_a_page(tmp_path):
    everything = [f"{n:08d}" for n in range(531)]
    (tmp_path / "531.txt").write_text("\n".join(everything))
    (tmp_path / "outside.txt").write_text("\n".join(everything[:84]))
    make_published({}, {"metric": "FHV"}, DIFFERENCE).to_csv(
        tmp_path / "published.csv", index=False
    )
    make_metrics({"seed111": 0.5}).to_csv(tmp_path / "metrics.csv", index=False)
    # The authors' files hold the metrics of their paper only.
    (tmp_path / "p").mkdir()
    theirs = make_metrics({"seed111": 0.5})[["basin", "member", "NSE", "FHV"]]
    theirs.to_csv(tmp_path / "p" / "metrics_ealstm_nse.csv", index=False)
    path = run_scripts(
        tmp_path,
        tmp_path / "published.csv",
        "virtual",
        metrics={"ealstm_nse": tmp_path / "metrics.csv"},
        authors_root=tmp_path,
        paper="p",
        basin_sets={
            "531": tmp_path / "531.txt",
            "outside_447": tmp_path / "outside.txt",
        },
    )
    table = read_scorecard(path)
    assert table["verdict"].tolist() == ["not comparable"] * 2 + ["not run"]
    table.to_csv(tmp_path / "again.csv", index=False)
    assert_frame_equal(read_scorecard(tmp_path / "again.csv"), table)
    render_scorecard.main(
        scorecards={"p": path},
        papers={"p": ABOUT},
        dataset="virtual",
        made=["commit 1"],
        output=tmp_path / "page.html",
    )
    assert "virtual catchments" in (tmp_path / "page.html").read_text("utf-8")


def test_a_file_that_is_no_scorecard_is_refused(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match="no scorecard"):
        read_scorecard(path)
