"""How much alike the discharge of basins in a cluster is, by its signatures."""

import pandas as pd

# Of Addor et al. (2017), in the order of their file camels_hydro.txt.
SIGNATURES = (
    "q_mean",
    "runoff_ratio",
    "slope_fdc",
    "baseflow_index",
    "stream_elas",
    "q5",
    "q95",
    "high_q_freq",
    "high_q_dur",
    "low_q_freq",
    "low_q_dur",
    "zero_q_freq",
    "hfd_mean",
)


def variance_reduction(clusters, signatures):
    """Say how much less signatures vary within clusters than over all basins.

    Parameters
    ----------
    clusters : DataFrame
        From `clusters.cluster`.
    signatures : DataFrame
        Index basin, a column for each signature.

    Returns
    -------
    DataFrame
        `source`, `clusters`, `signature`, `reduction`: 1 minus the mean over clusters
        of the variance within a cluster by that over all basins (ddof 1). Small
        clusters weigh as much as large ones; those of one basin have no variance and
        are left out; NaN where a signature does not vary at all.

    Notes
    -----
    Source: kratzert2019a, embedding.ipynb, cell 21. No network has seen a signature.
    """
    parts = []
    for (source, number), part in clusters.groupby(["source", "clusters"], sort=False):
        labels = part.set_index("basin")["cluster"].loc[signatures.index]
        within = signatures.groupby(labels.to_numpy()).var(ddof=1).mean()
        reduction = (1 - within / signatures.var(ddof=1)).rename("reduction")
        table = reduction.rename_axis("signature").reset_index()
        table.insert(0, "clusters", number)
        table.insert(0, "source", source)
        parts.append(table)
    return pd.concat(parts, ignore_index=True)
