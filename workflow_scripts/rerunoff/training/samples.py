"""The training samples of one run on its device."""

import numpy as np
import torch

from rerunoff.training.batch import Batch, Series, on_device


class Samples:
    """Scaled series and the index of the samples in them.

    Parameters
    ----------
    catchments : Catchments
    scaler : Scaler
    settings : RunSettings
    basin, day : ndarray of int64, shape (sample,)
        From `valid_samples`.
    device : torch.device
    """

    def __init__(self, catchments, scaler, settings, basin, day, device):
        flow = catchments.discharge
        self.basin, self.day = on_device(basin, device), on_device(day, device)
        self.target = on_device(scaler.output(flow[basin, day]), device)
        self.basin_std = on_device(_basin_std(flow, basin, day), device)
        self.series = Series(catchments, scaler, settings, device)

    def __len__(self):
        """Return the number of samples."""
        return len(self.basin)

    def shuffled(self, seed, epoch):
        """Return the order of the samples in an epoch: a function of seed and epoch."""
        generator = torch.Generator().manual_seed(seed * 10_000 + epoch)
        order = torch.randperm(len(self), generator=generator)
        return order.to(self.basin.device)

    def batch(self, index):
        """Return a batch of samples, by their numbers."""
        basin, target = self.basin[index], self.target[index].unsqueeze(1)
        std = self.basin_std[basin].unsqueeze(1)
        return Batch(self.series, basin, self.day[index], target, std)


def _basin_std(discharge, basin, day):
    """Return each basin's standard deviation (ddof 0, mm/d) over its samples."""
    flow = discharge[basin, day].astype(np.float64)
    size = discharge.shape[0]
    count = np.maximum(np.bincount(basin, minlength=size), 1)
    mean = np.bincount(basin, flow, minlength=size) / count
    variance = np.bincount(basin, (flow - mean[basin]) ** 2, minlength=size) / count
    return np.sqrt(variance).astype(np.float32)
