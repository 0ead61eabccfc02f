"""Which attributes a network of the authors saw, and in which order.

Their code joins the seven tables of CAMELS in the order in which a disk lists them,
and keeps all columns that no black list names (`load_attributes`, datautils.py). The
database beside a run has the columns in that order, in which pandas reads them, and so
do the weights. Without it the order of a published result must do, in which
kratzert2019a's key `attributes` names them.
"""

import contextlib
import sqlite3
from pathlib import Path

from rerunoff.errors import InputError

TABLE = "basin_attributes"
_INDEX = "gauge_id"
# What the authors drop. `huc` is their own column, made of `huc_02`; `geol_porostiy` is
# spelt so in CAMELS.
_DROPPED = {
    *("gauge_name", "gauge_lat", "gauge_lon", "huc", "area_geospa_fabric"),
    *("geol_1st_class", "glim_1st_class_frac", "geol_2nd_class"),
    *("glim_2nd_class_frac", "geol_porostiy", "dom_land_cover"),
    *("dom_land_cover_frac", "root_depth_50", "root_depth_99"),
    *("high_prec_timing", "low_prec_timing"),
    *("organic_frac", "water_frac", "other_frac"),
    *("q_mean", "runoff_ratio", "slope_fdc", "baseflow_index", "stream_elas"),
    *("q5", "q95", "high_q_freq", "high_q_dur", "low_q_freq", "low_q_dur"),
    *("zero_q_freq", "hfd_mean"),
}


def attribute_order(path):
    """Return the attributes that a network saw, in the order of its weights.

    Parameters
    ----------
    path : str or Path
        The run's attributes.db: SQLite, table `basin_attributes`, one row a gauge.

    Returns
    -------
    list of str

    Raises
    ------
    InputError
        If the file is no such database, or has no such table.
    """
    remedy = "download it again"
    if not Path(path).is_file():
        raise InputError(f"{path}: no such file; {remedy}.")
    # Read only; the names of columns are all that is asked for.
    address = f"{Path(path).resolve().as_uri()}?mode=ro&immutable=1"
    try:
        with contextlib.closing(sqlite3.connect(address, uri=True)) as database:
            columns = database.execute(f"PRAGMA table_info({TABLE})").fetchall()
    except (sqlite3.Error, UnicodeDecodeError) as error:
        why = f"no SQLite database of attributes ({error})"
        raise InputError(f"{path}: {why}; {remedy}.") from error
    names = [str(column[1]) for column in columns]
    if _INDEX not in names:
        fault = f"no table {TABLE} with a column {_INDEX}"
        raise InputError(f"{path}: {fault}; {remedy}.")
    return [name for name in names if name != _INDEX and name not in _DROPPED]
