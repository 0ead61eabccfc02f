"""Virtual catchments: a small CAMELS US in the publishers' own file formats.

None of them exists. A stochastic weather generator drives a bucket model with snow
whose parameters follow from the static attributes, so that everything a rainfall-runoff
network has to learn is there to be learned, offline and at any size.
"""

from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from rerunoff.data.virtual import (
    attributes,
    benchmark,
    benchmark_files,
    forcings,
    formats,
    gaps,
    hydrology,
    places,
    weather,
)
from rerunoff.errors import InputError
from rerunoff.files import write_text

PRODUCTS = tuple(forcings.PRODUCTS)
_BLOCK = 128  # basins computed at once: fast enough, and memory stays small
_SHORTEST = 366
_README = """\
These catchments do not exist.

They are virtual: weather and discharge were made up by a seeded random generator
(rerunoff.data.virtual; seed {seed}, {number} catchments, {start} to {end}) and written
in the file formats of CAMELS US. Their ids start with 99, which no USGS gauge does.
Use them for tests and demonstrations only; no number computed from them says anything
about a river.
"""


class _Basin(NamedTuple):
    """What the writers of files need to know of one basin."""

    Index: str
    order: int  # in which it was generated
    huc_02: str
    gauge_lat: float
    elev_mean: float
    area_m2: int


class _Choice(NamedTuple):
    """What to write besides the attributes."""

    products: tuple
    gaps: bool
    model_output: tuple
    model_seeds: tuple
    benchmark_files: bool


def write_catchments(
    folder,
    number=16,
    start="1989-01-01",
    end="2009-12-31",
    seed=1,
    products=PRODUCTS,
    gaps=True,
    model_output=(),
    model_seeds=benchmark.SEEDS,
    with_benchmark_files=False,
):
    """Write virtual catchments as a small CAMELS US; InputError on a bad argument.

    Parameters
    ----------
    folder : str or pathlib.Path
        Gets the folders of CAMELS US, `basin_list.txt` and an explaining `README.txt`.
    number, seed : int
        A larger number adds catchments; the same seed gives the same bytes.
    start, end : str
        First and last day, "YYYY-MM-DD".
    products : sequence of str
        Forcing products to write; the series do not depend on which.
    gaps : bool
        Whether discharge has late starts, early ends and missing days.
    model_output, model_seeds : sequence of str
        Products ("daymet", "maurer", "nldas") that drive the benchmark model, whose
        files lie in `model_output/<product>`; its SCE seeds, two digits each.
    with_benchmark_files : bool
        Whether `benchmark_models` gets a netCDF file a gauge, as in kratzert2019a.

    Returns
    -------
    list of str
        The ids in ascending order: 99, two digits of the hydrologic region, number.
    """
    choice = _Choice(products, gaps, model_output, model_seeds, with_benchmark_files)
    dates = _checked(number, start, end, seed, choice)
    write_block = partial(_write_block, Path(folder), dates, seed, choice)
    ids = places.basin_ids(number)
    blocks = [write_block(ids[i : i + _BLOCK], i) for i in range(0, number, _BLOCK)]
    return _write_rest(Path(folder), pd.concat(blocks).sort_index(), dates, seed)


def _checked(number, start, end, seed, choice):
    """Return the days (datetime64[D]) or say which argument is wrong."""
    where = "Virtual catchments"
    if not isinstance(number, int) or not 1 <= number <= 20000:
        raise InputError(f"{where}: number is {number!r}; give 1 to 20000.")
    if not isinstance(seed, int) or seed < 0:
        raise InputError(f"{where}: seed is {seed!r}; give a whole number from 0.")
    benchmark.check(choice.model_output, choice.model_seeds)
    wanted = choice.products
    unknown = sorted(set(wanted) - set(PRODUCTS))
    if unknown or isinstance(wanted, str):
        raise InputError(
            f"{where}: products are {wanted!r}; give a list of {', '.join(PRODUCTS)}."
        )
    try:
        first, last = (np.datetime64(str(day), "D") for day in (start, end))
    except ValueError:
        raise InputError(
            f"{where}: start {start!r} or end {end!r} is no date; write YYYY-MM-DD."
        ) from None
    if last - first < np.timedelta64(_SHORTEST - 1, "D"):
        raise InputError(
            f"{where}: from {start} to {end} is less than a year; give more."
        )
    return np.arange(first, last + np.timedelta64(1, "D"))


