"""What a record keeps of a run's folder."""

from pathlib import Path

import pandas as pd
import pytest
import yaml
from rerunoff.protocol.recorded import (
    check_unchanged,
    find_records,
    read_sums,
    recorded_files,
)
from rerunoff.recording import record, take

PAPER = "kratzert2019b"


@pytest.fixture
def folder(tmp_path):
    """The results of two experiments and two benchmarks, without series."""
    folder = tmp_path / "results"
    files = {
        "provenance.json": "{}",
        "config.yaml": f"papers: [{PAPER}]\ndata_root: /of/this/machine\n",
        f"data/camels_us/basins_nldas_{PAPER}.txt": "01022500\n",
        "data/camels_us/basins_nldas_kratzert2019a.txt": "01022500\n",
    }
    for name in ("lstm_static", "gone", "sac_sma", "nwm"):
        files[f"metrics/{PAPER}/{name}.csv"] = "basin,member,nse\n"
    for name in ("lstm_static", "gone"):
        files[f"runs/{PAPER}/{name}/all/seed200/run.yaml"] = yaml.safe_dump(
            {
                "settings": {
                    **{"paper": PAPER, "experiment": name, "unit": "all", "seed": 200},
                    "training": {"epochs": 3},
                },
                **dict.fromkeys(("samples", "threads", "training_seconds"), 1),
                **dict.fromkeys(("device", "commit", "written"), "x"),
            }
        )
    files[f"../benchmarks/train/{PAPER}/lstm_static_all_seed200.tsv"] = (
        "s\tmax_rss\tmean_load\tcpu_time\n1305.91\t1149.24\t48.77\t637.34\n"
    )
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def kept(folder, target):
    record(folder, {PAPER: None}, {PAPER: ["lstm_static", "sac_sma"]}, target)
    return recorded_files(find_records({"recorded": [str(target)]}, "/"))


def test_other_experiments_and_statistics_of_the_authors_are_left_out(
    folder, tmp_path, monkeypatch
):
    files = kept(folder, tmp_path / "record")
    assert set(files) == {
        f"results/data/camels_us/basins_nldas_{PAPER}.txt",
        f"results/metrics/{PAPER}/lstm_static.csv",
        f"results/metrics/{PAPER}/sac_sma.csv",
        f"results/runs/{PAPER}/lstm_static/all/seed200/run.yaml",
    }
    runs = pd.read_csv(tmp_path / "record/runs.csv")
    assert runs["experiment"].tolist() == ["lstm_static"]
    assert runs[["cpu_seconds", "max_rss_mb"]].iloc[0].tolist() == [637.34, 1149.24]
    config = yaml.safe_load((tmp_path / "record/config.yaml").read_text())
    assert config == {"papers": [PAPER]}
    (tmp_path / "run").mkdir()
    monkeypatch.chdir(tmp_path / "run")
    take((source, name) for name, source in files.items())
    for name in files:
        assert Path(name).read_bytes() == (folder.parent / name).read_bytes()


def test_what_is_shown_of_other_papers_in_the_folder_is_left_out(folder, tmp_path):
    shown = ("answers/{}.txt", "tables/{}/a.csv", "figures/{}/a.png")
    shown = (*shown, "scorecard/{}.csv")
    for name in (name.format(paper) for name in shown for paper in (PAPER, "snow")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    target = tmp_path / "record"
    kept(folder, target)
    for name in shown:
        assert (target / name.format(PAPER)).is_file()
        assert not (target / name.format("snow")).exists()


def test_what_a_record_lacks_or_has_damaged_is_named(folder, tmp_path, complaint):
    target = tmp_path / "record"
    kept(folder, target)
    lost = f"results/metrics/{PAPER}/lstm_static.csv"
    (target / lost).write_text("basin,member,nsx\n")
    assert complaint(take, [(str(target / lost), lost)]) == (
        f"{target}/{lost}: its content does not match the checksum in sha256.txt of "
        "the record; restore the file."
    )
    (target / lost).unlink()
    named = {"recorded": [str(target)]}
    assert complaint(find_records, named, "/") == (
        f"{target}: the record lacks {lost}; restore it."
    )
    sums = target / "sha256.txt"
    for content in (sums.read_text().encode("utf-16"), b"\xff"):
        sums.write_bytes(content)
        assert complaint(read_sums, target) == f"{sums}: no UTF-8 text; restore it."
    sums.write_text("")
    assert complaint(read_sums, target) == f"{sums}: no checksum in it; restore it."
    digest = "0" * 64
    for line in (
        "no checksum",
        f"{digest}  ../outside",
        f"{digest}  results/../../outside",
        "abc  results/a.csv",
    ):
        (target / "sha256.txt").write_text(f"{line}\n")
        assert complaint(read_sums, target) == (
            f"{target}/sha256.txt: {line} is no checksum and path; restore it."
        )


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "no list papers in it"),
        ("dataset: virtual", "no list papers in it"),
        ("[1]", "no list papers in it"),
        ("papers: 5", "no list papers in it"),
        ("papers: [{a: 1}]", "no list papers in it"),
        (f"papers: [{PAPER}]\n{PAPER}: [1]", f"{PAPER} holds no keys"),
    ],
)
def test_configuration_that_no_run_was_told_is_refused(
    folder, tmp_path, complaint, text, fault
):
    target = tmp_path / "record"
    record(folder, {PAPER: None}, {PAPER: ["sac_sma"]}, target)
    (target / "config.yaml").write_text(text)
    assert complaint(find_records, {"recorded": [str(target)]}, "/") == (
        f"{target}/config.yaml: {fault}; restore the file."
    )


