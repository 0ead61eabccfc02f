"""Units and regions: what is trained on what, and what is said of mistakes."""

import csv
import dataclasses

import pytest
from rerunoff.figures.style import COLOURS
from rerunoff.protocol.deviations import deviations
from rerunoff.protocol.resolve import (
    added,
    look_of,
    resolve,
    run_settings,
    selection_settings,
)
from rerunoff.protocol.units import (
    basins_of_unit,
    fold_of,
    named_basins,
    read_regions,
    region_of,
    units_of,
    units_within,
)
from unit.test_configuration import ROOT, WHOLE, check_whole, merged

PAPER = "kratzert2018"
SIZES = {"huc01": 27, "huc03": 92, "huc11": 31, "huc17": 91}  # the paper, p. 6010


def experiments(**changes):
    """Return the experiments of a small paper, with what units depend on."""
    regions = changes.pop("regions", {"huc01": ["01", "02"], "regionx": ["03"]})
    values = {
        "title": "Small",
        "units": "basin",
        "basins": "regions",
        "experiments": {
            "one": {},
            "many": {"units": "region"},
            "whole": {"units": "all"},
            "some": {"basins": ["03"]},
        },
    }
    config = merged(*WHOLE)
    config[PAPER] = config[PAPER] | values | changes
    rows = resolve(config, PAPER, ROOT).experiments
    return {name: dataclasses.replace(r, regions=regions) for name, r in rows.items()}


@pytest.fixture(scope="module")
def settled():
    """The configuration of both papers, as rules see it."""
    return check_whole(merged(*WHOLE))


@pytest.fixture
def override(tmp_path):
    """Lay keys of the paper over the configuration; return file and configuration."""

    def lay(text):
        path = tmp_path / "my.yaml"
        path.write_text(f"{PAPER}: {{{text}}}\n")
        return path, merged(*WHOLE, path)

    return lay


def test_shipped_list_is_the_papers():
    regions = read_regions(PAPER, ROOT)
    assert {name: len(basins) for name, basins in regions.items()} == SIZES
    with open(ROOT / "config" / "basins" / f"{PAPER}.csv", newline="") as file:
        rows = [(row["basin"], row["region"]) for row in csv.DictReader(file)]
    assert len({basin for basin, _ in rows}) == 241
    for name, basins in regions.items():
        assert basins == [basin for basin, region in rows if region == name]
        assert all(len(basin) == 8 and basin.isdigit() for basin in basins)


def test_file_of_regions_is_seen_from_the_working_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = "name,region,basin\na,regionb2,b_1\nb,huc1,0042\nc,regionb2,x\n"
    (tmp_path / "mine.csv").write_text(text)
    regions = read_regions("mine.csv", ROOT)
    assert list(regions.items()) == [("regionb2", ["b_1", "x"]), ("huc1", ["0042"])]
    assert read_regions(str(tmp_path / "mine.csv"), ROOT) == regions


def test_shipped_list_comes_before_a_file_of_the_same_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / PAPER).write_text("basin,region\n01,huc99\n")
    assert set(read_regions(PAPER, ROOT)) == set(SIZES)


def test_no_regions():
    assert read_regions(None, ROOT) == {}


NAMED_LIKE = "no basin id in a region named like huc01 (huc or region, then letters or "


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, ": no readable table of regions ("),
        (b"basin,region\n\xff\xfe,huc01\n", ": no readable table of regions ("),
        ("", ": needs the columns basin and region."),
        ("basin;region\n01;huc01\n", ": needs the columns basin and region."),
        ("basin,huc\n01,huc01\n", ": needs the columns basin and region."),
        (
            "basin,region\n01,huc01\n02,huc01\n01,huc03\n",
            ", line 4: basin 01 occurs twice; leave it in one region.",
        ),
        ("basin,region\n01,01\n", f", line 2: '01' in region '01' is {NAMED_LIKE}"),
        ("basin,region\n01,huc\n", f", line 2: '01' in region 'huc' is {NAMED_LIKE}"),
        ("basin,region\n01,HUC01\n", f"'01' in region 'HUC01' is {NAMED_LIKE}"),
        ("basin,region\n1/2,huc1\n", f"'1/2' in region 'huc1' is {NAMED_LIKE}"),
        ("basin,region\n01\n", ", line 2: 1 fields instead of 2; correct the table"),
        ("basin,region\n01,huc0", ", line 2: the file ends within this line"),
        ("basin,region\n\x0001,huc01\n", ", line 2: the byte 0x00 belongs into no"),
        ("basin,region\n,huc01\n", f", line 2: '' in region 'huc01' is {NAMED_LIKE}"),
    ],
)
def test_bad_table_of_regions_is_named(complaint, tmp_path, text, words):
    path = tmp_path / "regions.csv"
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    message = complaint(read_regions, path, ROOT)
    assert message.startswith(f"{path}{words}" if words[0] in ":," else f"{path}, ")
    assert words in message


