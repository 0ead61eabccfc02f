"""Fine-tuning and the choice of epochs: what is learned, chosen, resumed and kept."""

import dataclasses
import datetime
import math
import time

import numpy as np
import pytest
import torch
import yaml
from rerunoff import provenance
from rerunoff.analysis.epochs import read_scores
from rerunoff.data.store import read_store
from rerunoff.evaluation.scores import score_days
from rerunoff.evaluation.simulate import simulate
from rerunoff.training import loop
from rerunoff.training.device import make_deterministic
from rerunoff.training.fine_tuning import fine_tune, score_epochs
from rerunoff.training.run import Run, train_run
from rerunoff.training.weights import TrainedModel, load_weights
from unit.stores import BASINS, INPUTS, LENGTH, TRAIN, make_series, outputs, workspace
from unit.stores import settings as run_settings

CPU = torch.device("cpu")
MOST = 4  # epochs to choose from


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """Three basins: one from the start, one a year late, one that ends early."""
    series = make_series()
    series.discharge[1, series.dates < np.datetime64("1991-12-01")] = np.nan
    series.discharge[2, series.dates > np.datetime64("1992-05-01")] = np.nan
    return series.write(tmp_path_factory.mktemp("store") / "daymet.h5")


@pytest.fixture(scope="module")
def start(store, tmp_path_factory):
    """A region's network, briefly trained."""
    folder = tmp_path_factory.mktemp("region")
    region = run_settings("region", "huc01", BASINS, epochs=1)
    train_run(region, workspace(store, folder), outputs(folder))
    return folder / "model.pt"


def tuned_settings(**more):
    return run_settings("fine_tuned", start_from="region", epochs=MOST, **more)


def tune(store, start, folder, score=score_days):
    fine_tune(tuned_settings(), workspace(store, folder), start, outputs(folder), score)


def weights_of(folder):
    return load_weights(outputs(folder)["weights"], CPU).model.state_dict()


def record_of(folder):
    return yaml.safe_load(outputs(folder)["record"].read_text())


def assert_same(first, second):
    assert first.keys() == second.keys()
    assert all(torch.equal(first[key], second[key]) for key in first)


def differ(first, second):
    return any(not torch.equal(first[key], second[key]) for key in first)


def dictated(values, seen=None):
    """Return a score that says what it is told, one value a call."""
    rest = iter(values)

    def score(model, settings, scaler, catchments, days, device):
        assert not model.training
        if seen is not None:
            seen.append({k: v.clone() for k, v in model.state_dict().items()})
        return np.full(len(catchments.basins), next(rest))

    return score


@pytest.fixture(scope="module")
def tuned(store, start, tmp_path_factory):
    folder = tmp_path_factory.mktemp("tuned")
    tune(store, start, folder)
    return folder


def test_number_of_epochs_is_that_of_the_best_score(tuned, start):
    record = record_of(tuned)
    nse = record["selection_nse"]
    assert len(nse) == MOST
    assert record["epochs_chosen"] == 1 + int(np.argmax(nse))
    # Else the interruptions below would miss the second epoch of the final training.
    assert record["epochs_chosen"] >= 2
    assert record["start"] == str(start)
    history = outputs(tuned)["history"].read_text().splitlines()
    assert len(history) == 1 + record["epochs_chosen"]
    assert "nse" not in history[0]


@pytest.mark.parametrize(
    ("scores", "chosen"),
    [
        ([0.1, 0.4, 0.3, 0.2], 2),
        ([0.5, 0.5, 0.4, 0.5], 1),  # of equals the first
        ([-4.0, -3.0, -2.0, -1.0], 4),
    ],
)
def test_start_learns_all_years_for_the_chosen_epochs(
    store, start, tmp_path, scores, chosen
):
    tune(store, start, tmp_path, dictated(scores))
    record = record_of(tmp_path)
    assert (record["epochs_chosen"], record["selection_nse"]) == (chosen, scores)
    assert_same(weights_of(tmp_path), trained_directly(store, start, chosen))
    trained = load_weights(tmp_path / "model.pt", CPU)
    assert trained.scaler == load_weights(start, CPU).scaler
    assert trained.settings == tuned_settings()
    assert record["samples"] == 1096  # of three years, one of them a leap year


def trained_directly(store, start, epochs):
    """Continue the training of a start, without fine_tuning.py."""
    chosen = run_settings("fine_tuned", start_from="region", epochs=epochs)
    run = Run(chosen, workspace(store, store.parent))
    trained = load_weights(start, CPU)
    make_deterministic(chosen.seed, 1)
    _, samples = run.samples(run.days, trained.scaler)
    loop.fit(trained.model, samples, chosen.training, chosen.seed)
    return trained.model.state_dict()


