"""Building the HDF5 store from raw files.

A netCDF-4 file: dimensions basin × date, float32, NaN for missing, chunked by basin;
attributes on basin; units, checksums of the source files and the package's version as
attributes. `store.py` reads it.
"""

import concurrent.futures
import hashlib
import logging

import numpy as np
import xarray as xr

import rerunoff
from rerunoff.data.series_files import write_series
from rerunoff.data.store import CONTENT
from rerunoff.data.validation import check_attributes
from rerunoff.errors import InputError
from rerunoff.progress import watched

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


def build_store(path, reader, basins, workers=1, inputs=(), key="inputs"):
    """Read basins from raw files and write them as one store.

    Parameters
    ----------
    path : str or Path
        Appears complete or not at all.
    reader : Reader
        From `data.readers.open_reader`.
    basins : sequence of str
    workers : int
        Processes that read side by side.
    inputs : sequence of str
        Variables that the networks on this store need.
    key : str
        Of the configuration, where `inputs` come from.

    Raises
    ------
    InputError
        As the reader does, if a basin has no attributes, and if one of `inputs` is not
        there or empty.
    """
    table = reader.attributes()
    check_attributes(table, basins, [], reader.attributes_source)
    records = _read_all(reader, basins, workers)
    dates = _calendar(records)
    names = sorted({name for record in records for name in record.variables})
    series = {name: _stack(records, dates, name) for name in (*names, "discharge")}
    _check_inputs(series, inputs, key, reader)
    _write(path, records, dates, series, table.loc[list(basins)])


def _check_inputs(series, inputs, key, reader):
    """Refuse inputs that no basin has: every training would fail on them."""
    held = [n for n, v in series.items() if n != "discharge" and np.isfinite(v).any()]
    lost = [name for name in inputs if name not in held]
    if lost:
        fault = "is missing on every day" if lost[0] in series else "is not there"
        raise InputError(
            f"{reader.root}: {lost[0]}, named by the key {key}, {fault} in the series "
            f"of {reader.forcing}, which have {', '.join(held)}; correct the key."
        )


def _read_all(reader, basins, workers):
    """Read the basins in order, reporting progress in the log."""
    if workers == 1 or len(basins) < 4:
        records = _collect(map(reader.read, basins), len(basins))
    else:
        with concurrent.futures.ProcessPoolExecutor(workers) as pool:
            results = pool.map(reader.read, basins, chunksize=4)
            records = _collect(results, len(basins))
    _log.info("%d basins read", len(records))
    return records


def _collect(results, number):
    return list(watched(results, "reading basins", number))


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
            CONTENT: _content_checksum(records, dates, series, table),
        },
    )
    chunks = {"chunksizes": (1, len(dates)), "zlib": True, "complevel": 1}
    encoding = {name: {**chunks, "shuffle": True} for name in series}
    write_series(path, dataset, encoding)


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
