"""The scorecards of all papers as one self-contained HTML page."""

from html import escape

import pandas as pd

from rerunoff.scorecard.compare import (
    DEVIATES,
    DIFFERS,
    EXACT,
    NOT_COMPARABLE,
    NOT_RUN,
    PAPER_DATASET,
    REPRODUCED,
    VERDICTS,
)
from rerunoff.scorecard.published import PERFORMANCE, decimals, number

_CLASSES = {
    REPRODUCED: "reproduced",
    DEVIATES: "deviates",
    NOT_COMPARABLE: "incomparable",
    NOT_RUN: "notrun",
}
_MEANINGS = {
    REPRODUCED: "ours lies within the tolerance of the published number",
    DEVIATES: "ours lies outside the tolerance",
    NOT_COMPARABLE: "ours comes from other data, settings or basins",
    NOT_RUN: "there is no number of ours",
}
_MEMBERS = {
    "seeds_mean": "mean over seeds",
    "seeds_std": "standard deviation over seeds",
    "ensemble": "ensemble",
}
_STATISTICS = {
    "failures_le0": "basins with {} ≤ 0",
    "failures_lt0": "basins with {} < 0",
}
_HEADINGS = ("Number", "Published", "Ours", "Verdict", "Recomputed from authors’ file")
# Text on these backgrounds has a contrast of at least 5:1. Blue, orange, purple and
# grey stay apart in the common colour deficiencies; the word is always there too.
_STYLE = """
*{box-sizing:border-box}
body{margin:0 auto;max-width:75rem;padding:1rem;color:#1a1a1a;background:#fff;
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
h1{font-size:1.6rem;line-height:1.2;margin:.5rem 0}
h2{font-size:1.25rem;margin:2rem 0 .5rem;border-bottom:2px solid #1a1a1a}
.note{border:3px solid #b34700;background:#fff3e6;padding:.75rem 1rem;
font-weight:600;margin:1rem 0}
.counts{display:flex;flex-wrap:wrap;gap:.5rem;padding:0;margin:1rem 0;list-style:none}
.counts li{padding:.3rem .7rem;color:#fff;border-radius:.25rem}
.counts b{font-size:1.25rem;margin-right:.35rem}
.reproduced{background:#005a94}.deviates{background:#b34700}
.incomparable{background:#7d3f74}.notrun{background:#5c5c5c}
.badge{color:#fff;padding:.1rem .45rem;border-radius:.25rem;white-space:nowrap;
font-size:.875rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem}
dt{font-weight:600}dd{margin:0}
details{margin:.5rem 0}
summary{cursor:pointer;padding:.5rem 0;font-weight:600}
summary span{font-weight:400;color:#4d4d4d}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;min-width:52rem;table-layout:fixed}
th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;
border-bottom:1px solid #d0d0d0;overflow-wrap:break-word}
th{border-bottom:2px solid #808080;font-size:.875rem}
td{font-variant-numeric:tabular-nums}
th:first-child{width:29%}th:nth-child(2),th:nth-child(3){width:19%}
th:nth-child(4){width:19%}
@media(max-width:40rem){table{min-width:44rem;font-size:.9375rem}
th:first-child{width:26%}th,td{padding:.4rem}}
small{display:block;color:#4d4d4d;font-size:.8125rem}
label{font-weight:600}select{font:inherit;padding:.3rem;margin-left:.5rem}
"""
_OPTIONS = "".join(f"<option>{verdict}</option>" for verdict in VERDICTS)
_FILTER = (
    '<p id="filter" hidden><label>Show<select><option value="">everything</option>'
    f"{_OPTIONS}</select></label></p>"
)
# Without JavaScript the filter stays hidden and every row stays visible.
_SCRIPT = """
const box=document.getElementById("filter"),pick=box.querySelector("select");
box.hidden=false;
pick.onchange=()=>document.querySelectorAll(".group").forEach(group=>{
let shown=0;
group.querySelectorAll("tr[data-verdict]").forEach(row=>{
row.hidden=Boolean(pick.value)&&row.dataset.verdict!==pick.value;
shown+=row.hidden?0:1;});
group.hidden=!shown;
if(pick.value)group.open=shown>0;});
"""


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
    body += [_note(context["dataset"]), _counts(tables), _legend(tables), _FILTER]
    for paper, table in scorecards.items():
        body.append(f"<h2>{escape(titles.get(paper, paper))}</h2>")
        if len(scorecards) > 1:
            body.append(_counts([table]))
        for location, group in table.groupby("location", sort=False):
            body.append(_group(location, group))
    body.append(_small(" · ".join(filter(None, map(context.get, ("version", "made"))))))
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Scorecard</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(part for part in body if part)
        + f"\n<script>{_SCRIPT}</script>\n</body>\n</html>\n"
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


