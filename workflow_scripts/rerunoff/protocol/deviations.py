"""Where a configuration differs from the papers' own."""

from pathlib import Path

from rerunoff.protocol.benchmarks import (
    AUTHORS,
    BENCHMARKS,
    STATISTICS_PERIODS,
    THIRD_PARTY,
)
from rerunoff.protocol.derived import PHYSICAL_MODELS
from rerunoff.protocol.resolve import original, resolve
from rerunoff.yaml_files import read_yaml

WITH_AUTHORS_WEIGHTS = (
    "The networks are the authors' own, published with the paper; here they only "
    "simulated, and nothing was trained."
)
# Of these keys of a paper the numbers of its benchmarks depend.
_OF_BENCHMARKS = ("basins", "regions", "periods", "forcing")
# What statistics are that stand for runs of a benchmark.
_ORIGINS = {
    AUTHORS: "are the authors' own statistics",
    THIRD_PARTY: "were computed by others from the published simulations",
}


def deviations(config, paper, root):
    """List the protocol keys that differ from the paper's own file.

    Parameters
    ----------
    config : dict
        The configuration in use.
    paper : Paper
        Resolved from it.
    root : str or Path
        The folder of the Snakefile.

    Returns
    -------
    dict of str to list of str
        By experiment and benchmark the dotted keys, e.g. ``training.epochs``; none of
        keys without effect on it. An experiment of the user's own has no entry.
    """
    theirs = resolve(
        {**config, paper.name: original(paper.name, root)}, paper.name, root
    )
    found = {
        name: _differences(paper.experiments[name], row)
        for name, row in theirs.experiments.items()
    }
    own = {name: [*keys] for name, keys in found.items()}
    for name, keys in found.items():
        start = paper.experiments[name].start_from
        keys += [f"start_from ({key})" for key in own.get(start, [])]
        keys += _of_selection(paper, theirs, name)
        keys += _of_robustness(paper, theirs, name)
        keys += _of_virtual(config, theirs, name, root)
    of_all = [
        key
        for key in _differences(paper.own, theirs.own)
        if key.split(".")[0] in _OF_BENCHMARKS
    ]
    # Statistics by basin are of the paper's own protocol; only basins are left out.
    of_imported = [key for key in of_all if key == "basins"]
    benchmarks = {
        name: of_imported
        if name in paper.imported
        else of_all + _of_benchmark(name, paper, theirs)
        for name in paper.values.get("benchmarks", {})
    }
    for keys in (*found.values(), *benchmarks.values()):
        keys += _changed(paper, theirs, "metrics")
    if _other_sac_sma(paper):
        benchmarks["sac_sma"].append("benchmarks.sac_sma.forcing")
    return found | benchmarks


def told(paper, found):
    """Say in a caption what is not as in the paper.

    Parameters
    ----------
    paper : Paper
    found : dict
        Its `deviations`.

    Returns
    -------
    str
        Sentences with a space before them; nothing if all is the paper's.
    """
    if paper.replay:
        return ""
    sentences = []
    calibrated = [name for name in paper.benchmarks if name in PHYSICAL_MODELS]
    shown = [*paper.active, *calibrated]
    words = with_values(paper, found, shown)
    if words:
        whose = "question" if "question" in paper.values else "paper"
        sentences.append(
            f"Not the {whose}'s protocol; other keys of the configuration: "
            f"{', '.join(words)}."
        )
    for source, origin in _ORIGINS.items():
        titles = [
            BENCHMARKS[name]
            for name in paper.imported
            if paper.benchmark(name)["statistics"] == source
        ]
        if titles:
            period = " to ".join(STATISTICS_PERIODS[source])
            sentences.append(
                f"The values of {' and '.join(titles)} {origin}, of {period}."
            )
    if paper.authors_weights:
        sentences.append(WITH_AUTHORS_WEIGHTS)
    return "".join(f" {sentence}" for sentence in sentences)


