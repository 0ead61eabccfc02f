"""The authors' networks in our form, against loops written from the formulas."""

import dataclasses
import io
import json
import os
import pickle
import sqlite3
import zipfile
from types import SimpleNamespace

import numpy as np
import pytest
import torch
import yaml
from rerunoff.data.authors_attributes import attribute_order
from rerunoff.data.authors_runs import read_cfg
from rerunoff.data.store import read_store
from rerunoff.evaluation.simulate import simulate
from rerunoff.protocol.resolve import original
from rerunoff.training.authors_run import convert_run
from rerunoff.training.authors_weights import Order, convert, read_state
from rerunoff.training.weights import load_weights
from unit.authors import ATTRIBUTES, DROPPED, INPUTS, Theirs, database, write
from unit.stores import BASINS, make_series, settings, workspace
from unit.test_documents import ROOT

KINDS = [("ealstm", True), ("lstm", True), ("lstm", False)]
# Ours stand in another order than the authors', the inputs as well.
OURS = ["elev_mean", "aridity", "frac_forest", "p_mean"]
OUR_INPUTS = ["tmin", "prcp", "vp", "tmax", "srad"]
SCALING = {
    "input_mean": [2.0, 3.0, 900.0, 11.0, 300.0],
    "input_std": [8.0, 7.0, 500.0, 9.0, 100.0],
    "output_mean": 1.5,
    "output_std": 3.6,
}
CPU = torch.device("cpu")


def run_settings(theirs, inputs=OUR_INPUTS, attributes=OURS, **model):
    """Return our settings of the authors' network."""
    shape = {
        "kind": theirs.kind,
        "static": theirs.static,
        "layers": 1,
        "layer_dropout": 0.0,
        "dropout": 0.4,
        "initialisation": "papers",
        "hidden_size": theirs.hidden,
        "sequence_length": theirs.length,
    }
    found = settings(
        unit="all",
        basins=None,
        seed=theirs.seed,
        inputs=tuple(inputs),
        attributes=tuple(attributes) if theirs.static else (),
        train_period=("1999-10-01", "2000-09-30"),
        scaling=SCALING,
        model=shape | model,
    )
    training = dataclasses.replace(found.training, loss=theirs.loss)
    return dataclasses.replace(found, training=training)


def order(theirs, inputs=INPUTS):
    return Order(inputs, theirs.attributes)


@pytest.mark.parametrize(("kind", "static"), KINDS)
def test_converted_network_equals_the_formulas(kind, static):
    theirs = Theirs(kind, static)
    random = np.random.default_rng(0)
    dynamic = random.normal(size=(9, 30, len(INPUTS)))
    attributes = random.normal(size=(9, len(ATTRIBUTES)))
    expected = theirs.predict(dynamic, attributes)
    model = convert(
        theirs.state(torch.float64), run_settings(theirs), order(theirs), "model.pt"
    )
    x = dynamic[:, :, [INPUTS.index(name) for name in OUR_INPUTS]]
    s = attributes[:, [theirs.attributes.index(name) for name in OURS]]
    batch = SimpleNamespace(
        dynamic=torch.tensor(x),
        static=torch.tensor(s if static else s[:, :0]),
        predicted_days=1,
    )
    with torch.no_grad():
        found = model(batch).squeeze(1).numpy()
    assert found.dtype == np.float64
    assert np.abs(expected).max() > 0.1
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-10)


@pytest.fixture
def run(tmp_path):
    """Convert a run folder; return the trained model, record, and what made it."""

    def of(theirs, files=None, changed=None, **options):
        folder = tmp_path / theirs.folder
        write(tmp_path, files or theirs.files())
        for name in (changed or {}).get("without", ()):
            (folder / name).unlink()
        store = tmp_path / "store.h5"
        if not store.is_file():
            series().write(store)
        listed = workspace(store, tmp_path / "work").basin_list
        outputs = {"weights": tmp_path / "model.pt", "record": tmp_path / "run.yaml"}
        arguments = (order(theirs), store, listed, "code", outputs)
        convert_run(run_settings(theirs, **options), folder, *arguments)
        record = yaml.safe_load(outputs["record"].read_text())
        return load_weights(outputs["weights"], CPU), record, store

    return of


def series():
    made = make_series("1999-09-01", "2000-12-31")
    random = np.random.default_rng(8)
    for name in ("srad", "vp"):
        made.inputs[name] = random.gamma(4, 90, made.discharge.shape)
    made.attributes = {name: random.normal(5, 2, len(BASINS)) for name in OURS}
    return made


