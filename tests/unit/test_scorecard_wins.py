"""Published counts of basins where one experiment beats others, and 2019b's files."""

from pathlib import Path

import pandas as pd
import pytest
from rerunoff.data.basin_lists import read_basin_list
from rerunoff.errors import InputError
from rerunoff.evaluation.metrics_2019b import COLUMNS as COLUMNS_2019B
from rerunoff.numbers.inputs import read_basin_sets
from rerunoff.numbers.published import COLUMNS, experiments_of, read_published
from rerunoff.scorecard.compare import read_scorecard
from rerunoff.scorecard.words import name_of
from unit.scorecards import compare, run_scripts

CONFIG = Path(__file__).parents[2] / "config" / "published"
BASINS = ["01022500", "01031500", "01047000", "01052500"]
ROW = {
    **dict.fromkeys(COLUMNS, ""),
    "id": "wins",
    "location": "Win counts",
    "quantity": "wins",
    "experiment": "a - b",
    "basins": "4",
    "members": "ensemble",
    "metric": "nse",
    "statistic": "count",
    "value": "2",
    "source": "somewhere",
    "certainty": "paper, printed",
}


def make_table(**by_member):
    """Return a metrics table from the NSE by basin of each member."""
    return pd.concat(
        pd.DataFrame({"basin": BASINS[: len(nse)], "member": member, "nse": nse})
        for member, nse in by_member.items()
    )


# Two wins, a tie and a defeat against b; against c too the second win is none.
A = make_table(ensemble=[0.9, 0.8, 0.5, 0.1])
NSE_B = {"ensemble": [0.1, 0.2, 0.5, 0.3]}
B = make_table(**NSE_B)
C = make_table(ensemble=[0.2, 0.8, 0.1, 0.0])


def judge(change, deviations=(), authors=None, dataset="camels_us", **ours):
    published = pd.DataFrame([ROW | change])
    arguments = (dict(deviations), dataset, {"4": BASINS})
    return compare(published, ours, authors or {}, *arguments).iloc[0]


@pytest.mark.parametrize(
    ("change", "wins"),
    [
        ({}, 2),
        ({"statistic": "fraction", "value": "0.5"}, 0.5),
        ({"experiment": "b - a", "value": "1"}, 1),
        ({"experiment": "a - b - c", "value": "1"}, 1),
        (
            {"experiment": "a - b - c", "statistic": "fraction", "value": "0.250"},
            0.25,
        ),
    ],
)
def test_wins_are_above_all_others_and_ties_are_none(change, wins):
    # The order of the rows is of no account.
    row = judge(change, a=A, b=B.iloc[::-1], c=C, authors={"a": A, "b": B, "c": C})
    assert (row["ours"], row["recomputed"]) == (wins, wins)
    assert (row["verdict"], row["recomputed_verdict"]) == ("reproduced", "exact")
    assert row["tolerance_basis"] == "half a unit of the last printed digit"


def test_other_counts_deviate_and_differ():
    row = judge({"value": "3"}, a=A, b=B, authors={"a": A, "b": B})
    assert row["reason"] == "off by -1, tolerance 0.5"
    assert row["recomputed_verdict"] == "differs"


def test_every_experiment_must_be_there():
    change = {"experiment": "a - b - c"}
    row = judge(change, a=A, b=B, authors={"a": A, "c": C})
    assert (row["verdict"], row["reason"]) == ("not run", "experiment c not run")
    assert pd.isna(row["recomputed"])
    row = judge({}, a=A, b=B.rename(columns={"nse": "NSE"}))
    assert row["reason"] == "nse of b not evaluated"
    row = judge({}, a=A, b=make_table(seed200=[0.1] * 4))
    assert row["reason"] == "ensemble not run"


def test_missing_basins_are_not_comparable():
    row = judge({}, a=A, b=B.iloc[:3], authors={"a": A.iloc[1:], "b": B})
    assert row["reason"] == "basin set incomplete: 3 of 4"
    assert row["ours"] == 2
    assert pd.isna(row["recomputed"])
    empty = B.assign(nse=[0.1, None, 0.5, 0.3])
    row = judge({"statistic": "fraction"}, a=A, b=empty)
    assert row["reason"] == "basin set incomplete: 4 of 4, 1 of them without nse"
    assert row["ours"] == pytest.approx(1 / 3)


def test_basins_outside_the_set_do_not_count():
    published = pd.DataFrame([ROW | {"basins": "2", "value": "1"}])
    tables = {"a": A, "b": B}
    table = compare(published, tables, tables, {}, "camels_us", {"2": BASINS[1:3]})
    assert (table.loc[0, "ours"], table.loc[0, "recomputed"]) == (1, 1)
    row = judge({}, a=A.assign(basin=list("pqrs")), b=B.assign(basin=list("pqrs")))
    assert pd.isna(row["ours"])
    strangers = {name: t.assign(basin=list("pqrs")) for name, t in tables.items()}
    assert judge({}, dataset="virtual", **strangers)["ours"] == 2


SEEDS = {"seed200": [0.9, 0.8, 0.7, 0.6], "seed201": [0.9, 0.8, 0.1, 0.1]}
BELOW = {"seed200": [0.5] * 4, "seed201": [0.5] * 4}


def test_the_same_seeds_give_a_tolerance():
    a = pd.concat([A, make_table(**SEEDS)])
    b = pd.concat([B, make_table(**BELOW)])
    row = judge({"value": "4"}, a=a, b=b)
    # Seeds win 4 and 2 basins.
    assert (row["ours"], row["tolerance"], row["verdict"]) == (2, 2, "reproduced")
    assert row["tolerance_basis"] == "2 of our seed standard deviations"
    row = judge({"statistic": "fraction", "value": "0.9"}, a=a, b=b)
    assert row["tolerance"] == pytest.approx(0.5)
    assert judge({"members": "seed200", "value": "4"}, a=a, b=b)["ours"] == 4


