"""From configuration to settings: the one place that resolves them.

A paper's defaults, an experiment's overrides and the user's configuration become one
frozen `RunSettings` per training run.
"""

from pathlib import Path

from rerunoff.errors import InputError
from rerunoff.files import read_yaml
from rerunoff.settings import ModelSettings, RunSettings, TrainingSettings

# Keys that choose what to show or run and change no number of a run.
_NOT_PROTOCOL = {"only", "hydrographs", "title", "doi"}


def run_settings(config, paper, experiment, unit, seed):
    """Resolve the settings of one run.

    Parameters
    ----------
    config : dict
        The validated configuration, papers included.
    paper, experiment, unit : str
    seed : int or str

    Raises
    ------
    InputError
        If the configuration knows no such experiment, unit or seed.
    """
    protocol = config[paper]
    _known(experiment, active_experiments(config, paper), paper, "experiment")
    _known(unit, protocol["units"], paper, "unit")
    _known(int(seed), protocol["seeds"], paper, "seed")
    model = ModelSettings(**_laid_over(protocol, experiment, "model"))
    training = _laid_over(protocol, experiment, "training")
    training["learning_rate"] = tuple(training["learning_rate"])
    return RunSettings(
        paper=paper,
        experiment=experiment,
        unit=unit,
        seed=int(seed),
        forcing=protocol["forcing"],
        inputs=tuple(protocol["inputs"]),
        attributes=tuple(protocol["attributes"]) if model.static else (),
        train_period=tuple(protocol["periods"]["train"]),
        scaling=_scaling(protocol),
        model=model,
        training=TrainingSettings(**training),
    )


def look_of(config, paper, experiment):
    """Return how an experiment is drawn: `title`, `model` and `loss`.

    `model` is `ealstm`, `lstm` or `lstm_no_static`, whatever the experiment's name.
    """
    protocol = config[paper]
    model = _laid_over(protocol, experiment, "model")
    loss = _laid_over(protocol, experiment, "training")["loss"]
    kind = model["kind"] if model["static"] else f"{model['kind']}_no_static"
    title = protocol["experiments"][experiment]["title"]
    return {"title": title, "model": kind, "loss": loss}


def _laid_over(protocol, experiment, section):
    """Return a section of the paper with the experiment's own keys laid over it."""
    return protocol[section] | protocol["experiments"][experiment].get(section, {})


def _scaling(protocol):
    """Return the published constants in the order of the inputs, or None."""
    if protocol["scaling"] != "published":
        return None
    published = protocol["published_scaling"]
    return {
        "input_mean": [published["input_mean"][name] for name in protocol["inputs"]],
        "input_std": [published["input_std"][name] for name in protocol["inputs"]],
        "output_mean": published["output_mean"],
        "output_std": published["output_std"],
    }


def active_experiments(config, paper):
    """Return the names of the experiments to run, in the paper's order."""
    protocol = config[paper]
    only = protocol.get("only")
    return [name for name in protocol["experiments"] if only is None or name in only]


def restore_order(config, paper, root):
    """Put the experiments back into the order of the paper's own file.

    An override laid over the configuration moves the keys it names to the front, and
    the order of tables and legends must not depend on that.

    Parameters
    ----------
    config : dict
        Changed in place.
    paper : str
    root : str or Path
        The folder of the Snakefile.
    """
    rows = config[paper]["experiments"]
    original = _original(paper, root)["experiments"]
    names = [name for name in original if name in rows]
    names += [name for name in rows if name not in original]
    config[paper]["experiments"] = {name: rows[name] for name in names}


def deviations(config, paper, root):
    """List the protocol keys that differ from the paper's own file.

    Parameters
    ----------
    config : dict
        The configuration in use.
    paper : str
    root : str or Path
        The folder of the Snakefile.

    Returns
    -------
    list of str
        Dotted keys below the paper, e.g. ``training.epochs``.
    """
    ours, theirs = _flatten(config[paper]), _flatten(_original(paper, root))
    changed = {key for key in ours.keys() | theirs if ours.get(key) != theirs.get(key)}
    return sorted(key for key in changed if not _NOT_PROTOCOL & set(key.split(".")))


def _original(paper, root):
    """Return the paper's own protocol, without overrides."""
    return read_yaml(Path(root, "config", "papers", f"{paper}.yaml"))[paper]


def _known(value, known, paper, what):
    if value not in known:
        choice = ", ".join(str(name) for name in known)
        raise InputError(f"{paper} has no {what} {value}; it has {choice}.")


def _flatten(values, prefix=""):
    """Turn nested dicts into one dict of dotted keys."""
    flat = {}
    for key, value in values.items():
        if isinstance(value, dict):
            flat |= _flatten(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = value
    return flat
