"""How NSE falls when static attributes are uncertain (kratzert2019a, robustness).

Source: the authors' main.py, `eval_robustness` (commit d118158): one vector of Gaussian
noise is added to a basin's standardised attributes, the same on all days.
"""

import dataclasses
import hashlib
import io
import json
import logging
import shutil
import zlib
from pathlib import Path

import numpy as np
import torch

from rerunoff.analysis.draws import simulate_draws
from rerunoff.data.basin_lists import read_basin_list
from rerunoff.data.periods import evaluation_days
from rerunoff.data.store import Catchments, check_observations, read_store
from rerunoff.evaluation.moments import nse
from rerunoff.files import atomic_path
from rerunoff.progress import Progress
from rerunoff.protocol.settings import DISCHARGE
from rerunoff.seals import append_seal, check_seal, seal_of
from rerunoff.training.batch import on_device
from rerunoff.training.device import choose_device, make_deterministic
from rerunoff.training.weights import TrainedModel, load_weights

_log = logging.getLogger(__name__)
# Steps of a level in the seed of its draws, so that 0.3 and 3 * 0.1 are one.
_STEPS = 10_000


@dataclasses.dataclass(frozen=True)
class Noise:
    """The noise that is added to a basin's attributes.

    Attributes
    ----------
    levels : tuple of float
        Standard deviations, in standard deviations of the attributes over basins.
    draws : int
        Of each level; of level 0 there is one, because all are the same.
    seed : int
    """

    levels: tuple
    draws: int
    seed: int

    def counts(self):
        """Return the number of draws of each level."""
        return [self.draws if level else 1 for level in self.levels]

    def of_level(self, level, draws, basin, size):
        """Return the noise of one level and basin, shape (draw, size).

        It follows from seed, level, basin and the number of the draw alone, whatever
        else is drawn, and in which order.
        """
        key = [self.seed, zlib.crc32(basin.encode()), round(level * _STEPS)]
        return np.random.default_rng(key).normal(0, level, (draws, size))

    def of_basin(self, basin, size):
        """Return the noise of all levels, one below the other, shape (draw, size)."""
        pairs = zip(self.levels, self.counts(), strict=True)
        return np.concatenate(
            [self.of_level(level, count, basin, size) for level, count in pairs]
        )


@dataclasses.dataclass(frozen=True)
class Where:
    """Where an analysis computes, and keeps what it has done.

    Attributes
    ----------
    device : {'auto', 'cpu', 'cuda'}
    float32_precision : {'exact', 'tf32'}
        Of a GPU.
    threads : int
    checkpoints : str or Path
        Folder of the finished basins; removed at the end.
    code : str
        Fingerprint of the code.
    """

    device: str
    float32_precision: str
    threads: int
    checkpoints: str
    code: str


def perturb_attributes(weights, store, basin_list, periods, noise, simulation, where):
    """Compute the NSE of all basins for each draw of noise on their attributes.

    Parameters
    ----------
    weights, store, basin_list : str or Path
        Of a network of one layer that sees attributes and has learned all basins.
    periods : dict
        First and last day of `train` and `test`, and `own_start`, whether a basin's
        test starts as late as its own training; NSE is of the test, as in
        `evaluate_experiment`.
    noise : Noise
    simulation : {'windows', 'continuous'}
        See `evaluation.simulate.simulate`.
    where : Where

    Returns
    -------
    basins : list of str
        Those with observations in the test.
    values : ndarray, shape (basin, draw)
        NSE; the draws of all levels side by side, as in `Noise.of_basin`.

    Raises
    ------
    InputError
        If the data do not hold the period, or no basin has an observation in it.
    """
    make_deterministic(0, where.threads)
    device = choose_device(where.device, where.float32_precision)
    trained = load_weights(weights, device)
    settings, test = trained.settings, periods["test"]
    names = settings.inputs, settings.attributes
    listed = read_basin_list(basin_list)
    catchments = read_store(store, *names, listed, settings.target)
    observed = _observed(catchments, periods)
    seen = check_observations(observed, listed, test, store)
    told = [seal_of(weights), catchments.content, periods, dataclasses.asdict(noise)]
    kept = _Kept(where, [*told, simulation, device.type])
    job = _Job(trained, catchments, catchments.days(test), noise, simulation)
    rows = np.flatnonzero(seen)
    basins, values = [listed[row] for row in rows], []
    progress = Progress("basins with noise", len(rows), kept.count(basins))
    for row, basin in zip(rows, basins, strict=True):
        found = kept.read(basin)
        if found is None:
            found = job.nse(row, observed[row], device)
            kept.write(basin, found)
            progress.advance()
        values.append(found)
    progress.close()
    return basins, np.stack(values)


