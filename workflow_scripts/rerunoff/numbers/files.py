"""Files of numbers: `results/numbers/<paper>/<what>.csv`.

Each row is one number of ours with the key of the published numbers. Whoever writes
such a file fills the rows of the scorecard that have these keys.
"""

from dataclasses import dataclass

import pandas as pd

from rerunoff.errors import InputError
from rerunoff.tables import read_checked, write_table
from rerunoff.text_files import is_number

KEY = ("quantity", "experiment", "basins", "members", "metric", "statistic")
_OTHERS = ("value", "seed_median", "seed_std", "seeds", "why_not", "incomplete")


@dataclass(frozen=True)
class Number:
    """A number of ours; a part is None where it cannot be had."""

    value: float | None = None
    seed_median: float | None = None
    seed_std: float | None = None
    seeds: int = 0
    why_not: str = ""  # why there is no value at all
    incomplete: str = ""  # what is missing from the key's basin set


def key_of(row):
    """Return the key of a row, as tuple."""
    return tuple(row[name] for name in KEY)


def write_numbers(rows, path):
    """Write numbers.

    Parameters
    ----------
    rows : sequence of dict
        Each with `KEY`, and the fields of `Number` that differ from their defaults.
    path : str or Path
    """
    write_table(pd.DataFrame(rows, columns=[*KEY, *_OTHERS]), path)


def read_numbers(paths):
    """Read files of numbers.

    Parameters
    ----------
    paths : sequence of str or Path
        Comma-separated, with the columns `KEY` and `value`; the other fields of
        `Number` may be missing.

    Returns
    -------
    dict of tuple to Number
        By key.

    Raises
    ------
    InputError
        If a file cannot be read or lacks a column, a number is none, a key occurs
        twice, or there is neither a value nor a reason why not.
    """
    numbers, origins = {}, {}
    for path in paths:
        options = {"dtype": str, "keep_default_na": False}
        table = read_checked(path, "numbers", **options)
        for name in (*KEY, "value"):
            if name not in table:
                raise InputError(f"{path}: column {name} is missing; make it again.")
        for line, row in enumerate(table.to_dict("records"), start=2):
            key, place = key_of(row), f"{path}, line {line}"
            if key in numbers:
                raise InputError(
                    f"{place}: the number {' / '.join(key)} is in {origins[key]}, too; "
                    "let one analysis write it."
                )
            numbers[key], origins[key] = _number(row, place), place
    return numbers


def _number(row, place):
    """Return what a row holds."""
    fields = {name: row.get(name, "") for name in _OTHERS}
    for name in ("value", "seed_median", "seed_std", "seeds"):
        if fields[name] and not is_number(fields[name]):
            raise InputError(
                f"{place}: {name} is {fields[name]!r}, which is no number; correct it."
            )
        fields[name] = float(fields[name]) if fields[name] else None
    if fields["value"] is None and not (fields["why_not"] or fields["incomplete"]):
        raise InputError(f"{place}: no value; say in the column why_not why.")
    fields["seeds"] = int(fields["seeds"] or 0)
    return Number(**fields)