def with_values(paper, found, names):
    """Return the keys that differ for these names; of the data with what they are.

    Parameters
    ----------
    paper : Paper
    found : dict
        Its `deviations`.
    names : iterable of str
        Experiments and benchmarks.

    Returns
    -------
    list of str
        In alphabetical order.
    """
    values = {}
    for name in names:
        row = paper.experiments.get(name, paper.own)
        data = {"dataset": row.dataset, "forcing": row.forcing}
        for key in found.get(name, ()):
            values.setdefault(key, {}).update({data.get(key): None})
    return [
        key if None in values[key] else f"{key} ({', '.join(values[key])})"
        for key in sorted(values)
    ]


def notes(paper):
    """Say in the scorecard what is special to numbers of experiments.

    Parameters
    ----------
    paper : Paper

    Returns
    -------
    dict of str to str
        By experiment and benchmark; empty if there is nothing to say.
    """
    said = {}
    if paper.authors_weights:
        words = "simulated here with the authors' weights"
        said = dict.fromkeys(paper.active, words)
    for name in paper.imported:
        source = paper.benchmark(name)["statistics"]
        said[name] = f"metrics of {BENCHMARKS[name]} {_ORIGINS[source]}"
    return said


def _differences(ours, theirs):
    ours, theirs = ours.with_effect(), theirs.with_effect()
    # What has an effect in one of them alone has it by a key that differs too.
    ours, theirs = (
        _flatten({key: one[key] for key in one if key in other})
        for one, other in ((ours, theirs), (theirs, ours))
    )
    return sorted(k for k in ours.keys() | theirs if ours.get(k) != theirs.get(k))


def _of_benchmark(name, paper, theirs):
    """Return the keys of another calibration here, or first day of the metrics."""
    ours, own = (one.benchmark(name) for one in (paper, theirs))
    known = ours.keys() | own if name in PHYSICAL_MODELS else {"days_late"}
    keys = sorted(key for key in known if ours.get(key) != own.get(key))
    return [f"benchmarks.{name}.{key}" for key in keys]


def _changed(paper, theirs, key):
    """Return a key of the whole paper if it was changed."""
    return [key] if paper.values.get(key) != theirs.values.get(key) else []


def _of_selection(paper, theirs, name):
    """Return the keys of a selection that tries other epochs, or in fewer regions."""
    ours, own = (one.values.get("epoch_selection", {}) for one in (paper, theirs))
    tried, usual = (one.get("epochs", {}).get(name) for one in (ours, own))
    keys = [f"epoch_selection.epochs.{name}"] if tried != usual else []
    of_all = [*paper.experiments[name].regions]
    chosen, usually = (set(one.get("regions") or of_all) for one in (ours, own))
    if tried and chosen != usually:
        keys.append("epoch_selection.regions")
    return keys


def _of_virtual(config, theirs, name, root):
    """Return the keys of other virtual catchments, where only some learn of these."""
    if theirs.own.dataset == "virtual" or theirs.experiments[name].dataset != "virtual":
        return []
    usual = read_yaml(Path(root, "config", "config.yaml"))["virtual"]
    return [f"virtual.{key}" for key in usual if config["virtual"][key] != usual[key]]


def _of_robustness(paper, theirs, name):
    """Return the keys of other noise on the attributes of an experiment."""
    ours, own = (one.values.get("robustness", {}) for one in (paper, theirs))
    if name != ours.get("experiment"):
        return []
    # Another experiment has other published numbers, if any.
    keys = sorted((ours.keys() | own.keys()) - {"experiment"})
    return [f"robustness.{key}" for key in keys if ours.get(key) != own.get(key)]


def _other_sac_sma(paper):
    """Whether SAC-SMA runs are used, and on another forcing than the published ones."""
    return paper.sac_sma_forcing not in (
        None,
        paper.benchmark("sac_sma").get("published"),
    )


def _flatten(values, prefix=""):
    """Turn nested dicts into one dict of dotted keys; regions are one key."""
    flat = {}
    for key, value in values.items():
        if isinstance(value, dict) and key != "regions":
            flat |= _flatten(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = value
    return flat
