"""The authors' per-basin statistics must give the numbers published from them."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from rerunoff.data.basin_lists import read_basin_list
from rerunoff.data.folds import make_folds
from rerunoff.data.readers.camels_us import Reader
from rerunoff.evaluation.comparisons import (
    MODELS,
    PAIRS,
    WINS,
    significance,
    statistics_table,
    win_counts,
)
from rerunoff.evaluation.metrics_2019b import COLUMNS, STATISTICS, compute_statistics
from rerunoff.evaluation.tables import read_authors_statistics
from rerunoff.numbers.published import agrees_in_print, read_published
from rerunoff.protocol.benchmarks import AUTHORS_FILES
from rerunoff.scorecard.compare import read_scorecard
from unit.scorecards import run_scripts

DATA = os.environ.get("RERUNOFF_DATA")
CONFIG = Path(__file__).parents[2] / "config" / "published"
PUBLISHED = CONFIG / "kratzert2019b.csv"

pytestmark = pytest.mark.skipif(
    not DATA, reason="RERUNOFF_DATA (folder with the authors' statistics) is not set"
)

# The observed 95 % quantile is zero there.
WITHOUT_Q95 = "08202700"
# The authors' log adds up basin by basin, NumPy and pandas in pairs: the last of 16
# digits differs, and by more than its half.
ADDED_UP = {"screen_lstm_static_mean_nse", "screen_lstm_no_static_mean_nse"}
LSTM, BENCHMARK = MODELS[2:], MODELS[:2]
# The gauge's record in the sample of CAMELS starts in 2002 only.
SHORT_RECORD = "06221400"


@pytest.fixture(scope="module")
def basins():
    return read_basin_list(Path(DATA) / "published" / "basin_list_531.txt")


@pytest.fixture(scope="module")
def by_model():
    folder = Path(DATA) / "published" / "kratzert2019b"
    return {
        model: read_authors_statistics(folder / name).set_index("basin")
        for model, name in AUTHORS_FILES.items()
    }


@pytest.fixture(scope="module")
def published():
    return read_published(PUBLISHED).set_index("id", drop=False)


@pytest.fixture(scope="module")
def scorecard(by_model, tmp_path_factory):
    """Run the script as if the authors' values were ours."""
    folder, root = tmp_path_factory.mktemp("ours"), Path(DATA) / "published"
    ours = {model: folder / f"{model}.csv" for model in by_model}
    for model, path in ours.items():
        by_model[model].to_csv(path)
    path = run_scripts(
        folder,
        PUBLISHED,
        "camels_us",
        metrics=ours,
        authors_root=root,
        paper="kratzert2019b",
        basin_sets={
            "531": root / "basin_list_531.txt",
            "outside_530": CONFIG / "outside_530_basins.txt",
        },
    )
    return read_scorecard(path).set_index("id")


def test_number_of_rows(published):
    counts = published["quantity"].value_counts()
    assert counts.to_dict() == {"performance": 98, "difference": 4, "wins": 22}


def test_every_published_number_can_be_recomputed(scorecard):
    scorecard = scorecard[scorecard["verdict"] != "unconfirmed"]
    assert len(scorecard) == 116
    assert scorecard["recomputed"].notna().all()
    assert set(scorecard.drop(index=ADDED_UP)["verdict"]) == {"reproduced"}


def test_every_printed_digit_agrees(scorecard):
    published = scorecard[scorecard["published"] != ""]
    differs = published[published["recomputed_verdict"] != "exact"]
    assert set(differs.index) == ADDED_UP


@pytest.mark.parametrize("name", sorted(ADDED_UP))
def test_means_added_up_basin_by_basin_agree(scorecard, by_model, name):
    row = scorecard.loc[name]
    nse = by_model[row["experiment"]]["nse"].to_numpy()
    assert agrees_in_print(float(np.cumsum(nse)[-1] / len(nse)), row["published"])
    assert row["recomputed"] == pytest.approx(float(row["published"]), abs=1e-15)


def test_statistics_table_has_the_published_numbers(by_model, published):
    table = statistics_table(by_model).set_index(["statistic", "model"])
    rows = published[published["location"] == "Statistics table"]
    assert len(rows) == 80
    for row in rows.to_dict("records"):
        cells = table.loc[(row["metric"], row["experiment"])]
        assert agrees_in_print(float(cells[row["statistic"]]), row["value"]), row["id"]
        assert cells["n"] == int(row["basins"])


