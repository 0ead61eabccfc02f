"""Faults of a well-formed configuration: values that make no sense.

Each check reads a `Paper`, its experiments resolved, and yields the key path below the
paper and the fault; `validate.validate` makes a sentence of the first. A check may rely
on those before it.
"""

import dataclasses
import datetime

from rerunoff.protocol.benchmark_checks import imported
from rerunoff.protocol.derived import made_of
from rerunoff.protocol.experiments import (
    BASIN,
    FOLD,
    PROTOCOL,
    REGION,
    REGIONS,
    overlap,
)
from rerunoff.protocol.figure_checks import FIGURE_CHECKS, PERIODS_OF_FIGURES
from rerunoff.protocol.products import variables_of
from rerunoff.protocol.question_checks import QUESTION_CHECKS
from rerunoff.protocol.settings import DISCHARGE, ModelSettings, TrainingSettings
from rerunoff.protocol.weights_checks import authors_weights

_PERIODS = ("train", "test")
# What another reading of the same networks may have of its own.
_OF_READINGS = ("held_out_attributes", "units", "periods", "simulation")
# What a fine-tuned network must share with the one that it starts from.
_OF_WEIGHTS = ("kind", "static", "layers", "hidden_size")


def faults_of(paper):
    """Yield faults of one paper's values, without a look at the disk.

    Parameters
    ----------
    paper : Paper

    Yields
    ------
    path : tuple of str
    message : str
        Continues the key to a sentence, without the full stop.
    """
    for check in (
        _periods,
        _names,
        _inputs,
        _scaling,
        _training,
        _units,
        _start,
        _weights,
        _layers,
        _started_weights,
        _basins,
        imported,
        authors_weights,
        *FIGURE_CHECKS,
        *QUESTION_CHECKS,
    ):
        for path, message in check(paper):
            yield (paper.name, *path), message


def _periods(paper):
    rows = {"": paper.own} | paper.experiments
    periods = {
        paper.key_of(name, "periods", period): row.period(period)
        for name, row in rows.items()
        for period in _PERIODS
    }
    drawn = [("figures", n, "period") for n in PERIODS_OF_FIGURES if paper.figure(n)]
    periods |= {path: paper.figure(path[1])["period"] for path in drawn}
    for name, row in paper.values.get("benchmarks", {}).items():
        if "period" in row:
            periods["benchmarks", name, "period"] = row["period"]
    for path, days in periods.items():
        try:
            first, last = (datetime.date.fromisoformat(day) for day in days)
        except ValueError as error:
            yield path, f"is no date: {error}"
            return
        if first > last:
            yield path, f"ends ({last}) before it starts ({first}); swap them"
    for name in paper.active:
        row = paper.experiments[name]
        # Held-out basins are not learned on any day, nor is what a reading tests.
        learned = row.target == DISCHARGE and row.weights_from is None
        learned &= row.units != FOLD and not paper.authors_weights
        if learned and overlap(*map(row.period, _PERIODS)):
            key = paper.key_of(name, "periods", "train")
            yield key, f"of {name} has days of its test period; train on others"
    first, last = paper.own.period("test")
    for path in drawn:
        start, end = periods[path]
        if start < first or end > last:  # ISO dates sort as text
            yield (
                path,
                f"is {start} to {end}, which is not within periods.test ({first} to "
                f"{last}); set it to days of the test period",
            )


def _names(paper):
    drawn = paper.figure("hydrographs").get("experiments")
    chosen = {
        ("only",): paper.values.get("only"),
        ("figures", "hydrographs", "experiments"): drawn,
    }
    for path, names in chosen.items():
        for name in names or []:
            if name not in paper.experiments:
                choice = ", ".join(paper.experiments)
                yield path, f"names {name}, but the paper has {choice}"


def _inputs(paper):
    for name, row in paper.experiments.items():
        known = variables_of(row.forcing)
        if known is None:  # seen when the store is built
            continue
        for variable in row.learned:
            key = paper.key_of(name, "inputs" if variable in row.inputs else "target")
            lost = [part for part in made_of(variable) if part not in known]
            if lost:
                made = "" if lost == [variable] else f", which is made of {lost[0]}"
                yield (
                    key,
                    f"names {variable}{made}, but {row.forcing} has "
                    f"{', '.join(known)}; correct it, or the key forcing",
                )


def _scaling(paper):
    """Yield published constants of other variables than the networks see."""
    for name in paper.active:
        row = paper.experiments[name]
        theirs = row.published_scaling.get("forcing", row.forcing)
        if row.scaling == "published" and theirs != row.forcing:
            yield (
                paper.key_of(name, "scaling"),
                f"is published for {name}, but these constants are of {theirs}, not of "
                f"{row.forcing}; set scaling: training",
            )
        if row.scaling == "published" and row.target != DISCHARGE:
            yield (
                paper.key_of(name, "scaling"),
                f"is published for {name}, but these constants are of discharge, not "
                f"of the target {row.target}; set scaling: training",
            )
        for key in ("input_mean", "input_std"):
            constants = row.published_scaling.get(key, {})
            missing = [one for one in row.inputs if one not in constants]
            if row.scaling == "published" and missing:
                yield (
                    paper.key_of(name, "published_scaling", key),
                    f"has no {missing[0]}, which is one of the inputs; add its number, "
                    "or set scaling: training",
                )


