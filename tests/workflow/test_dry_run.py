"""What each configuration would run; needs no data."""

import collections
import copy
import re

import pytest
import yaml
from rerunoff.protocol.camels_tables import CAMELS_TABLES
from workflow.conftest import SMALL, SMALL_2018, Project


@pytest.fixture
def here(project, tmp_path):
    """The checkout with an empty folder to run in."""
    return Project(project.folder, tmp_path)


def trainings(output):
    """Count the trainings of a dry run by experiment."""
    lines = re.findall(r"(?:Training|Fine-tuning) \S+ (\w+) \w+, seed", output)
    return collections.Counter(lines)


def test_full_papers_download_and_train_everything(here):
    jobs = here.jobs()
    assert jobs["train"] == (241 + 4 + 1) + 48 + (20 + 120)
    assert jobs["fine_tune"] == 241
    assert jobs["simulate"] == 4 + 48 + 30
    assert jobs["evaluate"] == 5 + 6 + 3
    assert jobs["count_numbers"] == jobs["compare_scorecard"] == 3
    # Streamflow and Daymet, the two extended forcings, the benchmark on Daymet.
    assert jobs["download_archive"] == 4
    assert jobs["build_store"] == 3


def test_kratzert2019b_alone(here):
    output = here.snakemake("-n", "kratzert2019b").stdout
    assert trainings(output) == {
        "lstm_static": 10,
        "lstm_no_static": 10,
        "lstm_ungauged": 12 * 10,
    }
    # The folds of a repetition are one member.
    assert output.count("Simulating kratzert2019b lstm_ungauged") == 10


def test_other_readings_of_kratzert2019b_on_demand(here):
    folder = "results/metrics/kratzert2019b"
    attributes = f"{folder}/lstm_ungauged_training_attributes.csv"
    constants = f"{folder}/lstm_ungauged_training_constants.csv"
    config = {"kratzert2019b": {"only": None}}
    # The first simulates with the networks of lstm_ungauged, the second trains its own.
    output = here.snakemake("-n", attributes, config=config).stdout
    assert trainings(output) == {"lstm_ungauged": 120}
    output = here.snakemake("-n", constants, config=config).stdout
    assert trainings(output) == {"lstm_ungauged_training_constants": 120}


def test_replay_trains_nothing(here):
    replay = ("--configfile", "config/replay.yaml")
    jobs = here.jobs("kratzert2019b", *replay)
    assert jobs["download_statistics"] == 1
    assert jobs["import_statistics"] == 5
    assert not {"train", "simulate", "build_store", "download_archive"} & set(jobs)
    # What is recomputed comes from the files; none of their numbers is ours.
    output = here.snakemake("-n", "kratzert2019b", "--quiet", "host", *replay).stdout
    inputs = output.split("Taking the statistics of kratzert2019b")[1].split("\n[")[0]
    assert "resources/published/kratzert2019b/pub_lstm.csv" in inputs
    assert "results/metrics" not in inputs


def test_statistics_of_benchmarks_stand_beside_networks_of_ours(here):
    used = {name: {"statistics": "authors"} for name in ("sac_sma", "nwm")}
    jobs = here.jobs("kratzert2019b", config={"kratzert2019b": {"benchmarks": used}})
    assert jobs["download_statistics"] == 1
    assert (jobs["import_statistics"], jobs["evaluate"]) == (2, 3)
    assert not {"read_nwm", "simulate_sac_sma", "read_model_output"} & set(jobs)
    assert jobs["plot_gauged_scatters"] == 4


def test_kratzert2019a_alone(here):
    jobs = here.jobs("kratzert2019a")
    assert jobs["train"] == jobs["simulate"] == 48
    assert jobs["evaluate"] == 6
    assert jobs["plot_hydrographs"] == 1
    assert jobs["perturb_attributes"] == jobs["count_robustness"] == 1
    assert "fine_tune" not in jobs
    assert jobs["build_store"] == 1
    # All seeds are ranked, and embedded together.
    assert jobs["rank_attributes"] == 8
    assert jobs["embed_basins"] == jobs["cluster_basins"] == jobs["plot_umap"] == 1


