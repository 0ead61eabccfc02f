"""Helpers of the rules of kratzert2019b."""


def models_2019b():
    """Return the models of kratzert2019b with statistics, benchmarks first."""
    if config["kratzert2019b"]["replay"]:
        return list(AUTHORS_FILES)
    known = evaluated("kratzert2019b")
    return [name for name in BENCHMARKS if name in known] + [
        name for name in known if name not in BENCHMARKS
    ]


def shown_2019b():
    """Return the models that figures show: one reading of the ungauged LSTM."""
    rows = config["kratzert2019b"]["experiments"]
    readings = {n for n, row in rows.items() if "held_out_attributes" in row}
    return [name for name in models_2019b() if name not in readings]


def looks_2019b():
    """Return title and model of what the figures of kratzert2019b show."""
    return {name: look_of(config, "kratzert2019b", name) for name in shown_2019b()}


def statistics_of(model):
    """Return the per-basin statistics of a model of kratzert2019b."""
    return f"results/statistics/kratzert2019b/{model}.csv"


def origin_2019b():
    """Return the dataset whose numbers the figures of kratzert2019b show."""
    return "camels_us" if config["kratzert2019b"]["replay"] else config["dataset"]


def statistics_period(paper, experiment):
    """Return the days of the statistics; the authors' benchmarks start a day late."""
    first, last = periods_of(paper, experiment)["test"]
    if experiment in BENCHMARKS:
        day = datetime.date.fromisoformat(first) + datetime.timedelta(days=1)
        first = day.isoformat()
    return [first, last]


def authors_statistics(model):
    """Return the authors' file of a model's statistics: in published_root, or fetched."""
    root = config["published_root"] or "resources/published"
    return f"{root}/kratzert2019b/{AUTHORS_FILES[model]}"


def results_of_2019b():
    """Return the names of those tables and figures of kratzert2019b that can be made."""
    tables = ["statistics", "win_counts", "significance"]
    known, figures = set(shown_2019b()), ["boxplots"]
    names = ["densities", "scatters"]
    if "lstm_static" in known and known & {"sac_sma", "nwm", "lstm_no_static"}:
        names.append("gauged_scatters")
    figures += [f"{n}_{s}" for n in names for s in ("nse", "bias", "stdev", "q95")]
    replay = config["kratzert2019b"]["replay"]
    if not replay and "lstm_ungauged" in known:
        figures += ["members_by_basin", "members_ranked"]
    # The gauges' coordinates are in the attribute tables.
    placed = config["data_root"] or not config["published_root"] or not replay
    if {"lstm_ungauged", "sac_sma"} <= known and placed:
        figures.append("win_map")
    return tables, figures


def scorecard_inputs_2019b():
    """Return the basin sets and statistics of kratzert2019b, and the authors' files."""
    published = f"{workflow.basedir}/config/published"
    inputs = {
        "metrics": [statistics_of(model) for model in models_2019b()],
        "basins_outside_530": f"{published}/outside_530_basins.txt",
    }
    root = config["published_root"]
    if root:
        folder = Path(root, "kratzert2019b")
        files = (folder / name for name in AUTHORS_FILES.values())
        inputs["authors"] = [str(path) for path in files if path.is_file()]
    if root and Path(root, "basin_list_531.txt").is_file():
        inputs["basins_531"] = f"{root}/basin_list_531.txt"
    elif config["kratzert2019b"]["basins"] == "basin_list_531":
        inputs["basins_531"] = basin_list_file("kratzert2019b")
    return inputs