def _observed(catchments, periods):
    """Return the observations of the test, shape (basin, day)."""
    test = periods["test"]
    own_start = periods.get("own_start", False)
    days = evaluation_days(catchments, periods["train"], test, own_start)
    return catchments.observed_on(days).discharge[:, catchments.days(test)]


@dataclasses.dataclass(frozen=True)
class _Job:
    """What the simulations of all basins have in common."""

    trained: TrainedModel
    catchments: Catchments
    days: slice
    noise: Noise
    simulation: str

    def nse(self, row, observed, device):
        """Return the NSE of one basin for each draw."""
        simulated = self._simulated(row, device)
        # A level at a time, because NSE needs several arrays of this size.
        levels = np.split(simulated, np.cumsum(self.noise.counts())[:-1])
        return np.concatenate(
            [nse(observed[None], one[:, None])[:, 0] for one in levels]
        )

    def _simulated(self, row, device):
        """Return discharge in mm/d, shape (draw, day of the test)."""
        settings, scaler = self.trained.settings, self.trained.scaler
        length, start = settings.model.sequence_length, self.days.start
        first = max(start - length + 1, 0)
        forcing = scaler.inputs(self.catchments.inputs[row, first : self.days.stop])
        scaled = scaler.attributes(self.catchments.attributes[row])
        noise = self.noise.of_basin(self.catchments.basins[row], scaled.size)
        attributes = (scaled + noise).astype(np.float32)
        seen = on_device(forcing, device), on_device(attributes, device)
        how = settings.model.kind, *seen, length, self.simulation
        predicted = simulate_draws(self.trained.model, *how)[:, start - first :]
        discharge = scaler.discharge(predicted.cpu().numpy())
        # As in `evaluation.simulate`.
        return discharge.clip(min=0) if settings.target == DISCHARGE else discharge


class _Kept:
    """The basins that an interrupted run of the same analysis has finished.

    Parameters
    ----------
    where : Where
    told : list
        Plain values that, with the code, determine the numbers.
    """

    def __init__(self, where, told):
        told = [*told, where.float32_precision, where.code, str(torch.__version__)]
        digest = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
        self._folder = Path(where.checkpoints, digest[:16])

    def count(self, basins):
        """Return how many of some basins are finished."""
        count = sum(self._path(basin).is_file() for basin in basins)
        if count:
            _log.info("resuming after %d basins", count)
        return count

    def read(self, basin):
        """Return the values of a basin; None if it is not finished, or damaged."""
        path = self._path(basin)
        if not path.is_file():
            return None
        try:
            check_seal(path)
            return np.load(path, allow_pickle=False)
        except (OSError, ValueError) as error:
            _log.warning("%s cannot be used (%s): once more", path, error)
            return None

    def write(self, basin, values):
        """Keep the values of a finished basin."""
        # In memory first: of a full disk NumPy does not say that it is full.
        content = io.BytesIO()
        np.save(content, values)
        with atomic_path(self._path(basin)) as part:
            part.write_bytes(content.getvalue())
            append_seal(part)

    def _path(self, basin):
        return self._folder / f"{basin}.npy"


def forget(checkpoints):
    """Remove the finished basins, once the results are written."""
    shutil.rmtree(checkpoints, ignore_errors=True)
