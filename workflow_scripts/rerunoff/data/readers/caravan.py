"""Reader of the Caravan layout (Kratzert et al. 2023), NetCDF or CSV.

`timeseries/{netcdf,csv}/<source>/<id>.{nc,csv}` and `attributes/<source>/*.csv`; basin
ids are Caravan's own, e.g. `camels_01022500`. Discharge is in mm/d already.
"""

import functools
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from rerunoff.data.basin_series import BasinSeries
from rerunoff.data.text_tables import (
    check_same_gauges,
    read_gauge_table,
    read_separated,
)
from rerunoff.data.units import CELSIUS, PER_DAY, WATER, UnitError, check_unit
from rerunoff.data.validation import (
    check_calendar,
    check_discharge,
    check_finite,
    check_forcing,
    row_at,
)
from rerunoff.errors import InputError
from rerunoff.files import md5sum
from rerunoff.text_files import check_names

# ERA5-Land names to the store's; a variable without an entry keeps its name.
VARIABLES = {
    "total_precipitation_sum": "prcp",
    "temperature_2m_mean": "tmean",
    "temperature_2m_max": "tmax",
    "temperature_2m_min": "tmin",
    "potential_evaporation_sum": "pet",
    "snow_depth_water_equivalent_mean": "swe",
}
_DISCHARGE = "streamflow"
_UNITS = {
    _DISCHARGE: PER_DAY,
    "prcp": PER_DAY,
    "pet": PER_DAY,
    "tmean": CELSIUS,
    "tmax": CELSIUS,
    "tmin": CELSIUS,
    "swe": WATER,
}
_CSV_HEADER = 1


class Reader:
    """The basins of a folder in the Caravan layout.

    Parameters
    ----------
    root : str or Path
        Folder with `timeseries` and `attributes`.
    forcing : str
        `era5_land`, the only product.
    impossible : {'stop', 'warn'}
    """

    def __init__(self, root, forcing="era5_land", impossible="stop"):
        self.root = Path(root)
        self.forcing = forcing
        self.impossible = impossible
        self.attributes_source = self.root / "attributes"

    def basins(self):
        """Return the sorted ids of the basins that have series and attributes."""
        return sorted(set(self._files) & set(self.attributes().index))

    def attributes(self):
        """Return all attribute tables as one; index: basin id."""
        return read_attributes(self.attributes_source)

    def read(self, basin):
        """Read one basin; see `rerunoff.data.readers.camels_us.Reader.read`."""
        if basin not in self._files:
            raise InputError(
                f"{self.root / 'timeseries'}: no file of basin {basin}; remove the "
                "basin from the basin list or add its file."
            )
        path = self._files[basin]
        table = _read_netcdf(path) if path.suffix == ".nc" else _read_csv(path)
        if _DISCHARGE not in table:
            raise InputError(
                f"{path}: no variable {_DISCHARGE}; add it, in mm/d and empty where "
                "missing."
            )
        dates = table.index.to_numpy().astype("datetime64[D]")
        first_line = None if path.suffix == ".nc" else _CSV_HEADER + 1
        check_calendar(dates, path, first_line)
        check_names(path, _CSV_HEADER, [VARIABLES.get(name, name) for name in table])
        with np.errstate(over="ignore"):  # check_finite says it
            columns = table.astype(np.float32)
        series = {name: columns[name].to_numpy() for name in columns}
        check_finite(series, dates, path, first_line)
        variables = {
            VARIABLES.get(name, name): values
            for name, values in series.items()
            if name != _DISCHARGE
        }
        check_forcing(variables, path, first_line, self.impossible)
        discharge = series[_DISCHARGE]
        _check_discharge(discharge, path, first_line)
        check_discharge(discharge, path, first_line, self.impossible)
        checksum = md5sum(path)
        return BasinSeries(basin, dates, variables, discharge, checksum, checksum)

    @functools.cached_property
    def _files(self):
        folder = self.root / "timeseries"
        files = {path.stem: path for path in sorted(folder.glob("csv/*/*.csv"))}
        files |= {path.stem: path for path in sorted(folder.glob("netcdf/*/*.nc"))}
        if not files:
            raise InputError(
                f"{folder}: no netcdf/<source>/*.nc and no csv/<source>/*.csv; set "
                "data_root to a folder in the Caravan layout."
            )
        return files


def _check_discharge(discharge, path, first_line):
    negative = np.flatnonzero(discharge < 0)
    if negative.size:
        raise InputError(
            f"{row_at(path, first_line, negative[0])}: negative flow "
            f"{discharge[negative[0]]:g}; missing days must be empty, correct the file."
        )


def _read_netcdf(path):
    try:
        # Else xarray takes a unit such as "d" for that of a duration.
        options = {"engine": "h5netcdf", "decode_timedelta": False}
        with xr.open_dataset(path, **options) as dataset:
            if list(dataset.sizes) != ["date"] or dataset["date"].dtype.kind != "M":
                raise ValueError("its series are not on one dimension date")
            for name, variable in dataset.data_vars.items():
                _check_variable(name, variable)
            return dataset.to_dataframe().astype(np.float64)
    except MemoryError:
        raise
    except UnitError as error:
        raise InputError(f"{path}: {error}.") from None
    except Exception as error:  # damage may end in nearly any
        raise InputError(
            f"{path}: no readable NetCDF file ({_fault(error)}); download it again."
        ) from error


def _check_variable(name, variable):
    """Raise on a variable that holds no numbers or no series, or in another unit."""
    if variable.dtype.kind not in "fiu":
        raise ValueError(f"{name} holds no numbers")
    # xarray would give a single number to each day.
    if variable.dims != ("date",):
        raise ValueError(f"{name} has no dimension date")
    if known := _UNITS.get(VARIABLES.get(name, name)):
        check_unit(name, variable.attrs, known)


def _read_csv(path):
    table = read_separated(path, ",", {"date": str}, numbers=True)
    if "date" not in table:
        raise InputError(
            f"{path}, line {_CSV_HEADER}: no column date; name the columns there, "
            "separated by commas, date the days."
        )
    dates = pd.to_datetime(table["date"], format="%Y-%m-%d", errors="coerce")
    bad = np.flatnonzero(dates.isna())
    if bad.size:
        raise InputError(
            f"{row_at(path, _CSV_HEADER + 1, bad[0])}: {table['date'].iloc[bad[0]]} is "
            "no date (YYYY-MM-DD); correct the line or download the file again."
        )
    return table.drop(columns="date").set_index(pd.DatetimeIndex(dates))


def _fault(error):
    """Return what a library says as a part of one sentence."""
    return " ".join(str(error).split()).rstrip(".").replace(". ", "; ")


def read_attributes(folder):
    """Read every attribute table of every source and join them on the gauge.

    Returns
    -------
    DataFrame
        Index: basin id. A column that several tables hold is taken from the first.

    Raises
    ------
    InputError
        If there is no table, or one is damaged or cut short.
    """
    sources = []
    for source in sorted(Path(folder).glob("*/")):
        paths = sorted(source.glob("*.csv"))
        tables = {path: read_gauge_table(path, ",", ("huc_02",)) for path in paths}
        check_same_gauges(tables)
        if tables:
            joined = pd.concat(tables.values(), axis=1)
            sources.append(joined.loc[:, ~joined.columns.duplicated()])
    if not sources:
        message = f"{folder}: no attribute table <source>/*.csv; set data_root."
        raise InputError(message)
    return pd.concat(sources).rename_axis("basin")
