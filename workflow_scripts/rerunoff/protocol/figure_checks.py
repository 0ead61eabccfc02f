"""Faults of what a paper's figures show and look into; as the checks of `checks`."""

from rerunoff.protocol.experiments import ALL, BASIN, REGION, REGIONS
from rerunoff.protocol.products import variables_of
from rerunoff.protocol.units import units_within

# Figures with a time axis of their own.
PERIODS_OF_FIGURES = ("hydrographs", "hydrograph_epochs", "rnn_vs_lstm", "cell_state")
# Networks of which `analysis.draws` knows the weights.
_TAKEN_APART = ("ealstm", "lstm")
_ONE_BASIN = ("hydrograph_epochs", "cell_state")


def _insight(paper):
    """Yield figures that look into what is not there."""
    rows = paper.experiments
    for name in _ONE_BASIN:
        wanted, key = paper.figure(name), ("figures", name, "experiment")
        if wanted and wanted["experiment"] not in rows:
            yield key, f"is none of {', '.join(rows)}"
        elif wanted and rows[wanted["experiment"]].units != BASIN:
            yield key, "needs an experiment with the unit basin"
    traced = paper.figure("hydrograph_epochs").get("experiment")
    if traced and rows[traced].start_from:
        yield (
            ("figures", "hydrograph_epochs", "experiment"),
            f"is {traced}, which starts from other weights; name one that starts "
            "afresh",
        )


def _cells(paper):
    cells = paper.figure("cell_state")
    if not cells:
        return
    key, row = ("figures", "cell_state"), paper.experiments[cells["experiment"]]
    if cells["swe"] == "sac_sma" and "sac_sma" not in paper.benchmarks:
        yield (
            (*key, "swe"),
            "is sac_sma, but benchmarks.sac_sma.forcing is null; set it to forcing or "
            "degree_day",
        )
    known = variables_of(row.forcing)
    drawn = cells["experiment"] in paper.active
    if drawn and cells["swe"] == "forcing" and known and "swe" not in known:
        yield (
            (*key, "swe"),
            f"is forcing, but {row.forcing} has no snow; set it to sac_sma or "
            "degree_day",
        )
    if row.model["kind"] != "lstm":
        yield (*key, "experiment"), "needs an LSTM, which has cell states"


def _epochs(paper):
    rows, traced = paper.experiments, paper.figure("hydrograph_epochs")
    if traced:
        trained = rows[traced["experiment"]].training["epochs"]
        if max(traced["epochs"]) > trained:
            yield (
                ("figures", "hydrograph_epochs", "epochs"),
                f"names {max(traced['epochs'])}, but {traced['experiment']} is trained "
                f"for {trained} epochs; name none beyond",
            )


def _epoch_selection(paper):
    """Yield experiments and regions whose numbers of epochs cannot be selected."""
    rows, wanted = paper.experiments, paper.values.get("epoch_selection", {})
    afresh = [name for name, row in rows.items() if row.start_from is None]
    for name in wanted.get("epochs", {}):
        if name not in afresh:
            yield (
                ("epoch_selection", "epochs", name),
                f"names no experiment that starts afresh; they are {', '.join(afresh)}",
            )
            continue
        yield from _selected_regions(rows[name], wanted.get("regions") or [])


def _selected_regions(row, wanted):
    key = ("epoch_selection", "regions")
    if wanted and row.units not in (BASIN, REGION):
        yield key, f"has no effect on {row.name}, whose unit is {row.units}; set null"
        return
    unknown = [name for name in wanted if name not in row.regions]
    if unknown:
        yield (
            key,
            f"names {unknown[0]}, which {row.name} does not have; it has "
            f"{', '.join(row.regions) or 'none'}",
        )
    elif wanted and not units_within(row, wanted):
        yield key, f"names no region of the basins of {row.name}; name theirs"


def _one_basin(paper):
    """Yield figures of a basin that the experiment shown does not have."""
    if paper.own.basins != REGIONS:
        return
    for name in (*_ONE_BASIN, "rnn_vs_lstm"):
        wanted = paper.figure(name)
        shown = wanted.get("experiment", "rnn")
        if not wanted or shown not in paper.active:
            continue  # and not drawn
        row, key = paper.experiments[shown], ("figures", name, "basin")
        if wanted["basin"] not in _held(row):
            yield (
                key,
                f"is {wanted['basin']}, which is in none of the regions; name one of "
                "them",
            )
        if isinstance(row.basins, list) and wanted["basin"] not in row.basins:
            listed = ", ".join(row.basins)
            yield key, f"is {wanted['basin']}, but {shown} has the basins {listed}"


def _hydrographs(paper):
    basins = paper.own.basins
    key = ("figures", "hydrographs", "basins")
    for basin in paper.figure("hydrographs").get("basins") or []:
        if isinstance(basins, list) and basin not in basins:
            yield (
                key,
                f"names {basin}, which is not in the list basins; set it to basins of "
                "that list, or to null for its first four",
            )
        if basins == REGIONS and basin not in _held(paper.own):
            yield (
                key,
                f"names {basin}, which is in none of the regions; name some of theirs, "
                "or set it to null for the first four",
            )


def _robustness(paper):
    """Yield noise on the attributes of an experiment whose networks see none."""
    wanted, key = paper.values.get("robustness"), ("robustness", "experiment")
    if not wanted:
        return
    if wanted["experiment"] not in paper.experiments:
        yield key, f"is none of {', '.join(paper.experiments)}"
        return
    row = paper.experiments[wanted["experiment"]]
    if not row.model["static"]:
        yield key, f"is {row.name}, whose networks see no attributes; name another"
    if row.units != ALL or row.model["kind"] not in _TAKEN_APART:
        yield (
            key,
            f"is {row.name}, but needs an LSTM or an EA-LSTM that learns all basins; "
            "name another",
        )
    if row.model["layers"] != 1:
        yield key, f"is {row.name}, but needs a network of one layer; name another"


def _held(row):
    return {basin for basins in row.regions.values() for basin in basins}


FIGURE_CHECKS = (
    _insight,
    _cells,
    _epochs,
    _epoch_selection,
    _one_basin,
    _hydrographs,
    _robustness,
)
