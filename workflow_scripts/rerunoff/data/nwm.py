"""Daily discharge of the National Water Model reanalysis, a benchmark of kratzert2019b.

The authors published it as a pickle, data/nwm/nwm_daily.pkl of kratzert/lstm_for_pub: a
list of 671 pandas tables with a column NWM_RUN in m³/s; camels_id.npy beside it names
their gauges. Unpickling can run any code. Permitting only the classes of pandas and
NumPy does not help: a forged dtype makes the genuine ones read memory at will. Here
every name in the pickle becomes a `_Record`, which keeps what it is given and does
nothing, and the numbers are then taken from its bytes.

Not tested: the original file, which was not at hand, nor its size and checksum. Tested
are tables pickled by pandas 0.20, 0.24 (that of kratzert2019a), 1.5 and 3.1.
"""

import logging
import pickle
import pickletools
import re

import numpy as np

from rerunoff.errors import InputError

_log = logging.getLogger(__name__)
COLUMN = "NWM_RUN"
_MM_PER_DAY = 86.4  # of 1 m³/s on 1 km²
_AGAIN = "download it again"
_GAUGES = 10**8
_FIRST, _LAST = np.datetime64("1900-01-01"), np.datetime64("2100-01-01")
# What tables of numbers name besides pandas and NumPy. Python 2 names count as well.
_NAMES = {
    *(("builtins", "slice"), ("__builtin__", "slice")),
    *(("_codecs", "encode"), ("datetime", "timedelta")),
}
_PACKAGE = re.compile(r"(pandas|numpy)(\.\w+)*")
_NUMBER = re.compile(r"[fiu][1248]")
_UNIT = re.compile(r"ns|us|ms|s|m|h|D")
# pandas up to 1.0 keeps the readable part of a table's state under this key.
_OLD_STATE = "0.14.1"
# What comes of looking for the parts of a table in something else.
_ODD = (AttributeError, LookupError, TypeError, ValueError, RecursionError)


class _Record:
    """Stands in for what a pickle names; keeps arguments and state, does nothing."""

    __slots__ = ("arguments", "state")

    def __new__(cls, *arguments, **_options):
        pickled = super().__new__(cls)
        pickled.arguments, pickled.state = arguments, None
        return pickled

    def __setstate__(self, state):
        self.state = state


class _RefusedError(Exception):
    """The pickle names what no table of numbers needs."""


class _Unpickler(pickle.Unpickler):
    """Loads plain containers, numbers and text; everything else as `_Record`."""

    def find_class(self, module, name):
        if (module, name) not in _NAMES and not _PACKAGE.fullmatch(module):
            raise _RefusedError(f"{module}.{name}")
        return type(name, (_Record,), {"__slots__": ()})

    def persistent_load(self, pid):
        raise _RefusedError(f"the object {pid!r} outside of the file")


def read_nwm(path, ids_path, areas):
    """Read the daily discharge of some basins.

    Parameters
    ----------
    path : str or Path
        The pickle; nothing that it names is imported or called.
    ids_path : str or Path
        The gauges of its tables, as `read_gauges` reads them.
    areas : mapping of str to float
        Catchment area in km² (`area_gages2` of CAMELS, as the authors take) of the
        basins wanted, in the order wanted.

    Returns
    -------
    dates : ndarray of datetime64[D], shape (day,)
        One continuous calendar.
    discharge : float32 ndarray, shape (basin, day)
        mm/d; NaN on days that a table lacks, and where it is negative or not finite.

    Raises
    ------
    InputError
        If a file is missing, damaged or built otherwise, the pickle names what no
        table needs, a basin is not in it, or an area is no positive number.
    """
    gauges, areas = read_gauges(ids_path), dict(areas)
    _check_wanted(areas, gauges, ids_path)
    tables = _load(path)
    if not isinstance(tables, list) or len(tables) != len(gauges):
        found = f"{len(tables)} tables" if isinstance(tables, list) else "no list"
        fault = f"{found} where {ids_path} has {len(gauges)} gauges"
        raise InputError(f"{path}: {fault}; download both again.")
    series = [_read_table(path, basin, tables[gauges[basin]]) for basin in areas]
    dates, discharge = _on_one_calendar(series)
    discharge /= np.array([*areas.values()])[:, None] / _MM_PER_DAY
    return dates, discharge.astype(np.float32)


