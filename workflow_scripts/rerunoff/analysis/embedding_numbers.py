"""Silhouettes and variance reductions with the keys of the published numbers."""

from rerunoff.numbers.members import basins_lacking, number_of
from rerunoff.numbers.published import SILHOUETTE, VARIANCE_REDUCTION
from rerunoff.tables import read_checked

_RAW = "raw_attributes"


def numbers(silhouettes, clusters, reductions, experiment, basins_wanted):
    """Return silhouettes and variance reductions with the keys of the published ones.

    Parameters
    ----------
    silhouettes, clusters, reductions : str or Path
        Tables of `clusters.silhouettes`, `clusters.cluster` and
        `signatures.variance_reduction`.
    experiment : str
        Whose members are embedded.
    basins_wanted : sequence of str or None
        The paper's basins.

    Returns
    -------
    list of dict
        As for `write_numbers`. Variance reductions of embeddings are means over
        members: the published ones are of one seed, which the paper does not name.
    """
    labels = read_checked(clusters, "clusters", dtype={"basin": str})
    lacking = basins_lacking(labels["basin"].unique(), basins_wanted)
    key = {"basins": "531", "incomplete": lacking}
    rows = []
    table = read_checked(silhouettes, "silhouettes")
    for clusters_, part in table.groupby("clusters"):
        for statistic in ("mean", "minimum"):
            row = {"quantity": SILHOUETTE, "metric": f"k{clusters_}"}
            row |= key | {"statistic": statistic}
            over = ("seeds_mean", "seeds_std")
            rows += _rows(row, part, statistic, experiment, over)
    table = read_checked(reductions, "variance reductions").dropna()
    for (clusters_, name), part in table.groupby(["clusters", "signature"]):
        row = {"quantity": VARIANCE_REDUCTION, "metric": f"{name}_k{clusters_}"}
        row |= key | {"statistic": "reduction"}
        rows += _rows(row, part, "reduction", experiment, ("",))
    return rows


def _rows(row, part, column, experiment, over):
    """Return the number of the raw attributes, and those over members."""
    values = part.set_index("source")[column]
    raw = {"experiment": _RAW, "members": "", "value": values[_RAW]}
    return [row | raw] + [
        row
        | {"experiment": experiment, "members": members}
        | number_of(values, members)
        for members in over
    ]
