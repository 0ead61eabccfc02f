"""HBV, differentiable: snow, soil, two groundwater boxes and routing, day by day.

Bergström 1976 and 1992 (SMHI RH 4), in the form of HBV-light (Seibert and Vis 2012,
HESS 16, 3315-3325, equations 1 to 6), written so that all basins and sets of parameters
go through a day at once.
"""

import dataclasses

import torch


@dataclasses.dataclass(frozen=True)
class Parameter:
    """Range of a parameter; with `log`, orders of magnitude are equally likely."""

    low: float
    high: float
    unit: str
    log: bool = False


# Ranges around those of Seibert and Vis 2012 and of Beck et al. 2016 (WRR 52, table 2).
PARAMETERS = {
    "tt": Parameter(-2.5, 2.5, "degC"),
    "cfmax": Parameter(0.5, 10.0, "mm/degC/d"),
    "sfcf": Parameter(0.6, 1.6, "1"),
    "cfr": Parameter(0.0, 0.1, "1"),
    "cwh": Parameter(0.0, 0.2, "1"),
    "fc": Parameter(30.0, 1000.0, "mm", log=True),
    "lp": Parameter(0.2, 1.0, "1"),
    "beta": Parameter(0.8, 6.0, "1"),
    "cet": Parameter(0.5, 1.6, "1"),
    "perc": Parameter(0.05, 10.0, "mm/d", log=True),
    "uzl": Parameter(0.0, 100.0, "mm"),
    "k0": Parameter(0.05, 0.9, "1/d"),
    "k1": Parameter(0.01, 0.5, "1/d", log=True),
    "k2": Parameter(0.001, 0.2, "1/d", log=True),
    "maxbas": Parameter(1.0, 7.0, "d"),
}
_DRY = 1e-6  # share of the field capacity
_LONGEST = int(PARAMETERS["maxbas"].high)
# Snow, water held in it, soil, upper and lower groundwater, in mm.
STORES = ("snow_pack", "snow_water", "soil_moisture", "upper_zone", "lower_zone")


@dataclasses.dataclass(frozen=True)
class Weather:
    """What drives the model: Tensors of shape (day, ..., basin)."""

    prcp: torch.Tensor
    tmin: torch.Tensor
    tmax: torch.Tensor
    pet: torch.Tensor

    def sliced(self, days, dtype):
        """Return some of the days, a slice, in a precision."""
        return Weather(*(series[days].to(dtype) for series in vars(self).values()))


@dataclasses.dataclass(frozen=True)
class Simulated:
    """What the model gives: Tensors of shape (day, ..., basin), stores at a day's end.

    Attributes
    ----------
    discharge : Tensor
        mm/d, at the gauge.
    runoff : Tensor
        mm/d, out of the groundwater, before the routing.
    evapotranspiration : Tensor
        mm/d.
    stores : dict of str to Tensor
        mm, by the names in `STORES`.
    """

    discharge: torch.Tensor
    runoff: torch.Tensor
    evapotranspiration: torch.Tensor
    stores: dict

    @property
    def swe(self):
        """Snow water equivalent, with the water that the snow holds, in mm."""
        return self.stores["snow_pack"] + self.stores["snow_water"]


def scaled(unit):
    """Return parameters from numbers between 0 and 1.

    Parameters
    ----------
    unit : Tensor, shape (parameter, ..., basin)
        In the order of `PARAMETERS`.

    Returns
    -------
    dict of str to Tensor, shape (..., basin)
    """
    values = {}
    for (name, row), share in zip(PARAMETERS.items(), unit, strict=True):
        if row.log:
            values[name] = row.low * (row.high / row.low) ** share
        else:
            values[name] = row.low + (row.high - row.low) * share
    return values


def split(weather, threshold):
    """Return rain and snowfall in mm/d.

    The share of rain is that of the day's temperatures, between `tmin` and `tmax`,
    above the threshold in degC. With the day's mean alone the threshold would have no
    gradient.
    """
    warm = weather.tmax - threshold
    # A day without a daily range is rain or snow as a whole.
    span = (weather.tmax - weather.tmin).clamp(min=1e-3)
    rain = weather.prcp * (warm / span).clamp(0, 1)
    return rain, weather.prcp - rain


def discharge(weather, parameters):
    """Return the discharge of `simulate` alone, with less memory."""
    runoff = torch.stack([row[0] for row in _days(weather, parameters)])
    return route(runoff, parameters["maxbas"])


