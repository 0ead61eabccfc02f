"""Building the HDF5 store from raw files.

Basins are written one after the other, as they are read (`store_writer.py`), so that
memory holds a few of them, however many there are. `store.py` reads the store.
"""

import collections
import concurrent.futures
import logging

from rerunoff.data.store_writer import write_store
from rerunoff.data.validation import check_attributes
from rerunoff.errors import InputError
from rerunoff.progress import watched

_log = logging.getLogger(__name__)

# Basins that are read ahead of the one being written, for each process that reads.
_AHEAD = 4


def build_store(path, reader, basins, workers=1, inputs=(), key="inputs"):
    """Read basins from raw files and write them as one store.

    Parameters
    ----------
    path : str or Path
        Appears complete or not at all.
    reader : Reader
        From `data.readers.open_reader`.
    basins : sequence of str
    workers : int
        Processes that read side by side.
    inputs : sequence of str
        Variables that the networks on this store need.
    key : str
        Of the configuration, where `inputs` come from.

    Raises
    ------
    InputError
        As the reader does, if a basin has no attributes, if one of `inputs` is not
        there or empty, and if the disk is full.
    """
    table = reader.attributes()
    check_attributes(table, basins, [], reader.attributes_source)
    table = table.loc[list(basins)]

    def check(held, names):
        _check_inputs(held, names, inputs, key, reader)

    def read():
        return _read_all(reader, basins, workers)

    # Basins of a product have the same days, but for rare ones; with these all is read
    # twice.
    if span := write_store(path, read(), table, check):
        _log.info("basins differ in their days: reading them again")
        write_store(path, read(), table, check, span)


def _check_inputs(held, names, inputs, key, reader):
    """Refuse inputs that no basin has: every training would fail on them."""
    lost = [name for name in inputs if name not in held]
    if lost:
        fault = "is missing on every day" if lost[0] in names else "is not there"
        raise InputError(
            f"{reader.root}: {lost[0]}, named by the key {key}, {fault} in the series "
            f"of {reader.forcing}, which have {', '.join(held)}; correct the key."
        )


def _read_all(reader, basins, workers):
    """Yield the series of the basins in order, reporting progress in the log."""
    if workers == 1 or len(basins) < 4:
        yield from watched(map(reader.read, basins), "reading basins", len(basins))
    else:
        with concurrent.futures.ProcessPoolExecutor(workers) as pool:
            results = _ahead(pool, reader.read, basins, workers * _AHEAD)
            yield from watched(results, "reading basins", len(basins))
    _log.info("%d basins read", len(basins))


def _ahead(pool, function, items, number):
    """Yield results in order, with no more than `number` of them waiting.

    ``pool.map`` would read on while the writer is busy, and keep all of it.
    """
    waiting = collections.deque()
    try:
        for item in items:
            waiting.append(pool.submit(function, item))
            if len(waiting) > number:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for result in waiting:
            result.cancel()
