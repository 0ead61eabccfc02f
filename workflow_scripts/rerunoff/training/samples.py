"""The training samples of one run on its device, and the windows of an epoch."""

import numpy as np
import torch

from rerunoff.training.batch import Batch, Series, on_device
from rerunoff.training.windows import runs_of_days, tiles, valid_samples


class Samples:
    """Scaled series and the days to learn.

    Parameters
    ----------
    catchments : Catchments
    scaler : Scaler
    settings : RunSettings
    basin, day : ndarray of int64, shape (sample,)
        From `valid_samples`.
    device : torch.device

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

    def __init__(self, catchments, scaler, settings, basin, day, device):
        flow = catchments.discharge
        learned = np.zeros(flow.shape, dtype=bool)
        learned[basin, day] = True
        self.target = on_device(np.where(learned, scaler.output(flow), 0), device)
        self.basin_std = on_device(_basin_std(flow, basin, day), device)
        self.series = Series(catchments, scaler, settings, device)
        self.predicted_days = settings.training.predicted_days
        self._size, self.learned = len(basin), on_device(learned, device)
        self._count = np.zeros((len(flow), flow.shape[1] + 1), dtype=np.int32)
        np.cumsum(learned, axis=1, out=self._count[:, 1:])
        # Days without discharge may lie between those to learn, without forcing not.
        span, length = slice(day.min(), day.max() + 1), settings.model.sequence_length
        complete = valid_samples(catchments.inputs, None, span, length)
        self._runs = runs_of_days(*complete)

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
        Tensor of int64, shape (window, 4)
            Basin, first and last predicted day that may count, and last day of the run.
        """
        basin, first, last = self._runs
        random = np.random.default_rng([seed, epoch])
        offset = random.integers(self.predicted_days, size=len(basin))
        run, start, end = tiles(first, last, self.predicted_days, offset)
        basin, last = basin[run], last[run]
        some = self._count[basin, end + 1] > self._count[basin, start]
        windows = np.stack([basin, start, end, last], axis=1)[some]
        generator = torch.Generator().manual_seed(seed * 10_000 + epoch)
        order = torch.randperm(len(windows), generator=generator)
        return torch.from_numpy(windows)[order].to(self.target.device)

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


def _basin_std(discharge, basin, day):
    """Return each basin's standard deviation (ddof 0, mm/d) over its samples."""
    flow = discharge[basin, day].astype(np.float64)
    size = discharge.shape[0]
    count = np.maximum(np.bincount(basin, minlength=size), 1)
    mean = np.bincount(basin, flow, minlength=size) / count
    variance = np.bincount(basin, (flow - mean[basin]) ** 2, minlength=size) / count
    return np.sqrt(variance).astype(np.float32)
