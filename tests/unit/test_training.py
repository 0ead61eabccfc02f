"""Windows, scaling, losses, schedule, determinism and resuming."""

import dataclasses
import json
import math
import signal
import subprocess
import sys
import time
from types import SimpleNamespace

import numpy as np
import pytest
import torch
import yaml
from rerunoff import progress
from rerunoff.data.store import Catchments
from rerunoff.errors import InputError
from rerunoff.evaluation.simulate import simulate_member
from rerunoff.models import build_model
from rerunoff.protocol.settings import ModelSettings, RunSettings, TrainingSettings
from rerunoff.seals import append_seal
from rerunoff.training import checkpoint, loop
from rerunoff.training.batch import Batch, Series
from rerunoff.training.device import choose_device, make_deterministic
from rerunoff.training.loop import fit
from rerunoff.training.losses import build_loss
from rerunoff.training.run import train_run
from rerunoff.training.samples import Samples
from rerunoff.training.scaling import Scaler, fit_scaler
from rerunoff.training.weights import load_weights, save_weights
from rerunoff.training.windows import complete_windows, valid_samples
from unit import stores

CPU = torch.device("cpu")
LENGTH = 12


def catchments(basins=3, days=200, seed=0):
    random = np.random.default_rng(seed)
    inputs = random.gamma(2, 2, (basins, days, 2)).astype(np.float32)
    discharge = inputs[..., 0] * np.linspace(1, 3, basins)[:, None] + 1
    return Catchments(
        basins=[f"{i:08d}" for i in range(basins)],
        dates=np.datetime64("2000-01-01") + np.arange(days),
        inputs=inputs,
        discharge=discharge.astype(np.float32),
        attributes=random.normal(size=(basins, 4)),
        content="abc",
    )


def run(epochs=3, kind="ealstm", dropout=0.4):
    return RunSettings(
        paper="p",
        experiment="e",
        unit="all",
        seed=7,
        forcing="daymet",
        inputs=("prcp", "srad"),
        attributes=("a", "b", "c", "d"),
        train_period=("2000-02-01", "2000-06-30"),
        basins=None,
        fold=None,
        own_start=False,
        start_from=None,
        scaling="training",
        model=ModelSettings(kind, True, 1, 8, LENGTH, 0.0, dropout, 3.0, "papers"),
        training=TrainingSettings(
            "nse", 0.1, epochs, 32, ({"from_epoch": 1, "rate": 1e-2},), 1.0
        ),
    )


def marked(data, days):
    mask = np.zeros(data.discharge.shape, dtype=bool)
    mask[:, days] = True
    return mask


def prepare(settings, data):
    make_deterministic(settings.seed, 1)
    days = data.days(settings.train_period)
    names = (*settings.inputs, *settings.attributes)
    scaler = fit_scaler(data, marked(data, days), settings.scaling, names)
    learned = complete_windows(data.inputs, data.discharge, days, LENGTH)
    samples = Samples(data, scaler, settings, learned, CPU)
    return build_model(settings.model, 2, 4), samples, scaler


def train(settings, data, folder=None, identity="run"):
    model, samples, _ = prepare(settings, data)
    fit(model, samples, settings.training, settings.seed, folder, identity)
    return model.state_dict()


def assert_same(first, second):
    assert first.keys() == second.keys()
    assert all(torch.equal(first[key], second[key]) for key in first)


def test_windows_hold_the_days_up_to_the_target():
    batch = counted_batch()
    assert batch.dynamic.shape == (2, 5, 1)
    assert batch.dynamic[0, :, 0].tolist() == [30, 31, 32, 33, 34]
    assert batch.dynamic[1, :, 0].tolist() == [25, 26, 27, 28, 29]
    assert batch.static.tolist() == [[0, 1], [1, 0]]


def test_batch_gives_unscaled_values_by_name_where_asked():
    batch = counted_batch(mean=0.1, std=3.0)
    assert batch.dynamic[0, 0, 0] == pytest.approx((30 - 0.1) / 3)
    assert "unscaled" not in vars(batch.series)  # costs nothing until now
    assert list(batch.forcing) == ["prcp"]
    # The very values of the store, not scaled ones brought back.
    assert batch.forcing["prcp"].tolist() == [[*range(30, 35)], [*range(25, 30)]]
    assert {name: list(of) for name, of in batch.attributes.items()} == {
        "a": [0, 1],
        "b": [1, 0],
    }


