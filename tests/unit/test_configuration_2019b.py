"""What the configuration says of folds, readings and benchmarks of kratzert2019b."""

import copy
import dataclasses

import pytest
from rerunoff.protocol.benchmarks import AUTHORS_FILES, NWM_FILES
from rerunoff.protocol.checks import faults_of
from rerunoff.protocol.deviations import deviations, told, with_values
from rerunoff.protocol.resolve import look_of
from unit.test_configuration import ROOT, WHOLE, check_whole, merged, resolved

PAPER = "kratzert2019b"
READING = "lstm_ungauged_training_attributes"
OF_READING = f"experiments.{READING}"


@pytest.fixture
def override(tmp_path):
    """Lay keys of the paper over the configuration; return file and configuration."""

    def lay(text):
        path = tmp_path / "my.yaml"
        path.write_text(f"papers: [{PAPER}]\n{PAPER}: {{{text}}}\n")
        return path, merged(*WHOLE, path)

    return lay


MISTAKES = {
    "networks of a reading": (
        f"only: null, experiments: {{lstm_ungauged: {{weights_from: {READING}}}}}",
        "experiments.lstm_ungauged.weights_from",
        f"is {READING}, which has no networks of its own.",
    ),
    "networks of other units": (
        f"only: null, experiments: {{{READING}: {{weights_from: lstm_static}}}}",
        f"{OF_READING}.weights_from",
        f"is lstm_static, which has other units than {READING}.",
    ),
    "training of a reading": (
        f"only: null, experiments: {{{READING}: {{training: {{epochs: 2}}}}}}",
        f"{OF_READING}.training",
        "has no effect on the networks of lstm_ungauged; remove it.",
    ),
    "training period of a reading": (
        f"only: null, experiments: {{{READING}: {{periods: "
        '{train: ["1981-10-01", "1995-09-30"]}}}',
        f"{OF_READING}.periods.train",
        "has no effect on the networks of lstm_ungauged; remove it.",
    ),
    "more folds than basins": (
        'folds: 3, basins: ["01022500", "02177000"]',
        "folds",
        "is more than the 2 basins; make it smaller.",
    ),
    "more folds than names for them": (
        "folds: 101",
        "folds",
        "is wrong: 101 is greater than the maximum of 100.",
    ),
    "seed that is no random state": (
        "seeds: [4294967296]",
        "seeds.0",
        "is wrong: 4294967296 is greater than the maximum of 4294967295.",
    ),
    "NWM that is not there": (
        "benchmarks: {nwm: {folder: /no/such/folder}}",
        "benchmarks.nwm.folder",
        "is /no/such/folder, which has no nwm_daily.pkl; set it to the folder that has "
        "nwm_daily.pkl and camels_id.npy, or to null.",
    ),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_mistakes_are_named(override, complaint, case):
    text, key, words = MISTAKES[case]
    path, config = override(text)
    assert complaint(check_whole, config, path) == f"{path}: {PAPER}.{key} {words}"


def test_networks_of_an_experiment_that_is_not_run_are_named(override, complaint):
    path, config = override(f"only: [lstm_static, {READING}]")
    assert complaint(check_whole, config, path) == (
        f"{ROOT}/config/papers/{PAPER}.yaml: {PAPER}.{OF_READING}.weights_from is "
        f"lstm_ungauged, which is not run; add it to only (lstm_static, {READING})."
    )


def test_published_constants_of_an_experiment_must_be_there(override, complaint):
    path, config = override(
        "inputs: [prcp, dayl], scaling: training, experiments: "
        "{lstm_static: {scaling: published}}"
    )
    assert complaint(check_whole, config, path) == (
        f"{ROOT}/config/papers/{PAPER}.yaml: {PAPER}.published_scaling.input_mean has "
        "no dayl, which is one of the inputs; add its number, or set scaling: training."
    )


def test_constants_that_no_run_takes_may_be_missing(override):
    path, config = override(
        "inputs: [prcp, dayl], scaling: training, only: [lstm_static], experiments: "
        "{lstm_no_static: {scaling: published}}"
    )
    check_whole(config, path)


def test_a_reading_may_simulate_in_another_way(override):
    path, config = override(
        f"only: null, experiments: {{{READING}: {{simulation: continuous}}}}"
    )
    rows = check_whole(config, path)[PAPER].experiments
    assert rows[READING].simulation == "continuous"
    assert rows["lstm_ungauged"].simulation == "windows"


def test_half_of_the_nwm_is_named(override, complaint, tmp_path):
    (tmp_path / NWM_FILES[0]).touch()
    path, config = override(f"benchmarks: {{nwm: {{folder: {tmp_path}}}}}")
    assert f"which has no {NWM_FILES[1]}" in complaint(check_whole, config, path)
    (tmp_path / NWM_FILES[1]).touch()
    check_whole(config, path)


def test_folder_of_the_benchmark_must_have_its_forcing(override, complaint, tmp_path):
    path, config = override("benchmarks: {sac_sma: {forcing: nldas}}")
    config["model_output_root"] = str(tmp_path)
    assert complaint(check_whole, config, path) == (
        f"--config: model_output_root is {tmp_path}, which has no folder nldas; "
        "correct it, or null."
    )
    (tmp_path / "nldas").mkdir()
    check_whole(config, path)


def test_replay_needs_every_file(complaint, tmp_path):
    folder = tmp_path / PAPER
    folder.mkdir()
    for name in AUTHORS_FILES.values():
        (folder / name).touch()
    replay = ROOT / "config" / "replay.yaml"
    config = merged(*WHOLE, replay)
    config["published_root"] = str(tmp_path)
    check_whole(copy.deepcopy(config), replay)
    (folder / "pub_lstm.csv").unlink()
    assert complaint(check_whole, config, replay) == (
        f"--config: published_root is {tmp_path}, which has no {PAPER}/pub_lstm.csv, "
        "needed by replay; add it, or set the key to null to download all."
    )


CONSTANTS = "lstm_ungauged_training_constants"
FOLDED = "lstm_ungauged"


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("benchmarks: {sac_sma: {forcing: nldas}}", {}),
        (
            "benchmarks: {nwm: {days_late: 0}}",
            {"nwm": ["benchmarks.nwm.days_late"]},
        ),
        # Neither is an affair of benchmarks, nor attributes of networks without any.
        (
            "attributes: [p_mean, aridity], training: {epochs: 2}",
            {
                "lstm_static": ["attributes", "training.epochs"],
                "lstm_no_static": ["training.epochs"],
                FOLDED: ["attributes", "training.epochs"],
                READING: ["attributes", "training.epochs"],
                CONSTANTS: ["attributes", "training.epochs"],
            },
        ),
        (
            "metrics: metrics",
            {
                name: ["metrics"]
                for name in (
                    *("lstm_static", "lstm_no_static", FOLDED, READING, CONSTANTS),
                    *("sac_sma", "nwm"),
                )
            },
        ),
        (
            "benchmarks: {sac_sma: {forcing: maurer}}",
            {"sac_sma": ["benchmarks.sac_sma.forcing"]},
        ),
        (
            "experiments: {lstm_ungauged: {training: {epochs: 2}}}",
            {FOLDED: ["training.epochs"], READING: ["training.epochs"]},
        ),
        (
            "folds: 4, experiments: {lstm_ungauged: {held_out_attributes: training}}, "
            "held_out_attributes: training",
            {
                FOLDED: ["folds", "held_out_attributes"],
                READING: ["folds"],
                CONSTANTS: ["folds"],
            },
        ),
        (
            'periods: {test: ["1995-10-01", "2009-09-30"]}, experiments: '
            "{mine: {title: Mine}}",
            {
                name: ["periods.test"]
                for name in (
                    *("lstm_static", "lstm_no_static", FOLDED, READING, CONSTANTS),
                    *("sac_sma", "nwm"),
                )
            },
        ),
    ],
)
def test_deviations_are_of_what_they_concern(override, text, keys):
    path, config = override(text)
    paper = check_whole(config, path)[PAPER]
    found = deviations(config, paper, ROOT)
    assert {name: changed for name, changed in found.items() if changed} == keys


