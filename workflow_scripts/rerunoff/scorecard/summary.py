"""A paper's scorecard in a few sentences."""

from rerunoff.numbers.published import RECOMPUTED
from rerunoff.numbers.verdicts import (
    DEVIATES,
    NOT_COMPARABLE,
    NOT_RUN,
    REPRODUCED,
    TO_COME,
    UNCONFIRMED,
)
from rerunoff.scorecard.compare import DIFFERS, EXACT

# Verdict to how it is said of one number and of several.
_SAID = {
    REPRODUCED: ("is reproduced", "are reproduced"),
    DEVIATES: ("deviates", "deviate"),
    NOT_COMPARABLE: ("cannot be compared", "cannot be compared"),
    NOT_RUN: ("was not run", "were not run"),
    TO_COME: (
        "belongs to an analysis that does not exist here yet",
        "belong to analyses that do not exist here yet",
    ),
}


def summary_of(rows, replayed):
    """Sum a paper up.

    Parameters
    ----------
    rows : list of dict
        As from `compare`.
    replayed : bool
        Whether the tables and figures of this run show the authors' statistics.

    Returns
    -------
    list of str
        Sentences: verdicts; what no paper prints; what the authors' files give.
    """
    published = [row for row in rows if row["verdict"] != UNCONFIRMED]
    found = [row["verdict"] for row in published]
    parts = [
        f"{found.count(verdict)} {words[found.count(verdict) > 1]}"
        for verdict, words in _SAID.items()
        if verdict in found
    ]
    plural = "" if len(published) == 1 else "s"
    sentences = [f"Of {len(published)} published number{plural}, {_listed(parts)}."]
    if set(found) == {NOT_RUN}:
        sentences = [f"None of {len(published)} published number{plural} was run here."]
    without = len(rows) - len(published)
    if without:
        sentences.append(f"{without} more could not be confirmed.")
    computed = [row for row in published if row["certainty"].startswith(RECOMPUTED)]
    if computed:
        sentences.append(
            f"{len(computed)} of the {len(published)} are printed nowhere: they were "
            "computed from the authors’ files by basin, when the list was made."
        )
    replay = ["This is a replay of the authors’ statistics."] if replayed else []
    return replay + sentences + _recomputed(published)


def _listed(parts):
    """Join words to a list."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def _recomputed(rows):
    """Say what was computed from the authors' files now, and what that checks."""
    known = [row for row in rows if row["recomputed_verdict"]]
    if not known:
        return []
    circular = [row for row in known if row["certainty"].startswith(RECOMPUTED)]
    others = [row for row in known if not row["certainty"].startswith(RECOMPUTED)]
    sentences = [
        f"From the authors’ files by basin, {len(known)} numbers were computed again, "
        "which checks our arithmetic and not the paper."
    ]
    if circular:
        sentences.append(
            f"{len(circular)} of these come from the very files that they are compared "
            f"with ({_agreement(circular)})."
        )
    if others:
        sentences.append(
            f"{len(others)} were printed by the authors ({_agreement(others)})."
        )
    return sentences


def _agreement(rows):
    """Count the rows that agree in every printed digit, and the others."""
    words = [row["recomputed_verdict"] for row in rows]
    exact, differs = words.count(EXACT), words.count(DIFFERS)
    agree = f"{exact} agree in every digit"
    return f"{agree}, {differs} differ" if differs else agree
