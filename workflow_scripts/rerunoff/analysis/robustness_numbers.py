"""Numbers of the robustness to noise, for the scorecard.

Apart from its tables: the simulations, which take long, must not be done again when a
published number is added.
"""

from rerunoff.numbers.published import ROBUSTNESS

_COUNTED = ("median", "mean")


def metric_of(level):
    """Return what the published numbers call NSE with noise of a level."""
    return f"NSE_sigma{float(level)!r}"


def robustness_numbers(levels, basins, wanted, experiment, member):
    """Return median and mean of each level with the keys of the published ones.

    Parameters
    ----------
    levels : DataFrame
        From `by_level`.
    basins : sequence of str
        Those with an NSE.
    wanted : sequence of str or None
        The paper's 531 basins; None where their list is not at hand.
    experiment, member : str

    Returns
    -------
    list of dict
        As for `write_numbers`.
    """
    key = {"quantity": ROBUSTNESS, "experiment": experiment, "basins": "531"}
    key |= {"members": member, "incomplete": _incomplete(basins, wanted)}
    return [
        key | {"metric": metric_of(row["level"]), "statistic": one, "value": row[one]}
        for row in levels.to_dict("records")
        for one in _COUNTED
    ]


def _incomplete(basins, wanted):
    """Return what is missing from the paper's basins; empty if nothing."""
    if wanted is None:
        return "the paper's basin list is not at hand"
    if set(basins) == set(wanted):
        return ""
    there = len(set(basins) & set(wanted))
    return f"basin set incomplete: {there} of {len(wanted)}"