@pytest.mark.parametrize(
    ("kind", "units", "look"),
    [("ealstm", "fold", "ealstm"), ("rnn", "fold", "rnn"), ("lstm", "all", "lstm")],
)
def test_only_lstms_look_different_by_what_they_learn(override, kind, units, look):
    _, config = override(
        f"experiments: {{lstm_ungauged: {{units: {units}, model: {{kind: {kind}}}}}}}"
    )
    assert look_of(resolved(config, PAPER), "lstm_ungauged")["model"] == look


@pytest.mark.parametrize(
    ("row", "used"),
    [
        ({"forcing": None}, []),
        ({"forcing": "nldas"}, ["sac_sma"]),
        ({"forcing": "nldas", "days_late": 0}, ["sac_sma"]),
        ({"run": False}, []),
        ({"run": True}, ["sac_sma"]),
        ({}, ["sac_sma"]),
        ({"forcing": None, "statistics": "authors"}, ["sac_sma"]),
        ({"forcing": None, "statistics": None}, []),
        ({"forcing": "nldas", "statistics": None}, ["sac_sma"]),
    ],
)
def test_benchmark_is_used_unless_a_key_is_null_or_false(row, used):
    paper = resolved(merged(*WHOLE), PAPER)
    values = paper.values | {"benchmarks": {"sac_sma": row}}
    assert dataclasses.replace(paper, values=values).benchmarks == used


