"""From the publishers' files to the store, against a local server with their layout."""

import copy
import hashlib
import io
import zipfile
from pathlib import Path

import h5py
import pytest
import yaml
from rerunoff.data.virtual import write_catchments
from unit.publisher import Page, running
from workflow.conftest import ROOT, SMALL, SMALL_2018, Project

BENCHMARK = "basin_timeseries_v1p2_modelOutput_daymet.zip"
BIG = "basin_timeseries_v1p2_metForcing_obsFlow.zip"


def zipped(root, prefix, folders):
    """Return a zip of folders below a prefix."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for folder in folders:
            for path in sorted((root / folder).rglob("*.txt")):
                archive.write(path, prefix + str(path.relative_to(root)))
    return buffer.getvalue()


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The publishers' files, made of virtual catchments: name to bytes; and the ids."""
    root = tmp_path_factory.mktemp("publisher")
    products = ("daymet", "maurer_extended")
    period = ("1999-10-01", "2001-09-30")
    benchmark = ("daymet",)
    ids = write_catchments(root, 5, *period, products=products, model_output=benchmark)
    pages = {
        BIG: zipped(
            root,
            "basin_dataset_public_v1p2/",
            ("basin_mean_forcing/daymet", "usgs_streamflow"),
        ),
        "maurer_extended.zip": zipped(
            root / "basin_mean_forcing", "", ("maurer_extended",)
        ),
        BENCHMARK: zipped(
            root / "model_output",
            "model_output_daymet/model_output/flow_timeseries/",
            ("daymet",),
        ),
        "basin_list.txt": ("\n".join(ids[:3]) + "\n").encode(),
    }
    for path in (root / "camels_attributes_v2.0").glob("*.txt"):
        pages[path.name] = path.read_bytes()
    return pages, ids


def catalogue(publisher, pages, folder):
    """Write a datasets.yaml that names the local server only."""
    datasets = yaml.safe_load((ROOT / "config/datasets.yaml").read_text())
    for dataset in datasets.values():
        dataset["mirrors"] = [publisher.template()]
        for name, facts in dataset["files"].items():
            if name in pages:
                facts["md5"] = hashlib.md5(
                    pages[name], usedforsecurity=False
                ).hexdigest()
                facts["bytes"] = len(pages[name])
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "datasets.yaml"
    path.write_text(yaml.safe_dump(datasets))
    return str(path)


def configuration(datasets_file, **paper):
    config = copy.deepcopy(SMALL) | {
        "dataset": "camels_us",
        "datasets_file": datasets_file,
    }
    config["kratzert2019a"] |= paper
    return config


@pytest.fixture
def here(project, tmp_path):
    return Project(project.folder, tmp_path / "run")


@pytest.fixture
def publisher(files):
    with running() as server:
        server.pages |= {f"files/{name}": Page(body) for name, body in files[0].items()}
        yield server


def stored_basins(run, forcing):
    path = run / f"results/data/camels_us/{forcing}_kratzert2019a.h5"
    with h5py.File(path) as store:
        return [basin.decode() for basin in store["basin"][:]]


def test_whole_archives_of_the_paper(here, publisher, files, tmp_path):
    datasets_file = catalogue(publisher, files[0], tmp_path)
    config = configuration(
        datasets_file, basins="basin_list_531", forcing="maurer_extended"
    )
    target = "results/data/camels_us/maurer_extended_kratzert2019a.h5"
    here.snakemake(target, config=config)
    assert stored_basins(here.run, "maurer_extended") == files[1][:3]
    # All of the product, so that another paper's basins change no file of this one.
    unpacked = here.run / "resources/camels_us/usgs_streamflow"
    assert len(list(unpacked.rglob("*.txt"))) == 5
    assert here.jobs(target, config=config) == {}


def test_ten_basins_by_range(here, publisher, files, tmp_path):
    chosen = [files[1][4], files[1][1]]
    config = configuration(
        catalogue(publisher, files[0], tmp_path), basins=chosen, forcing="daymet"
    )
    config["fetch"] = "ranges"
    here.snakemake("results/data/camels_us/daymet_kratzert2019a.h5", config=config)
    assert stored_basins(here.run, "daymet") == chosen
    asked = [r for r in publisher.requests if r["name"].endswith(BIG)]
    assert asked
    assert all(request["range"] for request in asked)