def test_record_of_an_unknown_paper_is_refused(folder, tmp_path, complaint):
    target = tmp_path / "record"
    kept(folder, target)
    assert complaint(check_unchanged, target, {}, {"dataset": "virtual"}) == (
        f"{target}/config.yaml: there is no paper {PAPER}; restore the file."
    )


@pytest.mark.parametrize("named", [3, [3], "results/recorded/kratzert2019a", {"a": 1}])
def test_other_than_a_list_of_folders_is_refused(named, complaint):
    assert complaint(find_records, {"recorded": named}, "/") == (
        f"recorded is {named}, but must be a list of folders, such as "
        "[results/recorded/kratzert2019a]."
    )


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({}, None),
        ({"figures": {"a": 2}, "benchmarks": {"nwm": None}, "only": ["x"]}, None),
        ({"training": {"epochs": 4, "batch_size": 2}}, f"{PAPER}.training"),
        # What the record's run changed, back at what the paper has.
        ({"training": {"epochs": 30, "batch_size": 2}}, f"{PAPER}.training"),
        ({"experiments": {"x": {}, "new": {}}}, f"{PAPER}.experiments"),
    ],
)
def test_another_configuration_than_the_record_is_refused(
    folder, tmp_path, complaint, changed, key
):
    with (folder / "config.yaml").open("a") as file:
        file.write(f"{PAPER}: {{training: {{epochs: 3}}}}\n")
    target = tmp_path / "record"
    kept(folder, target)
    own = {"training": {"epochs": 30, "batch_size": 2}, "experiments": {"x": {}}}
    defaults = {"dataset": "camels_us", PAPER: own}
    same = own | {"training": {"epochs": 3, "batch_size": 2}}
    config = {"dataset": "camels_us", PAPER: same | changed}
    other_data = config | {"dataset": "caravan"}
    if key is None:
        check_unchanged(target, config, defaults)
    for values, name in ((config, key), (other_data, key or "dataset")):
        if name is None:
            continue
        assert complaint(check_unchanged, target, values, defaults) == (
            f"{target}: {name} is not that of the record, whose results are of another "
            "configuration; leave it out, or remove the key recorded."
        )


def test_files_of_this_machine_are_refused(folder, tmp_path, complaint):
    with (folder / "config.yaml").open("a") as file:
        file.write(f"{PAPER}: {{regions: /home/me/regions.csv}}\n")
    assert complaint(kept, folder, tmp_path / "record") == (
        f"{folder}/config.yaml: {PAPER}.regions is a file of this machine, "
        "/home/me/regions.csv, that no reader of a record has; put it into "
        "config/basins and give its name."
    )


@pytest.mark.parametrize(
    ("name", "what"),
    [
        (f"data/camels_us/nldas_{PAPER}.h5", "store"),
        (f"runs/{PAPER}/lstm_static/all/seed200/simulation.nc", "simulation"),
    ],
)
def test_damaged_series_are_said(folder, tmp_path, complaint, name, what):
    (folder / name).write_bytes(b"half")
    message = complaint(kept, folder, tmp_path / "record")
    assert message.startswith(f"{folder / name}: no readable {what} (it is cut")
