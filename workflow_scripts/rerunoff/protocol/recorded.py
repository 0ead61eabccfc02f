"""What the plan of a run must know of records of others (`rerunoff.recording`)."""

from pathlib import Path

CONFIG, RESULTS = "config.yaml", "results"


def recorded_files(records):
    """Return the files that records bring back, by where a run's folder has them.

    Parameters
    ----------
    records : sequence of str or Path
        Folders.

    Returns
    -------
    dict of str to str
    """
    return {
        f"results/{path.relative_to(Path(record, RESULTS))}": str(path)
        for record in records
        for path in sorted(Path(record, RESULTS).rglob("*"))
        # A checksum goes with its file.
        if path.is_file() and not path.name.startswith(".")
    }


def shown_series(paper):
    """Return which series the figures of a paper draw.

    Parameters
    ----------
    paper : Paper

    Returns
    -------
    dict or None
        `basins`, beside the first four of a file, and `period`, first and last day;
        None if they draw no series.
    """
    figures = paper.values.get("figures", {}).values()
    drawn = [values for values in figures if "period" in values]
    if not drawn:
        return None
    basins = set()
    for values in drawn:
        basins |= (
            {values["basin"]} if "basin" in values else {*(values["basins"] or ())}
        )
    days = [day for values in drawn for day in values["period"]]
    return {"basins": sorted(basins), "period": [min(days), max(days)]}
