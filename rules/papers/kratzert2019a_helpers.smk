"""Helpers of the rules of kratzert2019a."""

P19A = RESOLVED["kratzert2019a"]


def shown_2019a(models):
    """Return those of some models that are evaluated."""
    return [name for name in models if name in P19A.evaluated]


def first_members(models):
    """Return each network's first seed, which the paper shows beside the ensemble."""
    networks = [name for name in shown_2019a(models) if name not in BENCHMARKS]
    return {name: members_of("kratzert2019a", name)[0] for name in networks}


def metrics_among(models):
    """Return the metrics tables of some models."""
    return [f"results/metrics/kratzert2019a/{name}.csv" for name in models]


def counted_with_2019a():
    """Return the basin sets of kratzert2019a, and the authors' files."""
    inputs = {"basins_outside_447": f"{PUBLISHED}/outside_447_basins.txt"}
    if config["published_root"]:
        root = Path(config["published_root"], "kratzert2019a")
        files = [*root.glob("metrics_*"), *root.glob(THIRD_PARTY_FILE)]
        inputs["authors"] = sorted(map(str, files))
    return inputs | published_basins("kratzert2019a")


COUNTED_WITH["kratzert2019a"] = counted_with_2019a
