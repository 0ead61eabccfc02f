"""Which experiments read the same series: one store for each kind of data.

The paper's own experiments share its store, which holds all variables of the forcing
product. One with another `dataset`, `forcing` or `basins` has a store of its own, so
that adding it rebuilds no other and retrains nothing.
"""

from rerunoff.protocol.experiments import BASIN
from rerunoff.protocol.units import named_basins


def owner_of(paper, experiment):
    """Return the experiment whose store another one reads.

    Parameters
    ----------
    paper : Paper
    experiment : str

    Returns
    -------
    Experiment
        `paper.own` where that will do, else the first with the same data.
    """
    row = paper.experiments[experiment]
    if _serves(paper.own, row):
        return paper.own
    return next(one for one in paper.experiments.values() if _data(one) == _data(row))


def owner_name(owner):
    """Return the owner's part of a store's name: paper, or paper and experiment."""
    return f"{owner.paper}_{owner.name}" if owner.name else owner.paper


def owners_of(paper):
    """Return the owners of the stores that a paper reads, by name."""
    owners = [paper.own, *(owner_of(paper, name) for name in paper.active)]
    return {owner_name(owner): owner for owner in owners}


def _data(row):
    return row.dataset, row.forcing, row.basins, row.regions


def _serves(own, row):
    """Whether the paper's store holds all that an experiment reads."""
    if (own.dataset, own.forcing) != (row.dataset, row.forcing):
        return False
    if row.basins == own.basins:
        return row.regions == own.regions or own.basins != "regions"
    return row.units == BASIN and set(named_basins(row)) <= set(named_basins(own))