def test_units_and_their_basins():
    paper = experiments()
    assert units_of(paper["one"]) == ["basin01", "basin02", "basin03"]
    assert units_of(paper["many"]) == ["huc01", "regionx"]
    assert units_of(paper["whole"]) == ["all"]
    assert units_of(paper["some"]) == ["basin03"]
    assert named_basins(paper["some"]) == ["03"]
    assert named_basins(paper["one"]) == ["01", "02", "03"]
    one = paper["one"]
    assert basins_of_unit(one, "all") is None
    assert basins_of_unit(one, "huc01") == ["01", "02"]
    assert basins_of_unit(one, "basin02") == ["02"]
    assert [region_of(one, basin) for basin in ("02", "03")] == ["huc01", "regionx"]


def test_a_units_basins_are_a_copy():
    paper = experiments()
    basins_of_unit(paper["one"], "huc01").append("99")
    assert paper["one"].regions["huc01"] == ["01", "02"]


def test_listed_basins_come_before_those_of_the_regions():
    paper = experiments(basins=["03", "01"])
    assert units_of(paper["one"]) == ["basin03", "basin01"]
    assert units_of(paper["some"]) == ["basin03"]


@pytest.mark.parametrize(("name", "kind"), [("one", "basin"), ("many", "region")])
def test_units_without_basins_are_named(complaint, name, kind):
    assert complaint(units_of, experiments(regions={})[name]) == (
        f"the experiment {name} has units: {kind}, but no basins are named; fill the "
        "key regions, or list ids in the key basins."
    )


def test_basin_outside_of_the_regions_is_named(complaint):
    message = complaint(region_of, experiments()["one"], "04")
    assert message == "basin 04 is in none of the regions; add it to one."


def test_settled_paper_does_not_deviate(settled):
    config = merged(*WHOLE)
    for paper in settled.values():
        assert not any(deviations(config, paper, ROOT).values())
    assert list(settled[PAPER].own.regions) == list(SIZES)
    assert settled["kratzert2019a"].own.regions == {}


def changed(config, paper):
    return {n: keys for n, keys in deviations(config, paper, ROOT).items() if keys}


def test_other_regions_deviate_and_figures_do_not(override):
    path, config = override(
        "regions: camels_sample, figures: {hydrographs: {basins: null}, "
        'hydrograph_epochs: {basin: "12010000"}, rnn_vs_lstm: {basin: "12010000"}, '
        'cell_state: {basin: "12010000"}}, forcing: maurer, epoch_selection: {run: '
        'true}, only: null, experiments: {rnn: {basins: ["12010000"]}}'
    )
    assert changed(config, check_whole(config, path)[PAPER]) == {
        "basin": ["forcing", "regions"],
        "region": ["forcing", "regions"],
        "fine_tuned": [
            *("forcing", "regions"),
            *("start_from (forcing)", "start_from (regions)"),
        ],
        "rnn": ["basins", "forcing"],
        "example": ["forcing"],
        "sac_sma": ["forcing", "regions"],
    }


def test_fewer_epochs_to_try_deviate(override):
    path, config = override("epoch_selection: {run: true, epochs: {basin: 10}}")
    paper = check_whole(config, path)[PAPER]
    assert changed(config, paper) == {"basin": ["epoch_selection.epochs.basin"]}


def test_selection_in_fewer_regions_deviates(override):
    path, config = override("epoch_selection: {run: true, regions: [huc01]}")
    paper = check_whole(config, path)[PAPER]
    keys = ["epoch_selection.regions"]
    assert changed(config, paper) == {"basin": keys, "region": keys}
    named = ", ".join(reversed([*paper.own.regions]))
    path, config = override(f"epoch_selection: {{run: true, regions: [{named}]}}")
    assert not changed(config, check_whole(config, path)[PAPER])


def test_units_within_regions_are_these_and_their_basins(settled):
    rows, regions = settled[PAPER].experiments, settled[PAPER].own.regions
    assert units_within(rows["region"], ["huc17", "huc01"]) == ["huc01", "huc17"]
    basins = units_within(rows["basin"], ["huc01"])
    assert basins == [f"basin{name}" for name in regions["huc01"]]
    assert units_within(rows["basin"], None) == units_of(rows["basin"])


def test_order_of_experiments_is_that_of_the_papers_file(override):
    _, config = override("experiments: {rnn: {title: R}, mine: {title: M}}")
    rows = config[PAPER]["experiments"]
    config[PAPER]["experiments"] = {"mine": rows["mine"], "rnn": rows["rnn"]} | rows
    paper = resolve(config, PAPER, ROOT)
    names = ["basin", "region", "fine_tuned", "rnn", "example", "mine"]
    assert list(paper.experiments) == names
    assert added(paper, ROOT) == ["mine"]
    assert "mine" not in paper.active


