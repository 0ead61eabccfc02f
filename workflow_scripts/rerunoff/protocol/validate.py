"""Validation of the configuration: one sentence that names the file and the key."""

import math
from pathlib import Path

import jsonschema
import yaml

from rerunoff.errors import InputError
from rerunoff.protocol.checks import faults_of
from rerunoff.protocol.disk import (
    missing_of_all,
    missing_of_benchmarks,
    missing_of_store,
)
from rerunoff.protocol.resolve import resolve
from rerunoff.yaml_files import read_yaml

# JSON Schema takes 2.0 for an integer; names of runs and sizes of arrays do not.
_TYPES = jsonschema.Draft202012Validator.TYPE_CHECKER.redefine(
    "integer", lambda _, value: isinstance(value, int) and not isinstance(value, bool)
)
_Validator = jsonschema.validators.extend(
    jsonschema.Draft202012Validator, type_checker=_TYPES
)
_NUMBERS = ("number", "integer")
_PERIOD = '["1999-10-01", "2008-09-30"]'
_CONSTANTS = "{prcp: 3.2, srad: 372.0}"
# How a list or a mapping is written, where the user's own value in brackets is not it.
_FORMS = {
    "learning_rate": "[{from_epoch: 1, rate: 1.0e-3}]",
    "train": _PERIOD,
    "test": _PERIOD,
    "period": _PERIOD,
    "basins": '["01022500", "03439000"]',
    "input_mean": _CONSTANTS,
    "input_std": _CONSTANTS,
}
_NOWHERE = object()


def validate(config, papers, root, files):
    """Check the configuration: its shape, its sense, then what all papers read on disk.

    Its sense is that of the resolved experiments: what is checked is what runs.

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

    Returns
    -------
    dict of str to Paper
        The papers, resolved.

    Raises
    ------
    InputError
        One sentence with the file and the key.
    """
    for file in files:
        read_yaml(file)  # Snakemake takes the last of two equal keys
    schemas = Path(root, "config", "schemas")
    _refuse(_all_malformed(config, papers, schemas), config, files)
    resolved = {name: resolve(config, name, root) for name in papers}
    for paper in resolved.values():
        _refuse(faults_of(paper), config, files)
    _refuse(missing_of_all(config), config, files)
    return resolved


def validate_data(config, paper, data, files):
    """Check what a store is built from and what benchmarks read, once it is wanted.

    Parameters
    ----------
    config : dict
    paper : Paper
    data : Experiment
        Of the store (`stores.data_of`).
    files : sequence of str or Path
        As in `validate`, which comes first; so are the errors.
    """
    _refuse(missing_of_store(config, paper, data), config, files)
    _refuse(missing_of_benchmarks(config, paper), config, files)


def refuse_targets(files, papers):
    """Raise an `InputError` if a configuration file is a target that was swallowed.

    Parameters
    ----------
    files : sequence of str or Path
        Given with `--configfile`, which takes all names that follow it.
    papers : sequence of str
    """
    results = Path("results").resolve()
    for file in files:
        path = Path(file).resolve()
        is_result = results in path.parents and path != results / "config.yaml"
        if is_result or path.name in papers:
            raise InputError(
                f"{file} is a target, but stands behind --configfile, which took it "
                "for a configuration file; name targets right after --cores."
            )


def _refuse(faults, config, files):
    """Raise the first fault as a sentence."""
    for path, message in faults:
        key = ".".join(str(part) for part in path) or "the configuration"
        raise InputError(f"{_origin(path, config, files)}: {key} {message}.")


def _all_malformed(config, papers, schemas):
    general = {key: value for key, value in config.items() if key not in papers}
    yield from _malformed(general, schemas / "config.schema.yaml", ())
    for paper in papers:
        yield from _malformed(config[paper], schemas / "paper.schema.yaml", (paper,))


def _malformed(values, schema, prefix):
    """Yield the first fault against a JSON Schema."""
    validator = _Validator(read_yaml(schema))
    # Deepest first: of the branches of a oneOf the most specific fault says most.
    error = jsonschema.exceptions.best_match(validator.iter_errors(values))
    if error is None:
        yield from _not_finite(values, prefix)
        return
    path = (*prefix, *error.absolute_path)
    if error.validator == "additionalProperties":
        unknown = sorted(set(error.instance) - set(error.schema.get("properties", ())))
        known = ", ".join(sorted(error.schema.get("properties", ())))
        yield (*path, unknown[0]), f"is not a known key; known here: {known}"
    else:
        yield path, f"is wrong: {error.message}{_remedy(error, path)}"


def _not_finite(values, prefix):
    """Yield the numbers that are none, which satisfy the bounds of every schema."""
    if isinstance(values, (dict, list)):
        pairs = values.items() if isinstance(values, dict) else enumerate(values)
        for key, value in pairs:
            yield from _not_finite(value, (*prefix, key))
    elif isinstance(values, float) and not math.isfinite(values):
        yield prefix, f"is {values}; write a finite number"


def _remedy(error, path):
    """Say what to do about a value of another type than meant."""
    if error.validator not in ("type", "oneOf"):
        return ""
    wanted = error.validator_value
    if wanted == "string":
        return "; write it in quotes"
    if isinstance(error.instance, str) and any(name in wanted for name in _NUMBERS):
        return "; write a number without quotes, with a point before e (1.0e-3)"
    if isinstance(error.instance, float) and error.instance.is_integer():
        return f"; write {error.instance:.0f}" if "integer" in wanted else ""
    if wanted in _NUMBERS or wanted == "boolean":
        return ""
    name = [part for part in path if isinstance(part, str)][-1]
    if name in _FORMS:
        return f"; write {name}: {_FORMS[name]}"
    if "array" in wanted and not isinstance(error.instance, dict):
        flow = yaml.safe_dump([error.instance], default_flow_style=True).strip()
        return f"; write a list, {name}: {flow}"
    return ""


def _origin(path, config, files):
    """Name the last configuration file that sets the key, or the command line.

    A list is one value. A mapping is merged key by key, so it stays the file's.
    """
    merged = _look(config, path)
    for file in reversed(list(files)):
        found = _look(read_yaml(file), path)
        if found is _NOWHERE:
            continue
        both = isinstance(found, dict) and isinstance(merged, dict)
        # As text, for .nan equals nothing.
        same = both or repr(found) == repr(merged)
        return str(file) if same else "--config"
    return "--config"


def _look(node, path):
    """Return the value at a key path, or the list that the path leads into."""
    for part in path:
        if isinstance(node, list):
            return node
        if not isinstance(node, dict) or part not in node:
            return _NOWHERE
        node = node[part]
    return node
