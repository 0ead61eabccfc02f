"""The constants that bring inputs, attributes and discharge to scale."""

import dataclasses
import math

import numpy as np

from rerunoff.errors import InputError

# The rounded mean of equal values leaves a spread so much above zero.
_ROUNDING = 1e-9
# Basins whose inputs are looked at together.
_BASINS = 64
_WITHOUT = "set the key only to experiments with model.static: false"


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

    def inputs(self, values, place=None):
        """Scale forcing, shape (..., input), to float32; into a place, if given."""
        scaled = np.subtract(values, np.float32(self.input_mean), out=place)
        scaled /= np.float32(self.input_std)
        return scaled.astype(np.float32, copy=False)

    def output(self, discharge):
        """Scale discharge in mm/d."""
        scaled = (discharge - np.float32(self.output_mean)) / self.output_std
        return scaled.astype(np.float32, copy=False)

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
        If discharge, an input or an attribute is the same everywhere, as the attributes
        of a single basin are, or a constant is not finite and positive.

    Notes
    -----
    Attributes: z-score over the basins in use with ddof 1, as pandas gives it in the
    authors' code (protocol of kratzert2019a).
    """
    given = scaling != "training"
    constants = dict(scaling) if given else training_constants(catchments, days)
    attributes = names[catchments.inputs.shape[-1] :]
    constants |= _attribute_constants(catchments, attributes, "learned together", "")
    scaler = Scaler(**constants)
    _check_constants(scaler, (*names, "discharge"))
    return scaler


def with_attributes_of(scaler, catchments, names):
    """Return a scaler that standardises attributes by those of other basins.

    Parameters
    ----------
    scaler : Scaler
    catchments : Catchments
        The basins that are standardised by themselves.
    names : sequence of str
        Of the attributes, for the message.

    Raises
    ------
    InputError
        If an attribute is the same in all of them, as it is in a single basin.
    """
    remedy = "set held_out_attributes: training or fewer folds, or "
    constants = _attribute_constants(catchments, names, "held out together", remedy)
    return dataclasses.replace(scaler, **constants)


def _attribute_constants(catchments, names, role, remedy):
    """Return mean and standard deviation (ddof 1) of attributes over basins.

    `role` says in a message what the basins have in common, `remedy` what to do first.
    """
    values, basins = catchments.attributes, catchments.basins
    if not len(names):
        return {"attribute_mean": [], "attribute_std": []}
    if len(basins) == 1:
        raise InputError(
            f"{basins[0]} is the only basin {role}, and its attributes cannot be "
            f"standardised by themselves; {remedy}add basins, or {_WITHOUT}."
        )
    mean, std = values.mean(axis=0), values.std(axis=0, ddof=1)
    equal = std <= _ROUNDING * abs(mean)
    if equal.any():
        kept = ", ".join(np.array(names)[~equal])
        rest = f"set the key attributes to those that differ: [{kept}]"
        raise InputError(
            f"{', '.join(np.array(names)[equal])}: the same in all {len(basins)} "
            f"basins {role}, so not to be standardised; {remedy}"
            f"{rest if kept else _WITHOUT}."
        )
    return {"attribute_mean": mean.tolist(), "attribute_std": std.tolist()}


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
    input_mean, input_std = _mean_and_std(catchments.inputs, days)
    output_mean, output_std = _mean_and_std(catchments.discharge[..., None], days)
    return {
        "input_mean": input_mean.tolist(),
        "input_std": input_std.tolist(),
        "output_mean": output_mean.item(),
        "output_std": output_std.item(),
    }


def _mean_and_std(values, days):
    """Return mean and standard deviation over days of each column, in float64.

    Bit by bit what ``np.nanmean`` and ``np.nanstd`` give, without their copies of all
    values.

    Parameters
    ----------
    values : float32 ndarray, shape (basin, day, column)
        NaN where missing.
    days : ndarray of bool, shape (basin, day)

    Returns
    -------
    mean, std : float64 ndarray, shape (column,)
    """
    # NumPy adds rows one after the other, so that a sum goes on from block to block;
    # a single column it adds by pairs, so that this needs all of it.
    size = _BASINS if values.shape[2] > 1 else len(values)

    def total(prepare):
        sums = None
        for start in range(0, len(values), size):
            rows = slice(start, start + size)
            part = values[rows][days[rows]].astype(np.float64)
            missing = np.isnan(part)
            prepare(part)
            part[missing] = 0
            if sums is not None:
                part = np.concatenate([sums[None], part])
            sums = part.sum(axis=0)
        return sums

    def squares(part):
        part -= mean
        part *= part

    count = sum(
        (~np.isnan(row[chosen])).sum(axis=0)
        for row, chosen in zip(values, days, strict=True)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = total(lambda part: None) / count
        return mean, np.sqrt(total(squares) / count)


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
        if std <= _ROUNDING * abs(mean):
            raise InputError(
                f"{name} has the same value on all days in use and cannot be "
                "standardised; take it out of the key inputs, or where it is discharge "
                "set periods.train to days on which it varies."
            )