def counted_batch(mean=0.0, std=1.0):
    """Two windows of a basin whose input is the day, and of one that goes on."""
    data = dataclasses.replace(
        catchments(2, 30),
        inputs=np.arange(2 * 30, dtype=np.float32).reshape(2, 30, 1),
        attributes=np.eye(2),
    )
    scaler = Scaler([mean], [std], 0.0, 1.0, [mean, mean], [std, std])
    model = {"sequence_length": 5}
    asked = stores.settings(inputs=("prcp",), attributes=("a", "b"), model=model)
    series = Series(data, scaler, asked, CPU)
    return Batch(series, torch.tensor([1, 0]), torch.tensor([4, 29]))


def test_samples_need_a_target_and_a_complete_window():
    inputs = np.zeros((1, 20, 1), dtype=np.float32)
    target = np.zeros((1, 20), dtype=np.float32)
    inputs[0, 8] = np.nan
    target[0, 15] = np.nan
    _, day = valid_samples(inputs, target, slice(2, 18), length=4)
    assert day.tolist() == [3, 4, 5, 6, 7, 12, 13, 14, 16, 17]


def test_samples_without_missing_values_are_all_days_of_all_basins():
    data = catchments()
    basin, day = valid_samples(data.inputs, data.discharge, slice(50, 80), LENGTH)
    assert len(basin) == 90
    assert set(day) == set(range(50, 80))


def test_scaler_uses_the_training_period_only():
    data = catchments()
    data.inputs[:, 150:] = 1e6
    data.discharge[:, 150:] = 1e6
    scaler = fit_scaler(data, marked(data, slice(0, 150)), "training", "abcdef")
    assert scaler.input_mean[0] == pytest.approx(data.inputs[:, :150, 0].mean(), 1e-5)
    assert scaler.output_std == pytest.approx(data.discharge[:, :150].std(), 1e-5)
    assert scaler.attribute_std == pytest.approx(data.attributes.std(axis=0, ddof=1))


def test_scaler_takes_published_constants():
    days = marked(catchments(), slice(0, 150))
    scaler = fit_scaler(catchments(), days, PUBLISHED, "abcdef")
    assert scaler.inputs(np.array([[4.0, 10.0]])).tolist() == [[1.0, 2.0]]
    assert scaler.discharge(scaler.output(np.float32(11))) == pytest.approx(11)


PUBLISHED = {
    "input_mean": [1.0, 2.0],
    "input_std": [3.0, 4.0],
    "output_mean": 5.0,
    "output_std": 6.0,
}


@pytest.mark.parametrize(
    ("constants", "words"),
    [
        ({"output_std": 0.0}, "discharge has the same value"),
        ({"output_std": math.nan}, "discharge has the mean 5 and the standard .* nan"),
        ({"output_mean": math.inf}, "discharge has the mean inf"),
        ({"input_std": [3.0, math.inf]}, "y has the mean 2 and the standard .* inf"),
        ({"input_std": [-3.0, 4.0]}, "x has the mean 1 and the standard .* -3"),
    ],
)
def test_constants_are_finite_and_positive(constants, words):
    data = catchments()
    days = marked(data, slice(0, 150))
    with pytest.raises(InputError, match=words):
        fit_scaler(data, days, PUBLISHED | constants, "xyabcd")


def test_constant_discharge_cannot_be_scaled():
    data = catchments()
    data.discharge[:] = 0.1  # whose mean, rounded, leaves a spread above zero
    with pytest.raises(InputError, match="discharge has the same value on all days"):
        fit_scaler(data, marked(data, slice(0, 150)), "training", "xyabcd")


def test_equal_attributes_are_all_named_and_the_list_without_them(complaint):
    data = catchments()
    data.attributes[:, [1, 2]] = 0.1
    names = [*"xyabcd"]
    days = marked(data, slice(0, 150))
    assert complaint(fit_scaler, data, days, "training", names) == (
        "b, c: the same in all 3 basins learned together, so not to be standardised; "
        "set the key attributes to those that differ: [a, d]."
    )
    data.attributes[:] = 1
    assert complaint(fit_scaler, data, days, "training", names).endswith(
        "; set the key only to experiments with model.static: false."
    )