def _write_block(folder, dates, seed, choice, ids, first):
    """Compute and write one block of basins; return their attributes."""
    static = places.describe(ids, seed)
    true = weather.generate(static, dates, seed)
    water = hydrology.simulate(static, true, dates, seed)
    basins = [
        _Basin(b, first + i, r.huc_02, r.gauge_lat, r.elev_mean, int(r["_area_m2"]))
        for i, (b, r) in enumerate(static.iterrows())
    ]
    observed = _observe(basins, water["discharge"], seed, choice.gaps)
    _write_streamflow(folder, basins, true, observed, dates)
    wanted = {forcings.PRODUCTS[name].family for name in choice.products}
    if choice.benchmark_files:
        wanted.add(benchmark_files.FAMILY)
    for family in ("daymet", "maurer", "nldas"):
        # Daymet always: the climate attributes are computed from it.
        if family not in {"daymet", *wanted, *choice.model_output}:
            continue
        seen = forcings.observe(true, water["swe"], ids, family, seed)
        _write_products(folder, basins, seen, family, dates, choice.products)
        if family == "daymet":
            daymet = seen
        if choice.benchmark_files and family == benchmark_files.FAMILY:
            benchmark_files.write(folder, static, seen, observed[0], dates, seed)
        if family in choice.model_output:
            target = folder / "model_output" / family
            for model_seed in choice.model_seeds:
                columns = benchmark.simulate(static, seen, dates, seed, model_seed)
                benchmark.write(target, basins, columns, model_seed, observed[0], dates)
    return attributes.compute(static, daymet, water, dates)


def _write_rest(folder, table, dates, seed):
    """Write what describes all basins together; return their ids."""
    ids = list(table.index)
    attributes.write_tables(folder / "camels_attributes_v2.0", table)
    readme = _README.format(seed=seed, number=len(ids), start=dates[0], end=dates[-1])
    write_text(folder / "README.txt", readme)
    write_text(folder / "basin_list.txt", "\n".join(ids) + "\n")
    return ids


def _write_products(folder, basins, seen, family, dates, wanted):
    for name in PRODUCTS:
        form = forcings.PRODUCTS[name]
        if name not in wanted or form.family != family:
            continue
        days = formats.date_texts(dates, "short" if form.short else "forcing")
        for column, basin in enumerate(basins):
            series = {key: values[:, column] for key, values in seen.items()}
            formats.write_forcing(
                folder / "basin_mean_forcing", name, basin, series, days
            )


def _observe(basins, discharge, seed, with_gaps):
    """Return discharge, NaN where there is no record, and the days that have a line."""
    days = len(discharge)
    flow, kept = discharge.copy(), [slice(0, days)] * len(basins)
    for column, basin in enumerate(basins if with_gaps else ()):
        kept[column], missing = gaps.cut(basin.Index, basin.order, days, seed)
        missing[: kept[column].start] = missing[kept[column].stop :] = True
        flow[missing, column] = np.nan
    return flow, kept


def _write_streamflow(folder, basins, true, observed, dates):
    days = formats.date_texts(dates, "streamflow")
    for column, (basin, kept) in enumerate(zip(basins, observed[1], strict=True)):
        flow = observed[0][:, column]
        frozen = true["tmax"][:, column] < -2  # ice on the gauge: estimated
        formats.write_streamflow(
            folder / "usgs_streamflow", basin, flow, days, kept, frozen
        )
