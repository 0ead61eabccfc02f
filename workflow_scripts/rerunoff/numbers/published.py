"""The published numbers (`config/published/<paper>.csv`) and how they were printed.

Values stay text until they are compared, because the number of printed digits says
how far a value can be trusted. A value is a number, a bound such as `>=0.65`, or
empty where no published number could be confirmed.
"""

import re
from decimal import ROUND_HALF_EVEN, Decimal

from rerunoff.errors import InputError
from rerunoff.evaluation.summary import STATISTICS
from rerunoff.numbers.verdicts import UNCONFIRMED
from rerunoff.tables import read_checked
from rerunoff.text_files import is_number

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
    "results",  # names of the tables and figures that show it
)
PERFORMANCE = "performance"
# That of models of others, and in how many basins one is at least as good as another.
BENCHMARK = "benchmark"
# Performance of one experiment minus that of another, basin by basin.
DIFFERENCE = "difference"
# Basins where one experiment is above all the others, as in kratzert2019b.
WINS = "wins"
# Tests of whether two experiments differ, and their statistics.
SIGNIFICANCE, EFFECT_SIZE = "significance", "effect_size"
TESTS = {SIGNIFICANCE: "wilcoxon_p", EFFECT_SIZE: "cohens_d"}
# Basins where models of others have a metric at all.
COVERAGE = "coverage"
EPOCHS = "epochs"
# NSE with noise on the attributes of kratzert2019a.
ROBUSTNESS = "robustness"
PROTOCOL = "protocol"
MEASURED = (PERFORMANCE, BENCHMARK, DIFFERENCE, WINS, *TESTS)
COMPARED = (*MEASURED, COVERAGE, EPOCHS)
# Of analyses of kratzert2019a, which know their keys.
FEATURE_RANKING, TOP_FEATURE = "feature_ranking", "top_feature"
SILHOUETTE, VARIANCE_REDUCTION = "silhouette", "variance_reduction"
ANALYSED = (
    *(FEATURE_RANKING, TOP_FEATURE, ROBUSTNESS),
    *(SILHOUETTE, VARIANCE_REDUCTION),
)
# Published, with a key for each number, but by analyses that are not part of this
# workflow yet.
NOT_IMPLEMENTED = ("validation_curve", "correlation")
_QUANTITIES = (*COMPARED, *ANALYSED, PROTOCOL, *NOT_IMPLEMENTED)
_KEY = ("experiment", "metric", "statistic")
DIGITISED = "digitised"
WORDED = "in words"
# So begins the certainty of numbers that no paper prints.
RECOMPUTED = "recomputed from"
MINUS = " - "
WIN_STATISTICS = ("count", "fraction")
AT_LEAST = "count_ge"
_ACCURACY = re.compile(r"±\s*(\d*\.?\d+)")
_MEMBERS = re.compile(r"seeds_mean|seeds_std|ensemble|seed\d+")
_SINGLE = re.compile(r"ensemble|seed\d+")
_BOUND = re.compile(r"([<>]=)?(.*)", re.DOTALL)


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
    kinds, remedy = {"dtype": str, "keep_default_na": False}, "restore it"
    table = read_checked(path, "comma-separated table", remedy, **kinds)
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
    if row["quantity"] not in _QUANTITIES:
        return "quantity", f"{row['quantity']!r} is none of {', '.join(_QUANTITIES)}"
    column, problem = _value_problem(row)
    if problem:
        return column, problem
    if row["certainty"] in (DIGITISED, WORDED) and reading_accuracy(row) is None:
        return "source", "must state the reading accuracy, such as ±0.01"
    whole = row["quantity"] in (COVERAGE, *ANALYSED, *NOT_IMPLEMENTED)
    needed = _KEY if whole else _KEY[:1]
    for column in needed if row["quantity"] != PROTOCOL else ():
        if not row[column]:
            return column, f"is empty; quantity {row['quantity']} needs one"
    if row["quantity"] in MEASURED:
        return _measured_problem(row)
    return None, None


def _value_problem(row):
    """Return the fault of a row's value or of its spread."""
    if row["certainty"] == UNCONFIRMED:
        for column in ("value", "spread"):
            if row[column]:
                return column, (
                    f"{row[column]!r} is given although certainty is {UNCONFIRMED}; "
                    "leave it empty or say how it is known"
                )
        return None, None
    if not row["value"]:
        return "value", f"is empty; only certainty {UNCONFIRMED} goes without one"
    if not is_number(split_bound(row["value"])[1]):
        return "value", f"{row['value']!r} is no number and no bound such as >=0.65"
    if row["spread"] and not is_number(row["spread"]):
        return "spread", f"{row['spread']!r} is no number; leave it empty if unknown"
    return None, None


def _measured_problem(row):
    """Return the first fault of a row that states how well models perform."""
    for column in ("basins", "metric"):
        if not row[column]:
            return column, f"is empty; quantity {row['quantity']} needs one"
    names, quantity = experiments_of(row), row["quantity"]
    two = quantity == DIFFERENCE or quantity in TESTS
    two |= quantity == BENCHMARK and row["statistic"] == AT_LEAST
    if two and (len(names) != 2 or not all(names)):
        return "experiment", (
            f"{row['experiment']!r} is no difference of two experiments, such as a - b"
        )
    if row["quantity"] == WINS:
        return _wins_problem(row, names)
    if not _MEMBERS.fullmatch(row["members"]):
        return "members", (
            f"{row['members']!r} is none of seeds_mean, seeds_std, ensemble, seed<n>"
        )
    known = [TESTS[quantity]] if quantity in TESTS else [*STATISTICS]
    if quantity == BENCHMARK:
        known.append(AT_LEAST)
    if row["statistic"] not in known:
        return "statistic", f"{row['statistic']!r} is none of {', '.join(known)}"
    return None, None


def _wins_problem(row, names):
    """Return the first fault of a row that counts basins."""
    if len(names) < 2 or not all(names) or len(set(names)) < len(names):
        return "experiment", (
            f"{row['experiment']!r} does not name two experiments or more, each once, "
            "such as a - b or a - b - c"
        )
    if not _SINGLE.fullmatch(row["members"]):
        return "members", f"{row['members']!r} is none of ensemble, seed<n>"
    if row["metric"] != "nse":
        return "metric", f"{row['metric']!r} is not nse, in which wins are counted"
    if row["statistic"] not in WIN_STATISTICS:
        return "statistic", (
            f"{row['statistic']!r} is none of {', '.join(WIN_STATISTICS)}"
        )
    return None, None


def split_bound(text):
    """Split `>=0.65` into `>=` and `0.65`; the first is empty without a bound."""
    sign, digits = _BOUND.fullmatch(text).groups()
    return sign or "", digits


def number(text):
    """Return a printed value or bound as a float, or None where there is none."""
    digits = split_bound(text)[1]
    return float(digits) if is_number(digits) else None


def experiments_of(row):
    """Return the experiments that a row is about: several where they are compared."""
    if row["quantity"] in MEASURED and row["quantity"] != PERFORMANCE:
        return row["experiment"].split(MINUS)
    return [row["experiment"]]


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
    """Return the accuracy `±x` that the source of a row states, else None."""
    found = _ACCURACY.search(row["source"])
    return float(found[1]) if found else None
