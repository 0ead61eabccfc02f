"""The numbers of epochs: what the held-out year says (kratzert2018, p. 6012)."""

import numpy as np
import pandas as pd
import yaml

from rerunoff.errors import InputError
from rerunoff.numbers.published import EPOCHS
from rerunoff.seals import read_sealed
from rerunoff.tables import check_numbers, read_checked


def read_scores(paths):
    """Read and join the epoch scores of an experiment's units.

    Parameters
    ----------
    paths : sequence of str or Path

    Returns
    -------
    DataFrame
        NSE in the held-out year: one row per epoch (the index), one column per basin.

    Raises
    ------
    InputError
        If a file is damaged.
    """
    return pd.concat([_read_scores(path) for path in paths], axis=1)


def _read_scores(path):
    table = read_checked(path, "scores", index_col="epoch")
    check_numbers(path, table.reset_index(), ["epoch", *table])
    if not table.index.is_unique or not (table.index == table.index // 1).all():
        fault = "the epochs are not whole numbers, each once"
        raise InputError(f"{path}: no readable scores ({fault}); make it again.")
    return table


def best_epoch(scores):
    """Return the epoch with the highest mean NSE over basins, and that NSE.

    Basins without a value in the held-out year are left out (kratzert2018, p. 6012).
    """
    mean = scores.mean(axis=1)
    return int(mean.idxmax()), float(mean.max())


def selection_table(scores, used):
    """Make the table of the numbers of epochs.

    Parameters
    ----------
    scores : dict of str to DataFrame
        From `read_scores`, by experiment.
    used : dict of str to int
        Epochs that the networks are trained for.

    Returns
    -------
    DataFrame
        `experiment`, `epoch` (best), `nse_mean` at it, `epoch_used`,
        `nse_mean_at_used` (NaN if not reached), `basins`.
    """
    rows = []
    for experiment, table in scores.items():
        epoch, nse = best_epoch(table)
        mean = table.mean(axis=1)
        at_used = mean.get(used[experiment], np.nan)
        basins = int(table.notna().any().sum())
        rows.append([experiment, epoch, nse, used[experiment], at_used, basins])
    columns = ["experiment", "epoch", "nse_mean", "epoch_used", "nse_mean_at_used"]
    return pd.DataFrame(rows, columns=[*columns, "basins"])


def epoch_numbers(selection, basins):
    """Return the chosen numbers of epochs with the keys of the published ones.

    Parameters
    ----------
    selection : DataFrame
        From `selection_table`.
    basins : str
        The published set of basins.

    Returns
    -------
    list of dict
        As for `write_numbers`.
    """
    key = {"quantity": EPOCHS, "basins": basins, "metric": "NSE"}
    key |= {"members": "", "statistic": ""}
    return [
        key | {"experiment": row.experiment, "value": row.epoch}
        for row in selection.itertuples()
    ]


def fine_tuning_table(records, regions):
    """Make the table of the epochs that fine-tuning chose, basin by basin.

    Parameters
    ----------
    records : sequence of str or Path
        The files run.yaml of the fine-tuned networks, one basin each.
    regions : dict of str to list of str

    Returns
    -------
    DataFrame
        `basin`, `region`, `epochs` (chosen), `nse` (in the held-out year after as many
        epochs on the years before), `tried` (epochs to choose from).
    """
    region_of = {basin: name for name, basins in regions.items() for basin in basins}
    rows = []
    for path in records:
        record = yaml.safe_load(read_sealed(path))
        (basin,) = record["settings"]["basins"]
        chosen, nse = record["epochs_chosen"], record["selection_nse"]
        rows.append([basin, region_of[basin], chosen, nse[chosen - 1], len(nse)])
    return pd.DataFrame(rows, columns=["basin", "region", "epochs", "nse", "tried"])
