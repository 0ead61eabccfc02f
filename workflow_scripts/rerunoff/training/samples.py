"""The training samples of one run on its device."""

import numpy as np
import torch

from rerunoff.training.windows import WindowBatches


class Samples:
    """Scaled series and the index of the samples in them.

    Parameters
    ----------
    catchments : Catchments
    scaler : Scaler
    basin, day : ndarray of int64, shape (sample,)
        From `valid_samples`.
    length : int
        Days of a window.
    device : torch.device
    """

    def __init__(self, catchments, scaler, basin, day, length, device):
        def on_device(values):
            return torch.from_numpy(np.ascontiguousarray(values)).to(device)

        self.basin, self.day = on_device(basin), on_device(day)
        self.target = on_device(scaler.output(catchments.discharge[basin, day]))
        self.basin_std = on_device(_basin_std(catchments.discharge, basin, day))
        self.windows = WindowBatches(
            on_device(scaler.inputs(catchments.inputs)),
            on_device(scaler.attributes(catchments.attributes)),
            length,
        )

    def __len__(self):
        """Return the number of samples."""
        return len(self.basin)

    def shuffled(self, seed, epoch):
        """Return the order of the samples in an epoch: a function of seed and epoch."""
        generator = torch.Generator().manual_seed(seed * 10_000 + epoch)
        order = torch.randperm(len(self), generator=generator)
        return order.to(self.basin.device)

    def batch(self, index):
        """Return windows, attributes, scaled target and basin std (mm/d) of samples."""
        basin, day = self.basin[index], self.day[index]
        x_dynamic, x_static = self.windows.gather(basin, day)
        target = self.target[index].unsqueeze(1)
        return x_dynamic, x_static, target, self.basin_std[basin].unsqueeze(1)


def _basin_std(discharge, basin, day):
    """Return each basin's standard deviation (ddof 0, mm/d) over its samples."""
    flow = discharge[basin, day].astype(np.float64)
    size = discharge.shape[0]
    count = np.maximum(np.bincount(basin, minlength=size), 1)
    mean = np.bincount(basin, flow, minlength=size) / count
    variance = np.bincount(basin, (flow - mean[basin]) ** 2, minlength=size) / count
    return np.sqrt(variance).astype(np.float32)
