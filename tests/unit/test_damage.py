"""Files that are damaged, foreign or cut are never read as something else."""

import random
import shutil
import subprocess

import h5py
import numpy as np
import pandas as pd
import pytest
import torch
from rerunoff.analysis.epochs import read_scores
from rerunoff.data.basin_lists import read_basin_list
from rerunoff.data.readers import open_reader
from rerunoff.data.readers.caravan import read_attributes as read_caravan_attributes
from rerunoff.data.simulation_writer import write_simulation
from rerunoff.data.simulations import Simulation, read_simulation
from rerunoff.data.store import CONTENT, read_store
from rerunoff.data.store_builder import build_store
from rerunoff.data.text_tables import read_table
from rerunoff.errors import InputError
from rerunoff.evaluation.metrics import METRICS
from rerunoff.evaluation.tables import read_members_metrics, read_metrics
from rerunoff.models import build_model
from rerunoff.seals import append_seal, read_sealed, write_sealed
from rerunoff.tables import write_table
from rerunoff.training import checkpoint
from rerunoff.training.scaling import Scaler
from rerunoff.training.weights import load_weights, save_weights
from unit.stores import settings as run_settings

CPU = torch.device("cpu")
PLACES = 40  # of damage; by hand 300 of each kind were tried
INPUTS, ATTRIBUTES = ("prcp", "tmin"), ("p_mean", "area_gages2")