def test_what_the_ealstm_makes_of_attributes_is_made_where_it_can_be(here):
    figure = "results/figures/kratzert2019a/silhouette.pdf"
    jobs = here.jobs(figure, config=SMALL)
    assert (jobs["train"], jobs["embed_basins"]) == (2, 1)
    assert not {"simulate", "rank_attributes", "project_basins"} & set(jobs)
    config = copy.deepcopy(SMALL)
    config["virtual"]["number"] = 3
    jobs = here.jobs("kratzert2019a", config=config)
    assert jobs["plot_top_feature_map"] == jobs["plot_embedding_heatmap"] == 1
    assert not {"cluster_basins", "project_basins", "count_embedding"} & set(jobs)
    config["kratzert2019a"]["only"] = ["lstm_nse"]
    jobs = here.jobs("kratzert2019a", config=config)
    assert not {"rank_attributes", "embed_basins"} & set(jobs)
    done = here.snakemake("-n", figure, config=config, check=False)
    assert done.returncode != 0
    assert done.stdout.splitlines()[-1] == (
        "kratzert2019a: attributes are ranked and basins embedded by ealstm_nse, one "
        "EA-LSTM of all basins; name it in kratzert2019a.only, with the units all and "
        "the model ealstm."
    )


def test_benchmarks_of_kratzert2019a_from_files_and_from_metrics_of_others(
    here, tmp_path
):
    jobs = here.jobs(
        "kratzert2019a", config={"kratzert2019a": {"benchmark_files": "published"}}
    )
    assert jobs["download_benchmark_models"] == jobs["read_benchmark_files"] == 1
    assert (jobs["evaluate"], jobs["count_coverage"]) == (16, 1)
    assert jobs["plot_nse_cdf_conus"] == jobs["plot_nse_cdf_basin_calibrated"] == 1
    laptop = yaml.safe_load((here.folder / "config" / "laptop.yaml").read_text())
    output = here.snakemake("-n", "kratzert2019a", config=laptop).stdout
    assert "hbv_upper, fuse_900 are left out, because published_root" in output
    assert not re.search(
        "import_third_party|plot_nse_cdf_conus|collect_coverage", output
    )
    folder = tmp_path / "published" / "kratzert2019a"
    folder.mkdir(parents=True)
    (folder / "benchmarks_perbasin.csv").touch()
    laptop["published_root"] = str(folder.parent)
    jobs = here.jobs("kratzert2019a", config=laptop)
    assert (jobs["import_third_party"], jobs["evaluate"]) == (5, 6)
    assert jobs["plot_nse_cdf_basin_calibrated"] == jobs["collect_coverage"] == 1
    # Of those calibrated for the whole country there is none.
    assert not {"plot_nse_cdf_conus", "read_benchmark_files"} & set(jobs)


def test_new_experiments_are_in_tables_and_figures(here):
    """All but what is on one basin only, or held out where gauged ones are shown."""
    new = {"inputs": ["prcp", "tmax"], "scaling": "training", "title": "warm"}
    only = ["basin", "region", "fine_tuned", "rnn", "warm"]
    config = {
        "kratzert2018": {"only": only, "experiments": {"warm": new}},
        "kratzert2019b": {
            "only": [
                "lstm_static",
                "lstm_no_static",
                "lstm_ungauged",
                "warm",
                "held_out",
            ],
            "experiments": {"warm": new, "held_out": new | {"units": "fold"}},
        },
    }
    output = here.snakemake("-n", "--quiet", "host", config=config).stdout

    def shown(words):
        job = output.split(words)[1].split("\n[")[0]
        return set(re.findall(r"results/metrics/\w+/(\w+)\.csv", job))

    ours = {"basin", "region", "fine_tuned", "warm", "sac_sma"}
    for words in ("NSE by region", "CDF of NSE of kratzert2018", "maps of NSE"):
        assert shown(words) == ours
    gauged = {"lstm_static", "lstm_no_static", "warm"}
    testing = "Testing the differences of kratzert2019b"
    for words in ("Counting wins", testing, "scatters of nse"):
        assert shown(words) >= {*gauged, "lstm_ungauged", "held_out"}
    drawn = shown("nse against the gauged LSTM")
    assert drawn >= {"lstm_static", "lstm_no_static", "warm"}
    assert not drawn & {"lstm_ungauged", "held_out"}


