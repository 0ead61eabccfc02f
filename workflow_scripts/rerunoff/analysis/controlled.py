"""Controlled comparisons: two models in the same basins, with effect and interval."""

import itertools

import numpy as np
import pandas as pd

from rerunoff.data.store import read_store
from rerunoff.errors import InputError
from rerunoff.evaluation import ENSEMBLE
from rerunoff.evaluation.comparisons import paired_p_value
from rerunoff.evaluation.summary import seed_members
from rerunoff.tables import read_checked

ALL_BASINS = "all"
_DRAWS, _SEED = 2000, 0  # of the basins behind an interval
_INTERVAL = (0.025, 0.975)
# Two models are told apart by a p value below it, with an interval without zero, and if
# single networks all differ in the same direction.
_CERTAIN = 0.05
_VERDICTS = _BETTER, _WORSE, _UNCLEAR = "better", "worse", "not clearly better or worse"


def groups_of(strata=None, store=None, calibrated=None):
    """Return the group of each basin.

    Parameters
    ----------
    strata : dict, optional
        `by`, an attribute or a calibrated model, and `limits`, ascending.
    store : str or Path, optional
        Where the attribute is.
    calibrated : str or Path, optional
        Where the model's NSE of its training period is.

    Returns
    -------
    Series of str or None
        By basin, such as ``frac_snow 0.1 to 0.3``; groups begin with their lower limit.
        None without strata.

    Raises
    ------
    InputError
        If a file is damaged or lacks what is asked for.
    """
    if strata is None:
        return None
    name, limits = strata["by"], strata["limits"]
    if calibrated is not None:
        table = read_checked(calibrated, "calibration", dtype={"basin": str})
        values, said = table.set_index("basin")["NSE"], f"NSE of {name}"
    else:
        found = read_store(store, (), (name,))
        values, said = pd.Series(found.attributes[:, 0], index=found.basins), name
    labels = [f"{said} below {limits[0]:g}"]
    labels += [f"{said} {a:g} to {b:g}" for a, b in itertools.pairwise(limits)]
    labels += [f"{said} {limits[-1]:g} and above"]
    edges = [-np.inf, *limits, np.inf]
    return pd.cut(values, edges, right=False, labels=labels)


def compare(tables, pairs, groups=None, metric="NSE", related=()):
    """Compare models in pairs, in all basins and in groups of them.

    Parameters
    ----------
    tables : dict of str to DataFrame
        Metrics tables by model.
    pairs : sequence of (str, str)
        What may be better, and than what.
    groups : Series, optional
        From `groups_of`.
    metric : str
    related : sequence of (str, str)
        Pairs whose networks of equal seeds belong together: one continues the other, or
        both are of the same division into folds.

    Returns
    -------
    DataFrame
        One row per pair and group: `experiment`, `against`, `group`, `basins` where
        both ensembles have a value; `median`, `lower_quartile` (25 %) and the same
        `…_against`; `difference`, the median over basins of the paired differences of
        the ensembles, with `low` and `high`, its 95 % bootstrap interval over basins;
        `better`, the basins where the first has the higher value; `p_value` of the
        two-sided Wilcoxon signed-rank test; `singles`, the number of pairs of a single
        network of the one and one of the other (of a related pair, those of equal
        seeds), and `lowest_single` and `highest_single`, their smallest and largest
        difference (NaN without any).

    Raises
    ------
    InputError
        If two models have no basin in common.
    """
    rows, together = [], {tuple(pair) for pair in related}
    for pair in pairs:
        first, second = (tables[name] for name in pair)
        ensembles = _paired(first, second, (ENSEMBLE, ENSEMBLE), metric)
        if ensembles.empty:
            raise InputError(
                f"{pair[0]} and {pair[1]} have no basin in common with a {metric}; "
                "compare models of the same basins."
            )
        singles = _singles(first, second, tuple(pair) in together)
        members = [_paired(first, second, single, metric) for single in singles]
        for group, basins in _basins_by_group(ensembles.index, groups).items():
            row = dict(zip(("experiment", "against"), pair, strict=True))
            row |= {"group": group, **_statistics(ensembles.loc[basins])}
            rows.append(row | _of_singles(members, basins))
    return pd.DataFrame(rows)


def _singles(first, second, related):
    """Return pairs of members to compare; a model without seeds is taken as it is."""
    ours, theirs = seed_members(first), seed_members(second)
    if not (ours or theirs):
        return []
    if related and ours and theirs:
        return [(seed, seed) for seed in ours if seed in theirs]
    return list(itertools.product(ours or [ENSEMBLE], theirs or [ENSEMBLE]))


