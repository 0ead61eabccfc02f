"""The set of basins of a paper."""

import logging

from rerunoff.data.readers import open_reader
from rerunoff.errors import InputError

_log = logging.getLogger(__name__)


def select_basins(chosen, source, dataset, root, forcing, local):
    """Resolve a paper's basins and check that all are known.

    Parameters
    ----------
    chosen : sequence of str or None
        Basin ids, or None for all.
    source : str
        Where `chosen` was read, named in the message.
    dataset, root, forcing : str
        As for `open_reader`.
    local : bool
        Whether forcing lies on disk already; if so, `all` means basins that have it.

    Returns
    -------
    list of str
        `chosen` in its own order, or all ids sorted.

    Raises
    ------
    InputError
        On a basin that the attribute tables do not know, or if there is none.
    """
    reader = open_reader(dataset, root, forcing)
    known = reader.attributes().index
    if chosen is None:
        basins = reader.basins() if local else sorted(known)
        if not basins:
            fault = f"no basin has {forcing} forcing and attributes"
            raise InputError(f"{root}: {fault}; correct the key data_root or forcing.")
        _log.info("%d of %d basins have %s forcing", len(basins), len(known), forcing)
        return basins
    unknown = [basin for basin in chosen if basin not in known]
    if unknown:
        raise InputError(
            f"{source}: basin {unknown[0]} is not in {reader.attributes_source} "
            f"({len(unknown)} such basins); remove it from the list."
        )
    return list(chosen)
