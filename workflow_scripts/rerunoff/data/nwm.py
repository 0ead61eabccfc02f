"""Daily discharge of the National Water Model reanalysis, a benchmark of kratzert2019b.

The authors published it as a pickle, data/nwm/nwm_daily.pkl of kratzert/lstm_for_pub: a
list of 671 pandas tables with a column NWM_RUN in m³/s; camels_id.npy beside it names
their gauges. `pickles.py` reads it, and nothing that it names is run.

Not tested: the original file, which was not at hand, nor its size and checksum.
"""

import logging

import numpy as np

from rerunoff.data.pickles import AGAIN, load_pickle, read_columns
from rerunoff.data.validation import MOST_FLOW
from rerunoff.errors import InputError

_log = logging.getLogger(__name__)
COLUMN = "NWM_RUN"
_MM_PER_DAY = 86.4  # of 1 m³/s on 1 km²
_GAUGES = 10**8


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
        mm/d; NaN on days that a table lacks, and where it is negative or beyond
        `MOST_FLOW`.

    Raises
    ------
    InputError
        If a file is missing, damaged or built otherwise, the pickle names what no
        table needs, a basin is not in it, or an area is no positive number.
    """
    gauges, areas = read_gauges(ids_path), dict(areas)
    _check_wanted(areas, gauges, ids_path)
    tables = load_pickle(path)
    if not isinstance(tables, list) or len(tables) != len(gauges):
        found = f"{len(tables)} tables" if isinstance(tables, list) else "no list"
        fault = f"{found} where {ids_path} has {len(gauges)} gauges"
        raise InputError(f"{path}: {fault}; download both again.")
    series = [
        _read_table(path, basin, tables[gauges[basin]], area)
        for basin, area in areas.items()
    ]
    dates, discharge = _on_one_calendar(series)
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
    except Exception as error:  # damage may end in nearly any
        why = " ".join(str(error).split(". ")[0].split())
        message = f"{path}: no array of gauge numbers ({why}); {AGAIN}."
        raise InputError(message) from error
    whole = numbers.dtype.kind in "iuf" and (numbers == np.floor(numbers)).all()
    if not whole or not ((numbers >= 0) & (numbers < _GAUGES)).all():
        fault = "gauges must be whole numbers of up to eight digits"
        raise InputError(f"{path}: {fault}; {AGAIN}.")
    gauges = {f"{int(number):08d}": index for index, number in enumerate(numbers.flat)}
    if len(gauges) < numbers.size:
        raise InputError(f"{path}: a gauge stands there twice; {AGAIN}.")
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


def _read_table(path, basin, table, area):
    """Return days (datetime64[D]) and discharge (float64, mm/d) of a table."""
    days, (flow,) = read_columns(table, [COLUMN], f"{path}, table of gauge {basin}")
    return days, _without_impossible(flow / (area / _MM_PER_DAY), basin)


def _without_impossible(flow, basin):
    """Make impossible discharge missing, which the log says."""
    wrong = ~((flow >= 0) & (flow <= MOST_FLOW))
    if wrong.any():
        words = "%s: %d of %d days without possible discharge in the table of the NWM"
        _log.warning(words, basin, wrong.sum(), wrong.size)
    return np.where(wrong, np.nan, flow)


def _on_one_calendar(series):
    """Put (days, flow) pairs on one calendar; NaN elsewhere."""
    first = min(days.min() for days, _ in series)
    dates = np.arange(first, max(days.max() for days, _ in series) + 1)
    stacked = np.full((len(series), len(dates)), np.nan)
    for row, (days, flow) in enumerate(series):
        stacked[row, (days - first).astype(int)] = flow
    return dates, stacked
