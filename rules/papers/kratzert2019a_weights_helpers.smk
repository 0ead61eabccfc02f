"""Helpers of the rules that take the authors' networks instead of training."""

from rerunoff.data.authors_runs import ATTRIBUTES, CFG, WEIGHTS
from rerunoff.protocol.resolve import original

P19A = RESOLVED["kratzert2019a"]
AUTHORS_RUNS = "resources/kratzert2019a_weights"
# Of the resource in datasets.yaml, and where it is kept.
WEIGHTS_PARAMS = {
    "dataset": "kratzert2019a_weights",
    "datasets_file": DATASETS_FILE,
    "partial": "resources/downloads/partial",
}


def wanted_runs():
    """Return the network, loss and seeds of each experiment to run."""
    rows = {name: P19A.experiments[name] for name in P19A.active}
    return {
        name: {
            "kind": row.model["kind"],
            "static": row.model["static"],
            "loss": row.training["loss"],
            "seeds": row.seeds,
        }
        for name, row in rows.items()
    }


@functools.cache
def content_of_runs():
    """Return a checksum of what is read of given run folders, but for simulations."""
    root = config["weights_root"]
    if root is None:
        return ""
    parts = [
        path.relative_to(root)
        for cfg in sorted(Path(root).rglob(CFG))
        for path in map(cfg.with_name, (CFG, ATTRIBUTES, WEIGHTS))
        if path.is_file()
    ]
    return content_of(root, parts, KNOWN_FILES)


def order_of_weights():
    """Return the order of inputs and attributes in the published weights."""
    theirs = original("kratzert2019a", workflow.basedir)
    return {key: theirs[key] for key in ("inputs", "attributes")}


def stored_members():
    """Return experiment and member of each simulation that the authors stored."""
    return [(n, m) for n in P19A.active for m in members_of("kratzert2019a", n)]


def stored_simulation(experiment, member):
    """Return the authors' simulation, in the form of ours."""
    return f"{STORED}/kratzert2019a/{experiment}/{member}.nc"


def counted_with_stored():
    """Return what `counted_with_2019a` does, with metrics of stored simulations."""
    root = f"{STORED}/kratzert2019a"
    metrics = [f"{root}/metrics_{name}.csv" for name in P19A.active]
    return counted_with_2019a() | {"authors": metrics}


if P19A.stored_simulations:
    COUNTED_WITH["kratzert2019a"] = counted_with_stored
    RESULTS["kratzert2019a"].append(
        "results/analysis/kratzert2019a/authors_simulations.csv"
    )
