"""The training samples of one run on its device, and the windows of an epoch."""

import numpy as np
import torch

from rerunoff.training.batch import Batch, Series, on_device
from rerunoff.training.windows import Tiles, complete_windows, runs_of

# Windows that are made at once, and basins or tiles that are looked through.
_WINDOWS, _BASINS, _TILES = 1 << 16, 256, 1 << 20


class Samples:
    """Scaled series and the days to learn.

    Parameters
    ----------
    catchments : Catchments
    scaler : Scaler
    settings : RunSettings
    learned : ndarray of bool, shape (basin, day)
        From `complete_windows`; at least one.
    device : torch.device
    again : callable, optional
        As in `Series`.

    Attributes
    ----------
    learned : Tensor of bool, shape (basin, day)
    target : Tensor, shape (basin, day)
        Scaled discharge; 0 on days that are not learned.
    basin_std : Tensor, shape (basin,)
        Standard deviation of discharge over the samples, mm/d.

    Notes
    -----
    An epoch covers the days to learn once. With more than one predicted day (design:
    long windows) each run of days with complete forcing is cut into tiles of so many
    days, from an offset that is random for each run and epoch, because the first days
    of a tile have a shorter warm-up than its last ones. A window predicts the days of
    a tile.
    """

    def __init__(self, catchments, scaler, settings, learned, device, again=None):
        flow = catchments.discharge
        target = scaler.output(flow)
        target[~learned] = 0
        self.target = on_device(target, device)
        self.basin_std = on_device(_basin_std(flow, learned), device)
        self.predicted_days = settings.training.predicted_days
        self._size, self.learned = int(learned.sum()), on_device(learned, device)
        self._count = np.zeros((len(flow), flow.shape[1] + 1), dtype=np.int32)
        np.cumsum(learned, axis=1, out=self._count[:, 1:])
        # Days without discharge may lie between those to learn, without forcing not.
        days = learned.any(axis=0).nonzero()[0]
        span, length = slice(days[0], days[-1] + 1), settings.model.sequence_length
        self._runs = runs_of(complete_windows(catchments.inputs, None, span, length))
        self.series = Series(catchments, scaler, settings, device, again)

    def __len__(self):
        """Return the number of days to learn."""
        return self._size

    def windows(self, seed, epoch):
        """Return the windows of an epoch in random order.

        Parameters
        ----------
        seed, epoch : int
            The windows are a function of these.

        Returns
        -------
        Windows
        """
        basin, first, last = self._runs
        random = np.random.default_rng([seed, epoch])
        offset = random.integers(self.predicted_days, size=len(basin))
        tiles = Tiles(basin, first, last, self.predicted_days, offset)
        numbers = self._counting(tiles)
        generator = torch.Generator().manual_seed(seed * 10_000 + epoch)
        order = torch.randperm(len(numbers), generator=generator, dtype=torch.int32)
        return Windows(tiles, numbers[order.numpy()], self.target.device)

    def _counting(self, tiles):
        """Return the numbers of the tiles with a day to learn."""
        found = []
        for start in range(0, len(tiles), _TILES):
            numbers = np.arange(start, min(start + _TILES, len(tiles)), dtype=np.int32)
            basin, first, last, _ = tiles.at(numbers).T
            some = self._count[basin, last + 1] > self._count[basin, first]
            found.append(numbers[some])
        return np.concatenate(found)

    def batch(self, windows):
        """Return a batch of windows, some of those that `windows` returned."""
        basin, start, end, last = windows.unbind(1)
        ahead = torch.arange(self.predicted_days, device=start.device)
        days, end = start.unsqueeze(1) + ahead, end.unsqueeze(1)
        # Later days do not count; those of the calendar's end are its last one.
        seen = basin.unsqueeze(1), torch.minimum(days, end)
        # A window of one day is there because its day counts.
        counts = None
        if self.predicted_days > 1:
            counts = self.learned[seen] & (days <= end)
        return Batch(
            self.series,
            basin,
            days[:, -1],
            self.target[seen],
            self.basin_std[basin].unsqueeze(1),
            counts,
            self.predicted_days,
            filled_from=last,
        )


class Windows:
    """The windows of an epoch in random order, made when they are asked for.

    All of them at once would take more memory than the series.

    Parameters
    ----------
    tiles : Tiles
    numbers : ndarray of int32, shape (window,)
        Of the tiles, in the order of the windows.
    device : torch.device
    """

    def __init__(self, tiles, numbers, device):
        self._tiles, self._numbers, self._device = tiles, numbers, device

    def __len__(self):
        """Return the number of windows."""
        return len(self._numbers)

    def __getitem__(self, part):
        """Return windows of a slice.

        Returns
        -------
        Tensor of int64, shape (window, 4)
            Basin, first and last predicted day that may count, and last day of the run.
        """
        tiles = self._tiles.at(self._numbers[part])
        return torch.from_numpy(tiles).to(self._device)

    def split(self, size):
        """Yield the windows in parts of a size, the last one smaller."""
        most = max(1, _WINDOWS // size) * size
        for start in range(0, len(self), most):
            yield from self[start : start + most].split(size)


def _basin_std(discharge, learned):
    """Return each basin's standard deviation (ddof 0, mm/d) over its samples."""
    found = []
    # Each basin's numbers are added in their order, however many basins at once.
    for start in range(0, len(discharge), _BASINS):
        rows = slice(start, start + _BASINS)
        basin, _ = np.nonzero(learned[rows])
        flow = discharge[rows][learned[rows]].astype(np.float64)
        size = len(discharge[rows])
        count = np.maximum(np.bincount(basin, minlength=size), 1)
        mean = np.bincount(basin, flow, minlength=size) / count
        squares = (flow - mean[basin]) ** 2
        found.append(np.sqrt(np.bincount(basin, squares, minlength=size) / count))
    return np.concatenate(found).astype(np.float32)
