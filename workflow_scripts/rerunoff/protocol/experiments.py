"""Faults of experiments, of their units, and of what figures look into.

Each check yields the key path below the paper and the fault, as the checks of
`checks` do.
"""

from rerunoff.protocol.products import variables_of

_ONE_BASIN = ("hydrograph_epochs", "cell_state")


def check_units(protocol):
    """Yield experiments whose units no basins are named for."""
    for name, row in protocol["experiments"].items():
        units = row.get("units", protocol["units"])
        key = ("experiments", name, "units") if "units" in row else ("units",)
        listed = row.get("basins") or isinstance(protocol["basins"], list)
        if units == "region" and not protocol.get("regions"):
            yield key, f"is region, needed by {name}, but the key regions is empty"
        if units == "fold" and "folds" not in protocol:
            yield key, f"is fold, needed by {name}, but the key folds is missing"
        elif units == "fold" and isinstance(protocol["basins"], list):
            number = len(protocol["basins"])
            if protocol["folds"] > number:
                yield ("folds",), f"is more than the {number} basins; make it smaller"
        if units == "basin" and not (listed or protocol.get("regions")):
            yield (
                key,
                f"is basin, needed by {name}, but no basins are named; set regions, or "
                "list ids in the key basins",
            )
        if "basins" in row and units != "basin":
            path = ("experiments", name, "basins")
            yield path, f"restricts the unit basin, but {name} has the unit {units}"
    if protocol["basins"] == "regions" and not protocol.get("regions"):
        yield ("basins",), "is regions, but the key regions is empty"


def check_weights(protocol):
    """Yield experiments that take the networks of none, or of other units."""
    rows = protocol["experiments"]
    for name, row in rows.items():
        if "weights_from" not in row or not is_run(protocol, name):
            continue
        path, source = ("experiments", name, "weights_from"), row["weights_from"]
        run = [one for one in rows if is_run(protocol, one)]
        if source not in run:
            choice = ", ".join(run)
            yield path, f"is {source}, which is not run; add it to only ({choice})"
        elif "weights_from" in rows[source]:
            yield path, f"is {source}, which has no networks of its own"
        elif rows[source].get("units", protocol["units"]) != row.get(
            "units", protocol["units"]
        ):
            yield path, f"is {source}, which has other units than {name}"
        for key in ("model", "training", "scaling"):
            if key in row:
                owner = ("experiments", name, key)
                yield owner, f"has no effect on the networks of {source}; remove it"
        if "train" in row.get("periods", {}):
            owner = ("experiments", name, "periods", "train")
            yield owner, f"has no effect on the networks of {source}; remove it"


def check_start(protocol):
    """Yield fine-tuned experiments that start from nothing usable."""
    rows, only = protocol["experiments"], protocol.get("only")
    for name, row in rows.items():
        if "start_from" not in row or not is_run(protocol, name):
            continue
        path, start = ("experiments", name, "start_from"), row["start_from"]
        if start not in rows or (only and start not in only):
            choice = ", ".join(only or rows)
            yield path, f"is {start}, which is not run; the experiments are {choice}"
        elif rows[start].get("units", protocol["units"]) != "region":
            yield path, f"is {start}, whose unit is not region"
        if row.get("units", protocol["units"]) != "basin":
            yield path, f"needs the unit basin for {name}"


def check_layers(protocol):
    """Yield dropout between layers where there is one layer, and layered EA-LSTMs."""
    for name, row in protocol["experiments"].items():
        model = protocol["model"] | row.get("model", {})
        faults = {}
        if model["layers"] == 1 and model["layer_dropout"]:
            faults["layer_dropout"] = f"must be 0 for {name}, which has one layer"
        if model["kind"] == "ealstm" and model["layers"] != 1:
            faults["layers"] = f"must be 1 for {name}, an EA-LSTM"
        if model["kind"] == "ealstm" and model["initialisation"] == "keras":
            faults["initialisation"] = f"must be papers or uniform for {name}"
        for key, message in faults.items():
            own = ("experiments", name) if key in row.get("model", {}) else ()
            yield (*own, "model", key), message


