"""Memory of the jobs that hold series, from what was measured (benchmarks/README.md).

Each number of MB is half as much again as the measured peak.
"""

import os
from pathlib import Path

from rerunoff.files import write_text

_SPARE = 1.5
# MB of a process with torch, or with pandas and xarray alone.
_TORCH, _TABLES = 1000, 300
# Bytes for each basin and day: discharge as read and as learned, its scaled copy, marks
# and counts of the days to learn, and the order of an epoch's windows.
SERIES = 32
# MB of a simulation of a few basins with the largest network of the papers.
_SIMULATION = 3000
# Basins that are evaluated at once, and bytes for each member and day of these.
_BLOCK, _METRICS = 128, 120


def training_mb(settings, store, scored=False):
    """Return the memory of a training.

    Parameters
    ----------
    settings : RunSettings
    store : str or Path
    scored : bool
        Whether its epochs are scored, which takes the inputs unscaled and twice scaled.

    Returns
    -------
    int
        MB. A step takes 80 bytes for each unit, day and window of a batch.

    Raises
    ------
    FileNotFoundError
        If the store is not there yet; Snakemake then asks again.
    """
    basins, days = _size(store)
    # Its constants may be those of all basins.
    if settings.basins is not None and settings.scaling != "all_basins":
        basins = len(settings.basins)
    inputs = 4 * len(settings.inputs) * (3 if scored else 1)
    if settings.scaling == "all_basins":
        inputs *= 2
    series = (SERIES + inputs) * basins * days / 1e6
    units = settings.model.layers * settings.model.hidden_size
    window = settings.model.sequence_length - 1 + settings.training.predicted_days
    step = 80e-6 * units * window * settings.training.batch_size
    return round(_SPARE * (_TORCH + series + step))


def simulation_mb(store):
    """Return the memory of a simulation, MB; errors as of `training_mb`.

    A batch takes most of it; inputs are read in blocks, discharge is kept and copied.
    """
    basins, days = _size(store)
    return round(_SIMULATION + _SPARE * 12 * basins * days / 1e6)


def evaluation_mb(store, members):
    """Return the memory of an evaluation, MB; errors as of `training_mb`.

    Basins are evaluated in blocks, each with all members in float64.
    """
    _, days = _size(store)
    return round(_SPARE * (_TABLES + _BLOCK * (members + 1) * days * _METRICS / 1e6))


def write_size(store, basins, days):
    """Keep the size of a store in a hidden text beside it, `.<name>.size`.

    Rules ask for it, where Snakemake's own environment has no library that reads HDF5.
    """
    write_text(_beside(store), f"{basins} basins {days} days\n")


def _size(store):
    """Return the number of basins and of days of a store.

    Without the text, as a copy or a record may be, none: a rule then asks for what a
    few basins take.
    """
    os.stat(store)  # complains
    try:
        basins, _, days, _ = _beside(store).read_text(encoding="utf-8").split()
        return int(basins), int(days)
    except (OSError, ValueError):
        return 0, 0


def _beside(store):
    store = Path(store)
    return store.with_name(f".{store.name}.size")