def read_gauges(path):
    """Read which table belongs to which gauge.

    Parameters
    ----------
    path : str or Path
        NumPy file of whole numbers, one a table (camels_id.npy).

    Returns
    -------
    dict of str to int
        Gauge id of eight digits to its index, from 0.

    Raises
    ------
    InputError
        If the file is missing or damaged, holds objects (which are not loaded), or
        anything but different whole numbers.
    """
    try:
        with open(path, "rb") as file:
            numbers = np.lib.format.read_array(file, allow_pickle=False)
    except (OSError, ValueError, MemoryError) as error:
        why = " ".join(str(error).split(". ")[0].split())
        message = f"{path}: no array of gauge numbers ({why}); {_AGAIN}."
        raise InputError(message) from error
    whole = numbers.dtype.kind in "iuf" and (numbers == np.floor(numbers)).all()
    if not whole or not ((numbers >= 0) & (numbers < _GAUGES)).all():
        fault = "gauges must be whole numbers of up to eight digits"
        raise InputError(f"{path}: {fault}; {_AGAIN}.")
    gauges = {f"{int(number):08d}": index for index, number in enumerate(numbers.flat)}
    if len(gauges) < numbers.size:
        raise InputError(f"{path}: a gauge stands there twice; {_AGAIN}.")
    return gauges


def _check_wanted(areas, gauges, ids_path):
    """Raise `InputError` on a basin that is no gauge or has no area."""
    for basin, area in areas.items():
        if basin not in gauges:
            fault = f"no gauge {basin}; remove it from the basin list"
            raise InputError(f"{ids_path}: {fault}.")
        if not (np.isfinite(area) and area > 0):
            fault = f"{area} km² is no area of a catchment; correct its area_gages2"
            raise InputError(f"Basin {basin}: {fault}.")


def _load(path):
    """Load the pickle as containers and pickled objects."""
    try:
        with open(path, "rb") as file:
            _check_sizes(file)
            file.seek(0)
            return _Unpickler(file).load()
    except OSError as error:
        fault = f"cannot be read ({error.strerror}); make it a readable file"
        raise InputError(f"{path}: {fault}.") from error
    except _RefusedError as error:
        raise InputError(
            f"{path}: names {error}, which no table of discharge needs, so nothing of "
            "it was loaded; get the file from its publisher."
        ) from error
    except Exception as error:  # damage may end in nearly any
        why = " ".join(str(error).split()).rstrip(".") or type(error).__name__
        raise InputError(f"{path}: no whole pickle ({why}); {_AGAIN}.") from error


def _check_sizes(file):
    """Raise `ValueError` on what would take memory that the file does not fill.

    The unpickler makes room for as many remembered objects as an index says.
    """
    for count, (opcode, index, _) in enumerate(pickletools.genops(file)):
        if "PUT" in opcode.name and index > count:
            raise ValueError(f"object {index} before the others")


