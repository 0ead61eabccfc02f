"""What the rows of a scorecard are called on the page."""

import re

from rerunoff.numbers.published import (
    DIFFERENCE,
    EPOCHS,
    MINUS,
    PERFORMANCE,
    ROBUSTNESS,
    TESTS,
    WINS,
    experiments_of,
)
from rerunoff.protocol.benchmarks import BENCHMARKS

_METRICS = {
    "nse": "NSE",
    "alpha_nse": "α-NSE",
    "beta_nse": "β-NSE",
    "stdev": "standard deviation ratio",
    "q95": "95th percentile difference",
}
_MEMBERS = {
    "seeds_mean": "mean over seeds",
    "seeds_std": "standard deviation over seeds",
}
_STATISTICS = {
    "failures_le0": "basins with {} ≤ 0",
    "failures_lt0": "basins with {} < 0",
    "count": "basins with higher {}",
    "fraction": "fraction of basins with higher {}",
}
# Rows that are called by their key; of the others the description says most.
KEYED = (PERFORMANCE, DIFFERENCE, WINS, EPOCHS)
_COUNTS = ("failures_le0", "failures_lt0", "count", "count_ge")
# Analyses whose description lacks what of their key tells the rows apart.
_DESCRIBED = {
    "benchmark": "{description}, {measure}",
    ROBUSTNESS: "{statistic} NSE {description}",
    "silhouette": "{statistic} {description}, {members}",
    "significance": "{description}, {metric}",
    "effect_size": "{description}, {metric}",
}


def name_of(row, titles):
    """Describe a number in words.

    Parameters
    ----------
    row : dict
        A row of `compare`.
    titles : dict of str to str
        Readable names of experiments; the key itself where there is none.

    Returns
    -------
    str
    """
    titles = BENCHMARKS | titles
    members = _MEMBERS.get(row["members"], row["members"].replace("seed", "seed "))
    if row["quantity"] == EPOCHS:
        words = [titles.get(row["experiment"], row["experiment"]), "epochs"]
    elif row["quantity"] in KEYED:
        words = [_subject(row, titles), _measure(row), members]
    else:
        pattern = _DESCRIBED.get(row["quantity"], "{description}")
        metric = _METRICS.get(row["metric"], row["metric"])
        parts = row | {"metric": metric, "members": members, "measure": _measure(row)}
        words = [_titled(pattern.format(**parts), titles)]
    return ", ".join(word for word in words if word).rstrip(", ")


def _subject(row, titles):
    """Return the titles of the experiments that a number is about."""
    names = [titles.get(name, name) for name in experiments_of(row)]
    if row["quantity"] == WINS:
        return f"{names[0]} over {' and '.join(names[1:])}"
    return MINUS.replace("-", "−").join(names)


def _measure(row):
    """Return statistic and metric in words."""
    if row["statistic"] == "count_ge":
        return ""
    metric = _METRICS.get(row["metric"], row["metric"])
    metric += " difference" if row["quantity"] == DIFFERENCE else ""
    return _STATISTICS.get(row["statistic"], f"{row['statistic']} {{}}").format(metric)


def _titled(text, titles):
    """Put titles in the place of experiments' names."""
    names = "|".join(map(re.escape, sorted(titles, key=len, reverse=True)))
    return re.sub(rf"\b({names})\b", lambda found: titles[found[0]], text)


def scale_of(row):
    """Return what a number measures, in words: numbers of one scale can be compared."""
    if row["quantity"] == EPOCHS:
        return "number of epochs"
    if row["quantity"] in TESTS:
        return {"wilcoxon_p": "p value", "cohens_d": "Cohen's d"}[row["statistic"]]
    if row["quantity"] == ROBUSTNESS:
        return "NSE with noise on the attributes: median, mean"
    metric = _METRICS.get(row["metric"], row["metric"])
    if row["members"] == "seeds_std":
        return f"{metric}: spread over seeds"
    if row["statistic"] in _COUNTS:
        return "number of basins"
    if row["statistic"] == "fraction":
        return "fraction of basins"
    if row["quantity"] == DIFFERENCE:
        return f"{metric}: difference"
    extreme = row["statistic"] in ("minimum", "maximum")
    return f"{metric}: worst and best basin" if extreme else f"{metric}: median, mean"
