"""Reading tables of values by basin: of our evaluation, and of the authors."""

import re

import numpy as np

from rerunoff.errors import InputError
from rerunoff.evaluation import ENSEMBLE
from rerunoff.evaluation.metrics import METRICS
from rerunoff.evaluation.metrics_2019b import COLUMNS
from rerunoff.tables import check_members, check_numbers, read_checked

_ID = re.compile(r"\d{1,8}")
_KEYS = ["basin", "member"]
_KINDS = dict.fromkeys(_KEYS, str)


def read_metrics(path, metrics=METRICS):
    """Read a file of per-basin metrics.

    Parameters
    ----------
    path : str or Path
        Comma-separated, one row per basin and member.
    metrics : sequence of str or None
        The metric columns that must be there; None takes all that are. Empty cells
        become NaN.

    Returns
    -------
    DataFrame
        Columns `basin` (8-digit str), `member` (`seed111`, …, `ensemble`) and
        `metrics`, in the order of the file.

    Raises
    ------
    InputError
        If the file cannot be read, lacks a column or a member's basin, repeats a basin
        and member, or holds text where a number belongs, or an infinite NSE.
    """
    remedy = "make it again with the evaluation"
    table = read_checked(path, "metrics", remedy, dtype=_KINDS)
    if metrics is None:
        metrics = [name for name in table if name not in _KEYS]
    columns = [*_KEYS, *metrics]
    missing = [column for column in columns if column not in table]
    if missing:
        raise InputError(
            f"{path}: column {', '.join(missing)} is missing; expected the columns "
            f"{', '.join(columns)}."
        )
    nameless = np.flatnonzero(table[_KEYS].isna().any(axis=1))
    if nameless.size:
        fault = "a row without basin or member"
        raise InputError(f"{path}, line {nameless[0] + 2}: {fault}; {remedy}.")
    repeated = table[table.duplicated(_KEYS)]
    if len(repeated):
        first = repeated.iloc[0]
        raise InputError(
            f"{path}, line {repeated.index[0] + 2}: basin {first['basin']} of member "
            f"{first['member']} occurs twice; keep one of the rows."
        )
    check_numbers(path, table, metrics)
    if "NSE" in metrics:
        check_nse(path, table, "NSE")
    check_members(path, table)
    return table[columns]


def read_members_metrics(path, members):
    """Read the metrics of some members, as `read_metrics` does, indexed by basin.

    Raises
    ------
    InputError
        Also if there is no such member.
    """
    table = read_metrics(path, None)
    chosen = table[table["member"].isin(members)].set_index("basin")
    missing = [name for name in members if name not in set(chosen["member"])]
    if missing:
        raise InputError(f"{path}: no member {missing[0]}; delete it and run again.")
    return chosen


def read_ensembles(paths):
    """Read the metrics of the ensembles of several models.

    Parameters
    ----------
    paths : dict of str to str or Path
        Model to a file of metrics.

    Returns
    -------
    dict of str to DataFrame
        Indexed by basin.
    """
    return {name: read_members_metrics(p, [ENSEMBLE]) for name, p in paths.items()}


def read_authors_statistics(path, basins=None):
    """Read the authors' file of statistics of one model of kratzert2019b.

    Parameters
    ----------
    path : str or Path
        Comma-separated, one row per basin: a column `basin` and `COLUMNS`. Further
        columns are left out.
    basins : sequence of str, optional
        The basins to return, in their order; all of the file's if not given.

    Returns
    -------
    DataFrame
        As of `read_metrics`, the only member being the ensemble, in the order of the
        file: `COLUMNS` and q95 = (obs95 - sim95) / obs95, NaN where obs95 is zero. The
        slopes of the flow duration curve may be infinite.

    Raises
    ------
    InputError
        If the file cannot be read, lacks a column or one of `basins`, repeats a basin,
        or holds no gauge number, text where a number belongs, or an infinite NSE.
    """
    remedy = "download or make it again"
    table = read_checked(path, "statistics", remedy, dtype={"basin": str})
    missing = [name for name in ("basin", *COLUMNS) if name not in table]
    if missing:
        raise InputError(
            f"{path}: column {', '.join(missing)} is missing; download or make the "
            "file again."
        )
    table["basin"] = table["basin"].str.zfill(8)
    check_gauges(path, table["basin"])
    check_numbers(path, table, COLUMNS)
    table = table.astype(dict.fromkeys(COLUMNS, float))
    check_nse(path, table, "nse")
    q95 = (table["obs95"] - table["sim95"]) / table["obs95"]
    table["q95"] = q95.replace([np.inf, -np.inf], np.nan)
    table["member"] = ENSEMBLE
    if basins is not None:
        absent = [basin for basin in basins if basin not in set(table["basin"])]
        if absent:
            raise InputError(
                f"{path}: no statistics of basin {absent[0]}; leave it out of the "
                "paper's basins, or set benchmarks.*.statistics to null."
            )
        table = table.set_index("basin").loc[[*basins]].reset_index()
    return table[[*_KEYS, *COLUMNS, "q95"]]


def check_gauges(path, basins):
    """Raise `InputError` on missing, odd or repeated numbers of gauges."""
    if basins.hasnans or basins.empty:
        raise InputError(f"{path}: a row has no basin; download or make it again.")
    odd = [basin for basin in basins if not _ID.fullmatch(basin)]
    if odd:
        raise InputError(
            f"{path}: {odd[0]!r} is no gauge of up to eight digits; correct it."
        )
    repeated = basins[basins.duplicated()]
    if len(repeated):
        raise InputError(
            f"{path}: basin {repeated.iloc[0]} occurs twice; keep one of the rows."
        )


def check_nse(path, table, name):
    """Raise `InputError` on an infinite NSE, which would spoil every mean."""
    wrong = np.flatnonzero(np.isinf(table[name]))
    if wrong.size:
        fault = f"the {name} is infinite"
        raise InputError(f"{path}, line {wrong[0] + 2}: {fault}; leave it empty.")
