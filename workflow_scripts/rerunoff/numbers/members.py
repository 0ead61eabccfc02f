"""Numbers of an analysis that every member has a value of, and whether basins lack."""

from rerunoff.evaluation.summary import over_members, seed_members


def number_of(values, members):
    """Return the number that a published row asks of the values by member.

    Parameters
    ----------
    values : Series
        One value per seed, indexed by its name, such as `seed111`.
    members : str
        `seeds_mean`, `seeds_std`, or the name of a seed; empty text for the mean over
        seeds where the published number is that of one seed which nobody knows.

    Returns
    -------
    dict
        Fields of `files.Number`.
    """
    seeds = seed_members(values.rename_axis("member").reset_index())
    wanted = members or "seeds_mean"
    if not wanted.startswith("seeds_") and wanted not in seeds:
        return {"why_not": f"{wanted} not run"}
    spread = {f"seed_{name}": f"seeds_{name}" for name in ("median", "std")}
    names = {"value": wanted, **spread}
    found = {field: over_members(values, name) for field, name in names.items()}
    return found | {"seeds": len(seeds)}


def basins_lacking(basins, wanted):
    """Say what keeps an analysis over basins from being that of the paper's.

    Parameters
    ----------
    basins : sequence of str
        Those of the analysis.
    wanted : sequence of str or None
        The paper's; None where its list is not at hand.

    Returns
    -------
    str
        Empty if they are the same.
    """
    if wanted is None:
        return "the paper's basin list is not at hand"
    here, theirs = set(basins), set(wanted)
    if not theirs <= here:
        return f"basin set incomplete: {len(theirs & here)} of {len(theirs)}"
    more = len(here - theirs)
    return f"{more} basins beside the paper's {len(theirs)}" if more else ""