@pytest.mark.parametrize(("kind", "static"), KINDS)
def test_simulation_is_that_of_the_authors(run, kind, static):
    """From files in their layout to mm/d, against the formulas and their scaling."""
    theirs = Theirs(kind, static, attributes=["p_mean", "frac_forest", *ATTRIBUTES[:1]])
    theirs.attributes.append("elev_mean")
    trained, record, store = run(theirs)
    catchments = read_store(store, OUR_INPUTS, OURS)
    days = catchments.days(("2000-01-01", "2000-12-31"))
    data = catchments if static else read_store(store, OUR_INPUTS, ())
    found = simulate(trained, data, days, CPU)
    raw = read_store(store, INPUTS, theirs.attributes)
    mean = [SCALING["input_mean"][OUR_INPUTS.index(name)] for name in INPUTS]
    std = [SCALING["input_std"][OUR_INPUTS.index(name)] for name in INPUTS]
    scaled = (raw.inputs - np.array(mean)) / std
    spread = raw.attributes.std(axis=0, ddof=1)
    attributes = (raw.attributes - raw.attributes.mean(axis=0)) / spread
    for basin in range(len(BASINS)):
        for day in (days.start, days.start + 100, days.stop - 1):
            window = scaled[None, basin, day - theirs.length + 1 : day + 1]
            expected = theirs.predict(window, attributes[None, basin]) * 3.6 + 1.5
            ours = found[basin, day - days.start]
            assert ours == pytest.approx(max(float(expected[0]), 0), abs=2e-5)
    assert record["weights"] == "the authors'"
    assert record["settings"]["experiment"] == "basin"
    assert record["training_seconds"] is None


def test_without_a_database_the_published_order_counts(run, caplog):
    theirs = Theirs()
    trained, record, _ = run(theirs, changed={"without": ["attributes.db"]})
    expected = theirs.weights()["lstm.weight_sh"][1]  # p_mean
    weight = trained.model.weight_sh[:, OURS.index("p_mean")].detach()
    np.testing.assert_allclose(weight, expected, rtol=1e-6)
    assert record["attributes_from"] == "the paper"
    assert "taken to be in the published order" in caplog.text


def test_the_database_counts_more_than_the_published_order(run):
    theirs = Theirs()
    files = theirs.files()
    turned = list(reversed(ATTRIBUTES))
    files[f"{theirs.folder}/attributes.db"] = database(turned)
    trained, record, _ = run(theirs, files)
    row = turned.index("p_mean")
    weight = trained.model.weight_sh[:, OURS.index("p_mean")].detach()
    expected = theirs.weights()["lstm.weight_sh"][row]
    np.testing.assert_allclose(weight, expected, rtol=1e-6)
    assert record["attributes_from"] == "attributes.db"


def test_order_of_the_database_is_that_of_the_paper(tmp_path):
    """All columns of CAMELS, in the order of the authors' disk, give the 27."""
    paper = original("kratzert2019a", ROOT)["attributes"]
    path = tmp_path / "attributes.db"
    path.write_bytes(database(paper))
    assert attribute_order(path) == paper
    assert not {*DROPPED} & {*paper}


def test_what_the_authors_drop_leaves_the_papers_attributes(pristine, tmp_path):
    """Of the seven tables, which are joined in the order in which a disk lists them."""
    names = ("geol", "vege", "clim", "topo", "soil", "hydro", "name")
    columns = []
    for name in names:
        header = pristine.table(name).read_text().splitlines()[0].split(";")
        columns += [column for column in header if column not in ("gauge_id", "huc_02")]
    path = tmp_path / "attributes.db"
    with sqlite3.connect(path) as connection:
        cells = ", ".join(f"'{name}' REAL" for name in ["gauge_id", *columns, "huc"])
        connection.execute(f"CREATE TABLE basin_attributes ({cells})")
    paper = original("kratzert2019a", ROOT)["attributes"]
    assert attribute_order(path) == paper


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"no database", "no SQLite database of attributes (file is not a database)"),
        (database(ATTRIBUTES, "other"), "no table basin_attributes with a column"),
        (b"", "no table basin_attributes with a column gauge_id"),
    ],
)
def test_odd_database_is_said(tmp_path, complaint, content, words):
    path = tmp_path / "attributes.db"
    path.write_bytes(content)
    message = complaint(attribute_order, path)
    assert message.startswith(f"{path}: {words}")
    assert message.endswith("; download it again.")
    path.unlink()
    assert complaint(attribute_order, path) == (
        f"{path}: no such file; download it again."
    )


def test_attributes_of_another_set_are_said(run, complaint):
    theirs = Theirs(attributes=["aridity", "p_mean", "elev_mean", "slope_mean"])
    message = complaint(run, theirs)
    assert (
        "the network has learned from other attributes than the configuration names "
        "(they differ by frac_forest, slope_mean); set the key attributes to the"
    ) in message


CHANGES = {
    "a weight is missing": (lambda s: s.pop("lstm.bias"), "lacks lstm.bias, which"),
    "an LSTM's key": (
        lambda s: s.update({"lstm.bias_hh": s["lstm.bias"]}),
        "has lstm.bias_hh, which is not the form of the authors' ealstm",
    ),
    "transposed": (
        lambda s: s.update({"lstm.weight_ih": s["lstm.weight_ih"].t()}),
        "lstm.weight_ih has the shape (18, 5) where (5, 18) follows from 5 inputs, 4 "
        "attributes and hidden_size 6; get the run folder again",
    ),
    "another hidden size": (
        lambda s: s.update({"fc.weight": torch.zeros(1, 7)}),
        "fc.weight has the shape (1, 7) where (1, 6) follows",
    ),
}