def test_kratzert2018_alone(here):
    output = here.snakemake("-n", "kratzert2018").stdout
    assert trainings(output) == {
        "basin": 241,
        "region": 4,
        "fine_tuned": 241,
        "rnn": 1,  # the comparison on one basin
    }
    assert "score_epochs" not in output
    # One job for all basins of an experiment, not one per basin.
    assert output.count("Simulating kratzert2018") == 4


def test_selection_of_epochs_when_asked_for(here):
    jobs = here.jobs("results/figures/kratzert2018/epoch_selection.pdf")
    assert jobs["score_epochs"] == 241 + 4
    assert not {"train", "fine_tune"} & set(jobs)
    asked = {"kratzert2018": {"epoch_selection": {"run": True}}}
    jobs = here.jobs("kratzert2018", config=asked)
    assert (jobs["score_epochs"], jobs["count_epochs"]) == (245, 1)
    asked["kratzert2018"]["epoch_selection"]["regions"] = ["huc01"]
    jobs = here.jobs("kratzert2018", config=asked)
    assert jobs["score_epochs"] == 27 + 1


def test_one_figure_of_kratzert2018_alone(here):
    figure = "results/figures/kratzert2018/rnn_vs_lstm.pdf"
    jobs = here.jobs(figure, config=SMALL_2018)
    assert jobs["train"] == 4 + 1
    assert "fine_tune" not in jobs
    figure = "results/figures/kratzert2018/cell_state_snow.pdf"
    jobs = here.jobs(figure, config=SMALL_2018)
    assert jobs["train"] == 1
    assert "simulate" not in jobs


def test_demo_generates_its_catchments_and_downloads_nothing(here):
    jobs = here.jobs("--configfile", "config/demo.yaml")
    assert jobs["generate_virtual"] == 1
    # Of the questions: snow, humidity, physics, hybrid (two folds), pretraining.
    of_questions = 2 + 2 + 1 + (2 + 2) + 2
    assert jobs["train"] == 12 + (4 + 2 + 1) + 2 * (2 + 2) + of_questions
    assert (jobs["continue_training"], jobs["answer_question"]) == (2, 5)
    assert jobs["fine_tune"] == 4
    assert jobs["score_epochs"] == 4 + 2
    assert not [rule for rule in jobs if "download" in rule or "extract" in rule]


def test_quick_fetches_by_range(here):
    jobs = here.jobs("--configfile", "config/quick.yaml")
    assert jobs["fetch_by_range"] == 2
    assert jobs["train"] == 12
    assert "download_archive" not in jobs


def camels_folder(root, product):
    """Make a data_root of one forcing product: a list, folders, and empty tables."""
    for folder in (f"basin_mean_forcing/{product}", "usgs_streamflow"):
        (root / folder).mkdir(parents=True)
    tables = root / "camels_attributes_v2.0"
    tables.mkdir()
    for name in CAMELS_TABLES:
        (tables / name).touch()
    (root / "basin_list_531.txt").write_text("01022500\n")
    return f"data_root={root}"


def test_a_target_needs_the_data_of_its_own_paper_only(here, tmp_path):
    root = tmp_path / "camels"
    data = ("--config", camels_folder(root, "maurer_extended"))
    jobs = here.jobs("kratzert2019a", *data)
    assert jobs["train"] == 48
    assert jobs["select_basins"] == jobs["build_store"] == 1
    # With all papers as targets the others' data are missed, in one sentence.
    done = here.snakemake("-n", *data, check=False)
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == (
        f"--config: data_root is {root}, which has no basin_mean_forcing/daymet, "
        "needed by kratzert2018; add it, set kratzert2018.forcing to what is there "
        "(maurer_extended), or name the target of another paper."
    )


def test_a_paper_asks_for_no_other_papers_basins(here, tmp_path):
    for folder in ("timeseries", "attributes"):
        (tmp_path / "caravan" / folder).mkdir(parents=True)
    caravan = {
        "dataset": "caravan",
        "device": "cpu",
        "data_root": str(tmp_path / "caravan"),
        "kratzert2019a": {
            "basins": "all",
            "forcing": "era5_land",
            "inputs": ["prcp", "tmean", "pet"],
            "scaling": "training",
        },
        # The others as they are: Daymet, NLDAS, lists of gauges of the USA.
    }
    output = here.snakemake("-n", "kratzert2019a", config=caravan).stdout
    assert sum(trainings(output).values()) == 48
    assert "basins_daymet_kratzert2018" not in output


