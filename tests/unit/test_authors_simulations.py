"""The authors' stored simulations, and the way from their resource to our metrics."""

import dataclasses
import logging
import os
import pickle
import sqlite3

import numpy as np
import pandas as pd
import pytest
from rerunoff.analysis.authors_simulations import (
    COLUMNS,
    compare_simulations,
    stored_simulation,
)
from rerunoff.data.authors_files import fetch_results, fetch_weights, write_found
from rerunoff.data.authors_resource import find_published
from rerunoff.data.authors_runs import Configuration
from rerunoff.data.authors_simulations import read_stored
from rerunoff.data.readers import open_reader
from rerunoff.data.simulation_writer import write_simulation
from rerunoff.data.simulations import Simulation, read_simulation
from rerunoff.data.store import read_store
from rerunoff.data.store_builder import build_store
from rerunoff.evaluation.evaluate import evaluate_experiment
from rerunoff.evaluation.simulate import simulate_member
from rerunoff.protocol.resolve import original
from rerunoff.training.authors_run import convert_run
from rerunoff.training.authors_weights import Order
from unit.authors import INPUTS, Theirs, table
from unit.publisher import HydroShare, running
from unit.stores import settings
from unit.test_documents import ROOT

BASINS = ["01022500", "02177000"]
DATES = np.arange(np.datetime64("1999-10-01"), np.datetime64("1999-10-05"))


def tables():
    """Results of two gauges; the second begins a day later and has a gap."""
    second = table("1999-10-02", [np.nan, -5.0, 2.0], [0.5, 0.0, 1.5])
    return {
        BASINS[0]: table("1999-10-01", [1, 2, -999, 4], [1.25, 2.0, 3.0, 4.0]),
        BASINS[1]: second,
        "13340600": None,  # of a basin that nobody asks for
    }


@pytest.fixture
def read(tmp_path):
    def of(content, protocol=3):
        path = tmp_path / "ealstm_seed111.p"
        if not isinstance(content, bytes):
            content = pickle.dumps(content, protocol)
        path.write_bytes(content)
        return read_stored(path, BASINS, DATES)

    return of


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_stored_simulations_and_observations(read, protocol):
    simulation, observed = read(tables(), protocol)
    nan = np.nan
    expected = [[1.25, 2, 3, 4], [nan, 0.5, 0, 1.5]]
    np.testing.assert_array_equal(simulation.discharge, np.float32(expected))
    np.testing.assert_array_equal(observed, [[1, 2, nan, 4], [nan, nan, nan, 2]])
    assert simulation.basins == BASINS


def test_basins_come_in_the_order_asked_for(tmp_path):
    path = tmp_path / "results.p"
    path.write_bytes(pickle.dumps(tables(), 3))
    turned = read_stored(path, BASINS[::-1], DATES)[0]
    np.testing.assert_array_equal(turned.discharge[1], np.float32([1.25, 2, 3, 4]))


def test_days_outside_of_the_period_do_not_count(read, tmp_path):
    path = tmp_path / "results.p"
    path.write_bytes(pickle.dumps(tables(), 3))
    part = read_stored(path, BASINS[:1], DATES[1:3])[0]
    np.testing.assert_array_equal(part.discharge, np.float32([[2, 3]]))


class Harm:
    """Pickled as a command."""

    def __init__(self, marker):
        self.marker = marker

    def __reduce__(self):
        return os.system, (f"touch {self.marker}",)


def test_foreign_pickle_is_refused(read, complaint, tmp_path):
    marker = tmp_path / "marker"
    for content in (Harm(marker), tables() | {"x": [Harm(marker)]}):
        message = complaint(read, content)
        assert "names posix.system, which no table of discharge needs, so" in message
    assert not marker.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ([1, 2], "no dict of gauges to tables; download it again"),
        (b"no pickle", "no whole pickle ("),
        ({BASINS[0]: tables()[BASINS[0]]}, "no simulation of basin 02177000; take it"),
        (
            tables() | {BASINS[1]: pd.DataFrame({"qobs": [1.0]}, DATES[:1])},
            "table of gauge 02177000: no column qsim but qobs",
        ),
        (
            tables() | {BASINS[1]: table("1999-10-01", [1.0], ["a"])},
            "table of gauge 02177000: ",
        ),
        (tables() | {BASINS[1]: "text"}, "table of gauge 02177000: this is no pandas"),
        (
            dict.fromkeys(BASINS, table("2009-10-01", [1.0], [1.0])),
            "has no day from 1999-10-01 to 1999-10-04; correct periods.test",
        ),
    ],
)
def test_odd_results_are_said(read, complaint, content, words):
    assert words in complaint(read, content)


