"""Writing series as the publishers' text files."""

import numpy as np

from rerunoff.data.virtual.forcings import PRODUCTS
from rerunoff.files import write_text

CUBIC_FOOT = 0.028316846592  # m³
_COLUMNS = ("dayl", "prcp", "srad", "swe", "tmax", "tmin", "vp")
_MISSING = -999.0
_MODEL_HEADER = "YR MNTH DY HR SWE PRCP RAIM TAIR PET ET MOD_RUN OBS_RUN\n"


def lines(pattern, *columns):
    """Return a line for each row of the columns, printf's way."""
    return "".join(pattern % row + "\n" for row in zip(*columns, strict=True))


def rounded(values, decimals=2):
    """Return numbers rounded to some decimals, as a list; no zero has a minus."""
    scale = 10**decimals
    return (np.rint(np.asarray(values, dtype=float) * scale) / scale + 0.0).tolist()


def date_texts(dates, style):
    """Return the date columns of every line.

    Parameters
    ----------
    dates : numpy.ndarray of datetime64[D], (days,)
    style : {"forcing", "short", "streamflow"}
        "2000 01 01 12", "2000<tab>1<tab>1<tab>12" or "2000 01 01".
    """
    formats = {
        "forcing": "{0} {1} {2} 12",
        "short": "{0}\t{3}\t{4}\t12",
        "streamflow": "{0} {1} {2}",
    }
    days = [str(day).split("-") for day in dates]
    return [formats[style].format(*d, int(d[1]), int(d[2])) for d in days]


def write_forcing(folder, product, basin, series, days):
    """Write one basin's forcing file.

    Parameters
    ----------
    folder : pathlib.Path
        `basin_mean_forcing`.
    product : str
        A key of `PRODUCTS`.
    basin : namedtuple
        `Index`, `huc_02`, `gauge_lat`, `elev_mean`, `area_m2`.
    series : dict of str to numpy.ndarray, (days,)
        As from `forcings.observe`, of this basin.
    days : list of str
        From `date_texts` in the style of the product.
    """
    form = PRODUCTS[product]
    series = dict(series)
    if form.daily_mean:
        series["tmax"] = series["tmin"] = (series["tmax"] + series["tmin"]) / 2
    if not form.snow:
        series["swe"] = np.zeros(len(days))
    # The extremes of what two decimals can hold: a valid file stays valid.
    series["srad"] = np.maximum(series["srad"], 0.01)
    series["vp"] = np.maximum(series["vp"], 0.01)
    head = f"{basin.gauge_lat:7.2f}\n{round(basin.elev_mean):7.2f}\n"
    head += f"{basin.area_m2:10d}\n{form.header}\n"
    # Python's shortest way to write a number leaves out trailing zeros.
    pattern = "%s" + ("\t%s" if form.short else "\t%.2f") * len(_COLUMNS)
    content = lines(pattern, days, *(rounded(series[name]) for name in _COLUMNS))
    name = f"{basin.Index}_lump_{form.file_name}_forcing_leap.txt"
    write_text(folder / product / basin.huc_02 / name, head + content)


def write_streamflow(folder, basin, flow, days, kept, estimated):
    """Write one basin's streamflow file.

    Parameters
    ----------
    folder : pathlib.Path
        `usgs_streamflow`.
    basin : namedtuple
        `Index`, `huc_02`, `area_m2`.
    flow : numpy.ndarray, (days,)
        mm/d; NaN where missing.
    days : list of str
        From `date_texts` in the streamflow style.
    kept : slice
        The days for which the file has a line.
    estimated : numpy.ndarray of bool, (days,)
        Days with the flag A:e.
    """
    cfs = flow * basin.area_m2 / 1000 / 86400 / CUBIC_FOOT
    missing = np.isnan(flow)
    flags = np.where(missing, "M", np.where(estimated, "A:e", "A"))
    flow = rounded(np.where(missing, _MISSING, cfs)[kept])
    content = lines(f"{basin.Index} %s %8.2f %s", days[kept], flow, flags[kept])
    name = f"{basin.Index}_streamflow_qc.txt"
    write_text(folder / basin.huc_02 / name, content)


def write_model_output(folder, basin, model_seed, series, days):
    """Write the simulation of one basin from one SCE seed of the benchmark model.

    Parameters
    ----------
    folder : pathlib.Path
        `model_output/<forcing product>`.
    basin : namedtuple
        `Index`, `huc_02`.
    model_seed : str
        Two digits.
    series : sequence of numpy.ndarray, (days,)
        The eight columns after the date, in the order of the header; mm, mm/d, °C.
    days : list of str
        From `date_texts` in the forcing style.
    """
    # Published with seven decimals, of which only four say anything.
    pattern = "%s" + " %8.4f000" * len(series)
    content = lines(pattern, days, *(rounded(values, 4) for values in series))
    name = f"{basin.Index}_{model_seed}_model_output.txt"
    write_text(folder / basin.huc_02 / name, _MODEL_HEADER + content)
