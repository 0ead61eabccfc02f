"""The HDF5 store: all basins of one dataset and forcing on one continuous calendar.

A netCDF-4 file (xarray writes it, plain h5py reads it): dimensions basin × date,
float32, NaN for missing, chunked by basin; attributes on basin; units, checksums of the
source files and the package's version as attributes (design, "Files between stages").
"""

import concurrent.futures
import dataclasses
import hashlib
import logging

import h5py
import numpy as np

import rerunoff
from rerunoff.data.validation import check_attributes
from rerunoff.errors import InputError
from rerunoff.files import atomic_path

_log = logging.getLogger(__name__)

UNITS = {
    "prcp": "mm/d",
    "srad": "W/m2",
    "tmax": "degC",
    "tmin": "degC",
    "tmean": "degC",
    "pet": "mm/d",
    "vp": "Pa",
    "swe": "mm",
    "dayl": "s",
    "discharge": "mm/d",
}
_EPOCH = np.datetime64("1970-01-01", "D")
_CONTENT = "content_sha256"


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


def build_store(path, reader, basins, workers=1):
    """Read basins from raw files and write them as one store.

    Parameters
    ----------
    path : str or Path
        Appears complete or not at all.
    reader : CamelsUS or Caravan
    basins : sequence of str
    workers : int
        Processes that read side by side.

    Raises
    ------
    InputError
        As the reader does, and if a basin has no attributes.
    """
    table = reader.attributes()
    check_attributes(table, basins, [], reader.attributes_source)
    records = _read_all(reader, basins, workers)
    dates = _calendar(records)
    names = sorted({name for record in records for name in record.variables})
    series = {name: _stack(records, dates, name) for name in (*names, "discharge")}
    with atomic_path(path) as part:
        _write(part, records, dates, series, table.loc[list(basins)])


def _read_all(reader, basins, workers):
    """Read the basins in order, reporting progress in the log."""
    records = []
    if workers == 1 or len(basins) < 4:
        results = map(reader.read, basins)
        return _collect(results, records, len(basins))
    with concurrent.futures.ProcessPoolExecutor(workers) as pool:
        results = pool.map(reader.read, basins, chunksize=4)
        return _collect(results, records, len(basins))


def _collect(results, records, number):
    for record in results:
        records.append(record)
        if len(records) % 100 == 0 or len(records) == number:
            _log.info("%d of %d basins read", len(records), number)
    return records


def _calendar(records):
    """Return the days from the earliest first to the latest last day."""
    first = min(record.dates[0] for record in records)
    last = max(record.dates[-1] for record in records)
    return np.arange(first, last + 1)


def _stack(records, dates, name):
    """Put one variable of all basins on the common calendar, NaN elsewhere."""
    stacked = np.full((len(records), len(dates)), np.nan, dtype=np.float32)
    for row, record in enumerate(records):
        values = record.discharge if name == "discharge" else record.variables.get(name)
        if values is not None:
            start = int((record.dates[0] - dates[0]).astype(int))
            stacked[row, start : start + len(values)] = values
    return stacked


def _write(path, records, dates, series, table):
    # Imported here: the jobs that only read the store start a second sooner.
    import xarray as xr

    variables = {
        name: (("basin", "date"), values, {"units": UNITS.get(name, "unknown")})
        for name, values in series.items()
    }
    for name in ("forcing_md5", "streamflow_md5"):
        variables[name] = ("basin", [getattr(record, name) for record in records])
    for name in table:
        variables[f"attribute_{name}"] = ("basin", _column(table[name]))
    dataset = xr.Dataset(
        variables,
        coords={
            "basin": [record.basin for record in records],
            "date": dates.astype("datetime64[ns]"),
        },
        attrs={
            "Conventions": "CF-1.8",
            "title": "basin × date series and attributes for rerunoff",
            "rerunoff_version": rerunoff.__version__,
            _CONTENT: _content_checksum(records, dates, series, table),
        },
    )
    chunks = {"chunksizes": (1, len(dates)), "zlib": True, "complevel": 1}
    encoding = {name: {**chunks, "shuffle": True} for name in series}
    encoding["date"] = {"units": "days since 1970-01-01", "dtype": "int32"}
    dataset.to_netcdf(path, engine="h5netcdf", encoding=encoding)


def _column(values):
    """Return numbers as float64 and anything else as text."""
    if values.dtype.kind in "fiu":
        return values.to_numpy(dtype=np.float64)
    return values.fillna("").astype(str).to_numpy(dtype=object)


def _content_checksum(records, dates, series, table):
    digest = hashlib.sha256(" ".join(record.basin for record in records).encode())
    digest.update(dates.tobytes())
    for name, values in series.items():
        digest.update(name.encode())
        digest.update(values)
    digest.update(table.to_csv().encode())
    return digest.hexdigest()


def read_store(path, inputs, attributes, basins=None):
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

    Returns
    -------
    Catchments

    Raises
    ------
    InputError
        If the store is damaged or lacks a variable, an attribute or a basin, or a
        needed attribute is empty.
    """
    try:
        with h5py.File(path, "r") as file:
            return _read(file, path, inputs, attributes, basins)
    except OSError as error:
        message = f"{path}: no readable store ({error}); delete it and run again."
        raise InputError(message) from error


def _read(file, path, inputs, attributes, basins):
    if _CONTENT not in file.attrs:
        message = f"{path}: no store of this package; delete it and run again."
        raise InputError(message)
    known = [basin.decode() for basin in file["basin"][:]]
    basins = known if basins is None else list(basins)
    rows = _rows(path, known, basins)
    for name in inputs:
        if name not in file:
            series = [key for key in file if file[key].ndim == 2 and key != "discharge"]
            have = ", ".join(series)
            message = f"{path}: no variable {name}; correct inputs, it has {have}."
            raise InputError(message)
    dates = _EPOCH + file["date"][:].astype(int)
    stacked = np.empty((len(basins), len(dates), len(inputs)), dtype=np.float32)
    for column, name in enumerate(inputs):
        stacked[:, :, column] = file[name][:][rows]
    return Catchments(
        basins=basins,
        dates=dates,
        inputs=stacked,
        discharge=file["discharge"][:][rows],
        attributes=_read_attributes(file, path, attributes, basins, rows),
        content=str(file.attrs[_CONTENT]),
    )


def _rows(path, known, basins):
    position = {basin: row for row, basin in enumerate(known)}
    for basin in basins:
        if basin not in position:
            message = f"{path}: no basin {basin}; correct the basin list."
            raise InputError(message)
    return [position[basin] for basin in basins]


def _read_attributes(file, path, attributes, basins, rows):
    values = np.empty((len(basins), len(attributes)))
    for column, name in enumerate(attributes):
        key = f"attribute_{name}"
        if key not in file or file[key].dtype.kind != "f":
            message = f"{path}: no numeric attribute {name}; correct attributes."
            raise InputError(message)
        values[:, column] = file[key][:][rows]
        empty = np.flatnonzero(~np.isfinite(values[:, column]))
        if empty.size:
            raise InputError(
                f"{path}: attribute {name} of basin {basins[empty[0]]} is empty; drop "
                "the attribute from the key attributes, or the basin from its list."
            )
    return values
