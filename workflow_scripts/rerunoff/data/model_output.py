"""Simulations of the CAMELS US benchmark model: SAC-SMA with Snow-17.

Newman et al. (2015), doi:10.5194/hess-19-209-2015, calibrated the model in every basin
ten times, each time from another seed of the shuffled complex evolution (SCE). A file
holds one basin and one seed. Its column OBS_RUN is never read: it is 0 where the record
of the gauge has ended, as it is on a dry day.
"""

import logging
import re
from pathlib import Path

import numpy as np

from rerunoff.data.simulations import Simulation
from rerunoff.data.text_tables import calendar_days, read_table, read_text_bytes
from rerunoff.data.validation import (
    MOST_FLOW,
    check_calendar,
    check_finite,
    refuse_codes,
)
from rerunoff.errors import InputError

_log = logging.getLogger(__name__)
_FILE = re.compile(r"(\d+)_(\d\d)_model_output\.txt")
# Header of the columns read, to what `calendar_days` and this module call them.
_DATE = {"YR": "year", "MNTH": "mnth", "DY": "day"}
_COLUMNS = {**_DATE, "SWE": "swe", "MOD_RUN": "runoff"}
_FIRST_LINE = 2  # of the days, counted from 1
_CALIBRATIONS = 10  # kratzert2018, p. 6010; kratzert2019b, extract_benchmarks.py
_REPORT = 500  # files between two words on the progress


def read_model_output(folder, basins):
    """Read the files of some basins and of every seed there is.

    Parameters
    ----------
    folder : str or Path
        Of one forcing product; holds `<HUC2>/<gauge>_<seed>_model_output.txt`.
    basins : sequence of str
        In the order wanted; in which HUC folder each lies does not matter.

    Returns
    -------
    Simulation
        Discharge and snow of all seeds (two digits, sorted) on one continuous calendar:
        shape (seed, basin, day), NaN on days that a file does not hold.

    Raises
    ------
    InputError
        If the folder, a basin or a seed of a basin is missing, or a file is damaged.
    """
    files = _find(Path(folder), basins)
    seeds = _common_seeds(folder, files)
    if len(seeds) != _CALIBRATIONS:
        words = "%s: %d calibrations a basin (seeds %s), where the papers have %d"
        _log.warning(words, folder, len(seeds), " ".join(seeds), _CALIBRATIONS)
    wanted, outputs = [files[basin][seed] for seed in seeds for basin in basins], []
    for path in wanted:
        outputs.append(read_file(path))
        if len(outputs) % _REPORT == 0 or len(outputs) == len(wanted):
            _log.info("%d of %d model outputs read", len(outputs), len(wanted))
    first = min(dates[0] for dates, *_ in outputs)
    last = max(dates[-1] for dates, *_ in outputs)
    calendar = np.arange(first, last + 1)
    shape = (len(seeds), len(basins), len(calendar))
    return Simulation(
        basins=list(basins),
        seeds=seeds,
        dates=calendar,
        discharge=_stack([(days, runoff) for days, runoff, _ in outputs], first, shape),
        swe=_stack([(days, swe) for days, _, swe in outputs], first, shape),
    )


def _find(folder, basins):
    """Map basin to seed to file."""
    if not folder.is_dir():
        raise InputError(
            f"{folder}: no such folder; download and unpack the model output of the "
            "forcing product there."
        )
    files = {basin: {} for basin in basins}
    for path in sorted(folder.glob("[0-9][0-9]/*_model_output.txt")):
        match = _FILE.fullmatch(path.name)
        if not match or match[1] not in files:
            continue
        other = files[match[1]].setdefault(match[2], path)
        if other != path and other.read_bytes() != path.read_bytes():
            raise InputError(
                f"{path}: differs from {other}, of the same basin and seed; remove "
                "the wrong one."
            )
    empty = [basin for basin, found in files.items() if not found]
    if empty:
        raise InputError(
            f"{folder}: no model output of basin {empty[0]} ({len(empty)} such "
            "basins); remove it from the basin list or add its files."
        )
    return files


def _common_seeds(folder, files):
    """Return the seeds, sorted; every basin must have the same."""
    seeds = sorted(set().union(*files.values()))
    for basin, found in files.items():
        lacking = [seed for seed in seeds if seed not in found]
        if lacking:
            raise InputError(
                f"{folder}: basin {basin} has no file of seed {lacking[0]}, which "
                f"other basins have; add {basin}_{lacking[0]}_model_output.txt or "
                "remove the basin from the basin list."
            )
    return seeds


