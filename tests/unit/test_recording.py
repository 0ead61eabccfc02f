"""What a record keeps of a run's folder."""

import pandas as pd
import pytest
import yaml
from rerunoff.protocol.recorded import recorded_files
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
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def kept(folder, target):
    record(folder, {PAPER: None}, {PAPER: ["lstm_static", "sac_sma"]}, target)
    return recorded_files([target])


def test_other_experiments_and_statistics_of_the_authors_are_left_out(folder, tmp_path):
    files = kept(folder, tmp_path / "record")
    assert set(files) == {
        f"results/data/camels_us/basins_nldas_{PAPER}.txt",
        f"results/metrics/{PAPER}/lstm_static.csv",
        f"results/metrics/{PAPER}/sac_sma.csv",
        f"results/runs/{PAPER}/lstm_static/all/seed200/run.yaml",
    }
    runs = pd.read_csv(tmp_path / "record/runs.csv")
    assert runs["experiment"].tolist() == ["lstm_static"]
    config = yaml.safe_load((tmp_path / "record/config.yaml").read_text())
    assert config == {"papers": [PAPER]}
    take((source, tmp_path / name) for name, source in files.items())
    for name in files:
        assert (tmp_path / name).read_bytes() == (folder.parent / name).read_bytes()


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
