"""The scorecards of all papers as one self-contained HTML page."""

import re
from html import escape

import pandas as pd

from rerunoff.scorecard.compare import (
    ABSENT,
    DEVIATES,
    DIFFERS,
    EXACT,
    NOT_COMPARABLE,
    NOT_RUN,
    REPRODUCED,
    VERDICTS,
)
from rerunoff.scorecard.ours import PAPER_DATASET
from rerunoff.scorecard.page_style import SCRIPT, STYLE
from rerunoff.scorecard.published import (
    COMPARED,
    DIFFERENCE,
    EPOCHS,
    MINUS,
    UNCONFIRMED,
    WINS,
    decimals,
    number,
    split_bound,
)

_CLASSES = {
    REPRODUCED: "reproduced",
    DEVIATES: "deviates",
    NOT_COMPARABLE: "incomparable",
    NOT_RUN: "notrun",
    ABSENT: "notrun",
    UNCONFIRMED: "unconfirmed",
}
_MEANINGS = {
    REPRODUCED: "ours lies within the tolerance of the published number",
    DEVIATES: "ours lies outside the tolerance",
    NOT_COMPARABLE: "ours comes from other data, settings or basins",
    NOT_RUN: "there is no number of ours",
    ABSENT: "the analysis is not part of this workflow yet",
    UNCONFIRMED: "no published number could be confirmed; ours stands alone",
}
_MEMBERS = {
    "seeds_mean": "mean over seeds",
    "seeds_std": "standard deviation over seeds",
    "ensemble": "ensemble",
}
_STATISTICS = {
    "failures_le0": "basins with {} ≤ 0",
    "failures_lt0": "basins with {} < 0",
    "count": "basins with higher {}",
    "fraction": "fraction of basins with higher {}",
}
_HEADINGS = ("Number", "Published", "Ours", "Verdict", "Recomputed from authors’ file")
_FOUR = {True: ' class="four"', False: ""}
_BOUNDS = {">=": "≥ ", "<=": "≤ ", "": ""}
_CHANGES = re.compile("changed: [^;]+")  # part of a reason from `compare`
_MOST_CHANGES = 3
_OPTIONS = "".join(f"<option>{verdict}</option>" for verdict in VERDICTS)
_FILTER = (
    '<p id="filter" hidden><label>Show<select><option value="">everything</option>'
    f"{_OPTIONS}</select></label></p>"
)


def render(scorecards, titles, context):
    """Write the page.

    Parameters
    ----------
    scorecards : dict of str to DataFrame
        By paper, with the columns of `compare`.
    titles : dict of str to str
        Readable names of the papers; the key itself where there is none.
    context : dict
        `dataset` (str, required: other data than `camels_us` are announced),
        optional `version` and `made` (str, shown at the foot).

    Returns
    -------
    str
        A complete HTML document without external resources; every text from the
        arguments is escaped.
    """
    tables = list(scorecards.values())
    body = ["<h1>Scorecard: published numbers against ours</h1>"]
    body += [_note(context["dataset"]), _counts(tables), _recomputed(tables)]
    body += [_legend(), _FILTER]
    for paper, table in scorecards.items():
        body.append(f"<h2>{escape(titles.get(paper, paper))}</h2>")
        if len(scorecards) > 1:
            body.append(_counts([table]))
        recomputed = bool(table["recomputed"].notna().any())
        for location, group in table.groupby("location", sort=False):
            body.append(_group(location, group, recomputed))
    body.append(_small(" · ".join(filter(None, map(context.get, ("version", "made"))))))
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Scorecard</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(part for part in body if part)
        + f"\n<script>{SCRIPT}</script>\n</body>\n</html>\n"
    )


def _note(dataset):
    """Say loudly when our numbers come from other data than the papers'."""
    if dataset == PAPER_DATASET:
        return ""
    if dataset == "virtual":
        text = (
            "Our numbers on this page come from virtual catchments, made by a "
            "generator. They show that the workflow runs, and say nothing about the "
            "papers."
        )
    else:
        text = (
            f"Our numbers on this page come from other data ({dataset}) than the "
            "papers’. They cannot confirm or contradict a published number."
        )
    return f'<p class="note" role="note">{escape(text)}</p>'


def _counts(tables):
    """Return the number of rows per verdict."""
    items = []
    for verdict in VERDICTS:
        count = sum(int((table["verdict"] == verdict).sum()) for table in tables)
        items.append(
            f'<li class="{_CLASSES[verdict]}"><b>{count}</b>{escape(verdict)}</li>'
        )
    return f'<ul class="counts">{"".join(items)}</ul>'


def _legend():
    """Explain the verdicts."""
    terms = [f"<dt>{verdict}</dt><dd>{_MEANINGS[verdict]}</dd>" for verdict in VERDICTS]
    return (
        f"<details><summary>What the words mean</summary><dl>{''.join(terms)}</dl>"
        "</details>"
    )


