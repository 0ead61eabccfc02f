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
    return f"results/metrics/kratzert2019b/{model}.csv"


def origin_2019b():
    """Return whose numbers the figures of kratzert2019b show: a dataset, or the authors."""
    return "authors" if config["kratzert2019b"]["replay"] else config["dataset"]


def authors_statistics(model):
    """Return the authors' file of a model's statistics: in published_root, or fetched."""
    return f"{authors_root('kratzert2019b')}/kratzert2019b/{AUTHORS_FILES[model]}"


def replayed_statistics(wildcards):
    """Return what a replay reads of a model."""
    check_data_of("kratzert2019b")
    return {"published": authors_statistics(wildcards.experiment)}


def counted_with_2019b():
    """Return the basin sets of kratzert2019b, and the authors' files."""
    inputs = {"basins_outside_530": f"{PUBLISHED}/outside_530_basins.txt"}
    files = map(authors_statistics, AUTHORS_FILES)
    if config["kratzert2019b"]["replay"]:
        inputs["authors"] = list(files)
    elif config["published_root"]:
        inputs["authors"] = [path for path in files if Path(path).is_file()]
    return inputs | published_basins("kratzert2019b")


COUNTED_WITH["kratzert2019b"] = counted_with_2019b

EACH_STATISTIC = {"statistic": ["nse", "bias", "stdev", "q95"]}
SHOWN = set(shown_2019b())
# Pairs of models that scatters can show.
NETWORKS = SHOWN & {"lstm_static", "lstm_no_static", "lstm_ungauged"}
SCATTERED = (NETWORKS and SHOWN & set(BENCHMARKS)) or (
    "lstm_static" in NETWORKS and len(NETWORKS) > 1
)
AGAINST_GAUGED = "lstm_static" in SHOWN and SHOWN & {*BENCHMARKS, "lstm_no_static"}
MEMBERS_SHOWN = not config["kratzert2019b"]["replay"] and "lstm_ungauged" in SHOWN
# The gauges' coordinates are in the attribute tables.
PLACED = (
    config["data_root"]
    or not config["published_root"]
    or not config["kratzert2019b"]["replay"]
)
