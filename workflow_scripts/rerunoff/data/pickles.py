"""Tables of daily numbers out of pickles of others, without running what they name.

The authors of the papers published tables of pandas as pickles: the National Water
Model's discharge (kratzert2019b) and the simulations of their networks (kratzert2019a).
Unpickling can run any code. Permitting only the classes of pandas and NumPy does not
help: a forged dtype makes the genuine ones read memory at will. Here every name in the
pickle becomes a `_Record`, which keeps what it is given and does nothing, and the
numbers are then taken from its bytes.

Not tested: the original files, which were not at hand. Tested are tables pickled by
pandas 0.20, 0.24 (that of kratzert2019a), 1.5 and 3.1.
"""

import pickle
import pickletools
import re

import numpy as np

from rerunoff.errors import InputError

AGAIN = "download it again"
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


def load_pickle(path):
    """Load a pickle as containers, plain values and records of all that it names.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    object
        Lists, dicts, texts and numbers; tables are for `read_columns`.

    Raises
    ------
    InputError
        If the file cannot be read or is no whole pickle, or if it names what no table
        of numbers needs.
    """
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
        raise InputError(f"{path}: no whole pickle ({why}); {AGAIN}.") from error


def _check_sizes(file):
    """Raise `ValueError` on what would take memory that the file does not fill.

    The unpickler makes room for as many remembered objects as an index says.
    """
    for count, (opcode, index, _) in enumerate(pickletools.genops(file)):
        if "PUT" in opcode.name and index > count:
            raise ValueError(f"object {index} before the others")


def read_columns(table, names, here):
    """Read columns of a pickled table of days.

    Parameters
    ----------
    table : object
        A part of what `load_pickle` returned.
    names : sequence of str
    here : str
        File and part of it, for messages.

    Returns
    -------
    days : ndarray of datetime64[D], shape (row,)
        Each day once.
    columns : list of float64 ndarray, shape (row,)
        In the order of `names`.

    Raises
    ------
    InputError
        If it is no table of pandas, lacks a column, or has not one number a day.
    """
    try:
        (columns, index), blocks = _parts(table)
        columns, stamps = [*_array(columns)], _array(index)
        for name in names:
            if name not in columns:
                there = ", ".join(map(str, columns[:10]))
                raise InputError(f"{here}: no column {name} but {there}; {AGAIN}.")
        values = [_column(blocks, columns.index(name)) for name in names]
        days = stamps.astype("datetime64[D]")
        fits = [_daily(days, stamps, column) for column in values]
    except _ODD as error:
        fault = "this is no pandas table of days and numbers"
        raise InputError(f"{here}: {fault}; {AGAIN}.") from error
    for name, fit in zip(names, fits, strict=True):
        if not fit:
            fault = f"{name} is not one number a day, each day once"
            raise InputError(f"{here}: {fault}; {AGAIN}.")
    return days, [column.astype(np.float64) for column in values]


def _daily(days, stamps, values):
    """Whether there is one number for each of some days, which differ."""
    fits = stamps.dtype.kind == "M" and (days == stamps).all()
    fits = fits and days.shape == values.shape == (days.size,)
    fits = fits and values.dtype.kind in "fiu"
    fits = fits and (days >= _FIRST).all() and (days < _LAST).all()
    return fits and days.size and np.unique(days).size == days.size


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