@pytest.mark.parametrize(
    ("experiment", "unit", "basins", "epochs", "start"),
    [
        ("basin", "basin01022500", ("01022500",), 50, None),
        ("region", "huc11", 31, 20, None),
        ("fine_tuned", "basin13340600", ("13340600",), 10, "region"),
        ("rnn", "basin13340600", ("13340600",), 50, None),
    ],
)
def test_settings_of_each_unit(settled, experiment, unit, basins, epochs, start):
    settings = run_settings(settled[PAPER], experiment, unit, "1")
    assert settings.training.epochs == epochs
    assert settings.start_from == start
    assert settings.own_start is True
    assert settings.attributes == ()
    assert settings.train_period == ("1980-10-01", "1995-09-30")
    assert (settings.unit, settings.seed) == (unit, 1)
    assert settings.training.clip_norm is None
    if isinstance(basins, int):
        assert settings.basins == tuple(settled[PAPER].own.regions[unit])
        assert len(settings.basins) == basins
    else:
        assert settings.basins == basins
    size = (41, "rnn") if experiment == "rnn" else (20, "lstm")
    assert (settings.model.hidden_size, settings.model.kind) == size
    assert (settings.model.layers, settings.model.layer_dropout) == (2, 0.1)


def test_a_paper_of_one_network_starts_together(settled):
    settings = run_settings(settled["kratzert2019a"], "lstm_nse", "all", 111)
    assert (settings.basins, settings.own_start, settings.start_from) == (
        None,
        False,
        None,
    )


@pytest.mark.parametrize(
    ("experiment", "unit", "words"),
    [
        ("basin", "huc01", "has no unit huc01; it has basin01013500, basin01022500, "),
        ("region", "all", "has no unit all; it has huc01, huc03, huc11, huc17."),
        ("rnn", "basin01022500", "has no unit basin01022500; it has basin13340600."),
        ("example", "basin01022500", "has no experiment example; it has basin, region"),
    ],
)
def test_unknown_unit_is_named(settled, complaint, experiment, unit, words):
    message = complaint(run_settings, settled[PAPER], experiment, unit, 1)
    assert message.startswith(f"{PAPER} {words}")


def test_selection_tries_more_epochs_and_changes_nothing_else(settled):
    for names, epochs in ((("basin", "basin01022500"), 100), (("region", "huc17"), 40)):
        ours = selection_settings(settled[PAPER], *names, 1)
        usual = run_settings(settled[PAPER], *names, 1)
        assert ours.training.epochs == epochs
        training = dataclasses.replace(ours.training, epochs=usual.training.epochs)
        assert dataclasses.replace(ours, training=training) == usual


def test_experiment_without_a_selection_is_named(settled, complaint):
    names = (settled[PAPER], "fine_tuned", "basin01022500", 1)
    message = complaint(selection_settings, *names)
    words = f"{PAPER} has no epoch_selection.epochs of fine_tuned; it has basin, region"
    assert message == f"{words}."


@pytest.mark.parametrize(
    ("paper", "experiment", "look"),
    [
        (PAPER, "basin", ("Experiment 1: one LSTM per basin", "lstm_basin", "mse")),
        (PAPER, "region", ("Experiment 2: one LSTM per region", "lstm_region", "mse")),
        (PAPER, "fine_tuned", ("Experiment 3: fine-tuned", "lstm_fine_tuned", "mse")),
        (PAPER, "rnn", ("RNN", "rnn", "mse")),
        (PAPER, "example", ("The authors' example, one basin", "lstm_basin", "mse")),
        (PAPER, "sac_sma", ("SAC-SMA + Snow-17", "sac_sma", None)),
        ("kratzert2019a", "ealstm_mse", (None, "ealstm", "mse")),
        ("kratzert2019a", "lstm_nse", (None, "lstm", "nse")),
        ("kratzert2019a", "lstm_no_static_nse", (None, "lstm_no_static", "nse")),
        ("physics", "hbv_upper", ("HBV, upper bound (100 calibrated)", "hbv", None)),
        ("physics", "hbv", ("HBV (this project)", "hbv_here", None)),
    ],
)
def test_look_follows_from_the_network_not_from_the_name(
    settled, paper, experiment, look
):
    title = look[0] or settled[paper].experiments[experiment].title
    expected = {"title": title, "model": look[1], "loss": look[2]}
    assert look_of(settled[paper], experiment) == expected
    assert look[1] in COLOURS  # the same in every figure


def test_an_experiments_own_training_period_reaches_its_runs(override):
    text = 'experiments: {rnn: {periods: {train: ["1981-10-01", "1990-09-30"]}}}'
    path, config = override(text)
    paper = check_whole(config, path)[PAPER]
    periods = [
        run_settings(paper, name, "basin13340600", 1).train_period
        for name in ("rnn", "basin")
    ]
    assert periods == [("1981-10-01", "1990-09-30"), ("1980-10-01", "1995-09-30")]
    assert paper.active == ["basin", "region", "fine_tuned", "rnn"]
    assert paper.experiments["rnn"].period("test") == ["1995-10-01", "2014-09-30"]


def test_seed_is_the_random_state_of_its_folds():
    cut = experiments(units="fold", folds=3)["one"]
    assert units_of(cut) == ["fold00", "fold01", "fold02"]
    expected = {"index": 2, "number": 3, "random_state": 207}
    assert fold_of(cut, "fold02", 207) == expected
    assert fold_of(cut, "fold00", 200)["index"] == 0
    assert fold_of(cut, "all", 207) is None
