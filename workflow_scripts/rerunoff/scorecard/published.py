"""The published numbers (`config/published/<paper>.csv`) and how they were printed.

Values stay text until they are compared, because the number of printed digits says
how far a value can be trusted.
"""

import math
import re
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

import pandas as pd

from rerunoff.data.basin_lists import read_basin_list
from rerunoff.errors import InputError
from rerunoff.evaluation.summary import STATISTICS

COLUMNS = (
    "id",
    "location",
    "quantity",
    "experiment",
    "basins",
    "members",
    "metric",
    "statistic",
    "value",
    "spread",
    "source",
    "certainty",
    "description",
)
PERFORMANCE = "performance"
DIGITISED = "digitised"
_LAST_DIGIT = "half a unit of the last printed digit"
_ACCURACY = re.compile(r"±\s*(\d*\.?\d+)")
_MEMBERS = re.compile(r"seeds_mean|seeds_std|ensemble|seed\d+")
# A bar too small to see was published as a bound only.
_BOUND = re.compile(r"^[<>]=")


def read_published(path):
    """Read and check the published numbers of one paper.

    Parameters
    ----------
    path : str or Path
        Comma-separated with the columns `COLUMNS`, one published number a row.

    Returns
    -------
    DataFrame
        All cells as text, empty cells as empty text.

    Raises
    ------
    InputError
        Naming the file, the row's id and the column.
    """
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
    except (OSError, ValueError) as error:
        raise InputError(
            f"{path}: cannot be read as a comma-separated table ({error})."
        ) from error
    missing = [column for column in COLUMNS if column not in table]
    if missing:
        raise InputError(
            f"{path}: column {', '.join(missing)} is missing; expected the columns "
            f"{', '.join(COLUMNS)}."
        )
    seen = set()
    for line, row in enumerate(table.to_dict("records"), start=2):
        label = row["id"] or f"at line {line}"
        column, problem = _problem(row, seen)
        if problem:
            raise InputError(f"{path}, row {label}, column {column}: {problem}.")
        seen.add(row["id"])
    return table[list(COLUMNS)]


def _problem(row, seen):
    """Return the column and description of a row's first fault, else two None."""
    for column in ("id", "location", "quantity", "source", "certainty"):
        if not row[column]:
            return column, "is empty; every published number needs one"
    if row["id"] in seen:
        return "id", "occurs twice; give each number its own"
    bounded = _BOUND.match(row["value"]) and row["quantity"] != PERFORMANCE
    value = _BOUND.sub("", row["value"]) if bounded else row["value"]
    if not _is_number(value):
        return "value", f"{row['value']!r} is no number"
    if row["spread"] and not _is_number(row["spread"]):
        return "spread", f"{row['spread']!r} is no number; leave it empty if unknown"
    if row["certainty"] == DIGITISED and reading_accuracy(row) is None:
        return "source", "must state the reading accuracy, such as ±0.01"
    if row["quantity"] == PERFORMANCE:
        return _performance_problem(row)
    return None, None


def _performance_problem(row):
    """Return the first fault of a row that states a model's performance."""
    for column in ("experiment", "basins", "metric"):
        if not row[column]:
            return column, "is empty; a performance number needs one"
    if not _MEMBERS.fullmatch(row["members"]):
        return "members", (
            f"{row['members']!r} is none of seeds_mean, seeds_std, ensemble, seed<n>"
        )
    if row["statistic"] not in STATISTICS:
        return "statistic", f"{row['statistic']!r} is none of {', '.join(STATISTICS)}"
    return None, None


def _is_number(text):
    """Say whether `text` is a finite decimal number."""
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def number(text):
    """Return a printed value as a float, or None for a bound such as `<=0`."""
    return float(text) if _is_number(text) else None


def decimals(text):
    """Return how many decimals a value was printed with; negative for `1e3`."""
    return -Decimal(text).as_tuple().exponent


def half_unit(text):
    """Return half a unit of the last printed digit: 0.0005 for `0.674`."""
    return float(Decimal((0, (5,), -decimals(text) - 1)))


def agrees_in_print(value, text):
    """Say whether `value`, printed with as many decimals as `text`, is `text`.

    Rounding is half to even on the exact binary value, which is what Python,
    NumPy and pandas do when they print.
    """
    unit = Decimal((0, (1,), -decimals(text)))
    exact = Decimal(value)
    if not exact.is_finite():
        return False
    return exact.quantize(unit, rounding=ROUND_HALF_EVEN) == Decimal(text)


def reading_accuracy(row):
    """Return the accuracy that the source of a digitised row states, else None."""
    found = _ACCURACY.search(row["source"])
    return float(found[1]) if found else None


def _key(row):
    """Identify the statistic that a spread belongs to.

    Ensembles are counted with < 0 where single runs are with <= 0; the spread over
    the seeds serves both.
    """
    statistic = row["statistic"].replace("failures_lt0", "failures_le0")
    return row["experiment"], row["basins"], row["metric"], statistic


def published_spreads(published):
    """Return the first printed spread over seeds of each performance statistic."""
    spreads = {}
    for row in published.to_dict("records"):
        if row["quantity"] == PERFORMANCE and row["spread"]:
            spreads.setdefault(_key(row), float(row["spread"]))
    return spreads


def tolerance(row, spreads, seed_std, seeds):
    """Return how far ours may be off, and in words where that comes from.

    Half a unit of the last printed digit or two seed standard deviations, whichever
    is larger: the published deviation (also for single seeds and the ensemble, which
    have none printed beside them), else ours. A published standard deviation has no
    such spread; the difference of two of them, each over n seeds, has a standard
    error of about s / sqrt(n - 1) (normal theory), of which two are allowed.
    """
    value = number(row["value"])
    if value is None:
        return None, ""
    candidates = [(half_unit(row["value"]), _LAST_DIGIT)]
    if row["certainty"] == DIGITISED:
        candidates.append((reading_accuracy(row), "reading accuracy of the figure"))
    if row["quantity"] == PERFORMANCE and row["members"] == "seeds_std":
        if seeds > 1:
            error = 2 * value / math.sqrt(seeds - 1)
            basis = f"2 standard errors of a deviation over {seeds} seeds"
            candidates.append((error, basis))
    elif row["quantity"] == PERFORMANCE:
        if row["spread"] or _key(row) in spreads:
            spread = float(row["spread"] or spreads[_key(row)])
            candidates.append((2 * spread, "2 published seed standard deviations"))
        elif seed_std is not None:
            candidates.append((2 * seed_std, "2 of our seed standard deviations"))
    return max(candidates, key=lambda candidate: candidate[0])


def read_basin_sets(all_basins, outside_447):
    """Return the basin sets of [2019a] by the name used in the column `basins`.

    Parameters
    ----------
    all_basins : str or Path
        The authors' list of 531 gauges.
    outside_447 : str or Path
        Those of them outside the comparison with the benchmark models.

    Returns
    -------
    dict of str to list of str
        Keys `531` and `447`.

    Raises
    ------
    InputError
        If the lists do not give 531 and 447 basins.
    """
    everything = read_basin_list(all_basins)
    outside = set(read_basin_list(outside_447))
    compared = [basin for basin in everything if basin not in outside]
    for name, basins, path in (
        ("531", everything, all_basins),
        ("447", compared, outside_447),
    ):
        if len(basins) != int(name):
            raise InputError(
                f"{path}: the list leads to {len(basins)} basins where the paper "
                f"has {name}; restore the list from the repository."
            )
    return {"531": everything, "447": compared}
