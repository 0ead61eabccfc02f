"""Reading the HDF5 store: all basins of one dataset and forcing on one calendar.

A netCDF-4 file: dimensions basin × date, float32, NaN for missing. `store_writer.py`
writes it.
"""

import dataclasses
import logging

import numpy as np

from rerunoff.data.series_files import open_series, read_days, read_labels
from rerunoff.errors import InputError
from rerunoff.protocol.settings import DISCHARGE

_log = logging.getLogger(__name__)
CONTENT = "content_sha256"


@dataclasses.dataclass(frozen=True)
class Catchments:
    """What a training or simulation needs of the store.

    Attributes
    ----------
    basins : list of str
    dates : ndarray of datetime64[D], shape (day,)
    inputs : float32 ndarray, shape (basin, day, input)
        NaN where missing.
    discharge : float32 ndarray, shape (basin, day)
        mm/d, NaN where missing.
    attributes : float64 ndarray, shape (basin, attribute)
    content : str
        Checksum of the store's content.
    """

    basins: list
    dates: np.ndarray
    inputs: np.ndarray
    discharge: np.ndarray
    attributes: np.ndarray
    content: str

    def days(self, period):
        """Return the slice of `dates` from the first to the last day of a period.

        Raises
        ------
        InputError
            If the calendar does not hold the whole period.
        """
        first, last = (np.datetime64(day, "D") for day in period)
        if first < self.dates[0] or last > self.dates[-1]:
            raise InputError(
                f"the period {first} to {last} is not within the data, which go from "
                f"{self.dates[0]} to {self.dates[-1]}; correct the key periods."
            )
        start = int((first - self.dates[0]).astype(int))
        return slice(start, start + int((last - first).astype(int)) + 1)

    def observed_on(self, days):
        """Return these catchments without discharge outside some days.

        Parameters
        ----------
        days : ndarray of bool, shape (basin, day)
        """
        discharge = np.where(days, self.discharge, np.float32(np.nan))
        return dataclasses.replace(self, discharge=discharge)

    def followed_by(self, others):
        """Return these catchments and others of the same store."""
        arrays = ("inputs", "discharge", "attributes")
        joined = {
            name: np.concatenate([getattr(self, name), getattr(others, name)])
            for name in arrays
        }
        return dataclasses.replace(self, basins=self.basins + others.basins, **joined)

    def without_first(self, number):
        """Return these catchments without so many at the start, as copies."""
        return dataclasses.replace(
            self,
            basins=self.basins[number:],
            inputs=self.inputs[number:].copy(),
            discharge=self.discharge[number:].copy(),
            attributes=self.attributes[number:],
        )


def read_store(path, inputs, attributes, basins=None, target=DISCHARGE):
    """Read what a run needs from a store.

    Parameters
    ----------
    path : str or Path
    inputs : sequence of str
        Forcing variables, in the order wanted.
    attributes : sequence of str
        Static attributes, in the order wanted; may be empty.
    basins : sequence of str, optional
        Basins, in the order wanted; all of the store by default.
    target : str
        The variable that takes the place of discharge, in its own unit.

    Returns
    -------
    Catchments

    Raises
    ------
    InputError
        If the store is damaged or lacks a variable, an attribute or a basin, or a
        needed attribute is empty.
    """
    with open_series(path, "store") as file:
        return _read(file, path, inputs, attributes, basins, target)


def _read(file, path, inputs, attributes, basins, target):
    if CONTENT not in file.attrs:
        message = f"{path}: no store of this package; delete it and run again."
        raise InputError(message)
    known = read_labels(file, "basin")
    basins = known if basins is None else list(basins)
    rows = _rows(path, known, basins)
    for name in (*inputs, target):
        if name not in file:
            series = [key for key in file if file[key].ndim == 2 and key != DISCHARGE]
            key, have = "inputs" if name in inputs else "target", ", ".join(series)
            message = f"{path}: no variable {name}; correct {key}, it has {have}."
            raise InputError(message)
    dates = read_days(file)
    if (np.diff(dates) != np.timedelta64(1, "D")).any():
        message = f"{path}: days are missing in its calendar; delete it and run again."
        raise InputError(message)
    shape = (len(known), len(dates))
    stacked = np.empty((len(basins), len(dates), len(inputs)), dtype=np.float32)
    for column, name in enumerate(inputs):
        _read_series(file[name], shape, rows, stacked[:, :, column])
    discharge = np.empty((len(basins), len(dates)), dtype=np.float32)
    _read_series(file[target], shape, rows, discharge)
    return Catchments(
        basins=basins,
        dates=dates,
        inputs=stacked,
        discharge=discharge,
        attributes=_read_attributes(file, path, attributes, basins, rows),
        content=str(file.attrs[CONTENT]),
    )


def _read_series(variable, shape, rows, values):
    """Read the wanted rows only, to their place: the store is chunked by basin."""
    if variable.shape != shape:
        raise ValueError(f"{variable.name} has the shape {variable.shape}, not {shape}")
    for place, row in enumerate(rows):
        values[place] = variable[row]


def _rows(path, known, basins):
    position = {basin: row for row, basin in enumerate(known)}
    for basin in basins:
        if basin not in position:
            message = f"{path}: no basin {basin}; correct the basin list."
            raise InputError(message)
    return [position[basin] for basin in basins]


_CODES = (-999, -9999)


def _read_attributes(file, path, attributes, basins, rows):
    values = np.empty((len(basins), len(attributes)))
    for column, name in enumerate(attributes):
        key = f"attribute_{name}"
        if key not in file or file[key].dtype.kind != "f":
            message = f"{path}: no numeric attribute {name}; correct attributes."
            raise InputError(message)
        values[:, column] = file[key][:][rows]
        # -999 and -9999 stand for a missing value; no attribute of CAMELS is so low.
        lost = ~np.isfinite(values[:, column]) | np.isin(values[:, column], _CODES)
        if lost.any():
            raise InputError(
                f"{path}: attribute {name} of basin {basins[lost.argmax()]} is empty "
                "or a code for it; drop the attribute from the key attributes, or the "
                "basin from its list."
            )
    return values


def check_observations(discharge, basins, period, path):
    """Report basins without an observation in a period; stop if there is none at all.

    Parameters
    ----------
    discharge : ndarray, shape (basin, day)
        mm/d, NaN where missing, cut to the period.
    basins : sequence of str
    period : sequence of str
        First and last day, for the message.
    path : str or Path

    Returns
    -------
    ndarray of bool, shape (basin,)
        Which basins have at least one observation.

    Raises
    ------
    InputError
        If no basin has one.
    """
    seen = np.isfinite(discharge).any(axis=1)
    report_unobserved(seen, basins, period, path)
    return seen


def report_unobserved(seen, basins, period, path):
    """Report basins without an observation, as `check_observations` found them."""
    if not seen.any():
        raise InputError(
            f"{path}: no basin has a single observation of discharge from {period[0]} "
            f"to {period[1]}; choose another period in the configuration."
        )
    if not seen.all():
        empty = [basin for basin, has in zip(basins, seen, strict=True) if not has]
        _log.warning(
            "%d of %d basins have no discharge from %s to %s and are left out of that "
            "period: %s",
            len(empty),
            len(basins),
            *period,
            " ".join(empty),
        )
