"""Clusters of basins: by their embeddings, and by their attributes."""

import dataclasses
import logging

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_samples

from rerunoff.data.series_files import open_series, read_labels
from rerunoff.errors import InputError

_log = logging.getLogger(__name__)

# What is clustered beside the embeddings of the members.
RAW = "raw_attributes"
# kratzert2019a, embedding.ipynb, cells 15 (silhouettes) and 17 (clusters).
SILHOUETTES = range(3, 15)
CLUSTERS = (5, 6)
_STARTS, _STARTS_OF_SILHOUETTES = 200, 10
_RANDOM_STATE = 0
# Silhouettes need a cluster less than there are basins, and three are the fewest.
FEWEST_BASINS = min(SILHOUETTES) + 1


@dataclasses.dataclass(frozen=True)
class Embedding:
    """What basins are clustered by, as from `embedding.embed_basins`.

    Attributes
    ----------
    basins : list of str
    gates : dict of str to float32 ndarray, shape (basin, cell)
        By member.
    attributes : float32 ndarray, shape (basin, attribute)
        Standardised.
    """

    basins: list
    gates: dict
    attributes: np.ndarray


def read_embedding(path):
    """Read the embeddings of all members.

    Raises
    ------
    InputError
        If the file is damaged, or has fewer basins than can be clustered.
    """
    with open_series(path, "embedding") as file:
        basins = read_labels(file, "basin")
        gates = dict(zip(read_labels(file, "member"), file["input_gate"], strict=True))
        attributes = file["attributes"][:]
    if len(basins) < FEWEST_BASINS:
        raise InputError(
            f"{path}: {len(basins)} basins cannot be clustered; choose "
            f"{FEWEST_BASINS} or more with the key basins."
        )
    return Embedding(basins, gates, attributes)


def silhouettes(embedding):
    """Compute the silhouettes of k-means clusters of basins, by number of clusters.

    Parameters
    ----------
    embedding : Embedding

    Returns
    -------
    DataFrame
        `source` (a member, or `raw_attributes`), `clusters`, and over basins the `mean`
        and `minimum` of the silhouette by Euclidean distance. Up to 14 clusters, and up
        to one less than there are basins.

    Notes
    -----
    Source: kratzert2019a, embedding.ipynb, cell 15, with the ten starts that k-means
    had by default then.
    """
    rows, numbers = [], _possible(SILHOUETTES, embedding)
    for source, (_, values) in _sources(embedding).items():
        for number in numbers:
            labels = _k_means(values, number, _STARTS_OF_SILHOUETTES)
            each = silhouette_samples(values, labels)
            rows.append([source, number, float(each.mean()), float(each.min())])
    return pd.DataFrame(rows, columns=["source", "clusters", "mean", "minimum"])


def cluster(embedding):
    """Divide the basins into five and into six clusters, by each source.

    Parameters
    ----------
    embedding : Embedding

    Returns
    -------
    DataFrame
        `source` (as in `silhouettes`), `clusters`, `basin`, `cluster`: from 1. Clusters
        of different sources and numbers that share most basins have the same number;
        that of the largest of the first member is 1.

    Notes
    -----
    Source: kratzert2019a, embedding.ipynb, cells 17 and 18.
    """
    index, parts = pd.Index(embedding.basins, name="basin"), []
    for source, (basins, values) in _sources(embedding).items():
        for number in _possible(CLUSTERS, embedding):
            labels = pd.Series(_k_means(values, number, _STARTS), basins)
            parts.append((source, number, labels.loc[index].to_numpy()))
    first = next(iter(embedding.gates))
    # The most clusters, so that every other cluster finds one to be named after.
    most = max(number for _, number, _ in parts)
    (known,) = (part for name, k, part in parts if name == first and k == most)
    known = _by_size(known)
    tables = [
        pd.DataFrame(
            {"source": source, "clusters": number, "basin": index}
            | {"cluster": matched(labels, known)}
        )
        for source, number, labels in parts
    ]
    return pd.concat(tables, ignore_index=True)


def matched(labels, known):
    """Name clusters after those of another clustering that share most basins.

    Parameters
    ----------
    labels, known : ndarray of int, shape (basin,)
        `known` has as many clusters or more, from 1.

    Returns
    -------
    ndarray of int, shape (basin,)
        The assignment with the most basins in common; no name is given twice.
    """
    shared = pd.crosstab(labels, known)
    rows, columns = linear_sum_assignment(shared.to_numpy(), maximize=True)
    names = dict(zip(shared.index[rows], shared.columns[columns], strict=True))
    return np.array([names[label] for label in labels])


def _sources(embedding):
    """Return what is clustered, with its basins in the order of the authors.

    Where k-means starts depends on the order: embeddings follow the basin list, the
    attributes come out of a database sorted by gauge. In these orders the authors' own
    embedding of seed 444 and the attributes give the published bars.
    """
    basins = embedding.basins
    order = sorted(range(len(basins)), key=basins.__getitem__)
    raw = [basins[row] for row in order], embedding.attributes[order]
    return {RAW: raw} | {name: (basins, g) for name, g in embedding.gates.items()}


def _possible(numbers, embedding):
    """Return the numbers of clusters below that of the basins, or the highest."""
    most = len(embedding.basins) - 1
    possible = [number for number in numbers if number <= most] or [most]
    if len(possible) < len(numbers):
        _log.warning(
            "%d basins: up to %d clusters instead of %d", most + 1, most, max(numbers)
        )
    return possible


def _k_means(values, number, starts):
    means = KMeans(number, n_init=starts, random_state=_RANDOM_STATE)
    return means.fit_predict(values)


def _by_size(labels):
    """Number clusters from 1, the largest first."""
    sizes = pd.Series(labels).value_counts()
    names = {label: name for name, label in enumerate(sizes.index, start=1)}
    return np.array([names[label] for label in labels])
