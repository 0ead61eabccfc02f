"""Embeddings projected onto a plane by UMAP."""

import logging
import warnings

import pandas as pd

_log = logging.getLogger(__name__)

# kratzert2019a, embedding.ipynb, cell 24.
_NEIGHBOURS, _DISTANCE, _RANDOM_STATE = 10, 0.1, 0


def project(embedding):
    """Project the embedding of each member onto a plane.

    Parameters
    ----------
    embedding : clusters.Embedding

    Returns
    -------
    DataFrame
        `member`, `basin`, `x`, `y`: without unit; only who is near whom has a meaning.

    Notes
    -----
    Source: kratzert2019a, embedding.ipynb, cell 24: ten neighbours (at most one less
    than there are basins), distance 0.1. Layouts of another version of umap-learn than
    the authors' 0.3.9 differ, and so do members.
    """
    # Here, because it compiles for ten seconds.
    import umap

    neighbours = min(_NEIGHBOURS, len(embedding.basins) - 1)
    if neighbours < _NEIGHBOURS:
        _log.warning("%d neighbours instead of %d in UMAP", neighbours, _NEIGHBOURS)
    parts = []
    for member, gates in embedding.gates.items():
        mapper = umap.UMAP(
            n_neighbors=neighbours, min_dist=_DISTANCE, random_state=_RANDOM_STATE
        )
        with warnings.catch_warnings():
            # It says that a random state takes one thread, and of small data more.
            warnings.simplefilter("ignore")
            places = mapper.fit(gates).transform(gates)
        table = pd.DataFrame(places, columns=["x", "y"])
        table.insert(0, "basin", embedding.basins)
        table.insert(0, "member", member)
        parts.append(table)
    return pd.concat(parts, ignore_index=True)
