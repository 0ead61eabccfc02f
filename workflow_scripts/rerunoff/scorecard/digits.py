"""Numbers of the page as text: equal digits in a column, and a real minus."""

import math

import pandas as pd

from rerunoff.numbers.published import decimals, number, split_bound

# Spaces as wide as a digit and as a decimal point.
_DIGIT, _POINT = "\u2007", "\u2008"
_BOUNDS = {">=": "≥ ", "<=": "≤ ", "": ""}
_MOST_PLACES = 6
_PLACES_WITHOUT_PRINT = 3


def with_minus(text):
    """Return a number's text with the minus sign in place of the hyphen."""
    return text.replace("-", "−")


def printed(text):
    """Return a published value as it was printed, with its bound; a dash for none."""
    sign, digits = split_bound(text)
    return f"{_BOUNDS[sign]}{with_minus(digits)}" if digits else "—"


def places_of(rows):
    """Return the decimals that our numbers beside these published ones need.

    Parameters
    ----------
    rows : list of dict
        Rows of one kind, as from `compare`.

    Returns
    -------
    int
        The most decimals that any of them was printed with.
    """
    texts = [row["published"] for row in rows if number(row["published"]) is not None]
    plain = [split_bound(text)[1] for text in texts if "e" not in text.lower()]
    if not plain:
        return _PLACES_WITHOUT_PRINT
    return min(max(0, *map(decimals, plain)), _MOST_PLACES)


def places_to_show(values):
    """Return the decimals with which no value but 0 looks like 0, within limits."""
    sizes = [abs(value) for value in values if value and not pd.isna(value)]
    if not sizes:
        return 0
    return min(max(0, -math.floor(math.log10(min(sizes)))), _MOST_PLACES + 1)


def fixed(value, places):
    """Print `value` with so many decimals; what is less than them, as a power of ten.

    Returns
    -------
    str
        Empty for a value that is missing.
    """
    if pd.isna(value):
        return ""
    text = f"{value:.{places}f}"
    if places > _MOST_PLACES and value and not float(text):
        text = f"{value:.0e}"
    # A small negative value is printed as 0 without a sign.
    return with_minus(text if float(text) else text.lstrip("-"))


def aligned(texts):
    """Fill up texts of numbers so that, right-aligned, their points are in line."""
    tails = [len(text.partition(".")[2]) for text in texts]
    longest = max(tails, default=0)
    filled = []
    for text, tail in zip(texts, tails, strict=True):
        point = _POINT if longest and "." not in text else ""
        filled.append(text and text + point + _DIGIT * (longest - tail))
    return filled
