"""Which basins a network learns, and which it simulates."""


def learned_basins(settings, listed):
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

    Parameters and errors are those of `learned_basins`.
    """
    if settings.fold:
        return _fold(settings.fold, listed)[1]
    return learned_basins(settings, listed)


def _fold(fold, listed):
    # Here, for most runs have no folds and need not wait for scikit-learn.
    from rerunoff.data.folds import make_folds

    return make_folds(listed, fold["number"], fold["random_state"])[fold["index"]]