def test_attributes_of_a_single_basin_are_refused(complaint):
    data = catchments(1)
    days = marked(data, slice(0, 150))
    assert complaint(fit_scaler, data, days, "training", [*"xyabcd"]) == (
        "00000000 is the only basin learned together, and its attributes cannot be "
        "standardised by themselves; add basins, or set the key only to experiments "
        "with model.static: false."
    )
    data = dataclasses.replace(data, attributes=data.attributes[:, :0])
    assert fit_scaler(data, days, "training", "xy").attribute_std == []


def test_progress_of_all_epochs_is_told_and_goes_on_after_a_kill(
    tmp_path, monkeypatch, caplog
):
    monkeypatch.setattr(progress, "_EVERY", 0)
    caplog.set_level("INFO")
    data = catchments()
    train(run(1), data, tmp_path)
    assert "training: 100% done, less than a minute left" in caplog.messages
    caplog.clear()
    # Of two epochs the second is left.
    train(run(2), data, tmp_path)
    shares = [m.split()[1] for m in caplog.messages if m.startswith("training: ")]
    assert shares[-1] == "100%"
    assert int(shares[0][:-1]) > 50


def test_nse_star_by_hand():
    predicted = torch.tensor([[1.0], [2.0]])
    expected = (1 / 0.5**2 + 4 / 2.0**2) / 2
    batch = targets([[2.0], [4.0]])
    assert loss_of("nse", predicted, batch) == pytest.approx(expected)
    assert loss_of("mse", predicted, batch) == pytest.approx(2.5)


def test_loss_is_taken_over_the_days_that_count():
    """Of two predicted days each, three count; the other has no discharge."""
    predicted = torch.tensor([[1.0, 1.0], [2.0, 5.0]])
    observed = [[2.0, math.nan], [4.0, 2.0]]
    batch = targets(observed, counts=torch.tensor([[True, False], [True, True]]))
    assert loss_of("mse", predicted, batch) == pytest.approx((1 + 4 + 9) / 3)
    expected = (1 / 0.5**2 + 4 / 2.0**2 + 9 / 2.0**2) / 3
    assert loss_of("nse", predicted, batch) == pytest.approx(expected)


def targets(observed, counts=None):
    std = torch.tensor([[0.4], [1.9]])
    return Batch(None, None, None, torch.tensor(observed), std, counts)


def loss_of(name, predicted, batch):
    loss = build_loss(SimpleNamespace(loss=name, nse_epsilon=0.1))
    return loss(predicted, batch).item()


def test_basin_std_is_in_mm_per_day_over_the_samples():
    data = catchments()
    settings = run()
    _, samples, _ = prepare(settings, data)
    days = data.days(settings.train_period)
    assert samples.basin_std.numpy() == pytest.approx(
        data.discharge[:, days].std(axis=1), rel=1e-5
    )


def test_learning_rate_of_each_epoch_is_the_papers():
    steps = ((1, 1e-3), (11, 5e-4), (21, 1e-4))
    rates = tuple({"from_epoch": e, "rate": r} for e, r in steps)
    settings = TrainingSettings("nse", 0.1, 30, 256, rates, 1.0)
    expected = [1e-3] * 10 + [5e-4] * 10 + [1e-4] * 10
    assert [settings.rate(epoch) for epoch in range(1, 31)] == expected


def test_every_sample_is_seen_once_an_epoch_in_another_order():
    _, samples, _ = prepare(run(), catchments())
    first, second = samples.windows(7, 1)[:], samples.windows(7, 2)[:]
    seen = [(basin, day) for basin, day, *_ in first.tolist()]
    assert len(seen) == len(set(seen)) == len(samples)
    assert not torch.equal(first, second)
    assert torch.equal(first, samples.windows(7, 1)[:])


def gappy():
    """Return basins whose discharge and forcing have gaps in the training period."""
    data = catchments()
    data.discharge[0, 60:65] = data.discharge[2, 40:150] = np.nan
    data.inputs[1, 90] = np.nan
    return data


def long(days, **changes):
    settings = run(**changes)
    training = dataclasses.replace(settings.training, predicted_days=days, batch_size=4)
    return dataclasses.replace(settings, training=training)


def counted_days(samples, windows):
    """Return basin and day of all predictions of some windows that count."""
    batch = samples.batch(windows)
    ahead = torch.arange(1 - batch.predicted_days, 1)
    days = batch.day.unsqueeze(1) + ahead
    basin = batch.basin.unsqueeze(1).expand_as(days)
    return list(zip(*(v[batch.counts].tolist() for v in (basin, days)), strict=True))


