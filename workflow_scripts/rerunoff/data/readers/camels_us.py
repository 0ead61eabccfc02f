"""Reader of CAMELS US (Newman et al. 2015, Addor et al. 2017) in its own layout.

Formats and traps: README of the data set, and the differences between the five forcing
products in header case, separators and date columns. Discharge is converted from cubic
feet per second with the catchment area of the forcing file's header, as the papers do.
"""

import functools
import re
from pathlib import Path

import numpy as np
import pandas as pd

from rerunoff.data.basin_series import BasinSeries
from rerunoff.data.catchment_areas import TOPOGRAPHY, check_area, read_areas
from rerunoff.data.text_tables import (
    calendar_days,
    check_same_gauges,
    read_gauge_table,
    read_table,
    read_text_bytes,
)
from rerunoff.data.validation import (
    check_calendar,
    check_discharge,
    check_finite,
    check_forcing,
)
from rerunoff.errors import InputError
from rerunoff.files import md5sum
from rerunoff.protocol.camels_tables import CAMELS_TABLES
from rerunoff.text_files import is_number

# Header text in lower case, with its unit, to the name in the store.
VARIABLES = {
    "dayl(s)": "dayl",
    "prcp(mm/day)": "prcp",
    "srad(w/m2)": "srad",
    "swe(mm)": "swe",
    "tmax(c)": "tmax",
    "tmin(c)": "tmin",
    "vp(pa)": "vp",
}
_DATE = ("year", "mnth", "day")
_FORCING_HEADER = 4
_AREA_LINE = 3
_MM3_PER_CUBIC_FOOT = 28316846.592
_MISSING_FLOW = -999.0
# Approved or provisional, perhaps with a remark (estimated, below or above what is
# measured, revised); the files have A, A:e, A:< and M.
_FLAG = re.compile(r"M|[AP](:[e<>R])?")
_TEXT_COLUMNS = ("gauge_name", "huc_02", "high_prec_timing", "low_prec_timing")


class Reader:
    """The basins of one forcing product in a CAMELS folder.

    Parameters
    ----------
    root : str or Path
        Folder with `basin_mean_forcing`, `usgs_streamflow`, `camels_attributes_v2.0`.
    forcing : str
        `daymet`, `maurer`, `maurer_extended`, `nldas` or `nldas_extended`.
    impossible : {'stop', 'warn'}
        What to do with impossible forcing.
    """

    def __init__(self, root, forcing, impossible="stop"):
        self.root = Path(root)
        self.forcing = forcing
        self.impossible = impossible
        self.attributes_source = self.root / "camels_attributes_v2.0"

    def basins(self):
        """Return the sorted ids of the basins that have forcing and attributes."""
        return sorted(set(self._forcing_files) & set(self.attributes().index))

    def attributes(self):
        """Return the seven attribute tables as one; index: basin id."""
        return read_attributes(self.attributes_source)

    def read(self, basin):
        """Read one basin.

        Returns
        -------
        BasinSeries
            Forcing in the product's units (mm/d, W/m², °C, Pa, mm, s), discharge in
            mm/d, NaN where missing, on the days of the forcing.

        Raises
        ------
        InputError
            If a file is missing, damaged or holds impossible values.
        """
        forcing_path = self._file(self._forcing_files, basin, "forcing")
        flow_path = self._file(self._streamflow_files, basin, "streamflow")
        dates, variables, area = read_forcing(forcing_path)
        known = self._areas.get(basin, ())
        check_area(area, known, forcing_path, _AREA_LINE, self.impossible)
        check_forcing(variables, forcing_path, _FORCING_HEADER + 1, self.impossible)
        self._check_temperatures(variables, forcing_path)
        flow_dates, flow = read_streamflow(flow_path, basin)
        with np.errstate(over="ignore"):  # check_finite says it
            flow = cfs_to_mm(flow, area).astype(np.float32)
        check_finite({"flow in mm/d": flow}, flow_dates, flow_path, 1)
        check_discharge(flow, flow_path, 1, self.impossible)
        return BasinSeries(
            basin=basin,
            dates=dates,
            variables=variables,
            discharge=_align(dates, flow_dates, flow),
            forcing_md5=md5sum(forcing_path),
            streamflow_md5=md5sum(flow_path),
        )

    def _check_temperatures(self, variables, path):
        """Tell an original product with one temperature from the extended one."""
        extended = self.forcing.endswith("_extended")
        if extended and np.array_equal(variables["tmax"], variables["tmin"]):
            raise InputError(
                f"{path}: Tmax equals Tmin on every day, so this is not the "
                f"{self.forcing} product but the original one; download the extended "
                "forcing."
            )

    @functools.cached_property
    def _areas(self):
        return read_areas(self.attributes_source / TOPOGRAPHY)

    def _file(self, files, basin, what):
        if basin not in files:
            folder = self._forcing_folder if what == "forcing" else self._flow_folder
            raise InputError(
                f"{folder}: no {what} file of basin {basin}; remove the basin from the "
                "basin list or add its file."
            )
        return files[basin]

    @property
    def _forcing_folder(self):
        return self.root / "basin_mean_forcing" / self.forcing

    @property
    def _flow_folder(self):
        return self.root / "usgs_streamflow"

    @functools.cached_property
    def _forcing_files(self):
        return _index(self._forcing_folder, "*_forcing_leap.txt")

    @functools.cached_property
    def _streamflow_files(self):
        return _index(self._flow_folder, "*_streamflow_qc.txt")