def _read_table(path, basin, table):
    """Return days (datetime64[D]) and discharge (float64, m³/s) of a table."""
    here = f"{path}, table of gauge {basin}"
    try:
        (columns, index), blocks = _parts(table)
        columns, stamps = [*_array(columns)], _array(index)
        if COLUMN not in columns:
            names = ", ".join(map(str, columns[:10]))
            raise InputError(f"{here}: no column {COLUMN} but {names}; {_AGAIN}.")
        flow = _column(blocks, columns.index(COLUMN))
        days = stamps.astype("datetime64[D]")
        fits = stamps.dtype.kind == "M" and (days == stamps).all()
        fits = fits and days.shape == flow.shape == (days.size,)
        fits = fits and flow.dtype.kind in "fiu"
        fits = fits and (days >= _FIRST).all() and (days < _LAST).all()
    except _ODD as error:
        fault = "this is no pandas table of days and numbers"
        raise InputError(f"{here}: {fault}; {_AGAIN}.") from error
    if not (fits and days.size) or np.unique(days).size < days.size:
        fault = f"{COLUMN} is not one number a day, each day once"
        raise InputError(f"{here}: {fault}; {_AGAIN}.")
    return days, _without_negative(flow.astype(np.float64), basin)


def _without_negative(flow, basin):
    """Make impossible discharge missing, which the log says."""
    wrong = ~(flow >= 0) | np.isinf(flow)
    if wrong.any():
        words = "%s: %d of %d days without possible discharge in the table of the NWM"
        _log.warning(words, basin, wrong.sum(), wrong.size)
    return np.where(wrong, np.nan, flow)


def _parts(table):
    """Return the axes (columns, index) and (values, rows) of the blocks."""
    manager = table.state["_mgr"] if "_mgr" in table.state else table.state["_data"]
    if manager.state is None:
        blocks, axes = manager.arguments
        return axes, [block.arguments[:2] for block in blocks]
    state = manager.state[3][_OLD_STATE]
    blocks = [(block["values"], block["mgr_locs"]) for block in state["blocks"]]
    return state["axes"], blocks


def _column(blocks, position):
    """Return the values of the column at a position."""
    for values, places in blocks:
        if type(places).__name__ == "slice":
            rows = range(*places.arguments)
        else:
            rows = _array(places).tolist()
        if position in rows:
            return _array(values)[rows.index(position)]
    raise LookupError(position)


def _array(pickled):
    """Return the array or list of objects behind any kind of array or index."""
    kind = type(pickled).__name__
    if kind == "_frombuffer":
        raw, dtype, shape, order = pickled.arguments
        return np.frombuffer(raw, _dtype(dtype)).reshape(shape, order=order)
    if kind == "_reconstruct":
        _, shape, dtype, fortran, raw = pickled.state
        if isinstance(raw, list):
            return raw
        order = "F" if fortran else "C"
        return np.frombuffer(_bytes(raw), _dtype(dtype)).reshape(shape, order=order)
    if kind.startswith("_new_"):  # an index
        return _array(pickled.arguments[1]["data"])
    if isinstance(pickled.state, dict):  # array of dates of pandas up to 1.0
        return _array(pickled.state["_data"])
    parts = ("_frombuffer", "_reconstruct")
    return _array(next((p for p in pickled.state if type(p).__name__ in parts), None))


def _dtype(pickled):
    """Return a plain dtype; its state could forge another."""
    code, order = pickled.arguments[0], pickled.state[1]
    if code == "M8":
        unit, number, *_ = pickled.state[8][1]
        unit = _bytes(unit).decode("ascii")
        if not _UNIT.fullmatch(unit) or number != 1:
            raise ValueError(unit)
        code = f"M8[{unit}]"
    elif not _NUMBER.fullmatch(code):
        raise ValueError(code)
    return np.dtype(code).newbyteorder(order)


def _bytes(raw):
    """Return bytes, which protocol 2 writes as a call of `encode`."""
    if type(raw).__name__ == "encode":
        return raw.arguments[0].encode("latin1")
    return raw


def _on_one_calendar(series):
    """Put (days, flow) pairs on one calendar; NaN elsewhere."""
    first = min(days.min() for days, _ in series)
    dates = np.arange(first, max(days.max() for days, _ in series) + 1)
    stacked = np.full((len(series), len(dates)), np.nan)
    for row, (days, flow) in enumerate(series):
        stacked[row, (days - first).astype(int)] = flow
    return dates, stacked
