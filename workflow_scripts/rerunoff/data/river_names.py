"""The names of rivers; apart from `store.py`, which trainings depend on."""

from rerunoff.data.series_files import open_series, read_labels

_ATTRIBUTE = "attribute_gauge_name"


def read_headings(path, basins):
    """Read what to write over a figure of one basin.

    Parameters
    ----------
    path : str or Path
        A store that has the basins.
    basins : sequence of str

    Returns
    -------
    dict of str to str
        Basin to its id, and the name of its gauge if the data know one.

    Raises
    ------
    InputError
        If the store is damaged.
    """
    with open_series(path, "store") as file:
        known = read_labels(file, "basin")
        names = (
            read_labels(file, _ATTRIBUTE) if _ATTRIBUTE in file else [""] * len(known)
        )
    # Some of CAMELS have blanks within.
    names = {
        basin: " ".join(name.split()) for basin, name in zip(known, names, strict=True)
    }
    return {b: f"{b}, {names[b]}" if names[b] else f"basin {b}" for b in basins}
