"""The authors' stored simulations: on our days, and beside ours with their networks."""

import logging

import numpy as np
import pandas as pd

from rerunoff.data.authors_simulations import read_stored
from rerunoff.data.simulations import read_simulation
from rerunoff.data.store import read_store
from rerunoff.errors import InputError

_log = logging.getLogger(__name__)
# mm/d; float32 over 270 days differs by less, another weight, order or input by more.
_SAME = 0.01
COLUMNS = (
    *("experiment", "member", "basin", "days"),
    *("largest_difference", "root_mean_square_difference"),
)


def stored_simulation(path, store, basins, period):
    """Return a stored simulation, after comparing its observations with ours.

    Parameters
    ----------
    path : str or Path
        The authors' pickle.
    store : str or Path
    basins : list of str
    period : sequence of str
        First and last day.

    Returns
    -------
    Simulation
    """
    catchments = read_store(store, (), (), basins)
    days = catchments.days(period)
    simulation, theirs = read_stored(path, basins, catchments.dates[days])
    ours = catchments.discharge[:, days]
    missing = (np.isfinite(ours) != np.isfinite(theirs)).sum()
    apart = np.abs(ours - theirs)
    largest = float(np.nanmax(apart)) if np.isfinite(apart).any() else 0.0
    text = "%s: observations differ by at most %.2g mm/d from ours, %d are in one only"
    level = logging.WARNING if largest > _SAME or missing else logging.INFO
    _log.log(level, text, path, largest, missing)
    return simulation


def compare_simulations(ours, stored):
    """Compare our simulations with the stored ones, basin by basin.

    Parameters
    ----------
    ours, stored : dict of (str, str) to str or Path
        By experiment and member; the same keys.

    Returns
    -------
    DataFrame
        `COLUMNS`: the days on which both simulate, and the largest and the root mean
        square difference on these, in mm/d.

    Raises
    ------
    InputError
        If the two do not have the same basins and days.
    """
    rows = []
    for (experiment, member), path in ours.items():
        mine, theirs = (
            read_simulation(path),
            read_simulation(stored[experiment, member]),
        )
        days = np.array_equal(mine.dates, theirs.dates)
        if mine.basins != theirs.basins or not days:
            raise InputError(
                f"{path}: other basins or days than {stored[experiment, member]}; "
                "delete both and run again."
            )
        apart = np.abs(mine.discharge.astype(float) - theirs.discharge)
        both = np.isfinite(apart).sum(axis=1)
        squares = np.nansum(apart**2, axis=1)
        largest = np.nanmax(np.where(both[:, None], apart, 0), axis=1)
        with np.errstate(invalid="ignore"):
            root = np.sqrt(squares / both)
        columns = zip(mine.basins, both, largest, root, strict=True)
        rows += [(experiment, member, *values) for values in columns]
        _report(experiment, member, mine.basins, largest)
    return pd.DataFrame(rows, columns=[*COLUMNS])


def _report(experiment, member, basins, largest):
    """Log how far a simulation is from the stored one."""
    worst = int(np.argmax(largest))
    text = (
        "%s, %s: our simulation with the authors' weights and theirs differ by at most "
        "%.2g mm/d (basin %s); in %d of %d basins by no more than %g"
    )
    level = logging.INFO if largest[worst] <= _SAME else logging.WARNING
    near = int((largest <= _SAME).sum())
    facts = (largest[worst], basins[worst], near, len(basins), _SAME)
    _log.log(level, text, experiment, member, *facts)
