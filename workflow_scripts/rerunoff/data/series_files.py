"""HDF5 files of series: written by xarray, read with plain h5py, both checked.

xarray takes a second to import, which those who only read need not wait.
"""

import contextlib

import h5py
import numpy as np

from rerunoff.errors import InputError
from rerunoff.files import atomic_path
from rerunoff.seals import append_seal, check_seal

_EPOCH = np.datetime64("1970-01-01", "D")
DATE = {"units": "days since 1970-01-01", "dtype": "int32"}


def write_series(path, dataset, encoding):
    """Write an xarray Dataset as netCDF-4, atomically, with a checksum.

    Parameters
    ----------
    path : str or Path
    dataset : xarray.Dataset
        With coordinates `basin` and `date`.
    encoding : dict
        Of the variables; the date's is `DATE`.
    """
    with atomic_path(path) as part:
        encoding = {**encoding, "date": DATE}
        dataset.to_netcdf(part, engine="h5netcdf", encoding=encoding)
        append_seal(part)


@contextlib.contextmanager
def open_series(path, what):
    """Open what `write_series` wrote, after comparing it with its checksum.

    Parameters
    ----------
    path : str or Path
    what : str
        What it is, for the message.

    Yields
    ------
    h5py.File

    Raises
    ------
    InputError
        If the file is missing or damaged, or reading from it fails.
    """
    try:
        check_seal(path)
        with h5py.File(path, "r") as file:
            yield file
    except (InputError, MemoryError):
        raise
    except Exception as error:  # damage may end in nearly any
        why = " ".join(str(error).split()).rstrip(".")
        message = f"{path}: no readable {what} ({why}); delete it and run again."
        raise InputError(message) from error


def read_labels(file, dimension):
    """Return the labels of a dimension, as list of str."""
    return [label.decode() for label in file[dimension][:]]


def read_days(file):
    """Return the days of a file as datetime64[D], shape (day,)."""
    return _EPOCH + file["date"][:].astype(int)
