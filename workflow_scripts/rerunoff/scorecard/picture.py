"""Where the dots of a paper's picture lie: published numbers against ours."""

import math
from dataclasses import dataclass

import pandas as pd

from rerunoff.numbers.published import number
from rerunoff.numbers.verdicts import UNCONFIRMED
from rerunoff.scorecard.digits import printed, with_minus
from rerunoff.scorecard.words import scale_of

# In the unit of the drawing: the square, and the room for labels left and below.
SIDE, LEFT, BELOW, ABOVE = 150, 40, 20, 8
# So many times the range of the published numbers may ours lie outside of it; beyond,
# a dot stands on the edge, else one bad run would hide all others.
_WIDEST = 2.0
RECOMPUTED = "recomputed"


@dataclass(frozen=True)
class Dot:
    """One number; positions and half the width of the tolerance in the drawing."""

    id: str
    title: str
    kind: str  # its verdict, or `recomputed`
    x: float
    y: float
    allowed: float
    beyond: bool  # whether ours lies outside the panel


@dataclass(frozen=True)
class Panel:
    """The numbers of one scale, with marks (position, text) on both axes."""

    title: str
    dots: list
    marks: list


def panels_of(rows):
    """Lay out one panel per scale.

    Parameters
    ----------
    rows : list of dict
        Of one paper, as from `compare`, with `name`. A number without one of ours is
        drawn with the value recomputed from the authors' files, or not at all.

    Returns
    -------
    list of Panel
        The one with most dots first.
    """
    scales = {}
    for row in rows:
        if row["verdict"] != UNCONFIRMED and not pd.isna(_drawn(row)):
            scales.setdefault(scale_of(row), []).append(row)
    panels = [_panel(title, members) for title, members in scales.items()]
    return sorted(panels, key=lambda panel: -len(panel.dots))


def _drawn(row):
    """Return the value that stands against the published one."""
    return row["recomputed"] if pd.isna(row["ours"]) else row["ours"]


def _panel(title, rows):
    """Lay out the numbers of one scale on two axes of the same range."""
    low, high = _range(rows)
    length = high - low

    def along(value):
        return SIDE * (min(max(value, low), high) - low) / length

    dots = []
    for row in rows:
        value, allowed = _drawn(row), row["tolerance"]
        width = 0.0 if pd.isna(allowed) else min(allowed / length, 1) * SIDE
        place = (along(number(row["published"])), SIDE - along(value), width)
        kind = RECOMPUTED if pd.isna(row["ours"]) else row["verdict"]
        outside = not low <= value <= high
        dots.append(Dot(row["id"], _title(row), kind, *place, outside))
    marks = [(along(tick), with_minus(f"{tick:.6g}")) for tick in _ticks(low, high)]
    return Panel(title, dots, marks)


def _range(rows):
    """Return the range of both axes."""
    published = [number(row["published"]) for row in rows]
    low, high = min(published), max(published)
    allowed = [row["tolerance"] for row in rows if row["tolerance"] > 0]
    span = max(high - low, 0.02 * max(abs(low), abs(high)), 4 * min(allowed, default=0))
    span = span or 1.0
    ours = [_drawn(row) for row in rows]
    low = min(low, max(min(ours), low - _WIDEST * span))
    high = max(high, min(max(ours), high + _WIDEST * span))
    margin = max(0.06 * (high - low), (span - high + low) / 2)
    # What cannot be negative, such as a count, gets no axis that is.
    margin_below = min(margin, low + 0.06 * (high + margin)) if low > 0 else margin
    return low - margin_below, high + margin


def _ticks(low, high):
    """Return two to five round numbers within a range."""
    power = 10.0 ** math.floor(math.log10(high - low))
    step = next(s for s in (5, 2, 1, 0.5) if (high - low) / (s * power) >= 2) * power
    first, last = math.ceil(low / step), math.floor(high / step)
    return [n * step for n in range(first, last + 1)]


def _title(row):
    """Return what hovering shows."""
    text = f"{row['name']}\npublished {printed(row['published'])}"
    if not pd.isna(row["tolerance"]):
        text += with_minus(f" ± {row['tolerance']:.3g} (tolerance)")
    whose = "recomputed" if pd.isna(row["ours"]) else "ours"
    text += with_minus(f", {whose} {_drawn(row):.6g}")
    return f"{text}\n{row['verdict']}\n{row['id']}"
