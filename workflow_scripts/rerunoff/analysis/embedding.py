"""What an EA-LSTM makes of the attributes: the input gate of every basin."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import torch
import xarray as xr

from rerunoff.data.basin_lists import read_basin_list
from rerunoff.data.series_files import write_series
from rerunoff.data.store import read_store
from rerunoff.tables import write_table
from rerunoff.training.weights import load_weights

_HEAT_MAP_DECIMALS = 3


@torch.no_grad()
def input_gates(model, attributes):
    """Return the input gate of each basin, which does not change with time.

    Parameters
    ----------
    model : torch.nn.Module
        An EA-LSTM.
    attributes : float32 ndarray, shape (basin, attribute)
        Standardised.

    Returns
    -------
    float32 ndarray, shape (basin, cell)
        0 to 1 (kratzert2019a, equation 6).
    """
    # A gate sees nothing else of a batch.
    batch = SimpleNamespace(static=torch.from_numpy(attributes))
    return model.static_gate(batch).numpy()


def embed_basins(weights, store, basin_list, members, embedding, heat_map):
    """Write the embeddings of all members, and that of the first for a picture.

    Parameters
    ----------
    weights : sequence of str or Path
        EA-LSTMs of all basins.
    store, basin_list : str or Path
    members : sequence of str
        Names of the networks, in the order of `weights`.
    embedding : str or Path
        netCDF: `input_gate` (member × basin × cell) and `attributes`, standardised
        (basin × attribute), in the order of the basin list.
    heat_map : str or Path
        CSV: the gates of the first member with three decimals, a row for each basin.

    Raises
    ------
    InputError
        If a file is damaged.
    """
    basins, gates = read_basin_list(basin_list), []
    for path in weights:
        trained = load_weights(path, torch.device("cpu"))
        names = trained.settings.attributes
        catchments = read_store(store, (), names, basins)
        scaled = trained.scaler.attributes(catchments.attributes)
        gates.append(input_gates(trained.model, scaled))
    labels = {"member": list(members), "basin": basins, "attribute": list(names)}
    variables = {
        "input_gate": (("member", "basin", "cell"), np.stack(gates)),
        "attributes": (("basin", "attribute"), scaled),
    }
    packed = {name: {"zlib": True, "shuffle": True} for name in variables}
    write_series(embedding, xr.Dataset(variables, labels), packed)
    table = pd.DataFrame(gates[0].round(_HEAT_MAP_DECIMALS))
    table.columns = [f"cell{cell}" for cell in range(1, table.shape[1] + 1)]
    table.insert(0, "basin", basins)
    write_table(table, heat_map)
