"""Which basins a network learns and simulates; folds of basins (kratzert2019b)."""

import numpy as np

from rerunoff.errors import InputError


def training_basins(settings, listed):
    """Return the basins that a network learns.

    Parameters
    ----------
    settings : RunSettings
    listed : list of str
        The paper's basins.

    Raises
    ------
    InputError
        If the basins cannot be divided into the folds.
    """
    if settings.fold:
        return _fold(settings.fold, listed)[0]
    return list(settings.basins or listed)


def simulated_basins(settings, listed):
    """Return the basins that a network simulates: its own, or those held out from it.

    Parameters and errors are those of `training_basins`.
    """
    if settings.fold:
        return _fold(settings.fold, listed)[1]
    return training_basins(settings, listed)


def _fold(fold, listed):
    return make_folds(listed, fold["number"], fold["random_state"])[fold["index"]]


def fold_numbers(basins, number, random_state):
    """Return the fold in which each basin is held out, ndarray of int, shape (basin,).

    Parameters and errors are those of `make_folds`.
    """
    numbers = np.empty(len(basins), dtype=int)
    for index, (_, held_out) in enumerate(make_folds(basins, number, random_state)):
        numbers[np.isin(basins, held_out)] = index
    return numbers


def make_folds(basins, number=12, random_state=200):
    """Divide basins at random into folds of about equal size.

    As kratzert2019b does: `KFold(number, shuffle=True, random_state=repeat)` of
    scikit-learn on the list order, one repeat for each random state from 200 to 209.
    Random state 200 gives the order of the authors' file of statistics, pub_lstm.csv.

    Parameters
    ----------
    basins : sequence of str
        Their order matters.
    number : int
        Of folds.
    random_state : int

    Returns
    -------
    list of (list of str, list of str)
        Training and test basins of each fold, each in the order of `basins`. Every
        basin is in the test list of exactly one fold.

    Raises
    ------
    InputError
        If a basin occurs twice, or `number` is below 2 or above that of the basins.
    """
    # Here, because most runs have no folds and need not wait for it.
    from sklearn.model_selection import KFold

    if len(set(basins)) < len(basins):
        twice = next(basin for basin in basins if list(basins).count(basin) > 1)
        fault = "occurs twice, so that folds would train and test on it"
        raise InputError(f"Basin {twice} {fault}; remove it from the basin list.")
    if not 2 <= number <= len(basins):
        raise InputError(
            f"{len(basins)} basins cannot be divided into {number} folds; set the key "
            f"folds to 2 or more and to no more than {len(basins)}, or add basins."
        )
    folds = KFold(number, shuffle=True, random_state=random_state).split(basins)
    return [
        ([basins[i] for i in train], [basins[i] for i in test]) for train, test in folds
    ]