def flipped(content, chance):
    place = chance.randrange(8 * len(content))
    damaged = bytearray(content)
    damaged[place // 8] ^= 1 << place % 8
    return bytes(damaged)


def cut(content, chance):
    return content[: chance.randrange(len(content))]


def network():
    settings = run_settings()
    model = build_model(settings.model, len(settings.inputs), 0)
    return settings, model, torch.optim.Adam(model.parameters())


def make_store(path, pristine):
    build_store(path, open_reader("camels_us", pristine.root, "daymet"), pristine.ids)


def make_simulation(path, pristine):
    dates = np.datetime64("2000-01-01") + np.arange(50)
    flow = np.random.default_rng(0).gamma(1, 2, (5, 50)).astype(np.float32)
    write_simulation(path, Simulation(pristine.ids, dates, flow))


def make_weights(path, _pristine):
    settings, model, _ = network()
    save_weights(path, model, settings, Scaler([1.0] * 3, [2.0] * 3, 3.0, 4.0, [], []))


def metrics_table(basins=6):
    rows = [
        {"basin": f"{basin:08d}", "member": member}
        for member in ("seed1", "seed2", "ensemble")
        for basin in range(basins)
    ]
    values = np.random.default_rng(1).normal(size=(len(rows), len(METRICS)))
    return pd.concat(
        [pd.DataFrame(rows), pd.DataFrame(values, columns=METRICS)], axis=1
    )


def make_metrics(path, _pristine):
    write_table(metrics_table(), path)


def store_content(path):
    read = read_store(path, INPUTS, ATTRIBUTES)
    arrays = (read.dates, read.inputs, read.discharge, read.attributes)
    return read.basins, read.content, *(array.tobytes() for array in arrays)


def simulation_content(path):
    read = read_simulation(path)
    return read.basins, read.dates.tobytes(), read.discharge.tobytes()


def weights_content(path):
    read = load_weights(path, CPU)
    weights = {name: w.tolist() for name, w in read.model.state_dict().items()}
    return read.settings, read.scaler, weights


def metrics_content(path):
    return read_metrics(path).to_csv()


FILES = {
    "store.h5": (make_store, store_content),
    "simulation.nc": (make_simulation, simulation_content),
    "model.pt": (make_weights, weights_content),
    "metrics.csv": (make_metrics, metrics_content),
}


@pytest.mark.parametrize("damage", [flipped, cut])
@pytest.mark.parametrize("name", FILES)
def test_damage_anywhere_is_said_or_changes_nothing(tmp_path, pristine, name, damage):
    make, read = FILES[name]
    whole = tmp_path / name
    make(whole, pristine)
    content, expected = whole.read_bytes(), read(whole)
    chance, sentences = random.Random(0), []
    for place in range(PLACES):
        # A folder each, because a process compares a file with its checksum but once.
        folder = tmp_path / str(place)
        shutil.copytree(tmp_path, folder, ignore=shutil.ignore_patterns("[0-9]*"))
        (folder / name).write_bytes(damage(content, chance))
        try:
            assert read(folder / name) == expected
        except InputError as error:
            sentences.append(str(error).startswith(f"{folder / name}: "))
    assert all(sentences)
    assert len(sentences) > PLACES // 2


def trained(folder, epochs=3):
    """Save checkpoints of some epochs; return what each held."""
    _, model, optimizer = network()
    states = []
    for epoch in range(1, epochs + 1):
        optimizer.zero_grad()
        sum(weight.square().sum() for weight in model.parameters()).backward()
        optimizer.step()
        torch.rand(1)
        checkpoint.save(folder, "run", epoch, model, optimizer, [{}] * epoch)
        states.append(everything(model, optimizer))
    return states


def everything(model, optimizer):
    weights = {name: weight.tolist() for name, weight in model.state_dict().items()}
    steps = {
        number: {name: value.tolist() for name, value in state.items()}
        for number, state in optimizer.state_dict()["state"].items()
    }
    return weights, steps, torch.get_rng_state().tolist()


@pytest.mark.parametrize("damage", [flipped, cut])
def test_damaged_checkpoint_gives_way_to_the_one_before_it(tmp_path, caplog, damage):
    states = trained(tmp_path)
    content, chance = (tmp_path / "checkpoint.pt").read_bytes(), random.Random(0)
    for place in range(PLACES):
        folder = tmp_path / str(place)
        shutil.copytree(tmp_path, folder, ignore=shutil.ignore_patterns("[0-9]*"))
        (folder / "checkpoint.pt").write_bytes(damage(content, chance))
        caplog.clear()
        _, model, optimizer = network()
        assert checkpoint.load(folder, "run", model, optimizer) == (2, [{}] * 2)
        assert everything(model, optimizer) == states[1]
        names = ["checkpoint.pt.damaged", "checkpoint_before.pt"]
        assert sorted(path.name for path in folder.iterdir()) == names
        (said,) = [record for record in caplog.records if record.levelname == "WARNING"]
        assert f"{folder / 'checkpoint.pt'} cannot be used" in said.message


def test_whole_checkpoint_gives_the_last_epoch(tmp_path):
    states = trained(tmp_path)
    _, model, optimizer = network()
    assert checkpoint.load(tmp_path, "run", model, optimizer) == (3, [{}] * 3)
    assert everything(model, optimizer) == states[2]


def test_kill_between_two_checkpoints_costs_one_epoch(tmp_path):
    states = trained(tmp_path)
    # After the newest has become the one before, and ahead of the next one's rename.
    (tmp_path / "checkpoint.pt").rename(tmp_path / "checkpoint_before.pt")
    _, model, optimizer = network()
    assert checkpoint.load(tmp_path, "run", model, optimizer)[0] == 3
    assert everything(model, optimizer) == states[2]


def foreign_text(path):
    path.write_bytes(b"PK no zip")


def sealed(content):
    def make(path):
        torch.save(content, path)
        append_seal(path)

    return make


def half_fitting(path):
    """Weights that fit, then an optimizer of another network."""
    state = torch.load(path, weights_only=True)
    other = torch.nn.Linear(3, 4)
    state["model"] = {name: w + 1 for name, w in state["model"].items()}
    state["optimizer"] = torch.optim.Adam([other.weight, other.bias]).state_dict()
    sealed(state)(path)


def wrong_generator(path):
    """All fits but the last that is restored."""
    state = torch.load(path, weights_only=True)
    state["model"] = {name: w + 1 for name, w in state["model"].items()}
    sealed(state | {"rng": torch.zeros(3, dtype=torch.uint8)})(path)


@pytest.mark.parametrize(
    "spoil",
    [
        foreign_text,
        sealed({"weights": [1]}),
        sealed([1, 2]),
        half_fitting,
        wrong_generator,
    ],
)
def test_foreign_checkpoints_leave_the_training_as_it_was(tmp_path, spoil):
    trained(tmp_path)
    (tmp_path / "checkpoint_before.pt").unlink()
    spoil(tmp_path / "checkpoint.pt")
    _, model, optimizer = network()
    before = everything(model, optimizer)
    assert checkpoint.load(tmp_path, "run", model, optimizer) == (0, [])
    assert everything(model, optimizer) == before
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint.pt.damaged"]


def test_end_of_a_run_removes_every_checkpoint(tmp_path):
    folder = tmp_path / "checkpoints"
    for stage in (folder, folder / "final"):
        trained(stage)
        foreign_text(stage / "checkpoint.pt")
        _, model, optimizer = network()
        checkpoint.load(stage, "run", model, optimizer)
        checkpoint.save(stage, "run", 3, model, optimizer, [{}] * 3)
        foreign_text(stage / "checkpoint_before.pt.damaged")
    checkpoint.clear(folder)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "words"),
    [({"format": 2}, "format 2"), ({"format": 1}, "'settings'"), ([1], "list")],
)
def test_foreign_weights_are_said(tmp_path, complaint, content, words):
    path = tmp_path / "model.pt"
    sealed(content)(path)
    message = complaint(load_weights, path, CPU)
    assert message.startswith(f"{path}: no weights of this version of rerunoff (")
    assert words in message