def test_epochs_are_chosen_in_the_scale_of_the_start(store, start, tmp_path):
    seen = []
    tune(store, start, tmp_path / "a", dictated([0.1, 0.2, 0.3, 0.4], seen))
    run = Run(tuned_settings(), workspace(store, tmp_path))
    trained = load_weights(start, CPU)
    _, samples = run.samples(run.split()[0], trained.scaler)
    one = dataclasses.replace(run.settings.training, epochs=1)
    loop.fit(trained.model, samples, one, run.settings.seed)
    assert_same(seen[0], trained.model.state_dict())


def test_real_scores_choose_the_same_training(store, start, tuned):
    chosen = record_of(tuned)["epochs_chosen"]
    assert_same(weights_of(tuned), trained_directly(store, start, chosen))
    assert differ(weights_of(tuned), load_weights(start, CPU).model.state_dict())


@pytest.mark.parametrize("model", [{"hidden_size": 6}, {"kind": "rnn"}, {"layers": 1}])
def test_start_of_another_architecture_is_refused(
    store, start, tmp_path, complaint, model
):
    asked = tuned_settings(model={"layer_dropout": 0.0} | model)
    arguments = (
        asked,
        workspace(store, tmp_path),
        start,
        outputs(tmp_path),
        score_days,
    )
    assert complaint(fine_tune, *arguments) == (
        f"{start}: another network than fine_tuned asks for; give both experiments the "
        "same model."
    )
    assert not outputs(tmp_path)["weights"].exists()


def test_start_that_is_no_weights_file_is_named(store, tmp_path, complaint):
    missing = tmp_path / "none.pt"
    message = complaint(tune, store, missing, tmp_path)
    assert message.startswith(f"{missing}: no weights of this version")


class Kill(Exception):
    pass


class Counted:
    """Counts epochs, and ends before one of them as a kill would."""

    def __init__(self, monkeypatch):
        self.done, self.last, self.original = 0, math.inf, loop._epoch
        monkeypatch.setattr(loop, "_epoch", self)

    def __call__(self, *arguments):
        if self.done == self.last:
            raise Kill
        self.done += 1
        return self.original(*arguments)


@pytest.mark.parametrize(
    "done",
    [0, 2, MOST, MOST + 1],
    ids=["first epoch", "selection", "after the selection", "final training"],
)
def test_interruption_changes_nothing(store, start, tuned, tmp_path, monkeypatch, done):
    epochs = Counted(monkeypatch)
    epochs.last = done
    with pytest.raises(Kill):
        tune(store, start, tmp_path)
    assert epochs.done == done
    assert not outputs(tmp_path)["weights"].exists()
    assert (tmp_path / "checkpoints").exists() == (done > 0)
    # Whatever happens to torch's generator in between must not matter.
    torch.manual_seed(99)
    epochs.last = math.inf
    tune(store, start, tmp_path)
    record, whole = record_of(tmp_path), record_of(tuned)
    assert epochs.done == MOST + whole["epochs_chosen"]
    assert record["selection_nse"] == whole["selection_nse"]
    assert_same(weights_of(tmp_path), weights_of(tuned))
    assert not (tmp_path / "checkpoints").exists()


@pytest.mark.parametrize("done", [2, MOST + 1], ids=["selection", "final training"])
def test_checkpoint_of_another_start_is_not_used(
    store, start, tuned, tmp_path, monkeypatch, done
):
    other = outputs(tmp_path / "other")["weights"]
    region = run_settings("region", "huc01", BASINS, epochs=1, seed=4)
    train_run(region, workspace(store, other.parent), outputs(other.parent))
    path = tmp_path / "start.pt"
    path.write_bytes(other.read_bytes())
    epochs = Counted(monkeypatch)
    epochs.last = done
    with pytest.raises(Kill):
        tune(store, path, tmp_path)
    epochs.last = math.inf
    # The region's network is trained anew before the interrupted run goes on.
    path.write_bytes(start.read_bytes())
    tune(store, path, tmp_path)
    record, whole = record_of(tmp_path), record_of(tuned)
    assert record["selection_nse"] == whole["selection_nse"]
    assert_same(weights_of(tmp_path), weights_of(tuned))
    assert not (tmp_path / "checkpoints").exists()


