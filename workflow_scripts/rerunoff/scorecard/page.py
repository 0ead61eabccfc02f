"""The scorecards of all papers as one self-contained HTML page."""

from pathlib import Path

import jinja2
import pandas as pd

from rerunoff.numbers.count import PAPER_DATASET
from rerunoff.numbers.published import RECOMPUTED, number
from rerunoff.numbers.verdicts import (
    DEVIATES,
    NOT_COMPARABLE,
    NOT_RUN,
    REPRODUCED,
    TO_COME,
    UNCONFIRMED,
    VERDICTS,
)
from rerunoff.scorecard import picture
from rerunoff.scorecard.digits import (
    aligned,
    fixed,
    places_of,
    places_to_show,
    printed,
    with_minus,
)
from rerunoff.scorecard.links import behind, shown_in
from rerunoff.scorecard.summary import summary_of
from rerunoff.scorecard.words import KEYED, name_of, scale_of

TEMPLATE = "page.html.j2"
# Verdict to its class in the template.
CLASSES = {
    REPRODUCED: "reproduced",
    DEVIATES: "deviates",
    NOT_COMPARABLE: "incomparable",
    NOT_RUN: "notrun",
    TO_COME: "tocome",
    UNCONFIRMED: "unconfirmed",
}
_MEANINGS = {
    REPRODUCED: "ours lies within the tolerance of the published number",
    DEVIATES: "ours lies outside the tolerance",
    NOT_COMPARABLE: "ours comes from other data, settings or basins",
    NOT_RUN: "there is no number of ours",
    TO_COME: "the analysis is not part of this workflow yet",
    UNCONFIRMED: "no published number could be confirmed; ours stands alone",
}
# A section with so few rows, ours among them, is not folded.
_FEW = 12
# Columns of numbers, in the order of the page.
_NUMBERS = ("published", "tolerance", "ours", "recomputed")


def render(scorecards, papers, context):
    """Write the page.

    Parameters
    ----------
    scorecards : dict of str to DataFrame
        By paper, with the columns of `compare`.
    papers : dict of str to dict
        By paper: `title`, `doi`, `experiments` (titles by name), `replayed` (whether
        tables and figures show the authors' statistics), `authors_weights` (whether
        networks are the authors'), and the files of `shown_in`, relative to the folder
        that the workflow runs in.
    context : dict
        `dataset` (other data than `camels_us` are announced), `folder` (of the page,
        relative as the files), `made` (texts, shown at the foot).

    Returns
    -------
    str
        A complete HTML document without external resources; every text from the
        arguments is escaped.
    """
    shown = [
        _paper(paper, table, papers[paper], context["folder"])
        for paper, table in scorecards.items()
    ]
    return _template().render(
        papers=shown,
        dataset=context["dataset"],
        paper_dataset=PAPER_DATASET,
        foot=context["made"],
        verdicts=[
            (verdict, CLASSES[verdict], _MEANINGS[verdict]) for verdict in VERDICTS
        ],
        classes=CLASSES | {picture.RECOMPUTED: "recomputed"},
        picture=picture,
    )


