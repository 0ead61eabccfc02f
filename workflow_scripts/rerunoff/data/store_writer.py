"""Writing the HDF5 store, basin by basin.

A netCDF-4 file: dimensions basin × date, float32, NaN for missing, chunked by basin;
attributes on basin; units, checksums of the source files and the package's version as
attributes. `store.py` reads it.
"""

import hashlib
import itertools

import h5netcdf
import h5py
import numpy as np

import rerunoff
from rerunoff.data import series_files
from rerunoff.data.sizes import write_size
from rerunoff.data.store import CONTENT
from rerunoff.files import atomic_path
from rerunoff.protocol.derived import of_model
from rerunoff.protocol.settings import DISCHARGE

UNITS = {
    "prcp": "mm/d",
    "srad": "W/m2",
    "tmax": "degC",
    "tmin": "degC",
    "tmean": "degC",
    "pet": "mm/d",
    "vp": "Pa",
    "swe": "mm",
    "log_swe": "log(1 + mm)",
    "soil_moisture": "mm",
    "dayl": "s",
    "discharge": "mm/d",
    "rainfall": "mm/d",
    "snowfall": "mm/d",
    "relative_humidity": "1",
    "vapour_pressure_deficit": "Pa",
}

# Basins whose series are read at once for the checksum of the content.
_BLOCK = 64
_PACKED = {"compression": "gzip", "compression_opts": 1, "shuffle": True}


class _OtherDaysError(Exception):
    """A basin has days outside of the calendar."""


def write_store(path, records, table, check, span=None):
    """Write basins as they come.

    Parameters
    ----------
    path : str or Path
        Appears complete or not at all.
    records : iterator of BasinSeries
        In the order of `table`.
    table : DataFrame, index basin
        Attributes.
    check : callable
        Called before the end with the variables that have a value, and with all.
    span : tuple of datetime64[D], optional
        First and last day of the calendar; by default those of the first basin.

    Returns
    -------
    tuple of datetime64[D] or None
        None if the store is written. If a basin has days outside of the span nothing
        is, and this is the span of all basins.

    Raises
    ------
    InputError
        As `check` does, and if the disk is full.
    """
    # Read before the file is made, whose lock the processes that read would inherit.
    first = next(records)
    span = span or (first.dates[0], first.dates[-1])
    try:
        with atomic_path(path) as part:
            with (
                series_files.hdf5_sink(part) as sink,
                h5netcdf.File(sink, "w") as file,
            ):
                store = _Store(file, table.index, span)
                for record in itertools.chain([first], records):
                    store.add(record)
                    sink.check()
                check(store.held(), store.names())
                store.finish(table)
            series_files.append_seal(part)
            write_size(path, len(table), int((span[1] - span[0]).astype(int)) + 1)
    except _OtherDaysError as other:
        for record in itertools.chain(other.args, records):
            span = min(span[0], record.dates[0]), max(span[1], record.dates[-1])
        return span
    return None


class _Store:
    """The file of a store that is being written.

    Parameters
    ----------
    file : h5netcdf.File
    basins : sequence of str
    span : tuple of datetime64[D]
        First and last day of the calendar.
    """

    def __init__(self, file, basins, span):
        self._file, self._basins = file, list(basins)
        self._dates = np.arange(span[0], span[1] + 1)
        self._held, self._sums = {}, {"forcing_md5": [], "streamflow_md5": []}
        file.dimensions = {"basin": len(self._basins), "date": len(self._dates)}
        self._put("basin", self._basins)
        days = file.create_variable("date", ("date",), np.int32)
        days[:] = (self._dates - np.datetime64("1970-01-01", "D")).astype(np.int32)
        days.attrs["units"] = series_files.DATE["units"]
        days.attrs["calendar"] = "proleptic_gregorian"

    def _put(self, name, values):
        """Write a variable of the basins: float64 numbers, or texts."""
        number = isinstance(values, np.ndarray)
        dtype, empty = (np.float64, np.nan) if number else (h5py.string_dtype(), None)
        column = self._file.create_variable(name, ("basin",), dtype, fillvalue=empty)
        column[:] = values if number else np.array(values, dtype=object)

    def add(self, record):
        """Write the series of the next basin."""
        start = int((record.dates[0] - self._dates[0]).astype(int))
        if start < 0 or record.dates[-1] > self._dates[-1]:
            raise _OtherDaysError(record)
        row = len(self._sums["forcing_md5"])
        for name, values in {**record.variables, DISCHARGE: record.discharge}.items():
            whole = np.full(len(self._dates), np.nan, dtype=np.float32)
            whole[start : start + len(values)] = values
            self._series(name)[row] = whole
            self._held[name] |= bool(np.isfinite(values).any())
        for name, sums in self._sums.items():
            sums.append(getattr(record, name))

    def _series(self, name):
        """Return the variable of a series, made when the first basin has it."""
        if name not in self._held:
            self._held[name] = False
            size = (1, len(self._dates))
            where = (name, ("basin", "date"), np.float32)
            made = self._file.create_variable(
                *where, chunks=size, fillvalue=np.float32(np.nan), **_PACKED
            )
            output = (of_model(name) or [name])[-1]
            made.attrs["units"] = UNITS.get(output, "unknown")
        return self._file.variables[name]

    def names(self):
        """Return the variables of the basins, discharge last."""
        return [*sorted(self._held.keys() - {DISCHARGE}), DISCHARGE]

    def held(self):
        """Return those variables, but discharge, that have a value."""
        return [name for name in self.names()[:-1] if self._held[name]]

    def finish(self, table):
        """Write what is not series."""
        for name, sums in self._sums.items():
            self._put(name, sums)
        for name in table:
            self._put(f"attribute_{name}", _column(table[name]))
        self._file.attrs["Conventions"] = "CF-1.8"
        self._file.attrs["title"] = "basin × date series and attributes for rerunoff"
        self._file.attrs["rerunoff_version"] = rerunoff.__version__
        self._file.attrs[CONTENT] = self._content_checksum(table)

    def _content_checksum(self, table):
        digest = hashlib.sha256(" ".join(self._basins).encode())
        digest.update(self._dates.tobytes())
        for name in self.names():
            digest.update(name.encode())
            for start in range(0, len(self._basins), _BLOCK):
                digest.update(self._file.variables[name][start : start + _BLOCK])
        digest.update(table.to_csv().encode())
        return digest.hexdigest()


def _column(values):
    """Return numbers as float64 and anything else as text."""
    if values.dtype.kind in "fiu":
        return values.to_numpy(dtype=np.float64)
    return values.fillna("").astype(str).tolist()
