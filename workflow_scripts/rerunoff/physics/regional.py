"""HBV in basins as if they were ungauged: with the parameters of other basins."""

import numpy as np
import torch

from rerunoff.data.basin_lists import read_basin_list
from rerunoff.data.folds import fold_numbers
from rerunoff.data.simulation_writer import write_simulation
from rerunoff.data.simulations import Simulation
from rerunoff.errors import InputError
from rerunoff.physics import hbv
from rerunoff.physics.forcing import LATITUDE, read_forcing
from rerunoff.physics.hbv_run import VARIABLES, as_fields, weather_of
from rerunoff.tables import check_numbers, read_checked

_PLACE = [LATITUDE, "gauge_lon"]


def regionalise_hbv(parameters, store, basin_list, donors, near, folds, warmup, output):
    """Simulate each basin with the parameters of others.

    Parameters
    ----------
    parameters : str or Path
        Table of `hbv_run.calibrate_hbv`.
    store, basin_list, output : str or Path
    donors : int
        Of each basin; the mean of their runs is written, of snow that of log(1 + mm).
    near : sequence of str
        Attributes in which donors are near: those of a place, or any others, which are
        standardised over the basins.
    folds : dict
        `number` and `random_state` as in `data.folds.make_folds`, and `index`: that of
        the fold that gives no donors, because its basins are held out together. None
        for each basin's own.
    warmup : int
        First days of the store, which are missing in the result.

    Raises
    ------
    InputError
        If the parameters are not those of the basins, forcing is missing, or there are
        too few donors.

    Notes
    -----
    Oudin et al. 2008 (WRR 44, W03413): parameters as a whole from several donors, of
    which the simulations are averaged, not the parameters.
    """
    basins = read_basin_list(basin_list)
    known = _read_parameters(parameters, basins)
    catchments = read_forcing(store, basins, VARIABLES, [LATITUDE, *near])
    away = distances(catchments.attributes[:, 1:], near == _PLACE)
    any_one = known["tt"].numpy()
    fold = fold_numbers(basins, folds["number"], folds["random_state"])
    held_out = fold if folds["index"] is None else np.full_like(fold, folds["index"])
    chosen = choose_donors(away, fold, held_out, donors, any_one)
    weather, total = weather_of(catchments), None
    for index in chosen.T:
        with torch.no_grad():
            run = hbv.simulate(weather, {n: v[index] for n, v in known.items()})
        fields = as_fields(run, warmup)
        # Where a donor has little snow its melt is unknown: in a colder basin its pack
        # may never go, and would outweigh the others'.
        fields["swe"] = np.log1p(fields["swe"])
        for name, values in fields.items():
            values /= donors
            if total is not None:
                values += total[name]
        total = fields
    total["swe"] = np.expm1(total["swe"])
    write_simulation(output, Simulation(basins, catchments.dates, **total))


def distances(values, place):
    """Return how far basins are from each other, shape (basin, basin).

    Parameters
    ----------
    values : ndarray, shape (basin, attribute)
    place : bool
        Whether these are latitude and longitude in degrees: then along the ground, as
        on a plane, in degrees of latitude.
    """
    if place:
        shrink = np.cos(np.radians(values[:, 0].mean()))
        values = values * [1, shrink]
    else:
        spread = values.std(axis=0)
        # What is the same everywhere makes nobody nearer.
        values = (values - values.mean(axis=0)) / np.where(spread, spread, 1)
    return np.sqrt(((values[:, None] - values[None]) ** 2).sum(axis=2))


def choose_donors(away, fold, held_out, donors, known):
    """Return the rows of the nearest calibrated basins, none of them the basin itself.

    Parameters
    ----------
    away : ndarray, shape (basin, basin)
    fold, held_out : ndarray of int, shape (basin,)
        Of what fold a basin is, and of what fold it has no donors.
    donors : int
    known : ndarray, shape (basin,)
        A parameter of each basin, NaN where it is not calibrated.

    Returns
    -------
    ndarray of int, shape (basin, donor)
    """
    allowed = (held_out[:, None] != fold[None]) & np.isfinite(known)[None]
    np.fill_diagonal(allowed, False)
    fewest = allowed.sum(axis=1).min()
    if fewest < donors:
        raise InputError(
            f"{donors} donors are asked for, but a basin has {fewest} calibrated "
            "basins in other folds; set benchmarks.hbv_regional.donors to fewer."
        )
    order = np.where(allowed, away, np.inf).argsort(axis=1, kind="stable")
    return order[:, :donors]


def _read_parameters(path, basins):
    """Return parameters by name, Tensors of shape (basin,); NaN if not calibrated."""
    table = read_checked(path, "parameters of HBV", dtype={"basin": str})
    names = list(hbv.PARAMETERS)
    if list(table.get("basin", ())) != basins or not set(names) <= set(table):
        raise InputError(
            f"{path}: not the parameters of these basins; delete it and run again."
        )
    check_numbers(path, table, names)
    return {name: torch.tensor(table[name].to_numpy(np.float64)) for name in names}