def write(path, values):
    discharge = np.float32(values)
    write_simulation(path, Simulation(BASINS, DATES, discharge))
    return path


def test_differences_by_basin(tmp_path, caplog):
    caplog.set_level("INFO")
    nan = np.nan
    ours = write(tmp_path / "a.nc", [[1, 2, 3, 4], [nan, 1, 1, 1]])
    stored = write(tmp_path / "b.nc", [[1, 2.5, 3, 2], [9, 1, 1.002, nan]])
    key = ("ealstm_nse", "seed111")
    found = compare_simulations({key: ours}, {key: stored})
    assert tuple(found) == COLUMNS
    assert found["basin"].tolist() == BASINS
    assert found["days"].tolist() == [4, 2]
    np.testing.assert_allclose(found["largest_difference"], [2, 0.002], atol=1e-6)
    root = [np.sqrt((0.5**2 + 2**2) / 4), np.sqrt(0.002**2 / 2)]
    np.testing.assert_allclose(found["root_mean_square_difference"], root, atol=1e-6)
    assert caplog.messages == [
        "ealstm_nse, seed111: our simulation with the authors' weights and theirs "
        "differ by at most 2 mm/d (basin 01022500); in 1 of 2 basins by no more than "
        "0.01"
    ]
    assert caplog.records[0].levelno == logging.WARNING


def test_simulations_of_other_basins_are_not_compared(tmp_path, complaint):
    ours = write(tmp_path / "a.nc", np.zeros((2, 4)))
    other = tmp_path / "b.nc"
    write_simulation(other, Simulation(BASINS[::-1], DATES, np.zeros((2, 4))))
    key = ("ealstm_nse", "seed111")
    message = complaint(compare_simulations, {key: ours}, {key: other})
    assert message == (
        f"{ours}: other basins or days than {other}; delete both and run again."
    )


# From the resource to metrics, on virtual catchments.
TRAIN, TEST = ("2000-10-01", "2001-09-30"), ("2000-02-01", "2000-09-30")
PAPER = original("kratzert2019a", ROOT)
CONSTANTS = PAPER["published_scaling"]


def their_database(camels):
    """Return an attributes.db with the tables joined in some disk's order."""
    order = ("vege", "topo", "name", "soil", "hydro", "geol", "clim")
    parts = [
        pd.read_csv(camels.table(name), sep=";", dtype={"gauge_id": str}).set_index(
            "gauge_id"
        )
        for name in order
    ]
    whole = pd.concat(parts, axis=1)
    whole["huc"] = whole.pop("huc_02").astype(str)
    memory = sqlite3.connect(":memory:")
    whole.to_sql("basin_attributes", memory)
    kept = [name for name in whole if name in PAPER["attributes"]]
    return memory.serialize(), kept


def their_results(theirs, store, basins):
    """Simulate as the authors did, with the formulas; return their tables."""
    data = read_store(store, INPUTS, theirs.attributes, basins)
    mean, std = (
        np.array([CONSTANTS[key][name] for name in INPUTS])
        for key in ("input_mean", "input_std")
    )
    scaled = (data.inputs - mean) / std
    z = data.attributes - data.attributes.mean(axis=0)
    z = z / data.attributes.std(axis=0, ddof=1)
    days, found = data.days(TEST), {}
    for row, basin in enumerate(basins):
        windows = np.stack(
            [
                scaled[row, day - theirs.length + 1 : day + 1]
                for day in range(days.start, days.stop)
            ]
        )
        statics = np.repeat(z[None, row], len(windows), axis=0)
        flow = theirs.predict(windows, statics) * CONSTANTS["output_std"]
        flow = (flow + CONSTANTS["output_mean"]).clip(min=0)
        observed = np.nan_to_num(data.discharge[row, days], nan=-999.0)
        found[basin] = table(TEST[0], observed, flow)
    return found


