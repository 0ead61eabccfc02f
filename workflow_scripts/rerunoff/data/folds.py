"""The folds of a cross-validation over basins (kratzert2019b)."""

from sklearn.model_selection import KFold

from rerunoff.errors import InputError


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
        ([basins[place] for place in train], [basins[place] for place in test])
        for train, test in folds
    ]