def _template():
    """Return the template; it escapes, and a name that it lacks is an error."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(TEMPLATE)


class _Notes:
    """The footnotes of a paper; each text has one number."""

    def __init__(self):
        self.texts = {}

    def __call__(self, *texts):
        """Return number and text of each note that is not empty."""
        known = self.texts
        return [
            (known.setdefault(text, len(known) + 1), text) for text in texts if text
        ]


def _paper(paper, table, about, folder):
    """Return what the template shows of a paper."""
    notes, rows = _Notes(), table.to_dict("records")
    for order, row in enumerate(rows):
        row["order"] = order
        row["name"] = name_of(row, about["experiments"])
        row["links"] = behind(row, about, folder)
    sections = {}
    # A stable sort: what could not be confirmed stands last, else the paper's order.
    for row in sorted(rows, key=lambda row: row["verdict"] == UNCONFIRMED):
        place = row["location"], row["verdict"] == UNCONFIRMED
        sections.setdefault(place, []).append(row)
    shown = [
        _section(f"{paper}-{n}", place, members, notes)
        | {"shown": shown_in(members, about, folder)}
        for n, (place, members) in enumerate(sections.items(), start=1)
    ]
    panels = picture.panels_of(rows)
    return {
        "key": paper,
        "title": about["title"],
        "doi": about["doi"],
        "replayed": about["replayed"],
        "authors_weights": about["authors_weights"],
        "counts": _counts(rows),
        "summary": summary_of(rows, about["replayed"]),
        "panels": panels,
        "undrawn": len(rows) - sum(len(panel.dots) for panel in panels),
        "sections": shown,
        "notes": notes.texts,
    }


def _counts(rows):
    """Return verdict, class and number of rows, without those that none has."""
    found = [row["verdict"] for row in rows]
    counted = [
        (verdict, CLASSES[verdict], found.count(verdict)) for verdict in VERDICTS
    ]
    return [count for count in counted if count[2]]


def _section(name, place, rows, notes):
    """Return what the template shows of a table or figure of a paper."""
    location, unconfirmed = place
    title = location
    if unconfirmed and "confirm" not in location:
        title += ": not confirmed"
    _print_numbers(rows)
    judged = {REPRODUCED, DEVIATES} & {row["verdict"] for row in rows}
    known = any(not pd.isna(row["recomputed"]) for row in rows)
    ours = any(not pd.isna(row["ours"]) for row in rows)
    short = ours and len(rows) <= _FEW
    return {
        "id": name,
        "title": title,
        "counts": _counts(rows),
        "opened": not unconfirmed and bool(judged or known or short),
        "headings": _headings(rows),
        "rows": [_row(row, notes) for row in rows],
    }


def _headings(rows):
    """Return key and heading of each column in which a row has something."""
    computed = {row["certainty"].startswith(RECOMPUTED) for row in rows}
    published = "Published"
    if computed == {True}:
        published = "Not printed: from authors’ files"
    elif True in computed:
        published = "Published, or (italics) from authors’ files"
    again = "Computed again from these" if True in computed else "From authors’ files"
    headings = {
        "name": "Number",
        "published": published,
        "tolerance": "Tolerance",
        "ours": "Ours",
        "recomputed": again,
        "verdict": "Verdict",
        "files": "Files",
    }
    filled = {key for row in rows for key in _NUMBERS if row["text"][key]}
    filled |= {"name", "published", "verdict"}
    filled |= {"files"} if any(row["links"] for row in rows) else set()
    return {key: text for key, text in headings.items() if key in filled}


def _print_numbers(rows):
    """Add the numbers as text, under `text`: equal digits within a scale."""
    scales = {}
    for row in rows:
        scales.setdefault(scale_of(row), []).append(row)
    for members in scales.values():
        places = places_of(members)
        finer = max(places or 1, places_to_show(row["tolerance"] for row in members))
        if finer > places + 1:
            places = (
                finer  # words, such as "almost zero", were printed without decimals
            )
        elif not places and any(row["ours"] % 1 for row in members):
            places = 1  # a mean over seeds of a whole number
        for row in members:
            row["text"] = {
                "published": printed(row["published"]),
                # Without a number of ours there is nothing to be tolerated.
                "tolerance": fixed(
                    row["tolerance"] if row["ours"] == row["ours"] else None, finer
                ),
                "ours": fixed(row["ours"], places),
                # Two digits more show by how little a recomputed value may differ.
                "recomputed": fixed(row["recomputed"], places + 2),
                "spread": fixed(row["ours_seed_std"], places),
                "median": fixed(row["ours_seed_median"], places),
            }
    for column in _NUMBERS:
        filled = aligned([row["text"][column] for row in rows])
        for row, text in zip(rows, filled, strict=True):
            row["text"][column] = text


def _row(row, notes):
    """Return what the template shows of a number."""
    verdict, text = row["verdict"], row["text"]
    computed = row["certainty"].startswith(RECOMPUTED)
    described = row["description"] if row["quantity"] in KEYED else ""
    deviates = verdict == DEVIATES
    basis = "" if pd.isna(row["ours"]) else row["tolerance_basis"]
    return {
        "id": row["id"],
        "name": row["name"],
        "text": text,
        "computed": computed,
        "spread": with_minus(row["published_spread"]),
        "seeds": _seeds(row),
        "verdict": verdict,
        "class": CLASSES[verdict],
        "off": with_minus(row["reason"].partition(", tolerance")[0])
        if deviates
        else "",
        "agreement": row["recomputed_verdict"],
        "links": row["links"],
        "notes": {
            "published": notes(f"{row['certainty']}: {row['source']}", described),
            "tolerance": notes(basis),
            "verdict": notes("" if deviates else row["reason"]),
        },
        "sort": _sort_keys(row),
    }


def _seeds(row):
    """Return spread, median and number of our seeds in words; one has no spread."""
    if pd.isna(row["seeds"]) or pd.isna(row["ours"]):
        return ""
    if row["seeds"] == 1:
        return "1 seed"
    spread, median = row["text"]["spread"], row["text"]["median"]
    words = f"± {spread}, median {median}, " if median else ""
    return f"{words}{row['seeds']} seeds"


def _sort_keys(row):
    """Return the values that the page sorts rows by; None where there is none."""
    published, ours = number(row["published"]), row["ours"]
    distance = None
    if published is not None and row["tolerance"] and not pd.isna(ours):
        distance = abs(ours - published) / row["tolerance"]
    return {
        "order": row["order"],
        "name": row["name"],
        "published": published,
        "ours": None if pd.isna(ours) else ours,
        "off": None if distance is None or pd.isna(distance) else distance,
        "verdict": VERDICTS.index(row["verdict"]),
    }
