"""Simulations of the models that kratzert2019a compares with: a netCDF file a gauge.

`<gauge>_benchmark_models.nc` holds days (`index`), observed discharge (`QObs`) and a
variable for each model that has simulated the gauge, in mm/d; HydroShare
474ecc37e7db45baa425cdb4fc1b61e1. Layout after the authors' evalutils.py and a public
reader in R.

Not tested: the original files, which were not at hand. xarray reads both netCDF formats
(3 and 4), from a folder or straight out of the archive, so that nothing is unpacked.
"""

import dataclasses
import io
import logging
import re
from pathlib import Path

import numpy as np
import xarray as xr

from rerunoff.data.limits import BROKEN, open_tar
from rerunoff.data.units import PER_DAY, UnitError, check_unit
from rerunoff.data.validation import check_discharge, refuse_codes
from rerunoff.errors import InputError
from rerunoff.progress import Progress

_log = logging.getLogger(__name__)
OBSERVED, DAYS = "QObs", "index"
# The authors take the first eight letters of a name; what follows does not matter.
_FILE = re.compile(r"(\d{8})\D.*\.nc|(\d{8})\.nc")
_AGAIN = "download the benchmarks' files again"
_DAY = np.timedelta64(1, "D")


@dataclasses.dataclass(frozen=True)
class BenchmarkRuns:
    """What the files hold.

    Attributes
    ----------
    basins : list of str
        All gauges, sorted.
    dates : ndarray of datetime64[D], shape (day,)
    observed : float32 ndarray, shape (basin, day)
        mm/d; NaN where missing.
    simulated : dict of str to float32 ndarray, shape (basin, day)
        By benchmark, mm/d; NaN throughout where it has no usable series.
    """

    basins: list
    dates: np.ndarray
    observed: np.ndarray
    simulated: dict


def read_benchmark_files(source, variables, impossible="stop"):
    """Read all gauges.

    Parameters
    ----------
    source : str or Path
        A folder with `<gauge>*.nc`, or a `.tar.xz` that has such files anywhere.
    variables : dict of str to str
        Benchmark to its variable.
    impossible : {'stop', 'warn'}

    Returns
    -------
    BenchmarkRuns
        As for the authors, a model has no series where its variable is absent or lacks
        a day with an observation (evalutils.py, eval_benchmark_models: the metric is
        NaN). Nor does a constant one count, such as the zeros of SAC-SMA at 01634500,
        which the authors do not count either.

    Raises
    ------
    InputError
        If there is no file, two are of one gauge, or one is damaged, lacks observations
        or has other days than the first or days that do not follow one another; on a
        variable in another unit, a code for missing values among what was simulated
        and, with `stop`, more than 2000 mm/d.
    """
    found, first, dates = {}, None, None
    for name, data in _files(Path(source)):
        basin = "".join(filter(None, _FILE.fullmatch(Path(name).name).groups()))
        if basin in found:
            raise InputError(f"{name}: a second file of {basin}; remove one of them.")
        days, found[basin] = _read(name, data, variables, impossible)
        if first is None:
            first, dates = name, days
        elif not np.array_equal(days, dates):
            raise InputError(
                f"{name}: {len(days)} days from {days[0]}, but {first} has "
                f"{len(dates)} from {dates[0]}; {_AGAIN}."
            )
    if not found:
        raise InputError(f"{source}: no file <gauge>*.nc; {_AGAIN}.")
    basins = sorted(found)
    series = {name: np.stack([found[b][name] for b in basins]) for name in found[basin]}
    _report(series, len(basins))
    return BenchmarkRuns(basins, dates, series.pop(OBSERVED), series)


def _files(source):
    """Yield name and bytes of each netCDF file of a gauge."""
    if source.is_dir():
        paths = [
            path for path in sorted(source.iterdir()) if _FILE.fullmatch(path.name)
        ]
        for path in Progress(source.name, len(paths), unit="file").over(paths):
            yield str(path), path.read_bytes()
        return
    try:
        with open_tar(source) as members:
            for opened, member in members:
                if member.isfile() and _FILE.fullmatch(Path(member.name).name):
                    yield f"{source}/{member.name}", opened.extractfile(member).read()
    except (OSError, *BROKEN) as error:
        why = " ".join(str(error).split()).rstrip(".")
        raise InputError(f"{source}: no readable archive ({why}); {_AGAIN}.") from error


def _read(name, data, variables, impossible):
    """Return days and series of one file: those of the benchmarks, and `OBSERVED`."""
    try:
        with xr.open_dataset(io.BytesIO(data)) as dataset:
            dates = dataset[DAYS].values
            observed = _series(dataset, OBSERVED)
            simulated = {
                benchmark: _series(dataset, variable)
                for benchmark, variable in variables.items()
                if variable in dataset
            }
    except UnitError as error:
        raise InputError(f"{name}: {error}.") from None
    except Exception as error:  # damage may end in nearly any
        why = " ".join(str(error).split(". ")[0].split()).rstrip(".")
        message = f"{name}: no netCDF with {DAYS} and {OBSERVED} ({why}); {_AGAIN}."
        raise InputError(message) from error
    days = _checked_days(name, dates)
    observed = np.where(observed >= 0, observed, np.nan)
    _check_values(name, OBSERVED, observed, impossible)
    series = {OBSERVED: observed}
    for benchmark, variable in variables.items():
        values = simulated.get(benchmark)
        if values is not None:
            _check_values(name, variable, values, impossible)
        usable = values is not None and _is_series(values, observed)
        series[benchmark] = values if usable else np.full_like(observed, np.nan)
    return days, series


def _series(dataset, variable):
    """Return a variable of an open file, a value a day."""
    if dataset[variable].dims != (DAYS,):
        raise ValueError(f"{variable} is not on the one dimension {DAYS}")
    check_unit(variable, dataset[variable].attrs, PER_DAY)
    with np.errstate(over="ignore"):  # seen below as more than there can be
        return dataset[variable].values.astype(np.float32)


def _check_values(name, variable, values, impossible):
    """Refuse codes for missing values, and what no river has, infinite of any sign."""
    refuse_codes(variable, values, name, None)
    check_discharge(np.abs(values), f"{name}, {variable}", None, impossible)


def _checked_days(name, dates):
    """Return the days of a file as datetime64[D]."""
    if dates.dtype.kind != "M" or not dates.size:
        raise InputError(f"{name}: {DAYS} holds no dates; {_AGAIN}.")
    days = dates.astype("datetime64[D]")
    wrong = np.flatnonzero(np.diff(days) != _DAY)
    if wrong.size:
        before, day = days[wrong[0] : wrong[0] + 2]
        raise InputError(f"{name}: {before} is followed by {day}; {_AGAIN}.")
    return days


def _is_series(values, observed):
    """Whether a simulation has a value on each observed day, and is not constant."""
    seen = np.isfinite(values)
    return bool(
        seen[np.isfinite(observed)].all() and seen.any() and np.ptp(values[seen]) > 0
    )


def _report(series, gauges):
    for name, values in series.items():
        without = int(np.isnan(values).all(axis=1).sum())
        if without and name != OBSERVED:
            _log.info("%s has no series of %d of %d gauges", name, without, gauges)