def read_file(path):
    """Read one basin's simulation of one seed.

    Returns
    -------
    dates : ndarray of datetime64[D], shape (day,)
        Sorted; days may be missing.
    runoff, swe : float32 ndarray, shape (day,)
        mm/d and mm.

    Raises
    ------
    InputError
        On a missing column, a truncated or non-numeric line, days out of order, or
        impossible runoff.
    """
    names = _read_header(path)
    table = read_table(path, names, _FIRST_LINE - 1, columns=list(_COLUMNS))
    table = table.rename(columns=_COLUMNS)
    dates = calendar_days(table, path, _FIRST_LINE)
    check_calendar(dates, path, _FIRST_LINE, gaps=True)
    with np.errstate(over="ignore"):  # said below
        runoff, swe = (table[name].to_numpy(np.float32) for name in ("runoff", "swe"))
    odd = np.flatnonzero(~((runoff >= 0) & (runoff <= MOST_FLOW)))
    if odd.size:
        value = runoff[odd[0]]
        bound = "cannot be negative" if value < 0 else f"is at most {MOST_FLOW} mm/d"
        raise InputError(
            f"{path}, line {odd[0] + _FIRST_LINE}: MOD_RUN is {value:g}, and runoff "
            f"{bound}; correct the line or download the file again."
        )
    refuse_codes("SWE", swe, path, _FIRST_LINE)
    check_finite({"SWE": swe}, dates, path, _FIRST_LINE)
    return dates, runoff, swe


def _read_header(path):
    """Return the names of the columns."""
    names = read_text_bytes(path).decode("ascii").split("\n")[0].split()
    lacking = [name for name in _COLUMNS if name not in names]
    if lacking:
        raise InputError(
            f"{path}, line 1: no column {lacking[0]}; the file is damaged or no CAMELS "
            "model output, download it again."
        )
    return names


def _stack(series, first, shape):
    """Put series, in the order seed then basin, on one calendar; NaN elsewhere."""
    stacked = np.full((shape[0] * shape[1], shape[2]), np.nan, dtype=np.float32)
    for row, (dates, values) in enumerate(series):
        stacked[row, (dates - first).astype(int)] = values
    return stacked.reshape(shape)


def best_seed(output, observed, calibration, dates):
    """Choose in every basin the seed with the lowest calibration RMSE.

    As kratzert2018 does (p. 6010); kratzert2019b takes the mean of all ten seeds.

    Parameters
    ----------
    output : Simulation
        From `read_model_output`.
    observed : ndarray, shape (basin, day)
        mm/d, NaN where missing; basins as in `output`.
    calibration : bool ndarray, shape (basin, day)
        The days that count.
    dates : ndarray of datetime64[D], shape (day,)
        Calendar of `observed` and `calibration`.

    Returns
    -------
    list of (str or None)
        One per basin; None, and a warning in the log, where no day that counts has
        both an observation and a simulation of every seed.
    """
    _, ours, theirs = np.intersect1d(dates, output.dates, return_indices=True)
    chosen = []
    for row, (flow, counts) in enumerate(zip(observed, calibration, strict=True)):
        simulated = output.discharge[:, row, theirs].astype(np.float64)
        error = simulated - flow[ours]
        # The same days for every seed, else the seeds are not comparable.
        common = counts[ours] & np.isfinite(error).all(axis=0)
        mean_square = (error[:, common] ** 2).sum(axis=1)
        chosen.append(output.seeds[mean_square.argmin()] if common.any() else None)
    pairs = zip(output.basins, chosen, strict=True)
    without = [basin for basin, seed in pairs if seed is None]
    if without:
        _log.warning(
            "%d of %d basins have no calibration day with observation and benchmark "
            "simulation, so no seed is chosen: %s",
            *(len(without), len(chosen), " ".join(without)),
        )
    return chosen


def select_seed(output, chosen):
    """Take each basin's chosen seed.

    Parameters
    ----------
    output : Simulation
        From `read_model_output`.
    chosen : sequence of (str or None)
        From `best_seed`.

    Returns
    -------
    float32 ndarray, shape (basin, day)
        Runoff in mm/d; NaN throughout where no seed is chosen.
    """
    selected = np.full(output.discharge.shape[1:], np.nan, dtype=np.float32)
    for row, (_, seed) in enumerate(zip(output.basins, chosen, strict=True)):
        if seed is not None:
            selected[row] = output.discharge[output.seeds.index(seed), row]
    return selected
