"""Faults of a configuration that takes the authors' networks instead of training.

Yields are those of `checks.faults_of`, which calls this.
"""

from rerunoff.protocol.experiments import ALL

_PAPER, _DATASET, _BASINS = "kratzert2019a", "camels_us", "basin_list_531"
# What they published, as config/papers/kratzert2019a.yaml has it.
_SEEDS = tuple(range(111, 889, 111))
_NETWORK = {"layers": (1,), "kind": ("ealstm", "lstm")}
# In the folder of each network: its settings.
CFG = "cfg.json"


def authors_weights(paper):
    """Yield what the authors' networks do not fit.

    Parameters
    ----------
    paper : Paper

    Yields
    ------
    path : tuple of str
    message : str
    """
    if paper.values.get("stored_simulations") and not paper.authors_weights:
        yield ("stored_simulations",), "is true, which needs weights: authors"
    if not paper.authors_weights:
        return
    if paper.name != _PAPER:
        fault = f"is authors, but they published networks of {_PAPER} only"
        yield ("weights",), f"{fault}; remove it"
    for name in paper.active:
        row = paper.experiments[name]
        if row.scaling != "published":
            yield (
                paper.key_of(name, "scaling"),
                f"is {row.scaling} for {name}, but the authors' networks see their own "
                "constants; set scaling: published",
            )
        if row.units != ALL:
            fault = f"is {row.units} for {name}, but the authors' networks are of all"
            yield paper.key_of(name, "units"), f"{fault} basins; set units: all"
        for path, value, theirs in _choices(paper, name, row):
            if value not in theirs:
                yield (
                    path,
                    f"is {value} for {name}, but the authors' networks have "
                    f"{', '.join(map(str, theirs))}; set it to that of one of them",
                )
        # Attributes are standardised over the basins, as they were for the networks.
        if row.dataset == _DATASET and row.basins != _BASINS:
            yield (
                paper.key_of(name, "basins"),
                "must be basin_list_531 with weights: authors, whose networks see "
                "attributes standardised over these basins",
            )


def _choices(paper, name, row):
    """Yield key, value and what was published, of what a network was made with."""
    for key, theirs in _NETWORK.items():
        yield paper.key_of(name, "model", key), row.model[key], theirs
    for seed in row.seeds:
        yield paper.key_of(name, "seeds"), seed, _SEEDS