def test_data_root_leaves_no_download_rule(here, tmp_path):
    camels_folder(tmp_path / "camels", "nldas")
    sample = ("--configfile", "config/camels_sample.yaml")
    jobs = here.jobs(*sample, "--config", f"data_root={tmp_path}/camels")
    assert jobs["train"] == 6 + 19 + 3 + 1
    assert not [rule for rule in jobs if "download" in rule or "extract" in rule]
    rules = here.snakemake(
        "--list-rules", *sample, "--config", f"data_root={tmp_path}/camels"
    ).stdout
    assert "download" not in rules


def test_caravan(here, tmp_path):
    for folder in ("timeseries", "attributes"):
        (tmp_path / "caravan" / folder).mkdir(parents=True)
    jobs = here.jobs(
        "--configfile",
        "config/caravan.yaml",
        "--config",
        f"data_root={tmp_path}/caravan",
    )
    assert jobs["train"] == 9 + (14 + 1 + 1) + 2 * (1 + 1 + 12)


def test_one_figure_alone(here):
    target = "results/figures/kratzert2019a/nse_cdf_configurations.png"
    jobs = here.jobs(target, config=SMALL)
    assert jobs["train"] == 4
    assert "plot_hydrographs" not in jobs
    assert "compare_scorecard" not in jobs
    # Its first network alone.
    jobs = here.jobs("results/figures/kratzert2019a/robustness.png", config=SMALL)
    assert (jobs["train"], jobs["perturb_attributes"]) == (1, 1)
    assert "simulate" not in jobs
    config = copy.deepcopy(SMALL)
    config["kratzert2019a"]["only"] = ["lstm_mse"]
    assert "perturb_attributes" not in here.jobs(config=config)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"colour": 1}, "test.yaml: colour is not a known key; known here: data"),
        (
            {"kratzert2019a": {"training": {"epoch": 3}}},
            "test.yaml: kratzert2019a.training.epoch is not a known key",
        ),
        (
            {"kratzert2019a": {"periods": {"test": ["1999-01-01", "1998-01-01"]}}},
            "test.yaml: kratzert2019a.periods.test ends (1998-01-01) before it starts",
        ),
        (
            {"kratzert2019a": {"inputs": ["prcp", "tmx"]}},
            "test.yaml: kratzert2019a.inputs names tmx, but maurer_extended has prcp",
        ),
        ({"data_root": "/nowhere"}, "test.yaml: data_root names no folder: /nowhere"),
    ],
)
def test_bad_configuration_ends_with_one_sentence(here, change, words):
    done = here.snakemake("-n", config=change, check=False)
    assert done.returncode != 0
    assert words in done.stdout
    assert "Traceback" not in done.stdout


def test_question_without_a_pair_that_is_run_ends_with_one_sentence(here):
    done = here.snakemake(
        "-n", "snow", config={"snow": {"only": ["hbv_swe"]}}, check=False
    )
    assert done.returncode != 0
    assert done.stdout.splitlines()[-1] == (
        "Of each of snow.comparison.pairs one is not run or not at hand; name both of "
        "a pair in snow.only."
    )


def test_question_tells_once_which_benchmarks_are_left_out(here):
    output = here.snakemake("-n", "physics").stdout
    assert output.count("physics: the benchmarks sac_sma, vic_basin") == 1
    assert "are left out, because" not in here.snakemake("-n", "snow").stdout


def test_unknown_experiment_in_a_path_ends_with_one_sentence(here):
    target = "results/runs/kratzert2019a/ealstm_foo/all/seed111/model.pt"
    done = here.snakemake("-n", target, config=SMALL, check=False)
    assert done.returncode != 0
    last = done.stdout.splitlines()[-1]
    assert last.startswith("kratzert2019a has no experiment ealstm_foo; it has")


def test_experiment_named_but_not_run_is_refused(here):
    config = copy.deepcopy(SMALL)
    config["kratzert2019a"]["only"] = ["nonsense"]
    done = here.snakemake("-n", config=config, check=False)
    assert done.returncode != 0
    assert "kratzert2019a.only names nonsense, but the paper has" in done.stdout
