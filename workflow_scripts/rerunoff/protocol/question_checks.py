"""Faults of physical models, what is made of them, and comparisons; as in `checks`."""

import itertools

from rerunoff.protocol.benchmarks import BENCHMARKS
from rerunoff.protocol.derived import (
    CALIBRATED,
    HBV,
    HBV_FEW,
    HBV_REGIONAL,
    OF_HUMIDITY,
    PHYSICAL_MODELS,
    models_of,
    of_model,
)
from rerunoff.protocol.experiments import ALL, FOLD, overlap
from rerunoff.protocol.products import ONE_TEMPERATURE
from rerunoff.protocol.settings import DISCHARGE
from rerunoff.protocol.stores import data_of

_REFINED = "lstm_refined"


def _models(paper):
    """Yield inputs of models that are not run, or not for these basins."""
    for name in PHYSICAL_MODELS:
        row = paper.benchmark(name)
        if name in HBV_FEW and row and "period" not in row:
            path = ("benchmarks", name)
            yield path, "has no period, the few days that it is calibrated on; add it"
        if "period" in row and overlap(row["period"], paper.own.period("test")):
            fault = "has days of the test period; calibrate on others"
            yield ("benchmarks", name, "period"), fault
    for name in paper.active:
        row = paper.experiments[name]
        key = paper.key_of(name, "inputs")
        for model in models_of(row.derived):
            if model not in paper.benchmarks:
                yield (
                    key,
                    f"of {name} ask for {model}, which is no benchmark of the paper; "
                    f"add it to {paper.name}.benchmarks",
                )
            elif data_of(paper, name) != paper.own:
                yield (
                    key,
                    f"of {name} ask for {model}, which is run with the paper's own "
                    "basins, dataset and forcing; give the experiment the same",
                )
            elif not _known(paper, row, model):
                first, last = paper.calibration(model)
                yield (
                    paper.key_of(name, "periods", "train"),
                    f"of {name} does not fit {first} to {last}, in which {model} is "
                    "calibrated; give the experiment the same days",
                )
            elif model == HBV_REGIONAL and row.folds != paper.own.folds:
                yield (
                    paper.key_of(name, "folds"),
                    f"of {name} are not the paper's, of which {model} takes its "
                    "donors; give the experiment the same",
                )
            elif model == HBV_REGIONAL and row.units != FOLD:
                yield (
                    key,
                    f"of {name} ask for {model}, whose donors follow from folds; set "
                    "units: fold",
                )
            elif model == HBV_REGIONAL and model in models_of([row.target]):
                path = paper.key_of(name, "target")
                yield path, f"is of {model}, which differs by fold; name hbv"
    if HBV_REGIONAL in paper.benchmarks:
        if HBV not in paper.benchmarks:
            path = ("benchmarks", HBV_REGIONAL)
            yield path, f"needs the benchmark {HBV}, whose parameters it takes; add it"
        elif paper.own.folds is None:
            yield ("benchmarks", HBV_REGIONAL), "needs the key folds; add it"


def _known(paper, row, model):
    """Whether a network knows the discharge of all days that a model is calibrated on.

    One that sees the model's output has to know the same days, so that what it sees is
    everywhere as near to the observations.
    """
    if row.own_start != paper.own.own_start:
        return False
    days, seen = row.period("train"), paper.calibration(model)
    if model in models_of(row.inputs):
        return days == seen
    return _within(seen, days)


def _within(days, others):
    return others[0] <= days[0] and days[1] <= others[1]


def _searched(paper):
    """Yield searches that start from more sets of parameters than they try."""
    for name in CALIBRATED:
        row = paper.benchmark(name)
        if row and row["starts"] > row["screened"]:
            path = ("benchmarks", name, "starts")
            yield path, f"are more than the {row['screened']} screened; try as many"


def _continued(paper):
    """Yield networks that continue what is not run, or something else."""
    for name in paper.active:
        row, path = paper.experiments[name], ("experiments", name, "continues")
        if row.continues is None:
            continue
        if row.continues not in paper.active:
            choice = ", ".join(paper.active)
            yield path, f"is {row.continues}, which is not run; there are {choice}"
            continue
        start = paper.experiments[row.continues]
        if start.continues is not None:
            yield path, f"is {start.name}, which continues another; name that one"
        if row.start_from is not None:
            yield path, "stands beside start_from; keep one of them"
        if (row.units, start.units) != (ALL, ALL):
            yield path, f"needs units: all for {name} and {start.name}"
        for model in models_of(start.derived):
            if not _known(paper, row, model):
                first, last = paper.calibration(model)
                yield (
                    path,
                    f"is {start.name}, which learns of {model}, calibrated on {first} "
                    f"to {last}, of which {name} shall not know all; name another",
                )
        observed = start.target == DISCHARGE
        observed &= data_of(paper, start.name) == data_of(paper, name)
        if observed and not _within(start.period("train"), row.period("train")):
            fault = f"is {start.name}, which has learned other days than {name}"
            yield path, f"{fault} shall know; name another"
        if row.seeds != start.seeds:
            yield path, f"is {start.name}, which has other seeds than {name}"
        for key in ("inputs", "attributes", "model"):
            if getattr(row, key) != getattr(start, key):
                fault = f"differs from that of {start.name}, which {name} continues"
                yield paper.key_of(name, key), fault


