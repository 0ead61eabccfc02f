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
    """Return the models that figures show: all but other readings of one of them."""
    rows, known = config["kratzert2019b"]["experiments"], models_2019b()
    return [n for n in known if rows.get(n, {}).get("reading_of") not in known]


def looks_2019b():
    """Return title and model of what the figures of kratzert2019b show."""
    return {name: look_of(config, "kratzert2019b", name) for name in shown_2019b()}


def statistics_of(model):
    """Return the per-basin statistics of a model of kratzert2019b."""
    return f"results/statistics/kratzert2019b/{model}.csv"


def origin_2019b():
    """Return whose numbers the figures of kratzert2019b show: a dataset, or the authors."""
    return "authors" if config["kratzert2019b"]["replay"] else config["dataset"]


def statistics_period(paper, experiment):
    """Return the days of the statistics; the authors' benchmarks start a day late."""
    first, last = periods_of(paper, experiment)["test"]
    if experiment in BENCHMARKS:
        day = datetime.date.fromisoformat(first) + datetime.timedelta(days=1)
        first = day.isoformat()
    return [first, last]


def authors_statistics(model):
    """Return the authors' file of a model's statistics: in published_root, or fetched."""
    return f"{authors_root('kratzert2019b')}/kratzert2019b/{AUTHORS_FILES[model]}"


def replayed_statistics(wildcards):
    """Return what a replay reads of a model."""
    check_data_of(wildcards.paper)
    return {"published": authors_statistics(wildcards.experiment)}


def results_of_2019b():
    """Return the names of those tables and figures of kratzert2019b that can be made."""
    tables = ["statistics", "win_counts", "significance"]
    known, figures = set(shown_2019b()), ["boxplots"]
    lstms = known & {"lstm_static", "lstm_no_static", "lstm_ungauged"}
    names = ["densities"]
    if lstms and known & set(BENCHMARKS) or "lstm_static" in lstms and len(lstms) > 1:
        names.append("scatters")
    if "lstm_static" in known and known & {*BENCHMARKS, "lstm_no_static"}:
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
        "metrics": [
            statistics_of(name) for name in compared_experiments("kratzert2019b")
        ],
        "basins_outside_530": f"{published}/outside_530_basins.txt",
    }
    root, files = config["published_root"], map(authors_statistics, AUTHORS_FILES)
    if config["kratzert2019b"]["replay"]:
        inputs["authors"] = list(files)
    elif root:
        inputs["authors"] = [path for path in files if Path(path).is_file()]
    if root and Path(root, "basin_list_531.txt").is_file():
        inputs["basins_531"] = f"{root}/basin_list_531.txt"
    elif config["kratzert2019b"]["basins"] == "basin_list_531":
        listed = basin_list_file("kratzert2019b")
        # A replay checks no basin list; without one no number over basins is compared.
        if not config["kratzert2019b"]["replay"]:
            inputs["basins_531"] = basins_of("kratzert2019b")
        elif not config["data_root"] or Path(listed).is_file():
            inputs["basins_531"] = listed
    return inputs