def _index(folder, pattern):
    """Map basin id to file, whether or not the files lie in HUC folders."""
    if not folder.is_dir():
        raise InputError(
            f"{folder}: no such folder; set data_root to the folder that holds "
            "basin_mean_forcing and usgs_streamflow, or correct the key forcing."
        )
    return {path.name.split("_")[0]: path for path in sorted(folder.rglob(pattern))}


def cfs_to_mm(flow, area):
    """Convert discharge from cubic feet per second to mm/d over an area in m²."""
    return _MM3_PER_CUBIC_FOOT * flow * 86400 / (area * 1e6)


def _align(dates, flow_dates, flow):
    """Put a series with gaps on a continuous calendar; NaN where it has no day."""
    aligned = np.full(len(dates), np.nan, dtype=np.float32)
    position = (flow_dates - dates[0]).astype(int)
    inside = (position >= 0) & (position < len(dates))
    aligned[position[inside]] = flow[inside]
    return aligned


def read_forcing(path):
    """Read a forcing file of any of the five products.

    Returns
    -------
    dates : ndarray of datetime64[D], shape (day,)
    variables : dict of str to float32 ndarray, shape (day,)
    area : float
        Catchment area in m², from the third header line.

    Raises
    ------
    InputError
        If the file is missing, truncated, not numeric, or its days are out of order.
    """
    area, names = _read_header(path)
    table = read_table(path, names, _FORCING_HEADER)
    dates = calendar_days(table, path, _FORCING_HEADER + 1)
    check_calendar(dates, path, _FORCING_HEADER + 1)
    with np.errstate(over="ignore"):  # check_finite says it
        variables = {
            VARIABLES[name]: table[name].to_numpy(dtype=np.float32)
            for name in names
            if name in VARIABLES
        }
    check_finite(variables, dates, path, _FORCING_HEADER + 1)
    return dates, variables, area


def _read_header(path):
    """Return the area in m² and the column names in lower case."""
    lines = read_text_bytes(path).decode("ascii").split("\n")[:_FORCING_HEADER]
    lines += [""] * (_FORCING_HEADER - len(lines))
    names = lines[-1].lower().split()
    lacking = [name for name in (*_DATE, *VARIABLES) if name not in names]
    if lacking:
        raise InputError(
            f"{path}, line {_FORCING_HEADER}: no column {lacking[0]}; the file is "
            "truncated or no CAMELS forcing, download it again."
        )
    text = lines[_AREA_LINE - 1].strip()
    area = float(text) if is_number(text) else 0.0
    if not area > 0:
        raise InputError(
            f"{path}, line {_AREA_LINE}: {text!r} is no catchment area in m²; "
            "download the file again."
        )
    return area, names


def read_streamflow(path, basin):
    """Read a USGS streamflow file.

    Returns
    -------
    dates : ndarray of datetime64[D], shape (day,)
        Sorted; days may be missing.
    flow : float64 ndarray, shape (day,)
        Cubic feet per second; NaN where −999 or flagged missing.

    Raises
    ------
    InputError
        If the file is damaged, of another gauge, out of order, or holds negative flow
        or an unknown flag.
    """
    names = ["gauge", "year", "mnth", "day", "flow", "flag"]
    table = read_table(path, names, 0, text=("gauge", "flag"))
    other = np.flatnonzero(table["gauge"].to_numpy() != basin)
    if other.size:
        raise InputError(
            f"{path}, line {other[0] + 1}: gauge {table['gauge'].iloc[other[0]]} in "
            f"the file of gauge {basin}; download the file again."
        )
    _check_flags(path, table["flag"])
    dates = calendar_days(table, path, 1)
    check_calendar(dates, path, 1, gaps=True)
    flow = table["flow"].to_numpy().copy()
    flow[(flow == _MISSING_FLOW) | (table["flag"] == "M").to_numpy()] = np.nan
    negative = np.flatnonzero(flow < 0)
    if negative.size:
        row = negative[0]
        raise InputError(
            f"{path}, line {row + 1}: negative flow {flow[row]:g}; only -999 may stand "
            "for a missing day, correct the line."
        )
    return dates, flow


def _check_flags(path, flags):
    """Raise `InputError` on a flag that says nothing known of the flow."""
    odd = [flag for flag in flags.unique() if not _FLAG.fullmatch(flag)]
    if odd:
        line = int(np.flatnonzero(flags == odd[0])[0]) + 1
        raise InputError(
            f"{path}, line {line}: flag {odd[0]!r} is none of A, P, A:e, A:<, A:>, A:R "
            "and M (missing); correct it or download the file again."
        )


def read_attributes(folder):
    """Read the seven attribute tables and join them on the gauge.

    Returns
    -------
    DataFrame
        Index: basin id, 8 digits. Numbers as float64, classes and names as text.

    Raises
    ------
    InputError
        If a table is missing, damaged or cut short.
    """
    paths = [Path(folder) / name for name in CAMELS_TABLES]
    tables = {path: read_gauge_table(path, ";", _TEXT_COLUMNS) for path in paths}
    check_same_gauges(tables)
    return pd.concat(tables.values(), axis=1).rename_axis("basin")