def _refined(paper):
    """Yield refining networks without the one discharge that they refine."""
    for name, row in paper.experiments.items():
        if row.model["kind"] != _REFINED:
            continue
        outputs = [found[1] for found in map(of_model, row.inputs) if found]
        wanted = [output for output in outputs if output == "discharge"]
        if len(wanted) != 1:
            yield (
                paper.key_of(name, "inputs"),
                f"of {name} have {len(wanted)} discharges of physical models, and "
                f"{_REFINED} refines one; name one, such as hbv_discharge",
            )


def _humid(paper):
    """Yield humidity of forcings that do not tell the day's range of temperature."""
    for name in paper.active:
        row = paper.experiments[name]
        asked = sorted({*row.derived} & {*OF_HUMIDITY})
        if asked and row.forcing in ONE_TEMPERATURE:
            fault = f"has tmin and tmax alike, of which {asked[0]} is made"
            yield paper.key_of(name, "forcing"), f"of {name} {fault}; take another"


def _compared(paper):
    """Yield comparisons of what does not exist."""
    comparison = paper.values.get("comparison", {})
    known = {*paper.experiments, *paper.values.get("benchmarks", {})}
    for number, pair in enumerate(comparison.get("pairs", [])):
        for key, name in pair.items():
            if name not in known:
                choice = ", ".join(sorted(known))
                yield (
                    ("comparison", "pairs", number, key),
                    f"is {name}, but the question has {choice}",
                )
        # A pair of which one is not run is left out.
        if set(pair.values()) <= set(paper.evaluated):
            yield from _controlled(paper, pair, ("comparison", "pairs", number))
    yield from _grouped(paper, comparison.get("strata", {}))


def _controlled(paper, pair, path):
    """Yield pairs of which more differs than what is compared."""
    if pair["experiment"] == pair["against"]:
        yield path, f"compares {pair['against']} with itself; name another"
    names = [name for name in pair.values() if name in paper.experiments]
    models = [name for name in pair.values() if name not in paper.experiments]
    if not models:
        yield from _alike(*(paper.experiments[name] for name in names), path)
        return
    fitted = [model for model in models if model in PHYSICAL_MODELS]
    for name, model in itertools.product(names, models):
        row, fault = paper.experiments[name], f"compares {name} with {model} of other"
        if row.period("test") != paper.own.period("test"):
            yield path, f"{fault} days of the test; give both the same"
        if data_of(paper, name) != paper.own:
            yield path, f"{fault} basins, dataset or forcing; give both the same"
        if row.target != DISCHARGE:
            yield path, f"{fault} target; name a network that learns discharge"
        if model in fitted and row.period("train") != paper.calibration(model):
            yield path, f"{fault} days; give both the same"
        for key in ("folds", "seeds") if model == HBV_REGIONAL else ():
            if getattr(row, key) != getattr(paper.own, key):
                yield path, f"{fault} {key}; give both the same"
    if len({tuple(paper.calibration(model)) for model in fitted}) > 1:
        yield path, "compares models calibrated on other days; give both the same"


def _alike(first, second, path):
    """Yield what else differs between two networks that a question compares."""
    held = ("dataset", "basins", "seeds", "target", "periods", "scaling", "simulation")
    folds = ("folds", "held_out_attributes")
    both = {first.units, second.units} == {FOLD}
    for what in (*held, *(folds if both else ())):
        if getattr(first, what) != getattr(second, what):
            yield path, f"compares experiments with other {what}; give both the same"


def _grouped(paper, strata):
    """Yield groups of basins that cannot be made."""
    name, limits = strata.get("by"), strata.get("limits", [])
    path = ("comparison", "strata")
    if name in BENCHMARKS and name not in CALIBRATED:
        yield (*path, "by"), f"is {name}, which is not calibrated here; name hbv"
    elif name in BENCHMARKS and name not in paper.benchmarks:
        yield (*path, "by"), f"is {name}, which is no benchmark in use; add it"
    repeated = len({f"{limit:g}" for limit in limits}) < len(limits)
    if repeated or limits != sorted(limits):
        fault = f"are {limits}; write each once, ascending, in six digits"
        yield (*path, "limits"), fault


QUESTION_CHECKS = (_models, _searched, _continued, _refined, _humid, _compared)
