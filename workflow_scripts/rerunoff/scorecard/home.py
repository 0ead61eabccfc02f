"""The first page of Snakemake's report: verdicts, and what made the results."""

import csv
import re
from collections import Counter
from pathlib import Path

from rerunoff.numbers.verdicts import VERDICTS
from rerunoff.provenance import read_calls

_LETTERS = 10  # of a commit or a digest
_CALLS = 4  # the report cuts what is higher than the window
_FACTS = ("commit", "configuration", "data")


def verdicts_table(scorecards):
    """Count the verdicts on each paper's published numbers.

    Parameters
    ----------
    scorecards : dict of str to str or Path
        Paper to its scorecard; one that this run does not make is left out.

    Returns
    -------
    str
        reStructuredText: a table, a row per paper, a column per verdict; empty without
        a scorecard.
    """
    counts = {}
    for paper, path in scorecards.items():
        if Path(path).is_file():
            with open(path, encoding="utf-8", newline="") as file:
                counts[paper] = Counter(row["verdict"] for row in csv.DictReader(file))
    if not counts:
        return ""
    known = set().union(*counts.values())
    # Any other, of a scorecard of another version, stands behind.
    verdicts = [v for v in VERDICTS if v in known] + sorted(known.difference(VERDICTS))
    rows = [[paper, *(found[v] for v in verdicts)] for paper, found in counts.items()]
    return _table("Published numbers, by verdict", ["paper", *verdicts], rows)


def calls_table(path):
    """List the calls of the workflow that made the results, from `add_call`.

    Returns
    -------
    str
        reStructuredText: a table of the last calls, the last one first; empty without
        any.
    """
    calls = list(reversed(read_calls(path)))
    rows = [
        [
            call["last"],
            *(_short(call[name]) for name in _FACTS),
            sum(call["jobs"].values()),
        ]
        for call in calls[:_CALLS]
    ]
    if not rows:
        return ""
    table = _table("What made these results", ["until (UTC)", *_FACTS, "jobs"], rows)
    found = calls[0]["versions"].items()
    last = _plain(", ".join(f"{name} {number}" for name, number in found))
    older = len(calls) - len(rows)
    more = f" {older} older ones are in ``{path}``." * bool(older)
    where = f" On {_plain(calls[0]['machine'])}." if "machine" in calls[0] else ""
    return f"{table}\n\nVersions of the first line: {last}.{where}{more}"


def _short(name):
    """Return the first letters of a commit or digest, and whether code was changed."""
    if name is None:
        return "not known"
    first, *changes = name.split(maxsplit=1)
    return " ".join([first[:_LETTERS], *changes])


def _plain(value):
    """Return a value as words of reStructuredText that mean nothing but themselves.

    A directive could take in any file, or HTML as it is; an address would be a link.
    """
    return re.sub(r"[^\w\s+,.-]|_|^\W", r"\\\g<0>", " ".join(str(value).split()))


def _table(title, header, rows):
    """Return a table in reStructuredText."""
    lines = [
        ", ".join('"{}"'.format(_plain(cell).replace('"', '""')) for cell in row)
        for row in [header, *rows]
    ]
    body = "\n".join(f"   {line}" for line in lines)
    return f".. csv-table:: {title}\n   :header-rows: 1\n\n{body}"
