"""The attributes ranked by how discharge reacts to them, and Morris' effects."""

import pandas as pd

from rerunoff.errors import InputError
from rerunoff.numbers.members import basins_lacking, number_of
from rerunoff.numbers.published import FEATURE_RANKING, TOP_FEATURE
from rerunoff.tables import read_checked


def read_gradients(paths, members):
    """Read the mean absolute gradients of all members.

    Parameters
    ----------
    paths : sequence of str or Path
        As `attribute_gradients.rank_attributes` gave them.
    members : sequence of str
        Names of the networks, in the order of `paths`.

    Returns
    -------
    dict of str to DataFrame
        By member: index basin, one column per attribute; basins without a simulated
        day are left out.

    Raises
    ------
    InputError
        If a file is damaged, or no basin has a gradient.
    """
    form = {"dtype": {"basin": str}, "index_col": "basin"}
    found = {
        member: read_checked(path, "gradients", **form).dropna()
        for member, path in zip(members, paths, strict=True)
    }
    for path, table in zip(paths, found.values(), strict=True):
        if table.empty:
            raise InputError(
                f"{path}: no basin has forcing and warm-up for a day of the test "
                "period; choose a later one."
            )
    return found


def normalised(gradients):
    """Bring the gradients of each basin to 0 (least) to 1 (most of its attributes).

    Parameters
    ----------
    gradients : DataFrame
        Index basin, one column per attribute.

    Notes
    -----
    Source: kratzert2019a, ranking.ipynb, cell 10. From the authors' gradients it gives
    the published ranking digit by digit.
    """
    lowest = gradients.min(axis=1)
    span = gradients.max(axis=1) - lowest
    return gradients.sub(lowest, axis=0).div(span, axis=0)


def sensitivity_by_member(gradients):
    """Average the normalised gradients over basins.

    Returns
    -------
    DataFrame
        Index attribute, one column per member.
    """
    return pd.DataFrame({m: normalised(g).mean() for m, g in gradients.items()})


def top_counts(gradients):
    """Count the basins where each attribute ranks first.

    Returns
    -------
    DataFrame
        Index attribute, one column per member.
    """
    counts = {
        member: table.idxmax(axis=1).value_counts().reindex(table.columns, fill_value=0)
        for member, table in gradients.items()
    }
    return pd.DataFrame(counts)


def ranking_table(gradients, effects, published):
    """Make the table of attributes, the most important first.

    Parameters
    ----------
    gradients : dict of str to DataFrame
        From `read_gradients`; ranks are those of the first member, as in the paper.
    effects : DataFrame
        From `elementary_effects.screen_attributes`.
    published : Series
        Index attribute, the published values as text.

    Returns
    -------
    DataFrame
        `attribute`; `published` and `rank_published`; `sensitivity` and `rank` of the
        first member; over members `sensitivity_mean`, `sensitivity_std` (ddof 0),
        `rank_best`, `rank_worst` and `members`; Morris' `mu_star` (mm/d for the whole
        range of the attribute, mean over `basins_morris` basins) and `rank_morris`.
    """
    by_member = sensitivity_by_member(gradients)
    ranks = by_member.rank(ascending=False, method="min").astype(int)
    first = by_member.columns[0]
    mu_star = effects.groupby("attribute")["mu_star"].mean().reindex(by_member.index)
    theirs = pd.to_numeric(published.reindex(by_member.index))
    columns = {
        "published": theirs,
        "rank_published": _rank(theirs),
        "sensitivity": by_member[first],
        "rank": ranks[first],
        "sensitivity_mean": by_member.mean(axis=1),
        "sensitivity_std": by_member.std(axis=1, ddof=0),
        "rank_best": ranks.min(axis=1),
        "rank_worst": ranks.max(axis=1),
        "members": by_member.shape[1],
        "mu_star": mu_star,
        "rank_morris": _rank(mu_star),
        "basins_morris": effects["basin"].nunique(),
    }
    table = pd.DataFrame(columns).rename_axis("attribute")
    return table.sort_values("sensitivity", ascending=False).reset_index()


def _rank(values):
    return values.rank(ascending=False, method="min").astype("Int64")


def numbers(gradients, members, experiment, basins_wanted):
    """Return ranking and counts with the keys of the published ones.

    Parameters
    ----------
    gradients, members
        As for `read_gradients`.
    experiment : str
    basins_wanted : sequence of str or None
        The paper's basins.

    Returns
    -------
    list of dict
        As for `write_numbers`. The published ones are of seed 111.
    """
    read = read_gradients(gradients, members)
    basins = set.intersection(*(set(table.index) for table in read.values()))
    key = {"experiment": experiment, "basins": "531", "members": "seed111"}
    key["incomplete"] = basins_lacking(basins, basins_wanted)
    rows = []
    for quantity, statistic, values in (
        (FEATURE_RANKING, "mean", sensitivity_by_member(read)),
        (TOP_FEATURE, "count", top_counts(read)),
    ):
        for attribute, by_member in values.iterrows():
            row = {"quantity": quantity, "metric": attribute, "statistic": statistic}
            rows.append(key | row | number_of(by_member, key["members"]))
    return rows
