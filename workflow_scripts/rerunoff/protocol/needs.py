"""Time that a training asks of a cluster, from what was measured (docs/cluster.md).

Its memory: `data/sizes.py`.
"""

import datetime

# Operations a second of a training. Least measured on one CPU thread: 37e9 (hidden size
# 20) to 100e9 (256); a third of it, because machines and their load differ. Of a GPU
# none was at hand: this is assumed to be less than what any does.
_CPU_RATE = 12e9
_GPU_RATE = 1000e9
# Minutes for start-up and the store.
_START = 5
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
    layers = [inputs, *[model.hidden_size] * (model.layers - 1)]
    gates = 4 * sum(model.hidden_size * (n + model.hidden_size) for n in layers)
    first, last = map(datetime.date.fromisoformat, map(str, run.train_period))
    windows = basins * ((last - first).days + 1) / training.predicted_days
    days = model.sequence_length - 1 + training.predicted_days
    return 6 * gates * days * windows * training.epochs
