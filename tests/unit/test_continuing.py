"""Networks that begin with the weights of another experiment."""

import dataclasses

import pytest
import torch
import yaml
from rerunoff.errors import InputError
from rerunoff.training import loop
from rerunoff.training.continuing import continue_run
from rerunoff.training.run import Run, train_run
from rerunoff.training.weights import load_weights
from unit.stores import BASINS, make_series, outputs, workspace
from unit.stores import settings as run_settings

CPU = torch.device("cpu")


def settings(experiment, **more):
    return run_settings(experiment, "all", None, own_start=False, **more)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """Three basins, and a physical model that knows half of their discharge."""
    series = make_series()
    series.inputs["hbv_discharge"] = 0.5 * series.discharge + 0.2
    return series.write(tmp_path_factory.mktemp("store") / "daymet.h5")


@pytest.fixture(scope="module")
def start(store, tmp_path_factory):
    folder = tmp_path_factory.mktemp("start")
    first = settings("learned", epochs=1, target="hbv_discharge")
    train_run(first, workspace(store, folder), outputs(folder))
    return folder / "model.pt"


def test_training_goes_on_from_the_start_in_the_scaling_of_its_own_data(
    store, start, tmp_path
):
    wanted = settings("after", start_from="learned", epochs=2)
    continue_run(wanted, workspace(store, tmp_path), start, outputs(tmp_path))
    # Without continuing.py.
    run = Run(wanted, workspace(store, tmp_path))
    trained = load_weights(start, CPU)
    scaler, samples = run.samples(run.days)
    loop.fit(trained.model, samples, wanted.training, wanted.seed)
    found = load_weights(tmp_path / "model.pt", CPU)
    assert found.scaler == scaler != trained.scaler
    assert found.settings.target == "discharge"
    for name, value in trained.model.state_dict().items():
        assert torch.equal(found.model.state_dict()[name], value), name
    record = yaml.safe_load((tmp_path / "run.yaml").read_text())
    assert record["start"] == str(start)
    assert record["basins"] == len(BASINS)


def test_start_of_another_network_is_refused(store, start, tmp_path):
    wanted = settings("after", start_from="learned")
    model = dataclasses.replace(wanted.model, hidden_size=7)
    wanted = dataclasses.replace(wanted, model=model)
    with pytest.raises(InputError, match="another network than after asks for"):
        continue_run(wanted, workspace(store, tmp_path), start, outputs(tmp_path))
