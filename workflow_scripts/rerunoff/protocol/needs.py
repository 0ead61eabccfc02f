"""What trainings and simulations ask of a cluster, from what was measured: time.

docs/cluster.md says how much that is. Memory: `data/sizes.py`, and `batch_mb` here.
"""

import datetime

# Operations a second of a training. Least measured on one CPU thread: 37e9 (hidden size
# 20) to 100e9 (256); a third of it, because machines and their load differ. Of a GPU
# none was at hand: this is assumed to be less than what any does.
_CPU_RATE = 12e9
_GPU_RATE = 1000e9
# Minutes for start-up and the store; of a simulation at least.
_START, _SIMULATION = 5, 120
# Days of all windows of a batch that is simulated, at least (`evaluation/batches.py`),
# and windows of a batch. MB for a million of units and days, half as much again as from
# hidden size 64 to 256. `sizes.simulation_mb` counts the papers' largest network.
_DAYS, _WINDOWS, _UNITS, _COUNTED = 276_480, 1024, 12, 256
# A day: what most partitions allow. A training goes on from its last epoch.
MOST = 24 * 60
# Basins, where neither the configuration nor a file names them: all of CAMELS US.
MANY_BASINS = 671


def training_minutes(run, basins, threads, gpu):
    """Return the time limit of a training in minutes.

    Parameters
    ----------
    run : RunSettings
    basins : int
        Those that it learns.
    threads : int
    gpu : bool
        Whether it asks for one.
    """
    rate = _GPU_RATE if gpu else _CPU_RATE * threads
    seconds = training_operations(run, basins) / rate
    return min(round(_START + seconds / 60), MOST)


def training_operations(run, basins):
    """Return the operations of all epochs: forward and backward, the layers alone.

    A gate costs a product with the inputs and one with the state, for each day of each
    window; the backward pass costs twice the forward one.
    """
    model, training = run.model, run.training
    inputs = len(run.inputs) + (len(run.attributes) if model.static else 0)
    windows = basins * _length(run.train_period) / training.predicted_days
    days = model.sequence_length - 1 + training.predicted_days
    gates = _gates(inputs, model.hidden_size, model.layers)
    return 6 * gates * days * windows * training.epochs


def simulation_minutes(row, basins, threads, gpu):
    """Return the time limit of one member's simulation in minutes.

    Parameters
    ----------
    row : Experiment
    basins : int
        Those of all its networks.
    threads : int
    gpu : bool
        Whether it asks for one.
    """
    inputs = len(row.inputs) + (len(row.attributes) if row.model["static"] else 0)
    gates = _gates(inputs, row.model["hidden_size"], row.model["layers"])
    windows = basins * _length(row.period("test"))
    # In one pass each day is computed once.
    days = row.model["sequence_length"] if row.simulation == "windows" else 1
    rate = _GPU_RATE if gpu else _CPU_RATE * threads
    minutes = round(_START + 2 * gates * days * windows / rate / 60)
    return min(max(minutes, _SIMULATION), MOST)


def batch_mb(row):
    """Return the MB of a batch that is simulated, beyond the papers' largest network's.

    Parameters
    ----------
    row : Experiment
    """
    days = max(_DAYS, _WINDOWS * row.model["sequence_length"])
    units = row.model["layers"] * row.model["hidden_size"]
    return round(_UNITS / 1e6 * max(0, days * units - _DAYS * _COUNTED))


def _gates(inputs, hidden_size, layers):
    """Return the products of the gates of a day, of all layers."""
    seen = [inputs, *[hidden_size] * (layers - 1)]
    return 4 * sum(hidden_size * (number + hidden_size) for number in seen)


def _length(period):
    """Return the days of a period."""
    first, last = map(datetime.date.fromisoformat, map(str, period))
    return (last - first).days + 1
