"""The seven attribute tables of CAMELS v2.0, columns ordered and spelt as there."""

import numpy as np
import pandas as pd

from rerunoff.data.virtual import signatures
from rerunoff.files import write_text

# Column names as published, "geol_porostiy" included.
TABLES = {
    "clim": "p_mean pet_mean p_seasonality frac_snow aridity high_prec_freq "
    "high_prec_dur high_prec_timing low_prec_freq low_prec_dur low_prec_timing",
    "geol": "geol_1st_class glim_1st_class_frac geol_2nd_class glim_2nd_class_frac "
    "carbonate_rocks_frac geol_porostiy geol_permeability",
    "hydro": "q_mean runoff_ratio slope_fdc baseflow_index stream_elas q5 q95 "
    "high_q_freq high_q_dur low_q_freq low_q_dur zero_q_freq hfd_mean",
    "name": "huc_02 gauge_name",
    "soil": "soil_depth_pelletier soil_depth_statsgo soil_porosity soil_conductivity "
    "max_water_content sand_frac silt_frac clay_frac water_frac organic_frac "
    "other_frac",
    "topo": "gauge_lat gauge_lon elev_mean slope_mean area_gages2 area_geospa_fabric",
    "vege": "frac_forest lai_max lai_diff gvf_max gvf_diff dom_land_cover_frac "
    "dom_land_cover root_depth_50 root_depth_99",
}


def compute(places, forcing, truth, dates):
    """Join the drawn attributes with those computed from the series.

    Parameters
    ----------
    places : pandas.DataFrame
        Static attributes, one row per basin.
    forcing : dict
        Daymet-like `prcp` mm/d, `tmax`, `tmin` °C, (days, basins): CAMELS computed its
        climate attributes from Daymet.
    truth : dict
        `discharge` and `pet` in mm/d, (days, basins), before gaps are cut.
    dates : numpy.ndarray of datetime64[D], (days,)

    Returns
    -------
    pandas.DataFrame
        One row per basin, all columns of all tables.
    """
    period, years = signatures.hydrological_years(dates)
    prcp = forcing["prcp"][period]
    tmean = (forcing["tmax"] + forcing["tmin"])[period] / 2
    computed = {
        **signatures.climate(prcp, tmean, truth["pet"][period], dates[period]),
        **signatures.discharge(truth["discharge"][period], prcp, years),
    }
    return places.join(pd.DataFrame(computed, index=places.index))


def write_tables(folder, table):
    """Write `camels_<name>.txt` for every published table.

    Parameters
    ----------
    folder : pathlib.Path
        Of the tables.
    table : pandas.DataFrame
        From `compute`, indexed by gauge id.
    """
    for name, names in TABLES.items():
        columns = names.split()
        lines = [";".join(["gauge_id", *columns])]
        for basin_id, row in zip(
            table.index, table[columns].itertuples(index=False), strict=True
        ):
            lines.append(";".join([basin_id, *map(_cell, row)]))
        write_text(folder / f"camels_{name}.txt", "\n".join(lines) + "\n")


def _cell(value):
    if isinstance(value, str):
        return value
    if value is None or not np.isfinite(value):
        return "NA"
    return f"{value:.12g}"  # fewer than a sum's order of summation can change