def check_insight(protocol):
    """Yield figures that look into what is not there."""
    rows = protocol["experiments"]
    for key in _ONE_BASIN:
        wanted = protocol.get(key)
        if wanted and wanted["experiment"] not in rows:
            yield (key, "experiment"), f"is none of {', '.join(rows)}"
        elif wanted:
            row = rows[wanted["experiment"]]
            if row.get("units", protocol["units"]) != "basin":
                yield (key, "experiment"), "needs an experiment with the unit basin"
    traced = protocol.get("hydrograph_epochs", {}).get("experiment")
    if "start_from" in rows.get(traced, {}):
        yield (
            ("hydrograph_epochs", "experiment"),
            f"is {traced}, which starts from other weights; name one that starts "
            "afresh",
        )
    cells = protocol.get("cell_state")
    if cells and cells["swe"] == "sac_sma" and not protocol.get("sac_sma"):
        yield (
            ("cell_state", "swe"),
            "is sac_sma, but the key sac_sma is null; set it to forcing or degree_day",
        )
    known = variables_of(protocol["forcing"])
    drawn = cells and is_run(protocol, cells["experiment"])
    if drawn and cells["swe"] == "forcing" and known and "swe" not in known:
        yield (
            ("cell_state", "swe"),
            f"is forcing, but {protocol['forcing']} has no snow; set it to sac_sma or "
            "degree_day",
        )
    if cells and _model_of(protocol, cells["experiment"])["kind"] != "lstm":
        yield ("cell_state", "experiment"), "needs an LSTM, which has cell states"
    yield from _check_epochs(protocol)


def _check_epochs(protocol):
    rows, traced = protocol["experiments"], protocol.get("hydrograph_epochs")
    if traced:
        own = rows[traced["experiment"]].get("training", {}).get("epochs")
        trained = own or protocol["training"]["epochs"]
        if max(traced["epochs"]) > trained:
            yield (
                ("hydrograph_epochs", "epochs"),
                f"names {max(traced['epochs'])}, but {traced['experiment']} is trained "
                f"for {trained} epochs; name none beyond",
            )
    for name in protocol.get("epoch_selection", {}).get("epochs", {}):
        if name not in rows or "start_from" in rows[name]:
            yield (
                ("epoch_selection", "epochs", name),
                "names no experiment that starts afresh; they are "
                + ", ".join(n for n, row in rows.items() if "start_from" not in row),
            )


def _model_of(protocol, experiment):
    row = protocol["experiments"].get(experiment, {})
    return protocol["model"] | row.get("model", {})


def check_named_basins(protocol):
    """Yield figures of basins that the regions do not hold, once these are read."""
    regions = protocol["regions"]
    known = {basin for basins in regions.values() for basin in basins}
    if protocol["basins"] != "regions":
        return
    wanted = {key: protocol.get(key) for key in (*_ONE_BASIN, "rnn_vs_lstm")}
    for key, row in wanted.items():
        experiment = (row or {}).get("experiment", "rnn")
        if not row or not is_run(protocol, experiment):
            continue  # and not drawn
        if row["basin"] not in known:
            yield (
                (key, "basin"),
                f"is {row['basin']}, which is in none of the regions; name one of them",
            )
        own = protocol["experiments"].get(experiment, {}).get("basins")
        if own and row["basin"] not in own:
            yield (
                (key, "basin"),
                f"is {row['basin']}, but {experiment} has the basins {', '.join(own)}",
            )
    for name, row in protocol["experiments"].items():
        for basin in row.get("basins", []) if is_run(protocol, name) else []:
            if basin not in known:
                yield (
                    ("experiments", name, "basins"),
                    f"names {basin}, which is in none of the regions; name some of "
                    "theirs",
                )
    for basin in protocol.get("hydrographs", {}).get("basins") or []:
        if basin not in known:
            yield (
                ("hydrographs", "basins"),
                f"names {basin}, which is in none of the regions; name some of theirs, "
                "or set it to null for the first four",
            )


def is_run(protocol, experiment):
    """Whether the key `only` keeps an experiment."""
    return experiment in (protocol.get("only") or protocol["experiments"])