def _paired(first, second, members, metric):
    """Return the values of a member of each in the basins where both have one."""
    columns = {
        name: table[table["member"] == member].set_index("basin")[metric]
        for name, table, member in zip(
            ("first", "second"), (first, second), members, strict=True
        )
    }
    return pd.DataFrame(columns).dropna()


def _basins_by_group(basins, groups):
    found = {ALL_BASINS: basins}
    if groups is not None:
        own = groups.reindex(basins)
        for label in groups.cat.categories:
            found[label] = own.index[own == label]
    return {label: rows for label, rows in found.items() if len(rows)}


def _statistics(pair):
    first, second = pair["first"].to_numpy(), pair["second"].to_numpy()
    difference = first - second
    drawn = np.random.default_rng(_SEED).integers(
        len(difference), size=(_DRAWS, len(difference))
    )
    low, high = np.quantile(np.median(difference[drawn], axis=1), _INTERVAL)
    return {
        "basins": len(pair),
        "median": np.median(first),
        "median_against": np.median(second),
        "lower_quartile": np.quantile(first, 0.25),
        "lower_quartile_against": np.quantile(second, 0.25),
        "difference": np.median(difference),
        "low": low,
        "high": high,
        "better": int((difference > 0).sum()),
        "p_value": paired_p_value(first, second),
    }


def _of_singles(members, basins):
    differences = [
        (pair["first"] - pair["second"]).reindex(basins).median() for pair in members
    ]
    return {
        "singles": len(differences),
        "lowest_single": min(differences, default=np.nan),
        "highest_single": max(differences, default=np.nan),
    }


def headline(table, titles):
    """Say in one sentence which pairs are told apart, over all basins.

    Parameters
    ----------
    table : DataFrame
        From `compare`.
    titles : dict of str to str
        Of the models.
    """
    found = {verdict: [] for verdict in _VERDICTS}
    for _, row in table[table["group"] == ALL_BASINS].iterrows():
        first, second = titles[row["experiment"]], titles[row["against"]]
        told = f"{first} than {second} ({_signed(row['difference'])})"
        found[_verdict(row)].append(told)
    parts = [f"{v}: {', '.join(pairs)}" for v, pairs in found.items() if pairs]
    return f"In short, {'; '.join(parts)}."


def answer(table, titles):
    """Say in a sentence for each pair what came out over all basins, and where most.

    Parameters
    ----------
    table, titles
        As of `headline`.

    Returns
    -------
    list of str
    """
    sentences = []
    for _, rows in table.groupby(["experiment", "against"], sort=False):
        whole = rows.iloc[0]
        first, second = titles[whole["experiment"]], titles[whole["against"]]
        text = (
            f"{first} is {_verdict(whole)} than {second}: "
            f"median NSE {_nse(whole['median'])} against "
            f"{_nse(whole['median_against'])}, median difference "
            f"{_effect(whole)} in {whole['basins']} basins, of which it is better in "
            f"{whole['better']} (p {_p(whole['p_value'])})"
        )
        if whole["singles"]:
            of_singles = _range(whole["lowest_single"], whole["highest_single"])
            text += f", {of_singles} between single networks"
        groups = rows.iloc[1:].sort_values("difference")
        if len(groups) > 1:
            text += f"; most with {_of_group(groups.iloc[-1])}, least with "
            text += _of_group(groups.iloc[0])
        sentences.append(text + ".")
    return sentences


def not_compared(pairs):
    """Say in a sentence, or none, which pairs of titles are left out."""
    if not pairs:
        return []
    told = "; ".join(f"{first} − {second}" for first, second in pairs)
    return [
        f"Not compared, because one of the two was not run or is not at hand: {told}."
    ]


def _verdict(row):
    # Basins tell two networks apart that differ in nothing but their seed.
    ends = [row["low"], row["high"]]
    ends += [row["lowest_single"], row["highest_single"]] if row["singles"] else []
    signs = np.sign(ends)
    if row["p_value"] < _CERTAIN and abs(signs.sum()) == len(signs):
        return _BETTER if row["low"] > 0 else _WORSE
    return _UNCLEAR


def _effect(row):
    return f"{_signed(row['difference'])} ({_range(row['low'], row['high'])})"


def _range(low, high):
    return f"{_signed(low)} to {_signed(high)}"


def _nse(value):
    return f"{value:.3f}".replace("-", "−")


def _of_group(row):
    return f"{row['group']} ({_signed(row['difference'])})"


def _signed(value):
    return f"{value:+.3f}".replace("-", "−")


def _p(value):
    return "< 0.001" if value < 0.001 else f"= {value:.3f}"