def _legend(tables):
    """Explain the verdicts and the recomputed column."""
    terms = [f"<dt>{verdict}</dt><dd>{_MEANINGS[verdict]}</dd>" for verdict in VERDICTS]
    found = pd.concat(
        [table["recomputed_verdict"] for table in tables] or [pd.Series()]
    )
    exact, differs = int((found == EXACT).sum()), int((found == DIFFERS).sum())
    recomputed = (
        f"{exact + differs} numbers could be recomputed from the authors’ own "
        f"per-basin values: {exact} agree in every printed digit, {differs} differ. "
        "The authors’ values are known to six decimals, so a last digit may differ "
        "by that rounding alone."
    )
    return (
        f"<details><summary>What the words mean</summary><dl>{''.join(terms)}</dl>"
        f"<p>{recomputed}</p></details>"
    )


def _group(location, rows):
    """Return the rows of one published table or figure, folded if none was run."""
    counts = rows["verdict"].value_counts()
    tally = ", ".join(f"{counts[word]} {word}" for word in VERDICTS if word in counts)
    opened = " open" if set(rows["verdict"]) != {NOT_RUN} else ""
    heads = "".join(f'<th scope="col">{heading}</th>' for heading in _HEADINGS)
    lines = "\n".join(_row(row) for row in rows.to_dict("records"))
    return (
        f'<details class="group"{opened}><summary>{escape(location)} '
        f"<span>({escape(tally)})</span></summary>"
        '<div class="scroll" tabindex="0"><table>'
        f"<thead><tr>{heads}</tr>"
        f"</thead><tbody>\n{lines}\n</tbody></table></div></details>"
    )


def _row(row):
    """Return one published number as a table row."""
    verdict = row["verdict"]
    badge = f'<span class="badge {_CLASSES[verdict]}">{escape(verdict)}</span>'
    cells = [
        escape(_what(row)) + _small(f"{row['certainty']}: {row['source']}"),
        escape(row["published"])
        + (f" ± {escape(row['published_spread'])}" if row["published_spread"] else "")
        + _small(_tolerance(row)),
        _ours(row),
        badge + _small(row["reason"]),
        escape(_like(row["recomputed"], row["published"], extra=2))
        + _small(row["recomputed_verdict"]),
    ]
    tds = "".join(f"<td>{cell}</td>" for cell in cells)
    return f'<tr id="{escape(row["id"])}" data-verdict="{escape(verdict)}">{tds}</tr>'


def _what(row):
    """Describe a number in words."""
    named = row["metric"] and row["statistic"]
    words = []
    if named:
        pattern = _STATISTICS.get(row["statistic"], f"{row['statistic']} {{}}")
        words.append(pattern.format(row["metric"]))
    if row["quantity"] == PERFORMANCE:
        words.insert(0, row["experiment"])
        words.append(_MEMBERS.get(row["members"], row["members"]))
    elif row["metric"] and not named:
        words.append(row["metric"])
    if row["description"]:
        words.insert(0, row["description"])
    return ", ".join(words)


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
    places = decimals(text)
    # A mean over seeds of a count needs a few digits where the paper printed none.
    return f"{value:.{places + extra}f}" if places else f"{value:.4g}"


def _small(text):
    """Return escaped text on a line of its own in small print, if there is any."""
    return f"<small>{escape(str(text))}</small>" if text else ""