def test_benchmark_runs_of_the_basins_in_use(here, publisher, files, tmp_path):
    regions = tmp_path / "regions.csv"
    rows = [f"{basin},huc01" for basin in files[1][1:3]]
    regions.write_text("\n".join(["basin,region", *rows]) + "\n")
    config = copy.deepcopy(SMALL_2018) | {
        "dataset": "camels_us",
        "datasets_file": catalogue(publisher, files[0], tmp_path),
    }
    protocol = config["kratzert2018"]
    protocol["regions"] = str(regions)
    for key in ("hydrograph_epochs", "rnn_vs_lstm", "cell_state"):
        protocol["figures"][key]["basin"] = files[1][1]
    for experiment in ("rnn", "example"):
        protocol["experiments"][experiment]["basins"] = [files[1][1]]
    target = "results/data/camels_us/model_output_daymet_kratzert2018.h5"
    here.snakemake(target, config=config)
    with h5py.File(here.run / target) as store:
        assert [basin.decode() for basin in store["basin"][:]] == files[1][1:3]
        assert store["discharge_simulated"].shape[0] == 3
    unpacked = here.run / "resources/camels_us/model_output/kratzert2018/daymet"
    assert len(list(unpacked.rglob("*_model_output.txt"))) == 2 * 3
    assert here.jobs(target, config=config) == {}


def test_wrong_checksum_leaves_no_archive(here, publisher, files, tmp_path):
    datasets_file = catalogue(publisher, files[0], tmp_path)
    text = Path(datasets_file).read_text()
    right = hashlib.md5(
        files[0]["maurer_extended.zip"], usedforsecurity=False
    ).hexdigest()
    Path(datasets_file).write_text(text.replace(right, "0" * 32))
    config = configuration(
        datasets_file, basins="basin_list_531", forcing="maurer_extended"
    )
    target = "resources/downloads/maurer_extended.zip"
    failed = here.snakemake(target, "--retries", "0", config=config, check=False)
    assert failed.returncode != 0
    assert "maurer_extended.zip" in failed.stdout
    assert "md5" in failed.stdout
    assert "Traceback" not in failed.stdout
    assert not (here.run / target).exists()


def test_unknown_basin_ends_with_one_sentence(here, publisher, files, tmp_path):
    config = configuration(
        catalogue(publisher, files[0], tmp_path), basins=["00000001"], forcing="daymet"
    )
    target = "results/data/camels_us/basins_daymet_kratzert2019a.txt"
    failed = here.snakemake(target, config=config, check=False)
    assert failed.returncode != 0
    assert "basin 00000001 is not in" in failed.stdout
    assert not (here.run / target).exists()


def test_store_of_another_configuration_is_named(here, publisher, files, tmp_path):
    config = configuration(catalogue(publisher, files[0], tmp_path), forcing="daymet")
    target = "results/data/camels_us/maurer_extended_kratzert2019a.h5"
    failed = here.snakemake(target, config=config, check=False)
    words = "No experiment reads the store camels_us/maurer_extended/kratzert2019a"
    assert words in failed.stdout
    assert "Traceback" not in failed.stdout


def test_without_a_network_the_job_ends_once_and_at_once(here, tmp_path):
    datasets = yaml.safe_load((ROOT / "config/datasets.yaml").read_text())
    for dataset in datasets.values():
        dataset["mirrors"] = ["https://publisher.invalid/{file}"]
    path = tmp_path / "datasets.yaml"
    path.write_text(yaml.safe_dump(datasets))
    config = configuration(str(path), basins="basin_list_531")
    target = "resources/camels_us/basin_list_531.txt"
    failed = here.snakemake(target, config=config, check=False)
    assert failed.returncode != 0
    assert failed.stdout.count("there is no network") == 1
    assert f"put it into {here.run}/resources/camels_us as" in failed.stdout
    assert "Trying to restart" not in failed.stdout