def _recomputed(tables):
    """Say how many numbers follow from the authors' files, if any does."""
    found = [word for table in tables for word in table["recomputed_verdict"]]
    exact, differs = found.count(EXACT), found.count(DIFFERS)
    if not exact + differs:
        return ""
    return (
        f"<p>{exact + differs} numbers could be recomputed from the authors’ own "
        f"per-basin values: {exact} agree in every printed digit, {differs} differ. "
        "Some of their files hold rounded values, and a sum depends on its order, so a "
        "last digit may differ by that alone.</p>"
    )


def _group(location, rows, recomputed):
    """Return the rows of one published table or figure, folded if it says nothing.

    The column of recomputed values is there if `recomputed` (bool).
    """
    counts = rows["verdict"].value_counts()
    tally = ", ".join(f"{counts[word]} {word}" for word in VERDICTS if word in counts)
    told = rows["ours"].notna() | rows["recomputed"].notna()
    told |= ~rows["verdict"].isin([NOT_RUN, UNCONFIRMED])
    opened = " open" if told.any() else ""
    shown = _HEADINGS if recomputed else _HEADINGS[:-1]
    heads = "".join(f'<th scope="col">{heading}</th>' for heading in shown)
    lines = "\n".join(_row(row, recomputed) for row in rows.to_dict("records"))
    return (
        f'<details class="group"{opened}><summary>{escape(location)} '
        f"<span>({escape(tally)})</span></summary>"
        f'<div class="scroll" tabindex="0"><table{_FOUR[not recomputed]}>'
        f"<thead><tr>{heads}</tr>"
        f"</thead><tbody>\n{lines}\n</tbody></table></div></details>"
    )


def _row(row, recomputed):
    """Return one published number as a table row."""
    verdict = row["verdict"]
    badge = f'<span class="badge {_CLASSES[verdict]}">{escape(verdict)}</span>'
    cells = [
        escape(_what(row))
        + _small(row["description"] if row["quantity"] in COMPARED else "")
        + _small(f"{row['certainty']}: {row['source']}"),
        escape(_published(row)) + _small(_tolerance(row)),
        _ours(row),
        badge + _reason(row["reason"]),
    ]
    if recomputed:
        value = escape(_like(row["recomputed"], row["published"], extra=2))
        cells.append(value + _small(row["recomputed_verdict"]))
    tds = "".join(f"<td>{cell}</td>" for cell in cells)
    return f'<tr id="{escape(row["id"])}" data-verdict="{escape(verdict)}">{tds}</tr>'


def _reason(text):
    """Return the reason of a verdict; many changed settings are counted, and folded."""

    def counted(match):
        many = match[0].count(",") + 1
        return f"changed: {many} settings" if many > _MOST_CHANGES else match[0]

    short = _CHANGES.sub(counted, text)
    if short == text:
        return _small(text)
    return (
        f'<details class="why"><summary>{escape(short)}</summary>'
        f"{_small(text)}</details>"
    )


def _what(row):
    """Describe a number in words."""
    if row["quantity"] == EPOCHS:
        return f"{row['experiment']}, epochs"
    words = []
    if row["metric"] and row["statistic"]:
        pattern = _STATISTICS.get(row["statistic"], f"{row['statistic']} {{}}")
        change = " difference" if row["quantity"] == DIFFERENCE else ""
        words.append(pattern.format(row["metric"] + change))
    elif row["metric"]:
        words.append(row["metric"])
    if row["quantity"] in COMPARED:
        experiment = row["experiment"].replace(MINUS, " − ")
        if row["quantity"] == WINS:
            first, *others = row["experiment"].split(MINUS)
            experiment = f"{first} over {' and '.join(others)}"
        return ", ".join(
            [experiment, *words, _MEMBERS.get(row["members"], row["members"])]
        )
    return ", ".join(filter(None, [row["description"], *words]))


def _published(row):
    """Return the published value and its spread as printed."""
    if not row["published"]:
        return "—"
    sign, digits = split_bound(row["published"])
    spread = f" ± {row['published_spread']}" if row["published_spread"] else ""
    return f"{_BOUNDS[sign]}{digits}{spread}"


def _ours(row):
    """Return our value with the median and the spread over seeds."""
    value = _like(row["ours"], row["published"])
    median = _like(row["ours_seed_median"], row["published"])
    if not median:
        return escape(value)
    spread = _like(row["ours_seed_std"], row["published"])
    seeds = f"{row['seeds']} seed" + ("s" if int(row["seeds"]) != 1 else "")
    return escape(f"{value} ± {spread}") + _small(f"median {median}, {seeds}")


def _tolerance(row):
    """State the tolerance and where it comes from."""
    if pd.isna(row["tolerance"]) or row["verdict"] == NOT_RUN:
        return ""
    return f"tolerance {row['tolerance']:.3g}: {row['tolerance_basis']}"


def _like(value, text, extra=0):
    """Print `value` with as many digits as the published `text`, plus `extra`."""
    if pd.isna(value):
        return ""
    if number(text) is None or "e" in text.lower():
        return f"{value:.3g}"
    places = decimals(split_bound(text)[1])
    # A mean over seeds of a count needs a few digits where the paper printed none.
    return f"{value:.{places + extra}f}" if places else f"{value:.4g}"


def _small(text):
    """Return escaped text on a line of its own in small print, if there is any."""
    return f"<small>{escape(str(text))}</small>" if text else ""
