"""Questions on virtual catchments: from physical models to the answer, and a record."""

import copy

import h5py
import numpy as np
import pandas as pd
import pytest
import yaml
from rerunoff.data.folds import make_folds
from rerunoff.data.simulations import read_simulation
from workflow.conftest import Project

HBV = {"warmup": 365, "screened": 2, "starts": 1, "iterations": 2}
HALF_YEAR = ["1996-04-01", "1996-09-30"]
COMMON = {
    "basins": "all",
    "attributes": ["p_mean", "aridity", "elev_mean", "area_gages2"],
    "seeds": [111, 222],
    "periods": {
        "train": ["1995-10-01", "1996-09-30"],
        "test": ["1996-10-01", "1997-09-30"],
    },
    "simulation": "continuous",
    "model": {"hidden_size": 4, "sequence_length": 30},
    "training": {"epochs": 1, "batch_size": 16, "predicted_days": 60},
}
SMALL_QUESTIONS = {
    "papers": ["hybrid", "pretraining"],
    "dataset": "virtual",
    "device": "cpu",
    "threads": 1,
    "virtual": {"number": 8, "start": "1994-01-01", "end": "1997-12-31", "seed": 1},
    "hybrid": {
        **copy.deepcopy(COMMON),
        "folds": 2,
        "only": ["lstm", "refined", "ungauged_hbv"],
        "benchmarks": {"hbv": HBV, "hbv_regional": {"donors": 2}},
    },
    "pretraining": {
        **copy.deepcopy(COMMON),
        "seeds": [111],
        "only": ["learned_hbv_1", "drawn_1", "again_1", "after_hbv_1"],
        "benchmarks": {"hbv_1_year": HBV | {"period": HALF_YEAR}},
        "experiments": {
            name: {"periods": {"train": HALF_YEAR}, "training": {"epochs": 1}}
            for name in ("drawn_1", "again_1", "after_hbv_1")
        },
    },
}


@pytest.fixture(scope="module")
def done(project, conda, tmp_path_factory):
    """The project after a complete small run, with conda."""
    run = Project(project.folder, tmp_path_factory.mktemp("questions"), conda)
    run.snakemake(config=SMALL_QUESTIONS)
    return run


@pytest.fixture
def config():
    return copy.deepcopy(SMALL_QUESTIONS)


def variable(path, name):
    with h5py.File(path) as file:
        return [basin.decode() for basin in file["basin"][:]], file[name][:]


def test_answers_are_those_of_the_metrics(done):
    table = pd.read_csv(done.run / "results/tables/hybrid/comparison.csv")
    pairs = table[["experiment", "against"]].drop_duplicates().to_numpy().tolist()
    assert pairs == [
        ["refined", "lstm"],
        ["lstm", "hbv"],
        ["ungauged_hbv", "hbv_regional"],
    ]
    metrics = {
        name: pd.read_csv(done.run / f"results/metrics/hybrid/{name}.csv")
        for name in ("refined", "lstm")
    }
    ensembles = [
        rows[rows["member"] == "ensemble"].set_index("basin")["NSE"]
        for rows in metrics.values()
    ]
    difference = (ensembles[0] - ensembles[1]).dropna()
    assert table["difference"][0] == pytest.approx(difference.median())
    said = (done.run / "results/answers/hybrid.txt").read_text()
    assert said.startswith("Does an LSTM gain by the output of a physical model?\n")
    assert said.splitlines()[-1].startswith("Not compared, because one of the two")
    page = (done.run / "results/tables/hybrid/comparison.html").read_text()
    assert said.splitlines()[1].split(":")[0] in page
    for question in ("hybrid", "pretraining"):
        figures = done.run / f"results/figures/{question}"
        assert {p.stem for p in figures.glob("*.pdf")} == {"comparison"}


def test_networks_see_the_physical_model_of_their_own_folds(done):
    analysis = done.run / "results/analysis/hybrid"
    stores = done.run / "results/data/virtual"
    parameters = pd.read_csv(analysis / "hbv_parameters.csv", dtype={"basin": str})
    names = "hbv_regional_discharge-hbv_regional_log_swe-hbv_regional_soil_moisture"
    seen = {}
    for seed in (111, 222):
        held_out = read_simulation(analysis / f"hbv_regional_seed{seed}.nc")
        path = stores / f"maurer_extended_hybrid_with_{names}_seed{seed}.h5"
        for fold in (0, 1):
            model = f"hbv_regional_fold{fold:02d}"
            run = read_simulation(analysis / f"{model}_seed{seed}.nc")
            basins, values = variable(path, f"{model}_discharge")
            assert basins == run.basins == parameters["basin"].tolist()
            assert np.array_equal(values, run.discharge, equal_nan=True)
            seen[seed, fold] = values
            # Where a network is tested, it is the benchmark that it sees.
            tested = np.isin(basins, make_folds(basins, 2, seed)[fold][1])
            same = (values == held_out.discharge) | np.isnan(values)
            assert same[tested].all()
            assert not same[~tested].all()
        folder = done.run / "results/runs/hybrid/ungauged_hbv"
        for fold in (0, 1):
            record = yaml.safe_load(
                (folder / f"fold{fold:02d}/seed{seed}/run.yaml").read_text()
            )
            assert record["settings"]["fold"]["random_state"] == seed
            assert record["basins"] == len(make_folds(basins, 2, seed)[fold][0])
            model = f"hbv_regional_fold{fold:02d}"
            assert record["settings"]["inputs"][-3:] == [
                f"{model}_{output}"
                for output in ("discharge", "log_swe", "soil_moisture")
            ]
    assert not np.array_equal(seen[111, 0], seen[222, 0], equal_nan=True)


