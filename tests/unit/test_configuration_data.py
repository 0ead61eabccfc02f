"""What the configuration says of folders and files that lack something."""

import shutil

import pytest
from rerunoff.protocol.validate import refuse_targets
from unit.test_configuration import BASE, PAPER, check, data_folder, merged


@pytest.fixture
def config(tmp_path):
    """The defaults with a data_root that holds all they need, empty."""
    config = merged(*BASE)
    config["data_root"] = str(data_folder(tmp_path / "camels", config))
    return config


@pytest.fixture
def caravan(tmp_path):
    config = merged(*BASE) | {"dataset": "caravan"}
    config[PAPER] |= {"forcing": "era5_land", "basins": "all", "scaling": "training"}
    config["data_root"] = str(data_folder(tmp_path / "caravan", config))
    return config


def test_complete_folders_are_valid(config, caravan):
    check(config)
    check(caravan)


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        (
            "usgs_streamflow",
            "set it to the folder that holds basin_mean_forcing, usgs_streamflow, "
            "camels_attributes_v2.0",
        ),
        ("camels_attributes_v2.0/camels_soil.txt", "add it"),
    ],
)
def test_what_a_camels_folder_lacks_is_named(config, complaint, tmp_path, name, remedy):
    root = tmp_path / "camels"
    lost = root / name
    lost.unlink() if lost.is_file() else shutil.rmtree(lost)
    assert complaint(check, config) == (
        f"--config: data_root is {root}, which has no {name}; {remedy}."
    )


def test_forcing_of_a_paper_that_is_not_there_is_named(config, complaint, tmp_path):
    forcings = tmp_path / "camels/basin_mean_forcing"
    (forcings / "maurer_extended").rmdir()
    start = (
        f"--config: data_root is {tmp_path}/camels, which has no basin_mean_forcing/"
        f"maurer_extended, needed by {PAPER}; add it, "
    )
    end = "or name the target of another paper."
    assert complaint(check, config) == start + end
    (forcings / "daymet").mkdir()
    choice = f"set {PAPER}.forcing to what is there (daymet), "
    assert complaint(check, config) == start + choice + end


@pytest.mark.parametrize("name", ["timeseries", "attributes"])
def test_what_a_caravan_folder_lacks_is_named(caravan, complaint, tmp_path, name):
    root = tmp_path / "caravan"
    (root / name).rmdir()
    assert complaint(check, caravan) == (
        f"--config: data_root is {root}, which has no {name}; set it to the folder "
        "that holds timeseries, attributes."
    )


@pytest.mark.parametrize("below", ["", "camels/usgs_streamflow"], ids=["up", "down"])
def test_folder_one_level_off_is_found(config, complaint, tmp_path, below):
    config["data_root"] = str(tmp_path / below)
    message = complaint(check, config)
    assert "which has no basin_mean_forcing; set it to " in message
    assert message.endswith(f" {tmp_path}/camels, which has all of them.")


def test_published_list_must_lie_in_data_root(config, complaint, tmp_path):
    (tmp_path / "camels" / "basin_list_531.txt").unlink()
    assert complaint(check, config) == (
        f"{BASE[1]}: {PAPER}.basins is basin_list_531, but there is no "
        f"{tmp_path}/camels/basin_list_531.txt; put the list there, or set basins to a "
        "file, a list of ids or all."
    )


def test_file_of_basins_is_seen_from_the_working_directory(
    config, complaint, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    config[PAPER]["basins"] = "my.txt"
    words = f"--config: {PAPER}.basins names no file: my.txt (seen from {tmp_path}); "
    assert complaint(check, config).startswith(words)
    (tmp_path / "my.txt").touch()
    check(config)


def test_list_of_virtual_catchments_need_not_exist_yet():
    config = merged(*BASE) | {"dataset": "virtual"}
    config[PAPER]["basins"] = "resources/virtual/basin_list.txt"
    check(config)


@pytest.mark.parametrize("name", ["results/runs/a/run.yaml", "kratzert2019a"])
def test_target_behind_configfile_is_named(complaint, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    mine, folders = tmp_path / "my.yaml", tmp_path / "results/config.yaml"
    refuse_targets([mine, folders], [PAPER])
    path = tmp_path / name
    assert complaint(refuse_targets, [mine, path], [PAPER]) == (
        f"{path} is a target, but stands behind --configfile, which took it for a "
        "configuration file; name targets right after --cores."
    )


def test_published_root_must_hold_the_papers_metrics(config, complaint, tmp_path):
    folder = tmp_path / "published" / PAPER
    folder.mkdir(parents=True)
    config["published_root"] = str(folder.parent)
    assert complaint(check, config) == (
        f"--config: published_root is {folder.parent}, which has no "
        f"{PAPER}/*.csv; set it to the folder above the papers' "
        "folders, or to null."
    )
    (folder / "metrics_lstm_nse.csv").touch()
    check(config)
