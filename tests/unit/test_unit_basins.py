"""Which basins a network of a fold learns and simulates, and by whose attributes."""

import dataclasses

import numpy as np
import pytest
from rerunoff.data.folds import simulated_basins, training_basins
from rerunoff.data.store import Catchments
from rerunoff.errors import InputError
from rerunoff.training.run import Run
from rerunoff.training.scaling import Scaler, with_attributes_of
from unit.stores import BASINS, TRAIN, make_series, workspace
from unit.stores import settings as run_settings

LISTED = [f"{number:08d}" for number in range(10)]


def of_fold(index, random_state=200):
    fold = {"index": index, "number": 3, "random_state": random_state}
    return dataclasses.replace(run_settings("ungauged"), basins=None, fold=fold)


def test_folds_hold_out_every_basin_once_and_learn_the_others():
    held_out = []
    for index in range(3):
        settings = of_fold(index)
        learned = training_basins(settings, LISTED)
        simulated = simulated_basins(settings, LISTED)
        assert sorted(learned + simulated) == LISTED
        assert learned == [basin for basin in LISTED if basin in learned]
        held_out += simulated
    assert sorted(held_out) == LISTED


def test_another_random_state_divides_otherwise():
    one, other = (simulated_basins(of_fold(0, state), LISTED) for state in (200, 201))
    assert one != other


def test_without_a_fold_all_that_is_learned_is_simulated():
    settings = dataclasses.replace(run_settings("lstm"), basins=None)
    for function in (training_basins, simulated_basins):
        assert function(settings, LISTED) == LISTED
        assert function(run_settings("basin"), LISTED) != LISTED


def test_too_few_basins_for_the_folds_are_named():
    with pytest.raises(InputError, match="2 basins cannot be divided into 3 folds"):
        training_basins(of_fold(0), LISTED[:2])


def catchments(attributes):
    attributes = np.array(attributes, dtype=float)
    size = len(attributes)
    nothing = np.zeros((size, 0, 0), dtype=np.float32)
    return Catchments(LISTED[:size], np.array([]), nothing, nothing, attributes, "")


def test_held_out_attributes_are_standardised_by_their_own():
    scaler = Scaler([0.0], [1.0], 0.0, 1.0, [5.0, 5.0], [2.0, 2.0])
    held_out = catchments([[1, 10], [2, 30], [3, 20]])
    mine = with_attributes_of(scaler, held_out, ["a", "b"])
    scaled = mine.attributes(held_out.attributes)
    np.testing.assert_allclose(scaled.mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(scaled.std(axis=0, ddof=1), 1, rtol=1e-6)
    assert (mine.output_mean, mine.input_mean) == (0.0, [0.0])
    assert scaler.attribute_mean == [5.0, 5.0]


def test_attribute_that_a_fold_shares_is_named(complaint):
    scaler = Scaler([0.0], [1.0], 0.0, 1.0, [5.0], [2.0])
    shared = catchments([[1, 7], [2, 7]])
    assert complaint(with_attributes_of, scaler, shared, ["a", "b"]) == (
        "b: the same in all 2 basins held out together, so not to be standardised; set "
        "held_out_attributes: training or fewer folds, or set the key attributes to "
        "those that differ: [a]."
    )
    alone = complaint(with_attributes_of, scaler, catchments([[1, 7]]), ["a", "b"])
    assert "the only basin held out together" in alone
    assert "; set held_out_attributes: training or fewer folds, or add basins" in alone


@pytest.mark.parametrize("whose", ["training", "all_basins"])
def test_constants_are_of_the_learned_basins_or_of_all(tmp_path, whose):
    series = make_series()
    series.inputs["prcp"][2] *= 5
    series.discharge[2] *= 3
    path = series.write(tmp_path / "store.h5")
    fold = {"index": 0, "number": 3, "random_state": 200}
    settings = run_settings("ungauged", basins=None, fold=fold, scaling=whose)
    run = Run(settings, workspace(path, tmp_path / "run"))
    learned = [BASINS.index(basin) for basin in run.catchments.basins]
    assert len(learned) == 2
    scaler, samples = run.samples(run.days)
    rows = learned if whose == "training" else [0, 1, 2]
    days = series.days(*TRAIN)
    rain, discharge = series.inputs["prcp"][rows, days], series.discharge[rows, days]
    assert scaler.input_mean[0] == pytest.approx(rain.mean(), 1e-5)
    assert scaler.input_std[0] == pytest.approx(rain.std(), 1e-5)
    assert scaler.output_mean == pytest.approx(discharge.mean(), 1e-5)
    assert scaler.output_std == pytest.approx(discharge.std(), 1e-5)
    # Samples of the learned basins only, whoever gives the constants.
    length = days.stop - days.start
    assert len(samples) == 2 * length


@pytest.mark.parametrize("whose", ["training", "all_basins"])
def test_what_is_learned_is_the_target(tmp_path, whose):
    series = make_series()
    store = series.write(tmp_path / "daymet.h5")
    settings = run_settings(basins=BASINS, target="tmin", scaling=whose)
    run = Run(settings, workspace(store, tmp_path))
    learned = run.catchments.discharge
    np.testing.assert_array_equal(learned, series.inputs["tmin"].astype(np.float32))
    scaler, _ = run.samples(run.days)
    mean = series.inputs["tmin"][:, series.days(*TRAIN)].mean()
    assert scaler.output_mean == pytest.approx(mean, 1e-4)
