"""kratzert2019b end to end on virtual catchments, then: what reruns what."""

import copy

import h5py
import numpy as np
import pandas as pd
import pytest
import yaml
from rerunoff.data.basin_lists import read_basin_list
from rerunoff.data.folds import make_folds
from rerunoff.data.simulations import VARIABLE
from workflow.conftest import SMALL_2019B, Project, assert_redrawn_from_its_record

STATISTICS = ("nse", "bias", "stdev", "q95")
FIGURES = (
    "boxplots",
    *(f"densities_{name}" for name in STATISTICS),
    *(f"scatters_{name}" for name in STATISTICS),
    *(f"gauged_scatters_{name}" for name in STATISTICS),
    "members_by_basin",
    "members_ranked",
    "win_map",
)
UNGAUGED, READING = "lstm_ungauged", "lstm_ungauged_training_attributes"


@pytest.fixture(scope="module")
def done(project, conda, tmp_path_factory):
    """The project after a complete small run, with conda."""
    run = Project(project.folder, tmp_path_factory.mktemp("run2019b"), conda)
    run.snakemake(config=SMALL_2019B)
    return run


@pytest.fixture
def config():
    return copy.deepcopy(SMALL_2019B)


@pytest.fixture
def paper(config):
    return config["kratzert2019b"]


def table(done, path):
    return pd.read_csv(done.run / "results" / path, dtype={"basin": str})


def simulated(done, experiment, seed):
    folder = done.run / f"results/runs/kratzert2019b/{experiment}/joined/seed{seed}"
    with h5py.File(folder / "simulation.nc") as file:
        basins = [basin.decode() for basin in file["basin"][:]]
        return basins, file[VARIABLE][:]


def test_every_figure_is_there(done):
    figures = done.run / "results/figures/kratzert2019b"
    assert {path.stem for path in figures.glob("*.pdf")} == set(FIGURES)
    for name in FIGURES:
        for kind in ("pdf", "png"):
            assert (figures / f"{name}.{kind}").stat().st_size > 3000


def test_networks_learn_all_basins_but_their_fold(done):
    listed = read_basin_list(
        done.run / "results/data/virtual/basins_nldas_extended_kratzert2019b.txt"
    )
    for seed in (200, 201):
        folds = make_folds(listed, 2, seed)
        for index, (learned, held_out) in enumerate(folds):
            folder = f"{UNGAUGED}/fold{index:02d}/seed{seed}"
            path = done.run / "results/runs/kratzert2019b" / folder / "run.yaml"
            record = yaml.safe_load(path.read_text())
            expected = {"number": 2, "index": index, "random_state": seed}
            assert record["settings"]["fold"] == expected
            assert (record["basins"], len(held_out)) == (len(learned), 4)
        basins, discharge = simulated(done, UNGAUGED, seed)
        assert basins == listed
        assert np.isfinite(discharge).all()


def test_readings_share_networks_and_differ_in_what_they_simulate(done):
    folder = done.run / "results/runs/kratzert2019b"
    assert not list((folder / READING).rglob("model.pt"))
    (_, one), (_, other) = (simulated(done, name, 200) for name in (UNGAUGED, READING))
    assert one.shape == other.shape
    assert (one != other).any(axis=1).all()


def test_statistics_of_the_ensemble_and_of_each_member(done):
    ungauged = table(done, f"metrics/kratzert2019b/{UNGAUGED}.csv")
    assert ungauged["member"].value_counts().to_dict() == dict.fromkeys(
        ("ensemble", "seed200", "seed201"), 8
    )
    benchmark = table(done, "metrics/kratzert2019b/sac_sma.csv")
    assert set(benchmark["basin"]) == set(ungauged["basin"])


def test_tables_tell_of_every_model(done):
    statistics = table(done, "tables/kratzert2019b/statistics.csv")
    models = {"sac_sma", "lstm_static", "lstm_no_static", UNGAUGED, READING}
    assert set(statistics["model"]) == models
    assert set(statistics["statistic"]) == set(STATISTICS)
    nse = statistics.set_index(["model", "statistic"]).loc[(UNGAUGED, "nse")]
    rows = table(done, f"metrics/kratzert2019b/{UNGAUGED}.csv")
    ensemble = rows.loc[rows["member"] == "ensemble", "nse"]
    assert nse["median"] == pytest.approx(ensemble.median())
    assert nse["minimum"] == pytest.approx(ensemble.min())


def test_scorecard_measures_the_reading(done):
    scorecard = table(done, "scorecard/kratzert2019b.csv").set_index("id")
    difference = scorecard.loc["reading_attributes_difference_mean_nse"]
    assert difference["verdict"] == "unconfirmed"
    columns = [
        table(done, f"metrics/kratzert2019b/{name}.csv").set_index("basin")
        for name in (UNGAUGED, READING)
    ]
    nse = [rows.loc[rows["member"] == "ensemble", "nse"] for rows in columns]
    assert difference["ours"] == pytest.approx((nse[0] - nse[1]).mean())
    assert scorecard.loc["reading_constants_mean_nse", "reason"].endswith("not run")


def test_what_no_file_was_given_for_is_not_run(done):
    scorecard = table(done, "scorecard/kratzert2019b.csv").set_index("id")
    row = scorecard.loc["table_nwm_median_nse"]
    assert (row["verdict"], row["reason"]) == (
        "not run",
        "benchmark nwm not at hand",
    )
    assert scorecard.loc["table_sac_sma_median_nse", "verdict"] == "not comparable"


def test_results_are_redrawn_from_their_record(done, config, tmp_path):
    assert_redrawn_from_its_record(done, config, tmp_path)


def test_nothing_is_left_to_do(done, config):
    assert done.jobs(config=config) == {}
    assert not list((done.run / "checkpoints").rglob("*.pt"))


def test_other_folds_retrain_the_ungauged_networks_alone(done, config, paper):
    paper["folds"] = 3
    jobs = done.jobs(config=config)
    assert jobs["train"] == 3 * 2
    assert jobs["simulate"] == 2 * 2


def test_another_reading_simulates_again_and_trains_nothing(done, config, paper):
    paper["held_out_attributes"] = "training"
    jobs = done.jobs(config=config)
    assert "train" not in jobs
    assert jobs["simulate"] == 2


def test_constants_of_the_learned_basins_train_their_own(done, config, paper):
    paper["only"].append("lstm_ungauged_training_constants")
    jobs = done.jobs(config=config)
    assert (jobs["train"], jobs["simulate"]) == (4, 2)


def test_another_repetition_adds_its_folds(done, config, paper):
    paper["seeds"].append(202)
    jobs = done.jobs(config=config)
    assert jobs["train"] == 2 + 2
    assert jobs["simulate"] == 2 + 2


def test_deleted_figure_is_redrawn_alone(done, config):
    figure = done.run / "results/figures/kratzert2019b/members_ranked.png"
    figure.unlink()
    assert done.jobs(config=config) == {"plot_members_ranked": 1, "all": 1}