def test_a_benchmark_stands_against_each_seed():
    a = pd.concat([A, make_table(**SEEDS)])
    row = judge({"experiment": "a - b - c", "value": "2"}, a=a, b=B, c=C)
    # B and C stay; above both are seed200 in 3 basins, seed201 in 1, the ensemble in 1.
    assert (row["ours"], row["tolerance"], row["verdict"]) == (1, 2, "reproduced")
    assert row["tolerance_basis"] == "2 of our seed standard deviations"
    best = make_table(best=[1.0] * 4)
    row = judge({"value": "4"}, a=a, b=pd.concat([B, best]))
    assert (row["ours"], row["tolerance"]) == (2, 2)


@pytest.mark.parametrize("seeds", [{"seed200": BELOW["seed200"]}, {"seed7": [0.5] * 4}])
def test_other_seeds_give_none(seeds):
    a = pd.concat([A, make_table(**SEEDS)])
    row = judge({}, a=a, b=make_table(**NSE_B, **seeds))
    assert (row["ours"], row["tolerance"]) == (2, 0.5)
    assert row["tolerance_basis"] == "half a unit of the last printed digit"


def test_changes_count_in_the_experiments_at_hand():
    changed = {"a": ["seeds"], "b": ["seeds", "folds"], "d": ["scaling"]}
    row = judge({"experiment": "a - b - c"}, changed, a=A, b=B, c=C)
    assert row["reason"] == "changed: seeds, folds"
    row = judge({"experiment": "sac_sma - nwm"}, changed, sac_sma=A, nwm=B)
    assert row["reason"] == ""
    assert experiments_of(ROW | {"experiment": "a - b - c"}) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"experiment": "a"}, "column experiment: 'a' does not name two"),
        ({"experiment": "a - "}, "column experiment"),
        ({"experiment": "a - b - a"}, "column experiment"),
        ({"members": "seeds_mean"}, "column members: 'seeds_mean'"),
        ({"metric": "NSE"}, "column metric: 'NSE' is not nse"),
        ({"statistic": "median"}, "column statistic: 'median' is none of count"),
        ({"basins": ""}, "column basins: is empty"),
        ({"quantity": "performance", "experiment": "a"}, "column statistic: 'count'"),
    ],
)
def test_faults_are_named(tmp_path, change, words):
    path = tmp_path / "published.csv"
    pd.DataFrame([ROW | change]).to_csv(path, index=False)
    with pytest.raises(InputError, match=words):
        read_published(path)


def test_page_says_over_what():
    words = name_of(ROW | {"experiment": "a - b - c"}, {"a": "Model A"})
    assert words == "Model A over b and c, basins with higher NSE, ensemble"


def test_one_basin_of_531_has_no_q95(tmp_path):
    outside = CONFIG / "outside_530_basins.txt"
    assert read_basin_list(outside) == ["08202700"]
    whole = tmp_path / "531.txt"
    basins = ["08202700", *(f"{n:08d}" for n in range(530))]
    whole.write_text("\n".join(basins))
    sets = read_basin_sets({"531": whole, "outside_530": outside})
    assert sets == {"531": basins, "530": basins[1:]}


def test_the_numbers_of_2019b_are_complete():
    table = read_published(CONFIG / "kratzert2019b.csv")
    counts = table["quantity"].value_counts().to_dict()
    assert counts == {"performance": 98, "difference": 4, "wins": 22}
    assert set(table["basins"]) == {"531", "530"}


def write_authors(path, nse):
    """Write statistics as the authors did, in an order of their own."""
    table = pd.DataFrame({"basin": BASINS, **dict.fromkeys(COLUMNS_2019B, 1.0)})
    table.assign(nse=nse, sim95=0.25).iloc[::-1].to_csv(path)


def test_script_reads_statistics_of_both_sides(tmp_path):
    q95 = {"quantity": "performance", "metric": "q95", "statistic": "median"}
    rows = [
        {"experiment": "lstm_static - nwm"},
        {"experiment": "lstm_static - lstm_ungauged"},
        q95 | {"experiment": "nwm", "value": "0.75"},
    ]
    published, ours = tmp_path / "published.csv", tmp_path / "nwm.csv"
    table = pd.DataFrame([ROW | {"id": f"{n}"} | row for n, row in enumerate(rows)])
    table.to_csv(published, index=False)
    folder = tmp_path / "p"
    folder.mkdir()
    write_authors(folder / "global_lstm_static.csv", A["nse"].tolist())
    write_authors(folder / "benchmark_nwm_retrospective.csv", B["nse"].tolist())
    # What is no statistic of a published row is not asked for.
    B.assign(q95=0.75, bias="?").to_csv(ours, index=False)
    (tmp_path / "4.txt").write_text("\n".join(BASINS))
    arguments = {"metrics": {"nwm": ours}, "paper": "p"}
    sets = {"4": tmp_path / "4.txt"}
    how = (tmp_path, published, "camels_us")
    path = run_scripts(*how, authors_root=tmp_path, basin_sets=sets, **arguments)
    table = read_scorecard(path)
    assert table["recomputed_verdict"].tolist() == ["exact", "", "exact"]
    assert table["verdict"].tolist() == ["not run", "not run", "reproduced"]
    assert table.loc[0, "reason"] == "experiment lstm_static not run"
    B.to_csv(ours, index=False)
    with pytest.raises(InputError, match="column q95 is missing"):
        run_scripts(*how, authors_root=None, basin_sets={}, **arguments)
