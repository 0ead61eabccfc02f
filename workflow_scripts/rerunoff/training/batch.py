"""What networks and losses see: batches of windows, cut from series on the device.

Series stay basin × date on the training device, because materialised windows of the
papers' training data would take 10 to 70 GB.
"""

import dataclasses
import functools

import numpy as np
import torch


class Series:
    """The series and attributes of some basins on a device.

    Parameters
    ----------
    catchments : Catchments
    scaler : Scaler
    settings : RunSettings
        For the names of inputs and attributes, and the length of a window.
    device : torch.device
    again : callable, optional
        Returns the inputs anew. With it they are scaled where they are, so that memory
        holds them once, and whoever else has the catchments must not look at them.

    Attributes
    ----------
    scaled : Tensor, shape (basin · day, input)
    attributes : Tensor, shape (basin, attribute)
        Scaled.
    warm_up : int
        Days before the first one that a window predicts.
    """

    def __init__(self, catchments, scaler, settings, device, again=None):
        self.names = settings.inputs, settings.attributes
        self.days = catchments.inputs.shape[1]
        place = None if again is None else catchments.inputs
        self.scaled = _rows(scaler.inputs(catchments.inputs, place), device)
        self._inputs = again or (lambda: catchments.inputs)
        self.attributes = on_device(scaler.attributes(catchments.attributes), device)
        self.warm_up = settings.model.sequence_length - 1
        self._attributes = catchments.attributes

    @functools.cached_property
    def unscaled(self):
        """Forcing in the units of the store, shape (basin · day, input)."""
        return _rows(self._inputs(), self.scaled.device)

    @functools.cached_property
    def unscaled_attributes(self):
        """Attributes as they are in the store, shape (basin, attribute), float32."""
        values = np.float32(self._attributes)
        return on_device(values, self.scaled.device)


@dataclasses.dataclass(frozen=True, eq=False)
class Batch:
    """Windows of days, each up to a day of a basin; cut when they are asked for.

    A window has the days of warm-up and then those that it predicts.

    Attributes
    ----------
    series : Series
    basin, day : Tensor of int64, shape (window,)
        Basin, and last day of the window.
    target : Tensor, shape (window, predicted day), or None
        Scaled discharge of the window's last days; None in a simulation.
    basin_std : Tensor, shape (window, 1), or None
        Standard deviation of the basin's discharge over its samples, mm/d.
    counts : Tensor of bool, shape of `target`, or None
        Which days a loss is taken over; None means all.
    predicted_days : int
    filled_from : Tensor of int64, shape (window,), or None
        Where a window reaches beyond the complete days of its basin, all later days are
        a copy of this one. They do not count, and no day before them sees them.
    """

    series: Series
    basin: torch.Tensor
    day: torch.Tensor
    target: torch.Tensor | None = None
    basin_std: torch.Tensor | None = None
    counts: torch.Tensor | None = None
    predicted_days: int = 1
    filled_from: torch.Tensor | None = None

    @functools.cached_property
    def dynamic(self):
        """Scaled inputs, shape (window, time, input).

        A view of a time-first array, as the recurrent kernel wants it.
        """
        return self._windows(self.series.scaled)

    @property
    def size(self):
        """Number of days that a loss is taken over."""
        return len(self.basin) if self.counts is None else self.counts.sum()

    @property
    def static(self):
        """Scaled attributes, shape (window, attribute)."""
        return self.series.attributes[self.basin]

    @functools.cached_property
    def forcing(self):
        """Unscaled inputs by name, shape (window, time), in the units of the store."""
        names, _ = self.series.names
        windows = self._windows(self.series.unscaled)
        return dict(zip(names, windows.unbind(2), strict=True))

    @functools.cached_property
    def attributes(self):
        """Unscaled attributes by name, shape (window,)."""
        _, names = self.series.names
        values = self.series.unscaled_attributes[self.basin]
        return dict(zip(names, values.unbind(1), strict=True))

    def _windows(self, rows):
        length, device = self.series.warm_up + self.predicted_days, rows.device
        day = self.day + torch.arange(1 - length, 1, device=device).unsqueeze(1)
        if self.filled_from is not None:
            day = torch.minimum(day, self.filled_from)
        return rows[self.basin * self.series.days + day].transpose(0, 1)


def on_device(values, device):
    """Return an array as a Tensor on a device."""
    return torch.from_numpy(np.ascontiguousarray(values)).to(device)


def _rows(values, device):
    return on_device(values, device).flatten(0, 1)