def simulate(weather, parameters, start=None):
    """Run the model.

    Parameters
    ----------
    weather : Weather
    parameters : dict of str to Tensor, shape (..., basin)
    start : dict of str to Tensor, optional
        Stores before the first day; by default no snow, a half-full soil and no
        groundwater.

    Returns
    -------
    Simulated
        What is still on its way through the routing at the end is the difference
        between the sums of `runoff` and `discharge`.
    """
    rows = zip(*_days(weather, parameters, start), strict=True)
    runoff, evapotranspiration, *stores = map(torch.stack, rows)
    routed = route(runoff, parameters["maxbas"])
    named = dict(zip(STORES, stores, strict=True))
    return Simulated(routed, runoff, evapotranspiration, named)


def _days(weather, parameters, start=None):
    """Yield runoff, evapotranspiration and the stores of each day."""
    rain, snowfall = split(weather, parameters["tt"])
    warmth = (weather.tmin + weather.tmax) / 2 - parameters["tt"]
    melt = parameters["cfmax"] * warmth.clamp(min=0)
    freeze = parameters["cfr"] * parameters["cfmax"] * (-warmth).clamp(min=0)
    pet = (parameters["cet"] * weather.pet).unbind()
    days = (rain.unbind(), (parameters["sfcf"] * snowfall).unbind())
    days += (melt.unbind(), freeze.unbind(), pet)
    state = _start(parameters, start)
    # Soil moisture from which on evapotranspiration is potential.
    parameters = {**parameters, "enough": parameters["lp"] * parameters["fc"]}
    for day in zip(*days, strict=True):
        state, fluxes = _step(day, state, parameters)
        yield (*fluxes, *state)


def _start(parameters, start):
    if start is not None:
        return tuple(start[name] for name in STORES)
    half, zero = parameters["fc"] / 2, torch.zeros_like(parameters["fc"])
    return zero, zero, half, zero, zero


def _step(day, state, p):
    """Return the stores after a day, and its runoff and evapotranspiration."""
    rain, snowfall, melt, freeze, pet = day
    pack, water, soil, upper, lower = state
    # Snow: melt is bounded by the pack, what refreezes by the water it holds.
    pack, melt = _without(pack + snowfall, melt)
    water, freeze = _without(water + rain + melt, freeze)
    pack = pack + freeze
    leaving = (water - p["cwh"] * pack).relu()
    water = water - leaving
    # Soil.
    # Of an empty soil a power below 1 has no finite gradient.
    wet = (soil / p["fc"]).clamp(min=_DRY)
    recharge = leaving * (p["beta"] * wet.log()).exp()
    soil = soil + leaving - recharge
    excess = (soil - p["fc"]).relu()
    soil = soil - excess
    enough = 1 - (1 - soil / p["enough"]).relu()
    soil, evaporated = _without(soil, pet * enough)
    # Groundwater: the outlets empty it one after the other, so never below zero.
    upper, down = _without(upper + recharge + excess, p["perc"])
    quick = p["k0"] * (upper - p["uzl"]).relu()
    upper = upper - quick
    middle = p["k1"] * upper
    upper = upper - middle
    lower = lower + down
    slow = p["k2"] * lower
    lower = lower - slow
    return (pack, water, soil, upper, lower), (quick + middle + slow, evaporated)


def _without(store, wanted):
    """Return what is left of a store, and what it gives of what is wanted.

    `torch.minimum` is far slower when gradients are wanted.
    """
    left = (store - wanted).relu()
    return left, store - left


def route(runoff, maxbas):
    """Spread runoff over the days that follow by triangular weights of base `maxbas`.

    Parameters
    ----------
    runoff : Tensor, shape (day, ..., basin)
    maxbas : Tensor, shape (..., basin)
        In d, at most that of `PARAMETERS`.
    """
    total = None
    before = torch.zeros_like(maxbas)
    for lag in range(_LONGEST):
        until = _share_until(lag + 1, maxbas)
        part = (until - before) * runoff[: len(runoff) - lag]
        before = until
        if lag:
            part = torch.cat([torch.zeros_like(runoff[:lag]), part])
        total = part if total is None else total + part
    return total


def _share_until(day, base):
    """Return the part of a triangle's area before a day, its base from 0 to `base`."""
    share = (day / base).clamp(max=1)
    return torch.where(share < 0.5, 2 * share**2, 1 - 2 * (1 - share) ** 2)