@pytest.mark.parametrize("days", [2, 7, 30, 151, 400])
def test_each_day_counts_once_an_epoch_however_long_the_windows(days):
    """The days are those that the papers' windows predict."""
    data = gappy()
    _, samples, _ = prepare(long(days), data)
    _, single, _ = prepare(run(), data)
    expected = sorted(map(tuple, single.windows(7, 1)[:][:, :2].tolist()))
    for epoch in (1, 2, 3):
        counted = counted_days(samples, samples.windows(7, epoch)[:])
        assert sorted(counted) == expected


def test_windows_of_one_day_are_the_papers_to_the_last_bit():
    """All complete windows in the order of a seed and an epoch, each cut by hand."""
    data = gappy()
    _, samples, scaler = prepare(run(), data)
    days = data.days(run().train_period)
    samples_by_hand = valid_samples(data.inputs, data.discharge, days, LENGTH)
    own = torch.from_numpy(np.stack(samples_by_hand, axis=1))
    for epoch in (1, 2):
        generator = torch.Generator().manual_seed(7 * 10_000 + epoch)
        expected = own[torch.randperm(len(own), generator=generator)]
        windows = samples.windows(7, epoch)[:]
        assert torch.equal(windows[:, :2].long(), expected.long())
    batch = samples.batch(windows)
    assert batch.counts is None  # a loss over all, without a mask
    inputs, scaled = scaler.inputs(data.inputs), scaler.output(data.discharge)
    attributes = torch.from_numpy(scaler.attributes(data.attributes))
    for row, (basin, day) in enumerate(expected.tolist()):
        cut = torch.from_numpy(inputs[basin, day - LENGTH + 1 : day + 1])
        assert torch.equal(batch.dynamic[row], cut)
        assert batch.target[row].tolist() == [scaled[basin, day]]
        assert torch.equal(batch.static[row], attributes[basin])


def test_tiles_start_at_an_offset_that_is_random_for_each_basin_and_epoch():
    _, samples, _ = prepare(long(30), catchments())
    days = range(7, 300)
    epochs = [samples.windows(7, epoch)[:] for epoch in days]
    first = slice(31, 31 + 30)  # of the training period
    starts = np.array(
        [
            min(day for b, day, *_ in windows.tolist() if b == basin and day > 31)
            for windows in epochs
            for basin in range(3)
        ]
    ).reshape(-1, 3)
    # All offsets come up about equally often, in each basin by itself.
    for basin in range(3):
        found = np.bincount(starts[:, basin] - first.start, minlength=31)
        assert (found[1:31] > 0).all()
        assert found.max() < 30
    assert (starts[:, 0] != starts[:, 1]).mean() > 0.8
    assert torch.equal(samples.windows(7, 3)[:], samples.windows(7, 3)[:])
    assert not torch.equal(samples.windows(8, 3)[:], samples.windows(7, 3)[:])


@pytest.mark.parametrize("days", [7, 400])
def test_each_day_that_counts_has_its_own_target_and_the_papers_warm_up(days):
    data = gappy()
    scaled = data.discharge.copy()
    _, samples, scaler = prepare(long(days), data)
    scaled = scaler.output(scaled)
    windows = samples.windows(7, 1)[:]
    batch = samples.batch(windows)
    assert batch.dynamic.shape == (len(windows), LENGTH - 1 + days, 2)
    assert batch.dynamic.isfinite().all()
    inputs = scaler.inputs(data.inputs)
    for row in range(len(windows)):
        basin, last = int(batch.basin[row]), int(batch.day[row])
        for ahead in batch.counts[row].nonzero()[:, 0].tolist():
            day = last - days + 1 + ahead
            assert batch.target[row, ahead] == scaled[basin, day]
            seen = batch.dynamic[row, : LENGTH + ahead].numpy()
            own = inputs[basin, day - LENGTH - ahead + 1 : day + 1]
            assert (seen == own).all()
    assert batch.target.isfinite().all()


