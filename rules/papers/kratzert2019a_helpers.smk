"""Helpers of the rules of kratzert2019a."""


def counted_with_2019a():
    """Return the basin sets of kratzert2019a, and the authors' files."""
    inputs = {"basins_outside_447": f"{PUBLISHED}/outside_447_basins.txt"}
    if config["published_root"]:
        root = Path(config["published_root"], "kratzert2019a")
        inputs["authors"] = sorted(map(str, root.glob("metrics_*")))
    return inputs | published_basins("kratzert2019a")


COUNTED_WITH["kratzert2019a"] = counted_with_2019a