def test_network_goes_on_from_what_it_learned_of_the_physical_model(done):
    folder = done.run / "results/runs/pretraining"
    records = {
        name: yaml.safe_load((folder / f"{name}/all/seed111/run.yaml").read_text())
        for name in ("learned_hbv_1", "after_hbv_1", "again_1", "drawn_1")
    }
    assert records["learned_hbv_1"]["settings"]["target"] == "hbv_1_year_discharge"
    start = "results/runs/pretraining/learned_hbv_1/all/seed111/model.pt"
    assert records["after_hbv_1"]["start"] == start
    assert records["again_1"]["start"] == start.replace("learned_hbv_1", "drawn_1")
    assert "start" not in records["drawn_1"]
    # What is pre-trained is compared with nothing, so it is not evaluated.
    assert not (done.run / "results/metrics/pretraining/learned_hbv_1.csv").exists()


def test_physical_model_of_few_days_is_calibrated_on_these_alone(done):
    """On more, a network that begins with it would know what its rival does not."""
    analysis = done.run / "results/analysis/pretraining"
    told = pd.read_csv(analysis / "hbv_1_year_parameters.csv")["NSE"].to_numpy()
    run = read_simulation(analysis / "hbv_1_year.nc")
    [store] = (done.run / "results/data/virtual").glob("*_pretraining.h5")
    _, observed = variable(store, "discharge")

    def nse(first, last):
        days = (run.dates >= np.datetime64(first)) & (run.dates <= np.datetime64(last))
        seen = observed[:, days]
        mean = np.nanmean(seen, axis=1, keepdims=True)
        error = np.nansum((run.discharge[:, days] - seen) ** 2, axis=1)
        return 1 - error / np.nansum((seen - mean) ** 2, axis=1)

    # Of most basins: slow stores have had more days before than in the calibration.
    off = [abs(nse(*days) - told) for days in (HALF_YEAR, COMMON["periods"]["train"])]
    assert np.median(off[0]) < 1e-3
    assert np.median(off[1]) > 1e-2


def test_new_experiment_of_a_question_retrains_nothing(done, config):
    config["hybrid"]["only"].append("lstm_hbv")
    jobs = done.jobs(config=config)
    # What it sees is in the store of the one that refines.
    made = {"train": 2, "simulate": 2, "evaluate": 1}
    shown = {"answer_question": 1, "plot_question": 1}
    assert jobs == made | shown | {"all": 1}


def test_other_calibration_reruns_what_follows_from_it(done, config):
    config["pretraining"]["benchmarks"]["hbv_1_year"]["iterations"] = 3
    jobs = done.jobs(config=config)
    made = {"calibrate_hbv": 1, "derive_inputs": 1, "train": 1, "continue_training": 1}
    shown = {"simulate": 1, "evaluate": 2, "answer_question": 1, "plot_question": 1}
    assert jobs == made | shown | {"all": 1}


def test_answers_are_given_again_from_a_record(done, tmp_path):
    done.snakemake("record", config=SMALL_QUESTIONS)
    again = Project(done.folder, tmp_path)
    told = {
        "papers": SMALL_QUESTIONS["papers"],
        "recorded": [str(done.run / "results/record")],
    }
    jobs = set(again.jobs(config=told))
    assert jobs == {"all", "take_recorded", "answer_question", "plot_question"}
    again.snakemake(config=told)
    for name in ("answers/hybrid.txt", "tables/pretraining/comparison.csv"):
        made = again.run / "results" / name
        assert made.read_bytes() == (done.run / "results" / name).read_bytes()

    told["pretraining"] = {"benchmarks": {"hbv_1_year": HBV | {"iterations": 3}}}
    refused = again.snakemake(config=told, check=False)
    assert "benchmarks.hbv_1_year is not that of the record" in refused.stdout
    del told["pretraining"]
    told["hybrid"] = {"comparison": {"strata": {"limits": [0.2]}}}
    assert set(again.jobs(config=told)) == {"all", "answer_question", "plot_question"}