def test_torch_still_reads_weights_with_a_checksum(tmp_path):
    make_weights(tmp_path / "model.pt", None)
    assert "state_dict" in torch.load(tmp_path / "model.pt", weights_only=True)


def test_table_copied_without_its_checksum_is_read_if_whole(tmp_path, complaint):
    path = tmp_path / "metrics.csv"
    text = metrics_table().to_csv(index=False)
    path.write_text(text)
    assert len(read_metrics(path)) == 18
    lines = text.splitlines(keepends=True)
    path.write_text(text[:-4])
    assert complaint(read_metrics, path).startswith(f"{path}, line 19: the file ends")
    path.write_text("".join(lines[:-1]))
    words = f"{path}: member ensemble lacks basin 00000005"
    assert complaint(read_metrics, path).startswith(words)
    assert complaint(read_members_metrics, path, ["seed1"]).startswith(words)


def test_changed_table_names_its_checksum(tmp_path, complaint):
    path = tmp_path / "scores.csv"
    write_sealed(path, "epoch,01\n1,0.5\n")
    assert read_scores([path]).loc[1, "01"] == 0.5
    path.write_text("epoch,01\n1,0.7\n")
    message = complaint(read_scores, [path])
    assert message.startswith(f"{path}: its content does not match the checksum in ")
    (tmp_path / ".scores.csv.sha256").unlink()
    assert read_scores([path]).loc[1, "01"] == 0.7


def test_selected_basins_are_compared_with_their_checksum(tmp_path, complaint):
    path = tmp_path / "basins.txt"
    write_sealed(path, "01\n02\n")
    assert read_basin_list(path) == ["01", "02"]
    path.write_text("01\n")
    assert ".basins.txt.sha256" in complaint(read_basin_list, path)


def test_sha256sum_knows_the_checksum_beside_a_table(tmp_path):
    write_sealed(tmp_path / "a.csv", "ö\n")
    assert read_sealed(tmp_path / "a.csv") == "ö\n"
    command = ["sha256sum", "--check", ".a.csv.sha256"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("1 2.50\n3 140.75\n", True),
        ("1 2.50\n3 140.75", True),  # as some files of CAMELS end
        ("1 2.50\n3 140.7", False),
        ("1 2.50\n3 140", False),
        ("1 2.5\n3 4.25\n5 1.75", False),  # decimals vary, so nothing shows its length
        ("1 2\n3 14", False),
        ("3 140.75", False),
    ],
)
def test_last_number_without_an_end_must_have_all_decimals(
    tmp_path, complaint, text, whole
):
    path = tmp_path / "a.txt"
    path.write_text(text)
    if whole:
        assert read_table(path, ["a", "b"], 0)["b"].tolist()[-1] == 140.75
    else:
        line = text.count("\n") + 1
        message = complaint(read_table, path, ["a", "b"], 0)
        assert message.startswith(
            f"{path}, line {line}: the file ends within this line"
        )