@pytest.mark.parametrize(("kind", "static"), [("ealstm", True), ("lstm", False)])
def test_from_the_resource_to_metrics(pristine, tmp_path, kind, static, caplog):
    caplog.set_level("INFO")
    store, listed = tmp_path / "store.h5", tmp_path / "basins.txt"
    reader = open_reader("virtual", pristine.root, "maurer_extended", "stop")
    build_store(store, reader, pristine.ids)
    listed.write_text("\n".join(pristine.ids) + "\n")
    database, order = their_database(pristine)
    assert order != PAPER["attributes"]
    theirs = Theirs(kind, static, train=("01102000", "30092001"), attributes=order)
    files = theirs.files(their_results(theirs, store, pristine.ids))
    files[f"{theirs.folder}/attributes.db"] = database
    wanted = {"mine": (Configuration(kind, static, "nse"), [111])}
    run, results = tmp_path / "run", tmp_path / "results.p"
    with running() as server:
        dataset = HydroShare(server, files).dataset()
        found = find_published(dataset, tmp_path / "kept", tmp_path / "partial")
        write_found(found, wanted, "", tmp_path / "runs.csv")
        arguments = (tmp_path / "runs.csv", dataset, "mine", 111)
        fetch_weights(*arguments, run, tmp_path / "partial")
        fetch_results(*arguments, results, tmp_path / "partial")
    outputs = {"weights": tmp_path / "model.pt", "record": tmp_path / "run.yaml"}
    published = Order(INPUTS, PAPER["attributes"])
    told = settings_of(theirs)
    convert_run(told, run, published, store, listed, "code", outputs)
    ours, stored = tmp_path / "simulation.nc", tmp_path / "stored.nc"
    weights = [outputs["weights"]]
    options = ("windows", "cpu", "exact", 1)
    simulate_member(weights, store, listed, TEST, None, *options, ours)
    write_simulation(stored, stored_simulation(results, store, pristine.ids, TEST))
    key = ("mine", "seed111")
    apart = compare_simulations({key: ours}, {key: stored})
    assert apart["days"].tolist() == [243] * 5
    assert apart["largest_difference"].max() < 1e-4
    assert read_simulation(ours).discharge.std() > 0.05
    assert (
        "observations differ by at most 0 mm/d from ours, 0 are in one" in caplog.text
    )
    assert not [r for r in caplog.records if r.levelno > logging.INFO]
    periods = {"train": TRAIN, "test": TEST}
    both = [
        evaluate_experiment({"seed111": path}, store, periods, False, "metrics", "mine")
        for path in (ours, stored)
    ]
    np.testing.assert_allclose(both[0]["NSE"], both[1]["NSE"], rtol=1e-4)
    assert len(both[0]) == 10


def settings_of(theirs):
    """Return our settings of a network, with the paper's inputs and constants."""
    scaling = {
        key: [CONSTANTS[key][name] for name in INPUTS]
        for key in ("input_mean", "input_std")
    }
    scaling |= {key: CONSTANTS[key] for key in ("output_mean", "output_std")}
    found = settings(
        unit="all",
        basins=None,
        seed=theirs.seed,
        inputs=tuple(INPUTS),
        attributes=tuple(PAPER["attributes"]) if theirs.static else (),
        train_period=TRAIN,
        own_start=False,
        scaling=scaling,
        model={
            **{"kind": theirs.kind, "static": theirs.static, "layers": 1},
            **{"hidden_size": theirs.hidden, "sequence_length": theirs.length},
            **{"layer_dropout": 0.0, "dropout": 0.4, "initialisation": "papers"},
        },
    )
    training = dataclasses.replace(found.training, loss=theirs.loss)
    return dataclasses.replace(found, training=training)
