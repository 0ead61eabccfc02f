"""Validation of the configuration: one sentence that names the file and the key."""

import dataclasses
import datetime
from pathlib import Path

import jsonschema

from rerunoff.errors import InputError
from rerunoff.files import read_yaml
from rerunoff.settings import ModelSettings, TrainingSettings

FORCINGS = {
    "camels_us": ("daymet", "maurer", "maurer_extended", "nldas", "nldas_extended"),
    "virtual": ("daymet", "maurer", "maurer_extended", "nldas", "nldas_extended"),
    "caravan": ("era5_land",),
}
_NUMBERS = ("number", "integer")


def validate(config, papers, root, files):
    """Check the whole configuration, shape first, then sense.

    Parameters
    ----------
    config : dict
        As Snakemake merged it.
    papers : sequence of str
        The keys of `config` that hold papers.
    root : str or Path
        The folder of the Snakefile, which holds config/schemas.
    files : sequence of str or Path
        The configuration files in the order of merging, to name the one at fault.

    Raises
    ------
    InputError
        One sentence with the file and the key.
    """
    schemas = Path(root, "config", "schemas")
    general = {key: value for key, value in config.items() if key not in papers}
    _check(general, schemas / "config.schema.yaml", (), files)
    for paper in papers:
        _check(config[paper], schemas / "paper.schema.yaml", (paper,), files)
        for path, message in _senseless(config, paper):
            raise InputError(_sentence(path, message, files))
    if config["dataset"] == "caravan" and not config["data_root"]:
        message = "must name a folder in the Caravan layout when dataset is caravan"
        raise InputError(_sentence(("data_root",), message, files))
    if config["data_root"] and not Path(config["data_root"]).is_dir():
        message = f"names no folder: {config['data_root']}"
        raise InputError(_sentence(("data_root",), message, files))


def _senseless(config, paper):
    """Yield the key path and fault of values that are well formed but make no sense."""
    protocol = config[paper]
    periods = [(("periods", name), days) for name, days in protocol["periods"].items()]
    if "hydrographs" in protocol:
        periods.append((("hydrographs", "period"), protocol["hydrographs"]["period"]))
    for path, days in periods:
        try:
            first, last = (datetime.date.fromisoformat(day) for day in days)
        except ValueError as error:
            yield (paper, *path), f"is no date: {error}"
            return
        if first > last:
            yield (paper, *path), f"ends ({last}) before it starts ({first}); swap them"
    known = FORCINGS[config["dataset"]]
    if protocol["forcing"] not in known:
        yield (
            (paper, "forcing"),
            f"is {protocol['forcing']}, but dataset {config['dataset']} has "
            f"{', '.join(known)}",
        )
    rows = protocol["experiments"]
    drawn = protocol.get("hydrographs", {}).get("experiments")
    chosen = {("only",): protocol.get("only"), ("hydrographs", "experiments"): drawn}
    for path, names in chosen.items():
        for name in names or []:
            if name not in rows:
                fault = f"names {name}, but the paper has {', '.join(rows)}"
                yield (paper, *path), fault
    yield from _senseless_training(paper, protocol)


def _senseless_training(paper, protocol):
    """Yield faults of the scaling, the schedule and the attributes."""
    scaling = protocol.get("published_scaling", {})
    if protocol["scaling"] == "published":
        for key in ("input_mean", "input_std"):
            if len(scaling.get(key, ())) != len(protocol["inputs"]):
                yield (
                    (paper, "published_scaling", key),
                    f"needs one number per input ({len(protocol['inputs'])}); or set "
                    "scaling: training",
                )
    for name, row in protocol["experiments"].items():
        training = {**protocol["training"], **row.get("training", {})}
        model = {**protocol["model"], **row.get("model", {})}
        for owner, section, values in (
            (TrainingSettings, "training", training),
            (ModelSettings, "model", model),
        ):
            missing = [
                f.name for f in dataclasses.fields(owner) if f.name not in values
            ]
            if missing:
                yield (paper, section), f"lacks {missing[0]}, needed by {name}"
                return
        if min(step["from_epoch"] for step in training["learning_rate"]) > 1:
            yield (paper, "training", "learning_rate"), "needs a rate from_epoch: 1"
        if model["static"] and not protocol["attributes"]:
            yield (paper, "attributes"), f"is empty, but {name} has model.static: true"
        if model["kind"] == "ealstm" and not model["static"]:
            yield (
                (paper, "experiments", name, "model", "static"),
                "must be true for an EA-LSTM, whose input gate sees the attributes",
            )


def _check(values, schema, prefix, files):
    """Validate against a JSON Schema; raise one sentence on the first fault."""
    validator = jsonschema.Draft202012Validator(read_yaml(schema))
    # Deepest first: of the branches of a oneOf the most specific fault says most.
    error = jsonschema.exceptions.best_match(validator.iter_errors(values))
    if error is None:
        return
    path = (*prefix, *error.absolute_path)
    if error.validator == "additionalProperties":
        unknown = sorted(set(error.instance) - set(error.schema.get("properties", ())))
        known = ", ".join(sorted(error.schema.get("properties", ())))
        message = f"is not a known key; known here: {known}"
        raise InputError(_sentence((*path, unknown[0]), message, files))
    message = f"is wrong: {error.message}{_remedy(error)}"
    raise InputError(_sentence(path, message, files))


def _remedy(error):
    """Say what to do about a value that YAML reads as another type than meant."""
    if error.validator != "type":
        return ""
    if error.validator_value == "string":
        return "; write it in quotes"
    if isinstance(error.instance, str) and error.validator_value in _NUMBERS:
        return "; write a number without quotes, with a point before e (1.0e-3)"
    return ""


def _sentence(path, message, files):
    """Say which file and key is at fault."""
    key = ".".join(str(part) for part in path) or "the configuration"
    return f"{_origin(path, files)}: {key} {message}."


def _origin(path, files):
    """Name the last configuration file that sets the key, or the command line."""
    for file in reversed(list(files)):
        node = read_yaml(file)
        for part in path:
            if isinstance(node, dict) and part in node:
                node = node[part]
            elif not isinstance(node, list):
                break
        else:
            return str(file)
    return "--config"
