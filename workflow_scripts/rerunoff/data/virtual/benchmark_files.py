"""The benchmarks of kratzert2019a of virtual catchments, in the authors' format.

Each is the imperfect bucket model of `benchmark` with errors of its own, on Maurer.
"""

import numpy as np
import xarray as xr

from rerunoff.data.series_files import hdf5_sink
from rerunoff.data.virtual import benchmark
from rerunoff.files import atomic_path

FOLDER = "benchmark_models"
FAMILY = "maurer"
# Variable to what stands for its seed; those for CONUS are the worst, but by chance.
VARIABLES = {
    "SAC_SMA": "31",
    "VIC_basin": "32",
    "VIC_conus": "33",
    "mHm_basin": "34",
    "mHm_conus": "35",
    "HBV_lb": "36",
    "HBV_ub": "37",
    "q_sim_fuse_900": "38",
    "q_sim_fuse_902": "39",
    "q_sim_fuse_904": "40",
}
# mHM has not simulated all gauges: here not the last one of each block.
_PARTLY = ("mHm_basin", "mHm_conus")


def write(folder, static, seen, observed, dates, seed):
    """Write the files of some basins.

    Parameters
    ----------
    folder : pathlib.Path
        Gets `benchmark_models/<gauge>_benchmark_models.nc`.
    static : pandas.DataFrame
        From `places.describe`, one row per basin.
    seen : dict of numpy.ndarray, (days, basins)
        From `forcings.observe`.
    observed : numpy.ndarray, (days, basins)
        mm/d; NaN where the gauge has no record.
    dates : numpy.ndarray of datetime64[D], (days,)
    seed : int
        Of the catchments.
    """
    runs = {
        name: benchmark.simulate(static, seen, dates, seed, own)[-1]
        for name, own in VARIABLES.items()
    }
    days = dates.astype("datetime64[ns]")
    for column, basin in enumerate(static.index):
        last = column == len(static) - 1
        series = {"QObs": observed[:, column]} | {
            name: values[:, column]
            for name, values in runs.items()
            if not (last and name in _PARTLY)
        }
        variables = {
            name: ("index", np.asarray(values, dtype=float))
            for name, values in series.items()
        }
        dataset = xr.Dataset(variables, {"index": days})
        path = folder / FOLDER / f"{basin}_benchmark_models.nc"
        with atomic_path(path) as part, hdf5_sink(part) as sink:
            dataset.to_netcdf(sink, engine="h5netcdf")