def test_interruption_while_scoring_changes_nothing(store, start, tuned, tmp_path):
    calls = []

    def score(*arguments):
        calls.append(1)
        if len(calls) == 3:
            raise Kill
        return score_days(*arguments)

    with pytest.raises(Kill):
        tune(store, start, tmp_path, score)
    tune(store, start, tmp_path, score)
    assert len(calls) == MOST + 1
    assert_same(weights_of(tmp_path), weights_of(tuned))


@pytest.mark.parametrize(
    ("scores", "chosen"), [([0.1, math.nan, 0.5, 0.2], 3), ([math.nan] * 3 + [-9.0], 4)]
)
def test_epoch_without_a_score_is_not_chosen(store, start, tmp_path, scores, chosen):
    tune(store, start, tmp_path, dictated(scores))
    assert record_of(tmp_path)["epochs_chosen"] == chosen


def test_held_out_year_that_cannot_be_scored_is_an_error(start, tmp_path, complaint):
    series = make_series()
    series.inputs["prcp"][0, series.days("1992-10-01", "1993-09-30")] = math.nan
    store = series.write(tmp_path / "gap.h5")
    assert complaint(tune, store, start, tmp_path) == (
        f"{store}: the last year of the training period of {BASINS[0]} gives no NSE to "
        "choose epochs by; leave the basin out of the regions."
    )
    assert not outputs(tmp_path)["weights"].exists()


def test_dry_year_is_not_held_out(start, tmp_path):
    flows = []
    for dry in (0.0, math.nan):
        series = make_series()
        series.discharge[0, series.days("1992-10-01", "1993-09-30")] = dry
        folder = tmp_path / str(dry)
        tune(series.write(tmp_path / f"{dry}.h5"), start, folder)
        flows.append(record_of(folder))
    # The year before is scored, as where the last year has no discharge.
    assert flows[0]["selection_nse"] == flows[1]["selection_nse"]
    assert np.isfinite(flows[0]["selection_nse"]).all()
    # The dry year is learned in the end.
    assert (flows[0]["samples"], flows[1]["samples"]) == (1096, 731)


def test_checkpoints_are_gone_afterwards(tuned):
    assert sorted(path.name for path in tuned.iterdir()) == [
        ".history.csv.sha256",
        ".run.yaml.sha256",
        "basins.txt",
        "history.csv",
        "model.pt",
        "run.yaml",
    ]


REGION = {"experiment": "region", "unit": "huc01", "basins": BASINS}


def nse_by_hand(simulated, observed):
    pairs = [(s, o) for s, o in zip(simulated, observed, strict=True) if o == o]
    mean = sum(o for _, o in pairs) / len(pairs)
    error = sum((s - o) ** 2 for s, o in pairs)
    return 1 - error / sum((o - mean) ** 2 for _, o in pairs)


def test_scores_of_epochs_are_nse_in_the_held_out_year_of_each_basin(store, tmp_path):
    two = run_settings(**REGION, epochs=2)
    path = tmp_path / "scores.csv"
    score_epochs(two, workspace(store, tmp_path), path, score_days)
    scores = read_scores([path])
    assert list(scores.index) == [1, 2]
    assert list(scores.columns) == BASINS
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        ".scores.csv.sha256",
        "basins.txt",
        "scores.csv",
    ]
    # The same training, without fine_tuning.py and without data.periods.
    run = Run(two, workspace(store, tmp_path))
    data, dates = run.catchments, run.catchments.dates
    held_out = ["1992-10-01", "1993-10-01", "1991-10-01"]  # each basin's first day
    years = [slice(*np.searchsorted(dates, _year(day))) for day in held_out]
    before = np.zeros_like(run.days)
    for row, year in enumerate(years):
        first = "1991-10-01" if row == 1 else TRAIN[0]
        before[row, np.searchsorted(dates, np.datetime64(first)) : year.start] = True
    scaler, samples = run.samples(before)
    model = run.fresh()
    loop.fit(model, samples, two.training, two.seed)
    trained = TrainedModel(model.eval(), two, scaler)
    for row, year in enumerate(years):
        simulated = simulate(trained, data, year, CPU)[row].astype(float)
        observed = data.discharge[row, year].astype(float)
        by_hand = nse_by_hand(simulated, observed)
        assert scores.loc[2, BASINS[row]] == pytest.approx(by_hand, rel=1e-9)


def _year(first):
    first = np.datetime64(first)
    return [first, (first.astype("M8[M]") + 12).astype("M8[D]")]


