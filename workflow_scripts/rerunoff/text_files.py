"""Text that others may have made or damaged, checked before pandas reads it.

pandas takes what a careful reader would not: it cuts a text at a NUL, ends a line at a
lone carriage return, lets a quote swallow lines, fills short rows and renames a column
that is there twice. Here such a file ends with its line.
"""

import collections
import csv
import re

from rerunoff.errors import InputError

DAMAGED = "the file is damaged or truncated, download it again"
_CONTROLS = bytes({*range(32), 127} - {*b"\t\n\r"})
_STRAY = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)


def is_number(field):
    """Tell whether a field is a finite decimal number, and nothing else is."""
    return bool(_NUMBER.fullmatch(field)) and abs(float(field)) < float("inf")


def check_characters(path, content, again=DAMAGED, ascii_only=False):
    """Refuse bytes that no table has: control characters, a carriage return alone.

    Parameters
    ----------
    path : str or Path
        Named in the message.
    content : bytes
    again : str
        The remedy.
    ascii_only : bool
        Whether letters beyond ASCII are refused as well.

    Raises
    ------
    InputError
        With the line of the first.
    """
    plain = len(content.translate(None, _CONTROLS)) == len(content)
    plain &= content.count(b"\r") == content.count(b"\r\n")
    if plain and (content.isascii() or not ascii_only):
        return
    places = [match.start() for match in [_STRAY.search(content)] if match]
    if ascii_only and not content.isascii():
        places.append(re.search(rb"[\x80-\xff]", content).start())
    place = min(places)
    line = content.count(b"\n", 0, place) + 1
    fault = f"the byte 0x{content[place]:02x} belongs into no such table"
    raise InputError(f"{path}, line {line}: {fault}; {again}.")


def check_names(path, line, names, again=DAMAGED):
    """Raise `InputError` if a column is there twice or has no name."""
    # The first may be the index of a table of pandas.
    if "" in names[1:]:
        raise InputError(f"{path}, line {line}: a column without a name; {again}.")
    for name, times in collections.Counter(names).items():
        if times > 1:
            fault = f"column {name!r} is there {times} times"
            raise InputError(f"{path}, line {line}: {fault}; {again}.")


def rows_of(path, text, separator, again=DAMAGED):
    """Return the rows of a table, which has a header and one separator between fields.

    Parameters
    ----------
    path : str or Path
        Named in messages.
    text : str
        Not empty.
    separator : str
        One character; in quotes it separates nothing.
    again : str
        The remedy.

    Yields
    ------
    list of str
        The fields of each line, the header's first.

    Raises
    ------
    InputError
        On an empty line before the last row, a row of another length than the header,
        a quote that opens or closes nothing, or a name that is there twice.
    """
    # pandas would drop it, after the names were looked at.
    if text.startswith("\ufeff"):
        raise InputError(f"{path}, line 1: a second byte order mark; {again}.")
    expected = None
    for number, line in enumerate(text.rstrip().split("\n"), start=1):
        here = f"{path}, line {number}"
        if not line.strip():
            raise InputError(f"{here}: the line is empty; remove it, or {again}.")
        row = _fields(line, separator, here, again)
        if expected is None:
            check_names(path, number, row, again)
            expected = len(row)
        if len(row) != expected:
            counted = f"{len(row)} fields instead of {expected}"
            raise InputError(f"{here}: {counted}; {again}.")
        yield row


def _fields(line, separator, here, again):
    if '"' not in line:
        return line.removesuffix("\r").split(separator)
    try:
        return next(csv.reader([line], delimiter=separator, strict=True))
    except csv.Error as error:
        fault = "a quotation mark opens or closes nothing"
        raise InputError(f"{here}: {fault}; {again}.") from error
