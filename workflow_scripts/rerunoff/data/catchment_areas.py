"""The area of a forcing file against those of the attributes.

Discharge in mm/d is that of the gauge over the area in the forcing file, so that a
digit lost there makes every value wrong, and nothing else would show it.
"""

import logging
from pathlib import Path

import pandas as pd

from rerunoff.data.text_tables import read_gauge_table
from rerunoff.data.validation import settle

_log = logging.getLogger(__name__)
TOPOGRAPHY = "camels_topo.txt"
# In km², by two outlines of the same catchment (Addor et al. 2017).
_COLUMNS = ("area_gages2", "area_geospa_fabric")
# How far an area may be from the nearest of the two. Of the papers' 531 basins and the
# 241 of kratzert2018 all are within 1.5 but these four: 07142300 (2.0), 05057200 (2.1),
# 02381600 (2.5) and 06470800 (3.8).
_ALIKE, _FAR = 1.5, 5


def read_areas(path):
    """Read the areas of all gauges.

    Parameters
    ----------
    path : str or Path
        `TOPOGRAPHY` among the attribute tables.

    Returns
    -------
    dict of str to list of float
        m²; as many as the table has. Without a table there is nothing to compare with;
        a store is not built without one.
    """
    if not Path(path).is_file():
        return {}
    table = read_gauge_table(path, ";", ()).reindex(columns=_COLUMNS)
    table = table.apply(pd.to_numeric, errors="coerce")
    table = table.where(table > 0) * 1e6
    return {basin: row.dropna().tolist() for basin, row in table.iterrows()}


def check_area(area, known, path, line, impossible="stop"):
    """Compare an area with those that the attributes have.

    Parameters
    ----------
    area : float
        m².
    known : sequence of float
        m²; without any nothing can be compared.
    path : str or Path
        Where `area` stands.
    line : int
    impossible : {'stop', 'warn'}

    Raises
    ------
    InputError
        With `stop`, if it is five times too large or too small. From 1.5 times on the
        log has a warning.
    """
    far = min((max(area / one, one / area) for one in known), default=1)
    if far <= _ALIKE:
        return
    areas = " and ".join(f"{one / 1e6:g}" for one in known)
    fault = f"an area of {area / 1e6:g} km², where {TOPOGRAPHY} has {areas}"
    message = f"{path}, line {line}: {fault}"
    if far > _FAR:
        settle(message, impossible)
    else:
        _log.warning("%s; used as it is.", message)
