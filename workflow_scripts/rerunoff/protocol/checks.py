"""Faults of a well-formed configuration: values that make no sense.

Each check yields the key path and the fault; `validate.validate` makes a sentence
of the first. A check may rely on those before it.
"""

import dataclasses
import datetime

from rerunoff.protocol.experiments import (
    check_insight,
    check_layers,
    check_start,
    check_units,
    check_weights,
    is_run,
)
from rerunoff.protocol.products import variables_of
from rerunoff.protocol.settings import ModelSettings, TrainingSettings

_PERIODS = ("train", "test")
# Figures with a time axis of their own.
_DRAWN = ("hydrographs", "hydrograph_epochs", "rnn_vs_lstm", "cell_state")


def senseless(config, paper):
    """Yield faults of one paper's values, without a look at the disk.

    Parameters
    ----------
    config : dict
        The merged configuration, valid against the schemas.
    paper : str

    Yields
    ------
    path : tuple of str
    message : str
        Continues the key to a sentence, without the full stop.
    """
    protocol = config[paper]
    for check in (
        _periods,
        _names,
        _inputs,
        _scaling,
        _training,
        _hydrograph_basins,
        check_units,
        check_start,
        check_weights,
        check_layers,
        check_insight,
    ):
        for path, message in check(protocol):
            yield (paper, *path), message


def _periods(protocol):
    periods = {("periods", name): protocol["periods"][name] for name in _PERIODS}
    drawn = [(key, "period") for key in _DRAWN if key in protocol]
    periods |= {path: protocol[path[0]]["period"] for path in drawn}
    for name, row in protocol["experiments"].items():
        for period, days in row.get("periods", {}).items():
            periods["experiments", name, "periods", period] = days
    for path, days in periods.items():
        try:
            first, last = (datetime.date.fromisoformat(day) for day in days)
        except ValueError as error:
            yield path, f"is no date: {error}"
            return
        if first > last:
            yield path, f"ends ({last}) before it starts ({first}); swap them"
    first, last = periods["periods", "test"]
    for path in drawn:
        start, end = periods[path]
        if start < first or end > last:  # ISO dates sort as text
            yield (
                path,
                f"is {start} to {end}, which is not within periods.test ({first} to "
                f"{last}); set it to days of the test period",
            )


def _names(protocol):
    rows = protocol["experiments"]
    drawn = protocol.get("hydrographs", {}).get("experiments")
    chosen = {("only",): protocol.get("only"), ("hydrographs", "experiments"): drawn}
    for path, names in chosen.items():
        for name in names or []:
            if name not in rows:
                yield path, f"names {name}, but the paper has {', '.join(rows)}"


def _inputs(protocol):
    forcing = protocol["forcing"]
    known = variables_of(forcing)
    if known is None:  # seen when the store is built
        return
    for name in protocol["inputs"]:
        if name not in known:
            yield (
                ("inputs",),
                f"names {name}, but {forcing} has {', '.join(known)}; correct it, or "
                "the key forcing",
            )


def _hydrograph_basins(protocol):
    basins = protocol["basins"]
    drawn = protocol.get("hydrographs", {}).get("basins") or []
    outside = [basin for basin in drawn if basin not in basins]
    if isinstance(basins, list) and outside:
        yield (
            ("hydrographs", "basins"),
            f"names {outside[0]}, which is not in the list basins; set it to basins of "
            "that list, or to null for its first four",
        )


def _scaling(protocol):
    rows = protocol["experiments"]
    active = [row for name, row in rows.items() if is_run(protocol, name)]
    used = {row.get("scaling", protocol["scaling"]) for row in active}
    if "published" not in used:
        return
    for key in ("input_mean", "input_std"):
        constants = protocol.get("published_scaling", {}).get(key, {})
        missing = [name for name in protocol["inputs"] if name not in constants]
        if missing:
            yield (
                ("published_scaling", key),
                f"has no {missing[0]}, which is one of the inputs; add its number, or "
                "set scaling: training",
            )


def _training(protocol):
    """Yield faults of each experiment, laid over the paper's model and training."""
    for name, row in protocol["experiments"].items():
        training = {**protocol["training"], **row.get("training", {})}
        model = {**protocol["model"], **row.get("model", {})}
        for owner, section, values in (
            (TrainingSettings, "training", training),
            (ModelSettings, "model", model),
        ):
            keys = [field.name for field in dataclasses.fields(owner)]
            missing = [key for key in keys if key not in values]
            if missing:
                yield (section,), f"lacks {missing[0]}, needed by {name}"
                return
        if min(step["from_epoch"] for step in training["learning_rate"]) > 1:
            path = _where(row, name, "training", "learning_rate")
            yield path, "needs a rate from_epoch: 1"
        if model["static"] and not protocol["attributes"]:
            yield ("attributes",), f"is empty, but {name} has model.static: true"
        if model["kind"] == "ealstm" and not model["static"]:
            yield (
                _where(row, name, "model", "static"),
                "must be true for an EA-LSTM, whose input gate sees the attributes",
            )


def _where(row, name, section, key):
    """Return the path of a key: in the experiment if that sets it, else the paper's."""
    if key in row.get(section, {}):
        return ("experiments", name, section, key)
    return (section, key)
