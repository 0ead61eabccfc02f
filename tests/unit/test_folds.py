import numpy as np
import pytest
from rerunoff.data.folds import make_folds

BASINS = [f"{number:08d}" for number in np.random.default_rng(0).permutation(531)]


def by_hand(basins, number, random_state):
    """Shuffle the places, cut them in runs, the first ones longer by one."""
    places = np.arange(len(basins))
    np.random.RandomState(random_state).shuffle(places)
    size, longer = divmod(len(basins), number)
    folds = []
    for fold in range(number):
        run, places = np.split(places, [size + (fold < longer)])
        test = [basins[place] for place in sorted(run)]
        folds.append(([b for b in basins if b not in test], test))
    return folds


@pytest.mark.parametrize("random_state", [200, 205, 209])
def test_folds_are_those_by_hand(random_state):
    folds = make_folds(BASINS, random_state=random_state)
    assert folds == by_hand(BASINS, 12, random_state)
    assert [len(test) for _, test in folds] == [45] * 3 + [44] * 9
    assert {len(train) for train, _ in folds} == {486, 487}


def test_every_basin_is_tested_once():
    folds = make_folds(BASINS[:10], 3, random_state=1)
    assert sorted(basin for _, test in folds for basin in test) == sorted(BASINS[:10])
    for train, test in folds:
        assert sorted([*train, *test]) == sorted(BASINS[:10])


def test_order_and_random_state_matter():
    folds = make_folds(BASINS)
    assert folds == make_folds(tuple(BASINS), 12, 200)
    assert folds != make_folds(BASINS, random_state=201)
    assert folds != make_folds(BASINS[::-1])


@pytest.mark.parametrize("number", [1, 0, -1, 6])
def test_impossible_number_is_said(complaint, number):
    assert complaint(make_folds, BASINS[:5], number) == (
        f"5 basins cannot be divided into {number} folds; set the key folds to 2 or "
        "more and to no more than 5, or add basins."
    )


def test_repeated_basin_is_said(complaint):
    message = complaint(make_folds, ["01", "02", "03", "02"], 2)
    assert message.startswith("Basin 02 occurs twice, ")