def test_basin_without_discharge_has_no_score(store, tmp_path):
    series = make_series()
    series.discharge[2] = np.nan
    path = tmp_path / "scores.csv"
    where = workspace(series.write(tmp_path / "a.h5"), tmp_path)
    score_epochs(run_settings(**REGION, epochs=1), where, path, score_days)
    header, row = path.read_text().splitlines()
    assert header == ",".join(["epoch", *BASINS])
    assert row.endswith(",nan")
    assert read_scores([path]).notna().to_numpy().tolist() == [[True, True, False]]


def test_interrupted_scoring_of_epochs_goes_on(store, tmp_path, monkeypatch):
    three = run_settings(**REGION, epochs=3)
    whole, path = tmp_path / "whole.csv", tmp_path / "scores.csv"
    score_epochs(three, workspace(store, tmp_path), whole, score_days)
    epochs = Counted(monkeypatch)
    epochs.last = 2
    with pytest.raises(Kill):
        score_epochs(three, workspace(store, tmp_path), path, score_days)
    epochs.last = math.inf
    score_epochs(three, workspace(store, tmp_path), path, score_days)
    assert epochs.done == 3
    assert path.read_text() == whole.read_text()


@pytest.mark.parametrize("tuning", [False, True], ids=["afresh", "fine-tuning"])
@pytest.mark.parametrize("changed", ["held-out year", "year before", "after training"])
def test_held_out_year_is_not_learned(start, tmp_path, changed, tuning):
    first = {"held-out year": "1992-10-01", "year before": "1991-10-01"}
    year = [str(day) for day in _year(first.get(changed, "1993-10-01"))]
    seen = []
    for factor in (1, 3):
        series = make_series()
        days = series.days(year[0], year[1])
        days = slice(days.start, days.stop - 1)
        series.discharge[:, days] *= factor
        if changed != "year before":
            for values in series.inputs.values():
                values[:, days] *= factor
        store, score = series.write(tmp_path / f"{factor}.h5"), dictated(range(4), seen)
        if tuning:
            tune(store, start, tmp_path / str(factor), score)
        else:
            where, four = workspace(store, tmp_path), run_settings(**REGION, epochs=4)
            score_epochs(four, where, tmp_path / "scores.csv", score)
    for mine, other in zip(seen[:4], seen[4:], strict=True):
        assert differ(mine, other) == (changed == "year before")


def test_run_learns_each_basins_own_years(store, tmp_path):
    list_file = workspace(store, tmp_path)
    run = Run(run_settings("all", "all", None), list_file)
    assert run.catchments.basins == BASINS
    assert run.catchments.inputs.shape[2] == len(INPUTS)
    _, samples = run.samples(run.days)
    flow = read_store(store, INPUTS, ()).discharge
    own = [TRAIN, ("1991-10-01", "1994-09-30"), TRAIN]
    dates = run.catchments.dates
    for row, (first, last) in enumerate(own):
        inside = (dates >= np.datetime64(first)) & (dates <= np.datetime64(last))
        learned = np.flatnonzero(samples.learned[row])
        expected = np.flatnonzero(inside & np.isfinite(flow[row]))
        assert learned.tolist() == expected.tolist()
    # Warm-up lies before the training period here, so it costs no sample.
    assert np.flatnonzero(dates == np.datetime64(TRAIN[0]))[0] >= LENGTH


def test_run_without_own_start_learns_the_common_years(store, tmp_path):
    run = Run(run_settings(**REGION, own_start=False), workspace(store, tmp_path))
    scaler, samples = run.samples(run.days)
    dates = run.catchments.dates
    late = np.flatnonzero(samples.learned[1])
    assert str(dates[late[0]]) == "1991-12-01"
    assert str(dates[late[-1]]) == TRAIN[1]
    # A given scaler is kept as it is.
    other, _ = run.samples(run.split()[0], scaler)
    assert other is scaler


def test_training_run_writes_its_record(store, tmp_path):
    small = run_settings(epochs=2)
    train_run(small, workspace(store, tmp_path), outputs(tmp_path))
    record = record_of(tmp_path)
    assert record["settings"] == small.to_dict(full=True)
    assert (record["samples"], record["threads"], record["code"]) == (1096, 1, "code")
    assert record["basins"] == 1
    assert record["data_sha256"] == "abc"
    assert record["commit"] == provenance.commit()
    assert set(record["versions"]) == {"rerunoff", "python", "torch"}
    written = datetime.datetime.fromisoformat(record["written"])
    assert abs(written.timestamp() - time.time()) < 600
    assert not (tmp_path / "checkpoints").exists()
    run = Run(small, workspace(store, tmp_path))
    _, samples = run.samples(run.days)
    model = run.fresh()
    loop.fit(model, samples, small.training, small.seed)
    assert_same(weights_of(tmp_path), model.state_dict())
