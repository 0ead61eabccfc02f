"""Morris' elementary effects of the attributes on simulated discharge."""

import dataclasses

import numpy as np
import pandas as pd
from SALib.analyze import morris as analysis
from SALib.sample import morris as sampling

from rerunoff.data.basin_lists import read_basin_list
from rerunoff.data.store import read_store
from rerunoff.errors import InputError
from rerunoff.evaluation.simulate import simulate
from rerunoff.progress import watched
from rerunoff.training.device import choose_device, make_deterministic
from rerunoff.training.weights import load_weights

# Steps of the range of an attribute (Morris 1991; the usual choice).
LEVELS = 4


def screen_attributes(
    weights,
    store,
    basin_list,
    period,
    simulation,
    basins,
    trajectories,
    device,
    float32_precision,
    threads,
):
    """Compute Morris' elementary effects of each attribute in some basins.

    Parameters
    ----------
    weights, store, basin_list : str or Path
        The network is of all basins.
    period : sequence of str
        First and last day.
    simulation, device, float32_precision, threads
        As in `evaluation.simulate.simulate_member`.
    basins : int
        How many, spread evenly over the list; all if there are fewer.
    trajectories : int
        In each basin; a trajectory takes a simulation more than there are attributes.

    Returns
    -------
    DataFrame
        `basin`, `attribute`, `mu_star` and `mu_star_conf` (mm/d), as from `effects`.

    Raises
    ------
    InputError
        If the data do not hold the period, or a basin has no complete day in it.
    """
    make_deterministic(0, threads)
    device = choose_device(device, float32_precision)
    trained, listed = load_weights(weights, device), read_basin_list(basin_list)
    names = trained.settings.attributes
    catchments = read_store(store, trained.settings.inputs, names, listed)
    days, parts = catchments.days(period), []
    problem = problem_of(names, catchments.attributes)
    for row in watched(spread(len(listed), basins), "elementary effects"):
        design = sampling.sample(problem, trajectories, LEVELS, seed=int(row))
        discharge = simulate(
            trained, as_basins(catchments, row, design), days, device, simulation
        )
        simulated = np.isfinite(discharge[0])
        if not simulated.any():
            raise InputError(
                f"{store}: basin {listed[row]} has no day of the test period with "
                "forcing and warm-up; choose a later one."
            )
        table = effects(problem, design, discharge[:, simulated])
        table.insert(0, "basin", listed[row])
        parts.append(table)
    return pd.concat(parts, ignore_index=True)


def problem_of(names, attributes):
    """Return SALib's description: the range of each attribute over the basins.

    Parameters
    ----------
    names : sequence of str
    attributes : ndarray, shape (basin, attribute)
        In the units of the store: effects of a whole range do not depend on scaling.
    """
    bounds = np.column_stack([attributes.min(axis=0), attributes.max(axis=0)])
    return {"num_vars": len(names), "names": list(names), "bounds": bounds.tolist()}


def spread(number, wanted):
    """Return so many rows, or all, spread evenly over a list with both ends."""
    return np.unique(
        np.linspace(0, number - 1, min(wanted, number)).round().astype(int)
    )


def as_basins(catchments, row, design):
    """Return a basin as many basins with the same weather and other attributes.

    Parameters
    ----------
    catchments : Catchments
    row : int
        Of the basin.
    design : ndarray, shape (simulation, attribute)
    """
    again = [row] * len(design)
    return dataclasses.replace(
        catchments,
        basins=[catchments.basins[row]] * len(design),
        inputs=catchments.inputs[again],
        discharge=catchments.discharge[again],
        attributes=design,
    )


def effects(problem, design, discharge):
    """Compute the elementary effects of each attribute on discharge in one basin.

    Parameters
    ----------
    problem : dict
        From `problem_of`.
    design : ndarray, shape (simulation, attribute)
        SALib's trajectories: one attribute moves between two simulations.
    discharge : ndarray, shape (simulation, day)
        mm/d.

    Returns
    -------
    DataFrame
        `attribute`; `mu_star`, the mean absolute elementary effect on the discharge of
        a day, averaged over days: mm/d for the whole range of the attribute;
        `mu_star_conf`, half its 95 % confidence interval over trajectories.

    Notes
    -----
    Morris (1991), Technometrics 33, 161-174; mu* after Campolongo et al. (2007). The
    output is a series and SALib takes one number a simulation, so it gets the length of
    the path: each step adds the mean absolute change of daily discharge. The absolute
    elementary effect of a step is then this change by the step's share of the range;
    the mean of signed effects has no meaning. Attributes of a basin move independently
    here, while those of real basins go together: some of the basins are impossible.
    """
    path = np.zeros(len(design))
    path[1:] = np.abs(np.diff(discharge.astype(np.float64), axis=0)).mean(axis=1)
    found = analysis.analyze(problem, design, path.cumsum(), num_levels=LEVELS, seed=0)
    columns = {name: np.asarray(found[name]) for name in ("mu_star", "mu_star_conf")}
    return pd.DataFrame({"attribute": problem["names"], **columns})
