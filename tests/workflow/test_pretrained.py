"""kratzert2019a from the authors' networks: which jobs, and all of them, small."""

import copy

import numpy as np
import pandas as pd
import pytest
import yaml
from rerunoff.protocol.resolve import original
from unit.authors import Theirs, table
from unit.publisher import HydroShare, running
from workflow.conftest import ROOT, SMALL, Project

PRETRAINED = ("--configfile", "config/pretrained.yaml")
COMPARED = "results/analysis/kratzert2019a/authors_simulations.csv"
TRAINING = {"train", "fine_tune", "score_epochs"}


@pytest.fixture
def here(project, tmp_path):
    """The checkout with an empty folder to run in."""
    return Project(project.folder, tmp_path)


def test_nothing_is_trained(here):
    jobs = here.jobs("kratzert2019a", *PRETRAINED)
    assert not TRAINING & set(jobs)
    assert jobs["find_authors_runs"] == 1
    assert jobs["fetch_authors_weights"] == jobs["convert_authors_weights"] == 48
    assert jobs["fetch_authors_results"] == jobs["read_authors_simulation"] == 48
    assert jobs["simulate"] == 48
    assert jobs["evaluate"] == jobs["evaluate_stored"] == 6
    assert jobs["compare_authors_simulations"] == 1
    assert jobs["compare_scorecard"] == 1


def test_without_stored_simulations_none_is_fetched(here, tmp_path):
    config = yaml.safe_load((ROOT / "config/pretrained.yaml").read_text())
    config["kratzert2019a"] |= {"stored_simulations": False, "seeds": [111]}
    config["weights_root"] = str(tmp_path)
    (tmp_path / "cfg.json").touch()
    jobs = here.jobs("kratzert2019a", config=config)
    assert jobs["convert_authors_weights"] == jobs["simulate"] == 6
    assert not {"fetch_authors_results", "evaluate_stored", *TRAINING} & set(jobs)


def test_from_the_resource_to_the_scorecard(here, tmp_path):
    """One network on four virtual catchments; nothing is trained, or done twice."""
    attributes = original("kratzert2019a", ROOT)["attributes"]
    shape = {"hidden": 8, "length": 30, "train": ("01101997", "30091998")}
    theirs = Theirs(attributes=attributes, **shape)
    random = np.random.default_rng(1).random((2, 365))
    ids = ("99010001", "99030001", "99110001", "99170001")
    files = theirs.files(dict.fromkeys(ids, table("1996-10-01", *random)))
    config = copy.deepcopy(SMALL)
    config["kratzert2019a"] |= {
        "scaling": "published",
        "only": ["ealstm_nse"],
        "seeds": [111],
        "weights": "authors",
        "stored_simulations": True,
    }
    targets = ("results/scorecard/kratzert2019a.html", COMPARED)
    with running() as server:
        datasets = yaml.safe_load((ROOT / "config/datasets.yaml").read_text())
        dataset = HydroShare(server, files).dataset()
        ours = datasets[dataset.pop("name")]
        ours |= {key: dataset[key] for key in ("mirrors", "listing", "bag")}
        config["datasets_file"] = str(tmp_path / "datasets.yaml")
        (tmp_path / "datasets.yaml").write_text(yaml.safe_dump(datasets))
        done = here.snakemake(*targets, config=config)
    assert "Training" not in done.stdout
    apart = pd.read_csv(tmp_path / COMPARED, dtype={"basin": str})
    assert apart["basin"].tolist() == [*ids]
    assert apart["largest_difference"].min() > 0.1  # theirs is noise
    card = pd.read_csv(tmp_path / "results/scorecard/kratzert2019a.csv")
    # The attributes are of no network.
    networks = card["experiment"] != "raw_attributes"
    filled = card[card["ours"].notna() & networks]
    assert len(filled) > 5
    assert filled["reason"].str.contains("with the authors' weights").all()
    page = (tmp_path / "results/scorecard/kratzert2019a.html").read_text()
    assert "authors’ own networks" in page
    folder = tmp_path / "results/runs/kratzert2019a/ealstm_nse/all/seed111"
    record = yaml.safe_load((folder / "run.yaml").read_text())
    assert record["weights"] == "the authors'"
    stored = tmp_path / "results/authors/kratzert2019a/metrics_ealstm_nse.csv"
    assert len(pd.read_csv(stored)) == 2 * 4
    assert here.jobs(*targets, config=config) == {}