def test_win_counts_are_the_published_ones(by_model, published):
    table = win_counts(by_model)
    table = table.assign(experiment=[" - ".join(names) for names in WINS])
    table = table.set_index("experiment")
    rows = published[published["quantity"] == "wins"]
    assert set(rows["experiment"]) == set(table.index)
    for row in rows.to_dict("records"):
        cells = table.loc[row["experiment"]]
        assert agrees_in_print(float(cells[row["statistic"]]), row["value"]), row["id"]
        assert cells["basins"] == 531


def test_all_differences_but_one_are_significant_at_a_thousandth(by_model):
    table = significance(by_model).set_index(["first", "second"])
    assert (table["basins"] == 531).all()
    assert list(table.index) == list(PAIRS)
    alike = table[table["p_value"] > 1e-3]
    assert list(alike.index) == [("lstm_no_static", "sac_sma")]


def test_the_ungauged_lstm_is_in_the_order_of_the_folds(basins, by_model):
    folds = make_folds(basins, number=12, random_state=200)
    assert [len(test) for _, test in folds] == [45, 45, 45] + [44] * 9
    order = [basin for _, test in folds for basin in test]
    assert order == by_model["lstm_ungauged"].index.tolist()
    for model in MODELS[:-1]:
        assert by_model[model].index.tolist() == basins
    other = make_folds(basins, number=12, random_state=201)
    assert [basin for _, test in other for basin in test] != order


def test_only_one_basin_has_no_q95(by_model):
    for table in by_model.values():
        assert table.index[table["q95"].isna()].tolist() == [WITHOUT_Q95]
        assert table.loc[WITHOUT_Q95, "obs95"] == 0
        assert table[[*STATISTICS[:3]]].notna().all(axis=None)


@pytest.mark.parametrize("models", [LSTM, BENCHMARK])
def test_models_of_one_period_share_their_observations(by_model, models):
    observed = [name for name in COLUMNS if name.startswith("obs")]
    first = by_model[models[0]][observed]
    for model in models[1:]:
        table = by_model[model].loc[first.index, observed]
        pd.testing.assert_frame_equal(table, first, rtol=1e-15)


def test_benchmarks_lack_the_first_day(by_model):
    lstm, benchmark = (by_model[name] for name in ("lstm_static", "sac_sma"))
    assert (lstm["obs95"] != benchmark["obs95"]).sum() == 217
    for name in ("obs0", "obsL", "obsH"):
        assert lstm[name].sub(benchmark[name]).abs().max() >= 1


def test_columns_do_not_contradict_each_other(by_model):
    for table in by_model.values():
        # NSE = 2 alpha r - alpha² - beta², of which r is at most 1.
        assert (table["nse"] <= 2 * table["stdev"] - table["stdev"] ** 2).all()
        assert (table["bias"] <= 1).all()
        for series in ("obs", "sim"):
            assert (table[f"{series}5"] <= table[f"{series}95"]).all()
            assert (table[f"{series}0"] <= table[f"{series}L"]).all()
            assert not (table[f"{series}FDC"] > 0).any()


@pytest.mark.skipif(
    not (DATA and (Path(DATA) / "camels_us_sample").is_dir()),
    reason="RERUNOFF_DATA holds no camels_us_sample",
)
@pytest.mark.parametrize(
    ("model", "first"), [("lstm_static", "1995-10-01"), ("sac_sma", "1995-10-02")]
)
def test_observed_columns_follow_from_camels(by_model, model, first):
    reader = Reader(Path(DATA) / "camels_us_sample", "nldas")
    table = by_model[model]
    names = [name for name in COLUMNS if name.startswith("obs")]
    compared = [b for b in reader.basins() if b in table.index and b != SHORT_RECORD]
    assert len(compared) == 17
    for basin in compared:
        record = reader.read(basin)
        inside = (record.dates >= np.datetime64(first)) & (
            record.dates <= np.datetime64("2010-09-30")
        )
        flow = record.discharge[inside][None]
        statistics = compute_statistics(flow, flow)
        ours = [statistics[name].item() for name in names]
        theirs = table.loc[basin, names].tolist()
        # Counts exactly, the rest to the precision of float32.
        assert ours == pytest.approx(theirs, rel=1e-6, nan_ok=True), basin
        for name in ("obs0", "obsL", "obsH"):
            assert statistics[name].item() == table.loc[basin, name], (basin, name)
