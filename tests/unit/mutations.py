"""Damage to files, drawn by hypothesis, and readers of the tests' own to compare with.

A property is: whatever is done to a file, the package's reader gives exactly what a
careful reader gives, or ends in one sentence that names the file. `careful_*` share no
code with the package.
"""

import csv
import os
import re
from random import Random

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from rerunoff.errors import InputError

# The same files each time; `make fuzz` tries many more.
settings.register_profile(
    "same",
    derandomize=True,
    max_examples=int(os.environ.get("RERUNOFF_EXAMPLES", "150")),
    deadline=None,
    database=None,
    suppress_health_check=[*HealthCheck],
)
settings.load_profile("same")

# What may stand in a field instead of what did.
ODD = (
    *(
        "",
        "-",
        "abc",
        "True",
        "NA",
        "null",
        "None",
        "nan",
        "inf",
        "-inf",
        "$",
        "'",
        '"',
    ),
    *('"x', 'x"y', '"a b"', "0", "-0", "00", "+1", ".5", "5.", "1e5", "1E5", "1e400"),
    *("1e39", "1e-400", "1d3", "0x10", "1_000", "1,5", "1;5", "1.5.2", "--1", "10.5"),
    *("-999", "-999.00", "-9999", "99999", "9996", "9" * 40, "2000", "12", "31", "-1"),
    *("²", "１２", "\xa0", "é", "\x00", "\x14", "\x0c", "\x1f", "\u2028", "\ufeff"),
    *("M", "A", "A:e", "X", "1 2", "1\t2", "#", "//", "1e20", "9.96921e36"),
)
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
MISSING = {"", "nan", "NaN", "NA", "null", "None", "N/A", "n/a", "NULL", "<NA>", "-nan"}


class CarelessError(Exception):
    """A careful reader takes no such file."""


def lines_of(content):
    return content.split(b"\n")


def at(values, chance):
    return chance.randrange(len(values)) if values else 0


def _cut(content, chance, _):
    return content[: at(content, chance)]


def _drop_line(content, chance, _):
    lines = lines_of(content)
    del lines[at(lines, chance)]
    return b"\n".join(lines)


def _again(content, chance, _):
    lines = lines_of(content)
    place = at(lines, chance)
    return b"\n".join([*lines[: place + 1], *lines[place:]])


def _swap_lines(content, chance, _):
    lines = lines_of(content)
    one, two = at(lines, chance), at(lines, chance)
    lines[one], lines[two] = lines[two], lines[one]
    return b"\n".join(lines)


def _blank_line(content, chance, _):
    lines = lines_of(content)
    lines.insert(at(lines, chance), chance.choice([b"", b" ", b"\t"]))
    return b"\n".join(lines)


def _fields(line, separator):
    return re.split(rb"[ \t]+", line) if separator == b" " else line.split(separator)


def _in_line(change):
    def mutate(content, chance, separator):
        lines = lines_of(content)
        # Headers are few among the lines, and worth as much as all others.
        place = chance.choice([0, at(lines, chance), min(3, len(lines) - 1)])
        fields = _fields(lines[place], separator)
        lines[place] = separator.join(change(fields, chance))
        return b"\n".join(lines)

    return mutate


def _odd(fields, chance):
    fields[at(fields, chance)] = chance.choice(ODD).encode()
    return fields


def _swap(fields, chance):
    one, two = at(fields, chance), at(fields, chance)
    fields[one], fields[two] = fields[two], fields[one]
    return fields


def _copy(fields, chance):
    fields[at(fields, chance)] = fields[at(fields, chance)]
    return fields


def _shorter(fields, chance):
    del fields[at(fields, chance)]
    return fields


def _longer(fields, chance):
    return [*fields, chance.choice(ODD).encode()]


def _separator(content, chance, separator):
    """Put something else between two fields, or beside what is there."""
    lines = lines_of(content)
    place = at(lines, chance)
    fields = _fields(lines[place], separator)
    odd = chance.choice(
        [b"\x00", b"\x14", b"\x1f", b"\x0b", b"\r", b" ", b"\t", b",", b";"]
    )
    odd = chance.choice([odd, odd + separator])
    cut = at(fields, chance)
    ends = [separator.join(fields[:cut]), separator.join(fields[cut:])]
    lines[place] = odd.join(ends)
    return b"\n".join(lines)


