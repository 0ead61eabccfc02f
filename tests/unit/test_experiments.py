"""What experiments may have of their own: any key of the protocol, and a store."""

import pytest
from rerunoff.protocol.resolve import run_settings
from rerunoff.protocol.stores import data_of, owner_of, stores_of
from unit.test_configuration import PAPER, check_whole, merged, resolved
from unit.test_configuration import WHOLE as FILES

ALIKE = {
    "inputs": "inputs: [prcp, tmax], scaling: training",
    "attributes": "attributes: [aridity]",
    "seeds": "seeds: [7]",
    "scaling": "scaling: all_basins",
    "periods": 'periods: {train: ["2000-10-01", "2008-09-30"]}',
    "target": "target: srad, scaling: training",
}
APART = {
    "forcing": "forcing: maurer, scaling: training",
    "basins": 'basins: ["01022500", "03439000"]',
    "dataset": "dataset: virtual, basins: all, scaling: training",
}
OTHER_DATA = "mine: {title: M, forcing: daymet, inputs: [prcp, swe], scaling: training}"


@pytest.fixture
def paper(tmp_path):
    """Return a function that adds experiments to the paper and resolves it."""

    def add(text):
        path = tmp_path / "my.yaml"
        path.write_text(f"papers: [{PAPER}]\n{PAPER}: {{experiments: {{{text}}}}}\n")
        return check_whole(merged(*FILES, path), path)[PAPER]

    return add


@pytest.mark.parametrize("key", ALIKE)
def test_any_key_is_an_experiments_own(paper, key):
    found = paper(f"mine: {{title: Mine, {ALIKE[key]}}}")
    mine, usual = (found.experiments[name] for name in ("mine", "lstm_nse"))
    assert getattr(mine, key) != getattr(usual, key)
    assert data_of(found, "mine") == found.own
    settings = [
        run_settings(found, name, "all", found.experiments[name].seeds[0])
        for name in ("mine", "lstm_nse")
    ]
    field = {"seeds": "seed", "periods": "train_period"}.get(key, key)
    assert getattr(settings[0], field) != getattr(settings[1], field)
    # Nothing of it reaches the others.
    alone = resolved(merged(*FILES))
    assert run_settings(alone, "lstm_nse", "all", 111) == settings[1]


def store(paper, name):
    data = data_of(paper, name)
    return data.dataset, data.forcing, owner_of(paper, data)


@pytest.mark.parametrize("key", APART)
def test_other_data_are_another_store(paper, key):
    before, found = paper(""), paper(f"mine: {{title: Mine, {APART[key]}}}")
    assert set(stores_of(found)) == {*stores_of(before), store(found, "mine")}
    assert store(found, "mine") != store(found, "lstm_nse")
    assert getattr(data_of(found, "mine"), key) != getattr(found.own, key)


@pytest.mark.parametrize("key", APART)
def test_a_store_does_not_depend_on_who_else_reads_it(paper, key):
    """Else an experiment put before another one would retrain it."""
    mine = f"mine: {{title: Mine, {APART[key]}}}"
    alone = paper(mine)
    other = f"first: {{title: First, {APART[key]}}}"
    before, behind = paper(f"{other}, {mine}"), paper(f"{mine}, {other}")
    assert store(before, "mine") == store(behind, "mine") == store(alone, "mine")
    assert store(before, "first") == store(alone, "mine")
    data = [data_of(one, "mine") for one in (before, alone)]
    for name in ("dataset", "forcing", "basins", "regions"):
        assert getattr(data[0], name) == getattr(data[1], name)


def test_other_basins_are_told_apart(paper):
    one, two = ("basins: ['01022500']", "basins: ['01022500', '03439000']")
    found = paper(f"one: {{{one}, units: basin}}, two: {{{two}}}")
    assert store(found, "one") != store(found, "two")


def test_a_reading_has_what_its_networks_were_made_with(paper):
    found = paper(f"{OTHER_DATA}, again: {{title: A, weights_from: mine}}")
    assert found.experiments["again"].inputs == ["prcp", "swe"]
    assert store(found, "again") == store(found, "mine")


def test_title_is_the_name_by_default(paper):
    assert paper("mine: {}").experiments["mine"].title == "mine"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "mine: {title: M, inputs: [prcp, swe]}",
            "experiments.mine.inputs names swe, but maurer_extended has prcp",
        ),
        (
            "mine: {title: M, target: swe, scaling: training}",
            "experiments.mine.target names swe, but maurer_extended has prcp",
        ),
        (
            "mine: {title: M, forcing: daymet, inputs: [prcp, swe]}",
            "scaling is published for mine, but these constants are of "
            "maurer_extended, not of daymet; set scaling: training.",
        ),
        (
            "mine: {title: M, target: srad}",
            "scaling is published for mine, but these constants are of discharge, not "
            "of the target srad; set scaling: training.",
        ),
        (
            "mine: {title: M, inputs: [prcp, dayl]}",
            "published_scaling.input_mean has no dayl, which is one of the inputs; add",
        ),
        (
            "mine: {title: M, attributes: []}",
            "experiments.mine.attributes is empty, but mine has model.static: true.",
        ),
        (
            "mine: {title: M, units: fold, folds: 3, basins: ['01', '02']}",
            "experiments.mine.folds is more than the 2 basins; make it smaller.",
        ),
        (
            "mine: {title: M, forcing: era5_land, scaling: training}",
            "experiments.mine.forcing is era5_land, but dataset camels_us has",
        ),
        (
            "mine: {title: M, basins: nowhere.txt}",
            "experiments.mine.basins names no file: nowhere.txt",
        ),
        (
            "mine: {title: M, dataset: virtual}",
            "basins is basin_list_531, a list of CAMELS US; set it to all when dataset",
        ),
        (
            "mine: {dataset: caravan, forcing: era5_land, basins: all, scaling: "
            "training}",
            "data_root must name the folder of caravan: {caravan: /path/to/it}.",
        ),
    ],
)
def test_what_does_not_fit_an_experiment_is_named(paper, complaint, text, words):
    assert words in complaint(paper, text)


def test_each_dataset_has_a_folder_of_its_own(tmp_path, paper, complaint):
    path = tmp_path / "my.yaml"
    (tmp_path / "caravan/timeseries").mkdir(parents=True)
    text = f"data_root: {{caravan: {tmp_path}/caravan}}\npapers: [{PAPER}]\n"
    path.write_text(text)
    assert complaint(check_whole, merged(*FILES, path), path) == (
        f"{path}: data_root.caravan is {tmp_path}/caravan, which has no attributes; "
        "set it to the folder that holds timeseries, attributes."
    )
    (tmp_path / "caravan/attributes").mkdir()
    mine = "{dataset: caravan, forcing: era5_land, basins: all, scaling: training}"
    path.write_text(f"{text}{PAPER}: {{experiments: {{mine: {mine}}}}}\n")
    found = check_whole(merged(*FILES, path), path)[PAPER]
    assert found.experiments["mine"].dataset == "caravan"
