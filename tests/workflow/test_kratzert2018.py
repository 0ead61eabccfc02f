"""kratzert2018 end to end on virtual catchments, then: what reruns what."""

import copy

import h5py
import pandas as pd
import pytest
import yaml
from rerunoff.protocol.resolve import overlay
from workflow.conftest import SMALL_2018, Project, assert_redrawn_from_its_record

FIGURES = (
    "nse_cdf",
    "nse_maps",
    "nse_differences",
    "hydrographs",
    "hydrograph_epochs",
    "rnn_vs_lstm",
    "cell_state_snow",
    "basin_correlation",
)
BASINS = ["99010001", "99010002", "99030001", "99030002"]


@pytest.fixture(scope="module")
def done(project, conda, tmp_path_factory):
    """The project after a complete small run, with conda."""
    run = Project(project.folder, tmp_path_factory.mktemp("run2018"), conda)
    run.snakemake(config=SMALL_2018)
    return run


@pytest.fixture
def config():
    return copy.deepcopy(SMALL_2018)


def test_every_figure_and_table_is_there(done):
    figures = done.run / "results/figures/kratzert2018"
    for name in FIGURES:
        for kind in ("pdf", "png"):
            assert (figures / f"{name}.{kind}").stat().st_size > 3000
    table = pd.read_csv(done.run / "results/tables/kratzert2018/nse_by_region.csv")
    assert set(table["region"]) == {"huc01", "huc03", "all"}
    assert set(table["experiment"]) == {"basin", "region", "fine_tuned", "sac_sma"}
    assert (table.loc[table["region"] == "all", "basins"] == 4).all()


def test_a_member_joins_the_networks_of_all_units(done):
    for experiment, basins in (("fine_tuned", BASINS), ("rnn", BASINS[:1])):
        folder = done.run / f"results/runs/kratzert2018/{experiment}"
        with h5py.File(folder / "joined/seed1/simulation.nc") as file:
            assert [basin.decode() for basin in file["basin"][:]] == basins
        assert len(list(folder.glob("basin*/seed1/model.pt"))) == len(basins)


def test_fine_tuning_records_its_choice(done):
    table = pd.read_csv(
        done.run / "results/tables/kratzert2018/fine_tuning_epochs.csv",
        dtype={"basin": str},
    )
    assert table["basin"].tolist() == BASINS
    for basin, chosen in zip(table["basin"], table["epochs"], strict=True):
        folder = f"results/runs/kratzert2018/fine_tuned/basin{basin}/seed1"
        record = yaml.safe_load((done.run / folder / "run.yaml").read_text())
        scores = record["selection_nse"]
        assert len(scores) == 2
        assert scores[chosen - 1] == max(scores)
        assert f"region/huc{basin[2:4]}/seed1/model.pt" in record["start"]
        history = pd.read_csv(done.run / folder / "history.csv")
        assert len(history) == chosen == record["epochs_chosen"]


def test_benchmark_is_evaluated_like_the_networks(done):
    metrics = pd.read_csv(
        done.run / "results/metrics/kratzert2018/sac_sma.csv", dtype={"basin": str}
    )
    assert set(metrics["member"]) == {"best", "ensemble"}
    assert metrics.loc[metrics["member"] == "ensemble", "basin"].tolist() == BASINS
    assert {"NSE", "r", "alpha_nse", "beta_nse", "FHV", "FLV", "FMS"} <= set(metrics)


def test_scorecard_says_what_is_unconfirmed(done):
    scorecard = pd.read_csv(
        done.run / "results/scorecard/kratzert2018.csv", keep_default_na=False
    )
    verdicts = {"not comparable", "not run", "not implemented", "unconfirmed"}
    assert set(scorecard["verdict"]) == verdicts
    unconfirmed = scorecard[scorecard["verdict"] == "unconfirmed"]
    assert (unconfirmed["published"] == "").all()


def test_results_are_redrawn_from_their_record(done, config, tmp_path):
    assert_redrawn_from_its_record(done, config, tmp_path)


def test_nothing_is_left_to_do(done, config):
    assert done.jobs(config=config) == {}
    assert not list((done.run / "checkpoints").rglob("*.pt"))


def test_changed_region_retrains_what_starts_from_it(done, config):
    rate = [{"from_epoch": 1, "rate": 0.002}]
    region = config["kratzert2018"]["experiments"]["region"]
    region["training"]["learning_rate"] = rate
    jobs = done.jobs(config=config)
    assert jobs["train"] == 2
    assert jobs["fine_tune"] == 4
    assert jobs["simulate"] == 2
    assert "trace_epochs" not in jobs


def test_changed_fine_tuning_leaves_its_start_alone(done, config):
    config["kratzert2018"]["experiments"]["fine_tuned"]["training"]["epochs"] = 3
    jobs = done.jobs(config=config)
    assert "train" not in jobs
    assert jobs["fine_tune"] == 4


def test_changed_period_of_a_trace_redraws_it_alone(done, config):
    config["kratzert2018"]["figures"]["cell_state"]["period"][1] = "1997-08-31"
    jobs = done.jobs(config=config)
    assert jobs == {"trace_cell_state": 1, "plot_cell_state_snow": 1, "all": 1}


def test_deleted_figure_is_redrawn_alone(done, config):
    figure = done.run / "results/figures/kratzert2018/nse_maps.png"
    figure.unlink()
    assert done.jobs(config=config) == {"plot_nse_maps": 1, "all": 1}
    done.snakemake("results/figures/kratzert2018/nse_maps.png", config=config)
    assert figure.is_file()


def test_selection_of_epochs_trains_nothing_else(done, config):
    config["kratzert2018"]["epoch_selection"] = {
        "run": True,
        "epochs": {"basin": 2, "region": 2},
    }
    jobs = done.jobs(config=config)
    assert jobs["score_epochs"] == 4 + 2
    assert not {"train", "fine_tune"} & set(jobs)
    figure = "results/figures/kratzert2018/epoch_selection.pdf"
    table = "results/tables/kratzert2018/epoch_selection.csv"
    done.snakemake(figure, table, config=config)
    chosen = pd.read_csv(done.run / table)
    assert chosen["experiment"].tolist() == ["basin", "region"]
    assert chosen["epoch"].between(1, 2).all()
    assert (chosen["basins"] == 4).all()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"regions": "nowhere"}, "nowhere: no readable table of regions"),
        (
            {"only": ["fine_tuned"]},
            "kratzert2018.experiments.fine_tuned.start_from is region, which is not",
        ),
        (
            {"benchmarks": {"sac_sma": {"forcing": None}}},
            "kratzert2018.figures.cell_state.swe is sac_sma, but benchmarks.sac_sma",
        ),
        (
            {"figures": {"rnn_vs_lstm": {"basin": "99180001"}}},
            "kratzert2018.figures.rnn_vs_lstm.basin is 99180001, which is in none",
        ),
    ],
)
def test_bad_protocol_ends_with_one_sentence(done, config, change, words):
    config["kratzert2018"] = overlay(config["kratzert2018"], change)
    failed = done.snakemake("-n", config=config, check=False)
    assert failed.returncode != 0
    assert words in failed.stdout
    assert "Traceback" not in failed.stdout