def _training(paper):
    for name, row in paper.experiments.items():
        for owner, section in (
            (TrainingSettings, "training"),
            (ModelSettings, "model"),
        ):
            missing = [
                field.name
                for field in dataclasses.fields(owner)
                if field.default is dataclasses.MISSING
                and field.name not in getattr(row, section)
            ]
            if missing:
                yield (section,), f"lacks {missing[0]}, needed by {name}"
                return
        if min(step["from_epoch"] for step in row.training["learning_rate"]) > 1:
            path = paper.key_of(name, "training", "learning_rate")
            yield path, "needs a rate from_epoch: 1"
        if row.model["static"] and not row.attributes:
            path = paper.key_of(name, "attributes")
            yield path, f"is empty, but {name} has model.static: true"
        if row.model["kind"] == "ealstm" and not row.model["static"]:
            yield (
                paper.key_of(name, "model", "static"),
                "must be true for an EA-LSTM, whose input gate sees the attributes",
            )


def _units(paper):
    """Yield experiments whose units no basins are named for."""
    for name, row in paper.experiments.items():
        key, own = paper.key_of(name, "units"), paper.values["experiments"][name]
        listed = isinstance(row.basins, list)
        if row.units == REGION and not row.regions:
            yield key, f"is region, needed by {name}, but the key regions is empty"
        if row.units == REGION and "basins" in own:
            path = ("experiments", name, "basins")
            yield path, f"has no effect on {name}, whose unit is region; set regions"
        if row.units == FOLD and row.folds is None:
            yield key, f"is fold, needed by {name}, but the key folds is missing"
        elif row.units == FOLD and listed and row.folds > len(row.basins):
            fault = f"is more than the {len(row.basins)} basins; make it smaller"
            yield paper.key_of(name, "folds"), fault
        if row.units == BASIN and not (listed or row.regions):
            yield (
                key,
                f"is basin, needed by {name}, but no basins are named; set regions, or "
                "list ids in the key basins",
            )
        if row.basins == REGIONS and not row.regions:
            yield (
                paper.key_of(name, "basins"),
                "is regions, but the key regions is empty",
            )


def _start(paper):
    """Yield fine-tuned experiments that start from nothing usable."""
    for name in paper.active:
        row = paper.experiments[name]
        if row.start_from is None:
            continue
        path = ("experiments", name, "start_from")
        if row.start_from not in paper.active:
            choice = ", ".join(paper.active)
            fault = (
                f"is {row.start_from}, which is not run; the experiments are {choice}"
            )
            yield path, fault
            continue
        start = paper.experiments[row.start_from]
        if start.units != REGION:
            yield path, f"is {row.start_from}, whose unit is not region"
        if row.units != BASIN:
            yield path, f"needs the unit basin for {name}"


def _started_weights(paper):
    """Yield fine-tuned networks of another shape than the one that they start from."""
    for name in paper.active:
        row = paper.experiments[name]
        if row.start_from is None:
            continue
        start = paper.experiments[row.start_from]
        fault = f"differs from that of {row.start_from}, which {name} starts from"
        for key in ("inputs", "attributes"):
            if getattr(row, key) != getattr(start, key):
                yield paper.key_of(name, key), fault
        for key in _OF_WEIGHTS:
            if row.model[key] != start.model[key]:
                yield paper.key_of(name, "model", key), fault


def _weights(paper):
    """Yield experiments that take the networks of none, or of other units."""
    for name in paper.active:
        row, own = paper.experiments[name], paper.values["experiments"][name]
        source = row.weights_from
        if source is None:
            continue
        path = ("experiments", name, "weights_from")
        if source not in paper.active:
            choice = ", ".join(paper.active)
            yield path, f"is {source}, which is not run; add it to only ({choice})"
        elif paper.experiments[source].weights_from is not None:
            yield path, f"is {source}, which has no networks of its own"
        elif paper.experiments[source].units != row.units:
            yield path, f"is {source}, which has other units than {name}"
        idle = [("experiments", name, key) for key in PROTOCOL if key in own]
        idle = [path for path in idle if path[-1] not in _OF_READINGS]
        if "train" in own.get("periods", {}):
            idle.append(("experiments", name, "periods", "train"))
        for path in idle:
            yield path, f"has no effect on the networks of {source}; remove it"


def _layers(paper):
    """Yield dropout between layers where there is one layer, and layered EA-LSTMs."""
    for name, row in paper.experiments.items():
        model, faults = row.model, {}
        if model["layers"] == 1 and model["layer_dropout"]:
            faults["layer_dropout"] = f"must be 0 for {name}, which has one layer"
        if model["kind"] == "ealstm" and model["layers"] != 1:
            faults["layers"] = f"must be 1 for {name}, an EA-LSTM"
        if model["kind"] == "ealstm" and model["initialisation"] == "keras":
            faults["initialisation"] = f"must be papers or uniform for {name}"
        for key, message in faults.items():
            yield paper.key_of(name, "model", key), message


def _basins(paper):
    """Yield basins of single networks that the paper's regions do not hold."""
    if paper.own.basins != REGIONS:
        return
    for name in paper.active:
        row = paper.experiments[name]
        held = {basin for basins in row.regions.values() for basin in basins}
        single = row.units == BASIN and isinstance(row.basins, list)
        for basin in row.basins if single else []:
            if basin not in held:
                yield (
                    ("experiments", name, "basins"),
                    f"names {basin}, which is in none of the regions; name some of "
                    "theirs",
                )