def _name_twice(content, chance, separator):
    """Name one column as another; the header is the first line or the fourth."""
    lines = lines_of(content)
    place = chance.choice([0, min(3, len(lines) - 1)])
    lines[place] = separator.join(_copy(_fields(lines[place], separator), chance))
    return b"\n".join(lines)


def _column(content, chance, separator):
    name = chance.choice([b"7", b"x", b"prcp", b""])
    return re.sub(rb"\n", separator + name + b"\n", content)


def _byte(content, chance, _):
    place, new = at(content, chance), bytes([chance.randrange(256)])
    return content[:place] + new + content[place + chance.randrange(2) :]


def _without_byte(content, chance, _):
    place = at(content, chance)
    return content[:place] + content[place + 1 :]


def _flip(content, chance, _):
    if not content:
        return content
    damaged = bytearray(content)
    damaged[at(content, chance)] ^= 1 << chance.randrange(8)
    return bytes(damaged)


def _recode(content, chance, _):
    text = content.decode("utf-8", errors="replace")
    return text.encode(chance.choice(["utf-16", "utf-16-le", "utf-32", "utf-7"]))


TEXT = {
    "cut": _cut,
    "line dropped": _drop_line,
    "line twice": _again,
    "lines swapped": _swap_lines,
    "empty line": _blank_line,
    "odd field": _in_line(_odd),
    "odder field": _in_line(_odd),
    "fields swapped": _in_line(_swap),
    "field copied": _in_line(_copy),
    "name twice": _name_twice,
    "separator": _separator,
    "field lost": _in_line(_shorter),
    "field more": _in_line(_longer),
    "column more": _column,
    "byte changed": _byte,
    "byte lost": _without_byte,
    "bit flipped": _flip,
    "CRLF": lambda content, *_: content.replace(b"\n", b"\r\n"),
    "CR": lambda content, *_: content.replace(b"\n", b"\r"),
    "BOM": lambda content, *_: b"\xef\xbb\xbf" + content,
    "encoded": _recode,
    "emptied": lambda *_: b"",
    "binary": lambda content, chance, _: chance.randbytes(len(content)),
    "end lost": lambda content, *_: content.rstrip(),
}
BINARY = {name: TEXT[name] for name in ("cut", "byte changed", "byte lost")}
BINARY |= {name: TEXT[name] for name in ("bit flipped", "emptied", "binary")}


def damage(kinds=tuple(TEXT), most=3):
    """Return a strategy of what `damaged` does."""
    one = st.tuples(st.sampled_from(kinds), st.integers(0, 2**32 - 1))
    return st.lists(one, min_size=1, max_size=most)


def damaged(content, steps, separator=b" "):
    """Do what was drawn to the content (bytes) of a file."""
    for name, seed in steps:
        content = TEXT[name](content, Random(seed), separator)
    return content


def outcome(path, function, *arguments):
    """Return what a reader gives; None if it ends in a sentence that names the file."""
    try:
        return function(*arguments)
    except InputError as error:
        message = str(error)
    assert str(path) in message
    assert "\n" not in message
    assert message.endswith(".")
    return None


def careful_lines(content, encoding="utf-8-sig"):
    """Return the lines of a text without control characters, the last one whole."""
    try:
        text = content.decode(encoding).lstrip("\ufeff").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise CarelessError("no text") from error
    if re.search(r"[\x00-\x08\x0b-\x1f\x7f]", text):
        raise CarelessError("control characters")
    return text.rstrip().split("\n") if text.strip() else []


def careful_rows(content, separator):
    """Return header and rows of a table with a separator."""
    if not content.endswith(b"\n"):
        raise CarelessError("cut")
    try:
        read = csv.reader(careful_lines(content), delimiter=separator, strict=True)
        header, *rows = list(read) or [[]]
    except csv.Error as error:
        raise CarelessError("quotes") from error
    if len(set(header)) < len(header) or not header or "" in header[1:]:
        raise CarelessError("header")
    if any(len(row) != len(header) for row in rows):
        raise CarelessError("ragged")
    return header, rows


def careful_number(field, missing=False):
    """Return a field as a number; NaN for one that is missing."""
    if missing and field.strip() in MISSING:
        return float("nan")
    if not NUMBER.fullmatch(field.strip(" \t")):
        raise CarelessError(field)
    return float(field)