@pytest.mark.parametrize("kind", ["lstm", "ealstm", "rnn"])
@pytest.mark.parametrize("loss", ["nse", "mse"])
def test_long_windows_give_the_loss_of_the_papers_windows(kind, loss):
    """Where the state before the warm-up does not matter: nothing is remembered."""
    data, settings = gappy(), long(30, kind=kind, dropout=0.0)
    training = dataclasses.replace(settings.training, loss=loss)
    model, samples, _ = prepare(dataclasses.replace(settings, training=training), data)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if "weight_hh" in name:
                weight.zero_()
            elif "bias" in name and kind != "rnn":
                at = 8 if kind == "lstm" else 0
                weight[at : at + 8] = -99 if weight.numel() > 8 else weight[:8]
    _, single, _ = prepare(dataclasses.replace(run(kind=kind)), data)
    function = build_loss(training)
    values = []
    for some in (samples, single):
        batch = some.batch(some.windows(7, 1)[:])
        with torch.no_grad():
            values.append(float(function(model.eval()(batch), batch)))
    assert values[0] == pytest.approx(values[1], rel=1e-5)


@pytest.mark.parametrize("kind", ["lstm", "ealstm", "rnn"])
def test_long_windows_go_on_after_an_epoch_to_the_same_weights(kind, tmp_path):
    data = gappy()
    whole = train(long(30, epochs=3, kind=kind), data)
    train(long(30, epochs=1, kind=kind), data, tmp_path)
    assert_same(train(long(30, epochs=3, kind=kind), data, tmp_path), whole)


def test_history_of_long_windows_is_the_mean_over_days():
    """A rate of nothing leaves the weights, so that the loss can be computed after."""
    settings = long(30, epochs=1, dropout=0.0)
    rate = ({"from_epoch": 1, "rate": 1e-30},)
    training = dataclasses.replace(settings.training, learning_rate=rate, loss="mse")
    settings = dataclasses.replace(settings, training=training)
    model, samples, _ = prepare(settings, gappy())
    history = fit(model, samples, training, settings.seed)
    batch = samples.batch(samples.windows(settings.seed, 1)[:])
    with torch.no_grad():
        errors = (model(batch) - batch.target)[batch.counts] ** 2
    assert len(errors) == len(samples)
    assert history[0]["loss"] == pytest.approx(float(errors.mean()), rel=1e-5)


@pytest.mark.parametrize("kind", ["lstm", "ealstm"])
def test_training_lowers_the_loss(kind):
    settings = run(epochs=15, kind=kind, dropout=0.0)
    model, samples, _ = prepare(settings, catchments())
    history = fit(model, samples, settings.training, settings.seed)
    assert history[-1]["loss"] < 0.5 * history[0]["loss"]


def diverging(settings, *rates, batch_size=32):
    """Return settings with a rate for each epoch, and no clipping."""
    steps = tuple({"from_epoch": e, "rate": r} for e, r in enumerate(rates, start=1))
    changed = {"learning_rate": steps, "epochs": len(rates), "clip_norm": None}
    changed["batch_size"] = batch_size
    training = dataclasses.replace(settings.training, **changed)
    return dataclasses.replace(settings, training=training)


def test_loss_that_is_not_finite_ends_the_training(tmp_path, complaint):
    settings = diverging(run(), 1e-2, 1e30, 1e-2)
    message = complaint(train, settings, catchments(), tmp_path)
    assert message.startswith(f"{tmp_path}: the loss of epoch 2 is ")
    assert "and the checkpoint of epoch 1 is good; lower learning_rate" in message
    state = torch.load(tmp_path / "checkpoint.pt", weights_only=True)
    assert state["epoch"] == 1
    assert all(weight.isfinite().all() for weight in state["model"].values())
    # The same again says the same; with a lower rate all is as if nothing had been.
    assert complaint(train, settings, catchments(), tmp_path) == message
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint.pt"]
    lower = diverging(run(), 1e-2, 1e-3, 1e-2)
    assert_same(train(lower, catchments()), train(lower, catchments(), tmp_path, "low"))


def test_epoch_is_broken_off_soon_after_the_loss_is_not_finite(monkeypatch, complaint):
    settings = diverging(run(), 1e30, batch_size=4)
    model, samples, _ = prepare(settings, catchments())
    steps, original = [], samples.batch
    monkeypatch.setattr(samples, "batch", lambda i: steps.append(1) or original(i))
    monkeypatch.setattr(loop, "_CHECK_EVERY", 7)
    arguments = (model, samples, settings.training, settings.seed)
    message = complaint(loop.fit, *arguments)
    assert message.startswith("the training: the loss of epoch 1 is ")
    assert "no checkpoint is good" in message
    # The first batch is all samples, for the loss of predicting the mean.
    assert len(steps) == 1 + 7 < len(samples) / 4