def test_attribute_tables_cut_in_their_last_number_are_refused(tmp_path, complaint):
    folder = tmp_path / "camels"
    folder.mkdir()
    text = "gauge_id,area\ncamels_01,12.5\ncamels_02,1407.92\n"
    for end in range(1, len("1407.92\n")):
        (folder / "a.csv").write_text(text[:-end])
        message = complaint(read_caravan_attributes, tmp_path)
        assert message.startswith(f"{folder}/a.csv, line 3: the file ends within")
    (folder / "a.csv").write_text(text)
    area = read_caravan_attributes(tmp_path).loc["camels_02", "area"]
    assert area == 1407.92


def changes_of_a_store(whole):
    """Yield changes that a checksum would not tell: the file was written like that."""
    with h5py.File(whole) as file:
        names = list(file)
    for name in names:
        yield f"{name} is lost", lambda file, name=name: file.pop(name)
    for name in ("prcp", "tmin", "discharge", "basin", "date", "attribute_p_mean"):

        def shorten(file, name=name):
            values = file[name][:-1]
            del file[name]
            file[name] = values

        def texts(file, name=name):
            del file[name]
            file[name] = np.full((5, 2), b"text")

        yield f"{name} is cut", shorten
        yield f"{name} is text", texts
    yield "no content", lambda file: file.attrs.pop(CONTENT)
    yield (
        "a day twice",
        lambda file: file["date"].write_direct(
            np.zeros(len(file["date"]), file["date"].dtype)
        ),
    )


def test_stores_whose_parts_do_not_fit_are_said(tmp_path, pristine):
    whole, path = tmp_path / "whole.h5", tmp_path / "a.h5"
    make_store(whole, pristine)
    expected, said = store_content(whole), 0
    for what, change in changes_of_a_store(whole):
        path.unlink(missing_ok=True)
        shutil.copyfile(whole, path)
        with h5py.File(path, "r+") as file:
            change(file)
        append_seal(path)
        try:
            found, why = store_content(path), None
        except InputError as error:
            found, why = expected, str(error)
        assert found == expected, what
        assert why is None or why.startswith(f"{path}: "), what
        said += why is not None
    # Two series, discharge, basins, days and two attributes are needed: each is lost,
    # and all but one attribute are cut and texts; then the last two changes.
    assert said == 7 + 2 * 6 + 2


def test_weights_whose_parts_do_not_fit_are_said(tmp_path, complaint):
    whole = tmp_path / "whole.pt"
    make_weights(whole, None)
    content = torch.load(whole, weights_only=True)
    faults = [{k: v for k, v in content.items() if k != key} for key in content]
    faults += [content | {key: value} for key in content for value in (None, [], "a")]
    for part in ("settings", "scaler", "state_dict"):
        values = content[part]
        for key in values:
            if part != "settings" or key in ("inputs", "model", "training"):
                without = {k: v for k, v in values.items() if k != key}
                faults.append(content | {part: without})
        faults.append(content | {part: values | {"more": 1}})
    for key, value in (
        ("input_mean", [1.0] * 4),
        ("input_std", [1.0, float("nan"), 1.0]),
        ("attribute_mean", [1.0]),
        ("output_mean", []),
        ("output_std", "a"),
    ):
        faults.append(content | {"scaler": content["scaler"] | {key: value}})
    model = content["settings"]["model"] | {"hidden_size": 9}
    faults.append(content | {"settings": content["settings"] | {"model": model}})
    for number, fault in enumerate(faults):
        path = tmp_path / f"{number}.pt"
        sealed(fault)(path)
        message = complaint(load_weights, path, CPU)
        assert message.startswith(f"{path}: no weights of this version of rerunoff (")
        assert message.endswith("; delete it and train again.")


def test_equal_networks_have_equal_files(tmp_path):
    """Even if another process, at another path, wrote them."""
    settings, model, optimizer = network()
    for name in ("one", "two"):
        make = Scaler([1.0] * 3, [2.0] * 3, 3.0, 4.0, [], [])
        save_weights(tmp_path / name / f"{name}.pt", model, settings, make)
        checkpoint.save(tmp_path / name, "run", 1, model, optimizer, [{}])
    one, two = tmp_path / "one", tmp_path / "two"
    assert (one / "one.pt").read_bytes() == (two / "two.pt").read_bytes()
    checkpoints = [folder / "checkpoint.pt" for folder in (one, two)]
    assert checkpoints[0].read_bytes() == checkpoints[1].read_bytes()
