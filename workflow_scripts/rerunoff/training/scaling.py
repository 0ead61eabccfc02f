"""The constants that bring inputs, attributes and discharge to scale."""

import dataclasses
import math

import numpy as np

from rerunoff.errors import InputError


@dataclasses.dataclass(frozen=True)
class Scaler:
    """The constants of a run; they travel with its weights.

    Attributes
    ----------
    input_mean, input_std : list of float, length input
        In the units of the store.
    output_mean, output_std : float
        mm/d.
    attribute_mean, attribute_std : list of float, length attribute
    """

    input_mean: list
    input_std: list
    output_mean: float
    output_std: float
    attribute_mean: list
    attribute_std: list

    def inputs(self, values):
        """Scale forcing, shape (..., input), to float32."""
        scaled = (values - np.float32(self.input_mean)) / np.float32(self.input_std)
        return scaled.astype(np.float32)

    def output(self, discharge):
        """Scale discharge in mm/d."""
        scaled = (discharge - np.float32(self.output_mean)) / self.output_std
        return scaled.astype(np.float32)

    def attributes(self, values):
        """Scale attributes, shape (basin, attribute), to float32."""
        scaled = (values - np.array(self.attribute_mean)) / self.attribute_std
        return scaled.astype(np.float32)

    def discharge(self, scaled):
        """Bring scaled discharge back to mm/d."""
        return scaled * self.output_std + self.output_mean


def fit_scaler(catchments, days, scaling, names):
    """Compute the constants of a run from its training period.

    Parameters
    ----------
    catchments : Catchments
    days : ndarray of bool, shape (basin, day)
        The training period of each basin; discharge outside is missing already.
    scaling : dict or 'training'
        The constants of inputs and output, or that they are those of the days.
    names : sequence of str
        Names of the inputs and attributes, for the message.

    Raises
    ------
    InputError
        If discharge, an input or an attribute is the same everywhere, or a constant is
        not finite and positive.

    Notes
    -----
    Attributes: z-score over the basins in use with ddof 1, as pandas gives it in the
    authors' code (protocol of kratzert2019a).
    """
    given = scaling != "training"
    constants = dict(scaling) if given else training_constants(catchments, days)
    mean, std = _attribute_constants(catchments.attributes)
    scaler = Scaler(
        **constants, attribute_mean=mean.tolist(), attribute_std=std.tolist()
    )
    _check_constants(scaler, (*names, "discharge"))
    return scaler


def with_attributes_of(scaler, catchments, names):
    """Return a scaler that standardises attributes by those of other basins.

    Parameters
    ----------
    scaler : Scaler
    catchments : Catchments
        The basins, at least two if there are attributes.
    names : sequence of str
        Of the attributes, for the message.

    Raises
    ------
    InputError
        If an attribute is the same in all of them, as it is in a single basin.
    """
    mean, std = _attribute_constants(catchments.attributes)
    number = len(catchments.basins)
    for name, spread in zip(names, std, strict=True):
        if number == 1 or not spread > 0:
            raise InputError(
                f"{name} has the same value in all basins held out together "
                f"({number}) and cannot be standardised by them; set "
                "held_out_attributes: training, take fewer folds, or drop it from the "
                "key attributes."
            )
    return dataclasses.replace(
        scaler, attribute_mean=mean.tolist(), attribute_std=std.tolist()
    )


def _attribute_constants(attributes):
    """Return mean and standard deviation (ddof 1) over basins."""
    mean = attributes.mean(axis=0)
    many = len(attributes) > 1
    return mean, attributes.std(axis=0, ddof=1) if many else np.ones_like(mean)


def training_constants(catchments, days):
    """Return mean and standard deviation of inputs and discharge on some days.

    Parameters
    ----------
    catchments : Catchments
    days : ndarray of bool, shape (basin, day)

    Returns
    -------
    dict
        `input_mean`, `input_std`, `output_mean` and `output_std`, as in `Scaler`.
    """
    inputs = catchments.inputs[days].astype(np.float64)
    output = catchments.discharge[days].astype(np.float64)
    return {
        "input_mean": np.nanmean(inputs, axis=0).tolist(),
        "input_std": np.nanstd(inputs, axis=0).tolist(),
        "output_mean": float(np.nanmean(output)),
        "output_std": float(np.nanstd(output)),
    }


def _check_constants(scaler, names):
    means = [*scaler.input_mean, *scaler.attribute_mean, scaler.output_mean]
    stds = [*scaler.input_std, *scaler.attribute_std, scaler.output_std]
    for name, mean, std in zip(names, means, stds, strict=True):
        if not (math.isfinite(mean) and math.isfinite(std) and std >= 0):
            raise InputError(
                f"{name} has the mean {mean:g} and the standard deviation {std:g}, "
                "where finite numbers are needed and the second above 0; correct "
                "scaling, published_scaling or the data."
            )
        # The rounded mean of equal values leaves a spread just above zero.
        if std <= 1e-9 * abs(mean):
            raise InputError(
                f"{name} has the same value in all basins in use and cannot be "
                "standardised; drop it from the keys inputs or attributes, or where it "
                "is discharge the basin."
            )
