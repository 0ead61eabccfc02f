"""Files of per-basin statistics of kratzert2019b: ours, and the authors'."""

import re

import numpy as np
import pandas as pd

from rerunoff.errors import InputError
from rerunoff.evaluation import ENSEMBLE
from rerunoff.evaluation.pub_statistics import COLUMNS
from rerunoff.tables import check_members, read_checked

_ID = re.compile(r"\d{1,8}")


def read_statistics(path):
    """Read the statistics of one model.

    Parameters
    ----------
    path : str or Path
        Comma-separated, one row per basin: a column `basin` and `COLUMNS`, as in the
        authors' files. Further columns are left out.

    Returns
    -------
    DataFrame
        Index `basin` (8-digit str) in the order of the file; columns `COLUMNS` and
        q95 = (obs95 - sim95) / obs95, NaN where obs95 is zero. The slopes of the flow
        duration curve may be infinite.

    Raises
    ------
    InputError
        If the file cannot be read, lacks a column, repeats a basin, or holds no gauge
        number, text where a number belongs, or an infinite NSE.
    """
    kinds, remedy = {"basin": str}, "download or make it again"
    table = read_checked(path, "statistics", remedy, dtype=kinds)
    missing = [name for name in ("basin", *COLUMNS) if name not in table]
    if missing:
        raise InputError(
            f"{path}: column {', '.join(missing)} is missing; download or make the "
            "file again."
        )
    table = table.assign(basin=table["basin"].str.zfill(8)).set_index("basin")
    _check_rows(path, table)
    table = table[[*COLUMNS]].astype(float)
    q95 = (table["obs95"] - table["sim95"]) / table["obs95"]
    return table.assign(q95=q95.replace([np.inf, -np.inf], np.nan))


def _check_rows(path, table):
    """Raise `InputError` on missing or repeated basins and on text."""
    if table.index.hasnans or table.empty:
        raise InputError(f"{path}: a row has no basin; download or make it again.")
    odd = [basin for basin in table.index if not _ID.fullmatch(basin)]
    if odd:
        raise InputError(
            f"{path}: {odd[0]!r} is no gauge of up to eight digits; correct it."
        )
    repeated = table.index[table.index.duplicated()]
    if len(repeated):
        raise InputError(
            f"{path}: basin {repeated[0]} occurs twice; keep one of the rows."
        )
    for name in COLUMNS:
        if not pd.api.types.is_numeric_dtype(table[name]):
            raise InputError(
                f"{path}: column {name} holds text where a number belongs; leave a "
                "missing value empty."
            )
    infinite = table.index[np.isinf(table["nse"].astype(float))]
    if len(infinite):
        raise InputError(
            f"{path}: the NSE of basin {infinite[0]} is infinite; leave it empty."
        )


def import_statistics(path):
    """Return the authors' statistics of one model in the form of ours."""
    table = read_statistics(path).reset_index()
    table.insert(1, "member", ENSEMBLE)
    return table


def read_ensembles(paths):
    """Read the statistics of the ensembles of several models.

    Parameters
    ----------
    paths : dict of str to str or Path
        Model to a file that `evaluate_statistics` or `import_statistics` made.

    Returns
    -------
    dict of str to DataFrame
        Indexed by basin.
    """
    return {name: members(path, [ENSEMBLE]) for name, path in paths.items()}


def members(path, wanted):
    """Read the rows of some members of a file of statistics, indexed by basin.

    Raises
    ------
    InputError
        If the file is damaged or lacks a member.
    """
    kinds = {"basin": str, "member": str}
    table = read_checked(path, "statistics", dtype=kinds)
    lacking = [name for name in kinds if name not in table]
    if lacking:
        fault = f"no readable statistics (no column {lacking[0]})"
        raise InputError(f"{path}: {fault}; delete it and run again.")
    check_members(path, table)
    chosen = table[table["member"].isin(wanted)].set_index("basin")
    missing = [name for name in wanted if name not in set(chosen["member"])]
    if missing:
        raise InputError(f"{path}: no member {missing[0]}; delete it and run again.")
    return chosen
