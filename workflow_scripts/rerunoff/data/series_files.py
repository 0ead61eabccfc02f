"""HDF5 files of series: written by h5netcdf, read with plain h5py, both checked.

xarray takes a second to import, which those who only read need not wait.
"""

import contextlib
import io

import h5py
import numpy as np

from rerunoff.errors import InputError
from rerunoff.files import atomic_path
from rerunoff.seals import append_seal, check_seal

_EPOCH = np.datetime64("1970-01-01", "D")
DATE = {"units": "days since 1970-01-01", "dtype": "int32"}


class _Sink(io.FileIO):
    """A new file that HDF5 writes into, which keeps the first error to itself.

    HDF5 cannot give up a file: where a write fails, closing fails, and the process dies
    of a segmentation fault when it tries again at its end.
    """

    def __init__(self, part):
        super().__init__(part, "w+")
        self.error = None

    def write(self, data):
        """Write all of the data, or nothing once a write has failed."""
        left = memoryview(data).cast("B")
        try:
            while left and self.error is None:
                left = left[super().write(left) :]
        except OSError as error:
            self.error = error
        return len(data)

    def truncate(self, size=None):
        """Set the size, unless a write has failed."""
        try:
            if self.error is None:
                super().truncate(size)
        except OSError as error:
            self.error = error
        return size

    def check(self):
        """Raise what a write ended in."""
        if self.error is not None:
            raise self.error


@contextlib.contextmanager
def hdf5_sink(part):
    """Give a file object for HDF5 to write into, and raise what its writes ended in.

    Parameters
    ----------
    part : Path
        From `files.atomic_path`.

    Yields
    ------
    file object
        Its method `check` raises the first error so far.

    Raises
    ------
    OSError
        If the disk is full or the like.
    """
    with _Sink(part) as sink:
        try:
            yield sink
        except Exception:
            # What HDF5 says of a file that it could not write is of no help.
            sink.check()
            raise
        sink.check()


def write_series(path, dataset, encoding):
    """Write an xarray Dataset as netCDF-4, atomically, with a checksum.

    Parameters
    ----------
    path : str or Path
    dataset : xarray.Dataset
    encoding : dict
        Of the variables; that of a coordinate `date` is `DATE`.

    Raises
    ------
    InputError
        If the disk is full.
    """
    with atomic_path(path) as part:
        if "date" in dataset.coords:
            encoding = {**encoding, "date": DATE}
        with hdf5_sink(part) as sink:
            dataset.to_netcdf(sink, engine="h5netcdf", encoding=encoding)
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
    with damage_said(path, what), h5py.File(path, "r") as file:
        yield file


@contextlib.contextmanager
def damage_said(path, what):
    """Compare a file with its checksum, and say in one sentence if it is damaged.

    Parameters and errors are those of `open_series`, for who opens it by other means.
    """
    try:
        check_seal(path)
        yield
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