def test_weights_that_are_not_finite_are_not_kept(tmp_path, monkeypatch, complaint):
    """One batch an epoch, whose loss is taken before the step that spoils all."""

    @torch.no_grad()
    def spoil(optimizer):
        optimizer.param_groups[0]["params"][-1].fill_(math.inf)

    monkeypatch.setattr(torch.optim.Adam, "step", spoil)
    settings = diverging(run(), 1e-2, batch_size=1000)
    message = complaint(train, settings, catchments(), tmp_path)
    assert message.startswith(f"{tmp_path}: weights are not finite after epoch 1")
    assert not list(tmp_path.iterdir())


def test_loss_that_explodes_is_said(caplog):
    """Of the two epochs only the second is far worse than the mean discharge."""
    settings = diverging(run(dropout=0.0), 1e-2, 1e3)
    model, samples, _ = prepare(settings, catchments())
    history = fit(model, samples, settings.training, settings.seed)
    mean = float(
        build_loss(settings.training)(0, samples.batch(samples.windows(0, 0)[:]))
    )
    assert history[0]["loss"] < 10 * mean < history[1]["loss"] < math.inf
    said = [row.getMessage() for row in caplog.records if row.levelname == "WARNING"]
    times = f"{history[1]['loss'] / mean:.3g}"
    assert len(said) == 1
    assert said[0].startswith(f"epoch 2: the loss is {times} times that of predicting")


def test_same_seed_gives_the_same_weights_and_another_seed_others():
    data = catchments()
    assert_same(train(run(), data), train(run(), data))
    other = RunSettings.from_dict({**run().to_dict(), "seed": 8})
    assert not torch.equal(train(run(), data)["bias"], train(other, data)["bias"])


def test_resumed_training_gives_the_same_weights(tmp_path):
    data = catchments()
    whole = train(run(epochs=4), data)
    train(run(epochs=2), data, tmp_path)
    # Whatever happens to torch's generator in between must not matter.
    torch.manual_seed(99)
    resumed = train(run(epochs=4), data, tmp_path)
    assert_same(whole, resumed)


def test_checkpoint_of_other_settings_is_not_used(tmp_path):
    model, samples, _ = prepare(run(), catchments())
    fit(model, samples, run().training, 7, tmp_path, "one")
    optimizer = torch.optim.Adam(model.parameters())
    assert checkpoint.load(tmp_path, "other", model, optimizer) == (0, [])
    weights = [weight for weight in model.parameters() if weight.requires_grad]
    epoch, history = checkpoint.load(tmp_path, "one", model, torch.optim.Adam(weights))
    assert epoch == len(history) == 3


def test_identity_depends_on_settings_and_data():
    base = (run(), "data", ["1"], 2, CPU, "exact", "code")
    changed = [
        (run(epochs=9), *base[1:]),
        (base[0], "other", *base[2:]),
        (*base[:2], ["1", "2"], *base[3:]),
        (*base[:3], 1, *base[4:]),
        (*base[:4], torch.device("cuda"), *base[5:]),
        (*base[:5], "tf32", base[6]),
        (*base[:6], "other code"),
    ]
    identities = {checkpoint.identity(*parts) for parts in [base, base, *changed]}
    assert len(identities) == 8


def test_weights_file_round_trip(tmp_path):
    data = catchments()
    settings = run()
    model, samples, scaler = prepare(settings, data)
    fit(model, samples, settings.training, settings.seed)
    save_weights(tmp_path / "model.pt", model, settings, scaler)
    trained = load_weights(tmp_path / "model.pt", CPU)
    assert trained.settings == settings
    assert trained.scaler == scaler
    assert not trained.model.training
    assert_same(trained.model.state_dict(), model.state_dict())


class Evil:
    def __reduce__(self):
        return (print, ("executed",))


def save_evil(path):
    torch.save({"format": 1, "settings": Evil(), "run": "one"}, path)
    append_seal(path)


def test_pickled_code_in_a_weights_file_is_not_run(tmp_path, capsys):
    save_evil(tmp_path / "model.pt")
    with pytest.raises(InputError, match=r"model\.pt: no weights .*Unsupported global"):
        load_weights(tmp_path / "model.pt", CPU)
    assert "executed" not in capsys.readouterr().out