@pytest.mark.parametrize("case", CHANGES)
def test_other_weights_are_said(complaint, case):
    theirs = Theirs()
    change, words = CHANGES[case]
    state = theirs.state()
    change(state)
    arguments = (state, run_settings(theirs), order(theirs), "run/model_epoch30.pt")
    message = complaint(convert, *arguments)
    assert message.startswith(f"run/model_epoch30.pt: {words}")


class Harm:
    """Pickled as a command."""

    def __init__(self, marker):
        self.marker = marker

    def __reduce__(self):
        return os.system, (f"touch {self.marker}",)


def saved(content, old):
    memory = io.BytesIO()
    torch.save(content, memory, _use_new_zipfile_serialization=not old)
    return memory.getvalue()


@pytest.mark.parametrize("old", [True, False])
def test_state_dictionary_that_runs_a_command_is_refused(tmp_path, complaint, old):
    marker, path = tmp_path / "marker", tmp_path / "model_epoch30.pt"
    path.write_bytes(saved({"fc.bias": Harm(marker)}, old))
    message = complaint(read_state, path)
    assert not marker.exists()
    assert message.startswith(f"{path}: no state dictionary of a network (")
    assert message.endswith("; download it again.")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"no weights", "no state dictionary of a network ("),
        (b"", "no state dictionary of a network ("),
        (pickle.dumps({}, 2), "no state dictionary of a network ("),
        (saved([torch.zeros(1)], True), "no dictionary of tensors"),
        (saved({"fc.bias": 1.0}, True), "no dictionary of tensors"),
        (saved({"fc.bias": torch.zeros(1, dtype=int)}, True), "no dictionary of"),
        (saved({"fc.bias": torch.tensor([np.nan])}, True), "fc.bias has values that"),
        (saved(Theirs().state(), True)[:-900], "no state dictionary of a network ("),
    ],
)
def test_odd_file_of_weights_is_said(tmp_path, complaint, content, words):
    path = tmp_path / "model_epoch30.pt"
    path.write_bytes(content)
    message = complaint(read_state, path)
    assert message.startswith(f"{path}: {words}")


def test_whole_networks_and_missing_files_are_refused(tmp_path, complaint):
    path = tmp_path / "model_epoch30.pt"
    torch.save(torch.nn.Linear(2, 1), path)
    assert "no state dictionary of a network (" in complaint(read_state, path)
    path.unlink()
    assert complaint(read_state, path) == (
        f"{path}: cannot be read (No such file or directory); download it again."
    )


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("hidden_size", 8, "model.hidden_size 8, but the configuration says 6"),
        ("seq_length", 270, "model.sequence_length 270, but the configuration says 20"),
        ("seed", 222, "seeds 222, but the configuration says 111"),
        ("use_mse", True, "an EA-LSTM, loss mse, but the configuration says an EA-LS"),
        ("concat_static", True, "an LSTM, loss nse, but the configuration says an EA"),
        ("no_static", True, "an LSTM without statics, loss nse, but the configuration"),
        (
            "train_start",
            "10011999",
            "periods.train 1999-01-10 to 2000-09-30, but the configuration says 1999-",
        ),
    ],
)
def test_another_network_than_the_configuration_says(run, complaint, key, value, words):
    theirs = Theirs()
    files = theirs.files()
    files[f"{theirs.folder}/cfg.json"] = json.dumps(
        theirs.cfg() | {key: value}
    ).encode()
    message = complaint(run, theirs, files)
    assert words in message
    assert message.endswith("; set the key to the authors'.")


def test_hidden_size_of_the_weights_is_compared_with_that_of_cfg_json(run, complaint):
    theirs = Theirs()
    files = theirs.files()
    other = Theirs(hidden=8).files()
    name = f"{theirs.folder}/model_epoch30.pt"
    message = complaint(run, theirs, files | {name: other[name]})
    assert "lstm.weight_ih has the shape (5, 24) where (5, 18) follows" in message


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "this is no JSON"),
        (b"[]", "no configuration of a run"),
        (b"{}", "lacks the key no_static"),
        ({"seed": "111"}, "seed is '111', not a whole number"),
        ({"use_mse": 0}, "use_mse is 0, not true or false"),
        ({"train_end": "31022000"}, "train_end is '31022000', no day written ddmmyyyy"),
        ({"train_end": "3092000"}, "train_end is '3092000', no day written ddmmyyyy"),
    ],
)
def test_odd_cfg_is_said(tmp_path, complaint, content, words):
    path = tmp_path / "cfg.json"
    if isinstance(content, dict):
        content = json.dumps(Theirs().cfg() | content).encode()
    path.write_bytes(content)
    assert complaint(read_cfg, path) == f"{path}: {words}; download it again."


def test_files_of_the_installed_pytorch_are_read_too(tmp_path):
    """Whoever has evaluated the authors' networks may have saved them anew."""
    path = tmp_path / "model_epoch30.pt"
    path.write_bytes(saved(Theirs().state(), False))
    assert zipfile.is_zipfile(path)
    state = read_state(path)
    expected = Theirs().state()
    assert all(torch.equal(state[key], expected[key]) for key in expected)