IMPORT = "benchmarks: {sac_sma: {statistics: authors}, nwm: {statistics: authors}}"


def test_statistics_of_the_authors_are_of_the_papers_own_protocol(override):
    path, config = override(
        f"{IMPORT}, forcing: maurer_extended, scaling: training, only: [lstm_static]"
    )
    paper = check_whole(config, path)[PAPER]
    assert paper.imported == paper.benchmarks == ["sac_sma", "nwm"]
    assert paper.sac_sma_forcing is None
    found = deviations(config, paper, ROOT)
    assert found["sac_sma"] == found["nwm"] == []
    assert told(paper, found) == (
        " Not the paper's protocol; other keys of the configuration: forcing "
        "(maurer_extended), scaling. The values of SAC-SMA + Snow-17 and National "
        "Water Model are the authors' own statistics, of 1995-10-01 to 2010-09-30."
    )
    path, config = override(f'{IMPORT}, folds: 2, basins: ["01022500", "02177000"]')
    found = deviations(config, check_whole(config, path)[PAPER], ROOT)
    assert found["sac_sma"] == ["basins"]


def test_captions_say_nothing_of_the_papers_own_protocol(override):
    path, config = override("only: [lstm_static]")
    paper = check_whole(config, path)[PAPER]
    assert told(paper, deviations(config, paper, ROOT)) == ""


def test_forcing_is_told_of_the_experiment_that_has_it(override):
    path, config = override(
        "forcing: maurer_extended, scaling: training, "
        "only: [lstm_static, lstm_no_static], "
        "experiments: {lstm_no_static: {forcing: daymet}}"
    )
    paper = check_whole(config, path)[PAPER]
    found = deviations(config, paper, ROOT)
    assert with_values(paper, found, ["lstm_no_static"])[0] == "forcing (daymet)"
    assert "forcing (maurer_extended, daymet), scaling" in told(paper, found)


def test_statistics_are_of_kratzert2019b_only(override, complaint):
    path, config = override("only: null")
    config["kratzert2018"]["benchmarks"]["sac_sma"]["statistics"] = "authors"
    assert complaint(check_whole, config, path).endswith(
        "kratzert2018.benchmarks.sac_sma.statistics is authors, who published them for "
        "kratzert2019b only; remove it."
    )


def test_statistics_of_benchmarks_must_be_there(override, complaint, tmp_path):
    path, config = override(IMPORT)
    folder = tmp_path / PAPER
    folder.mkdir()
    (folder / AUTHORS_FILES["sac_sma"]).touch()
    config["published_root"] = str(tmp_path)
    assert complaint(check_whole, config, path) == (
        f"--config: published_root is {tmp_path}, which has no {PAPER}/"
        f"{AUTHORS_FILES['nwm']}, needed by benchmarks; add it, or set the key to null "
        "to download all."
    )


def test_statistics_of_another_dataset_are_refused(override):
    _, config = override(
        "benchmarks: {nwm: {statistics: authors}}, forcing: era5_land, inputs: [prcp], "
        "scaling: training"
    )
    config["dataset"] = "caravan"
    assert next(faults_of(resolved(config, PAPER))) == (
        (PAPER, "benchmarks", "nwm", "statistics"),
        "is authors, whose statistics are of camels_us, not of caravan; set it to null",
    )