def test_pickled_code_in_a_checkpoint_is_not_run(tmp_path, capsys):
    save_evil(tmp_path / "checkpoint.pt")
    model, _, _ = prepare(run(), catchments())
    optimizer = torch.optim.Adam(model.parameters())
    assert checkpoint.load(tmp_path, "one", model, optimizer) == (0, [])
    assert "executed" not in capsys.readouterr().out


def test_cuda_without_a_gpu_ends_with_one_sentence(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(InputError, match="device: cuda, but torch sees no GPU"):
        choose_device("cuda")
    assert choose_device("auto").type == "cpu"


@pytest.fixture
def flags():
    """Return torch's two flags of float32 on a GPU; put them back afterwards."""
    owners = torch.backends.cudnn.rnn, torch.backends.cuda.matmul
    before = [owner.fp32_precision for owner in owners]
    yield lambda: [owner.fp32_precision for owner in owners]
    for owner, value in zip(owners, before, strict=True):
        owner.fp32_precision = value


@pytest.mark.parametrize(("asked", "flag"), [("exact", "ieee"), ("tf32", "tf32")])
def test_training_sets_and_records_the_precision_of_a_gpu(flags, tmp_path, asked, flag):
    other = {"ieee": "tf32", "tf32": "ieee"}[flag]
    torch.backends.cudnn.rnn.fp32_precision = other
    torch.backends.cuda.matmul.fp32_precision = other
    store = stores.make_series().write(tmp_path / "s.h5")
    where = dataclasses.replace(
        stores.workspace(store, tmp_path), float32_precision=asked
    )
    train_run(stores.settings(epochs=1), where, stores.outputs(tmp_path))
    assert flags() == [flag, flag]
    record = yaml.safe_load((tmp_path / "run.yaml").read_text())
    assert record["float32_precision"] == asked


@pytest.mark.parametrize(("asked", "flag"), [("exact", "ieee"), ("tf32", "tf32")])
def test_simulation_sets_the_precision_of_a_gpu(flags, tmp_path, asked, flag):
    store = stores.make_series().write(tmp_path / "s.h5")
    where = stores.workspace(store, tmp_path)
    train_run(stores.settings(epochs=1), where, stores.outputs(tmp_path))
    arguments = ([tmp_path / "model.pt"], store, where.basin_list, stores.TEST)
    torch.backends.cudnn.rnn.fp32_precision = {"ieee": "tf32", "tf32": "ieee"}[flag]
    simulate_member(*arguments, None, "windows", "cpu", asked, 1, tmp_path / "s.nc")
    assert flags() == [flag, flag]


KILLED = """
import sys
sys.path[:0] = {path!r}
import test_training as t
data, folder, settings = t.catchments(), sys.argv[1], t.long({days}, epochs=4)
original, steps = t.Samples.batch, [0]

def slow(self, index):
    # Waits to be killed in the middle of the third epoch.
    steps[0] += 1
    if steps[0] == int(sys.argv[2]):
        open(folder + "/here", "w").close()
        t.time.sleep(60)
    return original(self, index)

t.Samples.batch = slow
t.train(settings, data, folder)
"""


@pytest.mark.parametrize("days", [1, 7])
def test_training_killed_in_mid_epoch_resumes_to_the_same_weights(days, tmp_path):
    data, settings = catchments(), long(days, epochs=4)
    whole = train(settings, data)
    _, samples, _ = prepare(settings, data)
    # Of three epochs, the one with the fewest batches.
    per_epoch = min(
        math.ceil(len(samples.windows(7, epoch)) / settings.training.batch_size)
        for epoch in (1, 2, 3)
    )
    script = KILLED.format(path=[path for path in sys.path if path], days=days)
    # argv: folder, and a step in the middle of the third epoch.
    step = str(2 * per_epoch + per_epoch // 2)
    child = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path), step],
        cwd=__file__.rsplit("/", 1)[0],
    )
    deadline = time.monotonic() + 60
    while not (tmp_path / "here").exists():
        assert child.poll() is None, "the child ended by itself"
        assert time.monotonic() < deadline
        time.sleep(0.05)
    child.send_signal(signal.SIGKILL)
    child.wait()
    state = torch.load(tmp_path / "checkpoint.pt", weights_only=True)
    assert state["epoch"] == 2
    assert_same(whole, train(settings, data, tmp_path))


def test_settings_survive_json():
    settings = run()
    again = RunSettings.from_dict(json.loads(json.dumps(settings.to_dict())))
    assert again == settings
