"""Writing series as the publishers' text files, fast.

A file is assembled as a matrix of characters, one row a day, in which zero bytes are
holes; dropping the holes leaves the text. This is some twenty times faster than
formatting number by number, and text is what generating 671 basins costs.
"""

import numpy as np

from rerunoff.data.virtual.forcings import PRODUCTS
from rerunoff.files import atomic_path

CUBIC_FOOT = 0.028316846592  # m³
_COLUMNS = ("dayl", "prcp", "srad", "swe", "tmax", "tmin", "vp")
_MISSING = -999.0
_MODEL_HEADER = b"YR MNTH DY HR SWE PRCP RAIM TAIR PET ET MOD_RUN OBS_RUN\n"


def fixed(values, short=False, width=None, decimals=2):
    """Write numbers with two or more decimals as rows of characters.

    Parameters
    ----------
    values : numpy.ndarray, (rows,)
        Finite, below 2e9 in magnitude when the point is left out.
    short : bool
        Leave out a trailing zero: 12.30 as 12.3, 0.00 as 0.0.
    width : int, optional
        Pad with blanks on the left to this width; longer numbers stay whole.
    decimals : int

    Returns
    -------
    numpy.ndarray of uint8, (rows, characters)
        Holes are 0.
    """
    cents = np.rint(np.asarray(values, dtype=float) * 10**decimals).astype(np.int64)
    rest = np.abs(cents).astype(np.int32)
    digits = max(decimals + 1, len(str(rest.max(initial=0))))
    chars = np.zeros((len(rest), digits + 2), dtype=np.uint8)
    for position in range(digits):
        higher = rest // 10
        column = (rest - 10 * higher + 48).astype(np.uint8)
        if position > decimals:
            column[rest == 0] = 0  # no leading zeros
        chars[:, digits + 1 - position - (position >= decimals)] = column
        rest = higher
    chars[:, digits + 1 - decimals] = ord(".")
    chars[cents < 0, 0] = ord("-")
    if short:
        chars[cents % 10 == 0, -1] = 0
    return chars if width is None else _pad(chars, width)


def _pad(chars, width):
    blanks = np.maximum(width - (chars > 0).sum(axis=1), 0)
    left = (np.arange(width) < blanks[:, None]) * np.uint8(ord(" "))
    return np.concatenate([left, chars], axis=1)


def words(strings):
    """Return ASCII `strings` (rows,) as characters (rows, longest)."""
    array = np.asarray(strings, dtype="S")
    return array.view(np.uint8).reshape(len(array), -1)


def text(*parts):
    """Join rows of characters and constant strings to lines; return bytes."""
    rows = max(len(part) for part in parts if not isinstance(part, bytes))
    blocks = [
        np.broadcast_to(np.frombuffer(part, np.uint8), (rows, len(part)))
        if isinstance(part, bytes)
        else part
        for part in (*parts, b"\n")
    ]
    return np.concatenate(blocks, axis=1).tobytes().translate(None, b"\0")


def date_words(dates, style):
    """Return the date columns of every line, as characters.

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
    return words([formats[style].format(*d, int(d[1]), int(d[2])) for d in days])


def write_forcing(folder, product, place, series, days):
    """Write one basin's forcing file.

    Parameters
    ----------
    folder : pathlib.Path
        `basin_mean_forcing`.
    product : str
        A key of `PRODUCTS`.
    place : namedtuple
        Of the basin: `Index`, `huc_02`, `gauge_lat`, `elev_mean`, `area_m2`.
    series : dict of str to numpy.ndarray, (days,)
        As from `forcings.observe`, of this basin.
    days : numpy.ndarray
        From `date_words` in the style of the product.
    """
    look = PRODUCTS[product]
    series = dict(series)
    if look.daily_mean:
        series["tmax"] = series["tmin"] = (series["tmax"] + series["tmin"]) / 2
    if not look.snow:
        series["swe"] = np.zeros(len(days))
    # The extremes of what two decimals can hold: a valid file stays valid.
    series["srad"] = np.maximum(series["srad"], 0.01)
    series["vp"] = np.maximum(series["vp"], 0.01)
    head = f"{place.gauge_lat:7.2f}\n{round(place.elev_mean):7.2f}\n"
    head += f"{place.area_m2:10d}\n{look.header}\n"
    parts = [days]
    for name in _COLUMNS:
        parts += [b"\t", fixed(series[name], look.short)]
    name = f"{place.Index}_lump_{look.file_name}_forcing_leap.txt"
    _write(folder / product / place.huc_02 / name, head.encode() + text(*parts))


def write_streamflow(folder, place, flow, days, kept, estimated):
    """Write one basin's streamflow file.

    Parameters
    ----------
    folder : pathlib.Path
        `usgs_streamflow`.
    place : namedtuple
        Of the basin: `Index`, `huc_02`, `area_m2`.
    flow : numpy.ndarray, (days,)
        mm/d; NaN where missing.
    days : numpy.ndarray, (days, characters)
        From `date_words` in the streamflow style.
    kept : slice
        The days for which the file has a line.
    estimated : numpy.ndarray of bool, (days,)
        Days with the flag A:e.
    """
    cfs = flow * place.area_m2 / 1000 / 86400 / CUBIC_FOOT
    missing = np.isnan(flow)
    flags = np.where(missing, b"M", np.where(estimated, b"A:e", b"A"))
    content = text(
        place.Index.encode() + b" ",
        days[kept],
        b" ",
        fixed(np.where(missing, _MISSING, cfs)[kept], width=8),
        b" ",
        words(flags[kept]),
    )
    _write(folder / place.huc_02 / f"{place.Index}_streamflow_qc.txt", content)


def write_model_output(folder, place, model_seed, series, days):
    """Write the simulation of one basin from one SCE seed of the benchmark model.

    Parameters
    ----------
    folder : pathlib.Path
        `model_output/<forcing product>`.
    place : namedtuple
        Of the basin: `Index`, `huc_02`.
    model_seed : str
        Two digits.
    series : sequence of numpy.ndarray, (days,)
        The eight columns after the date, in the order of the header; mm, mm/d, °C.
    days : numpy.ndarray, (days, characters)
        From `date_words` in the forcing style.
    """
    parts = [days]
    for values in series:
        # Published with seven decimals, of which only four say anything.
        parts += [b" ", fixed(values, width=8, decimals=4), b"000"]
    name = f"{place.Index}_{model_seed}_model_output.txt"
    _write(folder / place.huc_02 / name, _MODEL_HEADER + text(*parts))


def _write(path, content):
    with atomic_path(path) as part:
        part.write_bytes(content)
