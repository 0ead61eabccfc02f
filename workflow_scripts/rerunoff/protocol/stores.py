"""Which experiments read the same series: one store for each kind of data.

A store holds all variables of a forcing product, for a paper's basins. An experiment
with another `dataset`, `forcing` or `basins` reads another store. Stores are named
after their data alone, so that adding an experiment, in whatever place, rebuilds none.
"""

import dataclasses
import hashlib
import json

from rerunoff.protocol.experiments import BASIN, REGIONS
from rerunoff.protocol.units import named_basins


def data_of(paper, name):
    """Return an experiment that has the data of a store, and nothing else to look at.

    Parameters
    ----------
    paper : Paper
    name : str
        An experiment; of any other name, such as a benchmark's, the paper's own data.

    Returns
    -------
    Experiment
        Look at its `dataset`, `forcing`, `basins` and `regions`.
    """
    row = paper.experiments.get(name, paper.own)
    if not _within(paper.own, row):
        return row
    product = {"dataset": row.dataset, "forcing": row.forcing}
    same = product == {"dataset": paper.own.dataset, "forcing": paper.own.forcing}
    # The name says in a message whose key it is.
    return paper.own if same else dataclasses.replace(paper.own, **product, name=name)


def owner_of(paper, data):
    """Return the part of a store's name that says whose basins it holds.

    The paper's name, and a digest of the basins where they are not the paper's.
    """
    if (data.basins, data.regions) == (paper.own.basins, paper.own.regions):
        return paper.name
    text = json.dumps([data.basins, data.regions])
    return f"{paper.name}_{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def stores_of(paper):
    """Return the data of all stores that a paper reads.

    Returns
    -------
    dict of tuple to Experiment
        By dataset, forcing and owner.
    """
    found = [data_of(paper, name) for name in ("", *paper.active)]
    return {(one.dataset, one.forcing, owner_of(paper, one)): one for one in found}


def _within(own, row):
    """Whether the paper's basins hold those of an experiment."""
    if row.basins == own.basins:
        return row.regions == own.regions or own.basins != REGIONS
    return row.units == BASIN and set(named_basins(row)) <= set(named_basins(own))
