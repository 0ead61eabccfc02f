"""Helpers of the rules of kratzert2019b."""

P19B = RESOLVED["kratzert2019b"]


def models_2019b():
    """Return the models of kratzert2019b with statistics, benchmarks first."""
    if P19B.replay:
        return list(AUTHORS_FILES)
    return [*P19B.benchmarks, *P19B.active]


def drawn_2019b():
    """Return the models that figures draw: all but other readings of one of them."""
    shown = evaluated_once("kratzert2019b")
    return [name for name in models_2019b() if P19B.replay or name in shown]


def gauged_2019b():
    """Return the models that figures draw whose networks have learned the basins."""
    rows = P19B.experiments
    return [n for n in drawn_2019b() if n not in rows or rows[n].units != FOLD]


def statistics_of(model):
    """Return the per-basin statistics of a model of kratzert2019b."""
    return f"results/metrics/kratzert2019b/{model}.csv"


def origin_2019b():
    """Return whose numbers the figures of kratzert2019b show: a dataset, or the authors."""
    return "authors" if P19B.replay else config["dataset"]


def authors_statistics(model):
    """Return the authors' file of a model's statistics: in published_root, or fetched."""
    root = config["published_root"] or "resources/published"
    return f"{root}/kratzert2019b/{AUTHORS_FILES[model]}"


# The models whose statistics are the authors'.
IMPORTED = list(AUTHORS_FILES) if P19B.replay else P19B.imported


def imported_statistics(wildcards):
    """Return what is read of a model: the authors' file, and the basins if it is ours."""
    check_data(P19B.own)
    inputs = {"published": authors_statistics(wildcards.experiment)}
    return inputs if P19B.replay else inputs | {"basins": basins_of("kratzert2019b")}


def counted_with_2019b():
    """Return the basin sets of kratzert2019b, and the authors' files."""
    inputs = {"basins_outside_530": f"{PUBLISHED}/outside_530_basins.txt"}
    files = map(authors_statistics, AUTHORS_FILES)
    if P19B.replay:
        inputs["authors"] = list(files)
    elif config["published_root"]:
        inputs["authors"] = [path for path in files if Path(path).is_file()]
    return inputs | published_basins("kratzert2019b")


COUNTED_WITH["kratzert2019b"] = counted_with_2019b

EACH_STATISTIC = {"statistic": ["nse", "bias", "stdev", "q95"]}
DRAWN = set(drawn_2019b())
# Pairs of models that scatters can draw.
NETWORKS = DRAWN - set(BENCHMARKS)
SCATTERED = (NETWORKS and DRAWN & set(BENCHMARKS)) or (
    "lstm_static" in NETWORKS and len(NETWORKS) > 1
)
AGAINST_GAUGED = "lstm_static" in DRAWN and len(gauged_2019b()) > 1
MEMBERS_DRAWN = not P19B.replay and "lstm_ungauged" in DRAWN
# The gauges' coordinates are in the attribute tables.
PLACED = config["data_root"] or not config["published_root"] or not P19B.replay
