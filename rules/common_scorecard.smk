"""Helpers of the rules of evaluation, numbers and the scorecard."""

# What of a paper is counted in beside metrics; the papers' own files fill it: sets of
# basins, and the authors' files.
COUNTED_WITH = {}
# Files of numbers by paper, which the scorecard compares with the published ones.
NUMBERS = {paper: [] for paper in PAPERS}


def numbers(paper, what, when=True):
    """Return the output of a rule that writes numbers, and have them compared.

    `when` says whether the paper's target makes them.
    """
    path = f"results/numbers/{paper}/{what}.csv"
    for name in PAPERS if when else ():
        if paper in (name, "{paper}"):
            NUMBERS[name].append(path.format(paper=name))
    return {"numbers": path}


def metrics_set(paper):
    """Return the module that defines the metrics of a paper."""
    return config[paper].get("metrics", "metrics")


def without_replay():
    """Return the papers whose metrics are of our own simulations."""
    return [paper for paper in PAPERS if not config[paper].get("replay")]


def evaluated_periods(paper, experiment):
    """Return training and test period of what is evaluated; benchmarks may start late."""
    periods = periods_of(paper, experiment)
    if experiment not in BENCHMARKS:
        return periods
    late = datetime.timedelta(days=config[paper].get("benchmarks_late", 0))
    first, last = periods["test"]
    first = datetime.date.fromisoformat(first) + late
    return periods | {"test": [first.isoformat(), last]}


def deviations_of(paper):
    """Return the protocol keys that differ from the paper's."""
    return deviations(config, paper, workflow.basedir)


def compared(paper):
    """Return the metrics of ours, by experiment; what is replayed is the authors'."""
    return metrics_of(paper) if paper in without_replay() else {}


def counted(wildcards):
    """Return what is counted: published keys, our metrics, basins, the authors' files."""
    paper = wildcards.paper
    inputs = {
        "published": f"{PUBLISHED}/{paper}.csv",
        "metrics": list(compared(paper).values()),
    }
    return inputs | COUNTED_WITH[paper]()


def published_basins(paper):
    """Return the file of the 531 basins, if there is one to compare with."""
    given = Path(config["published_root"] or "", "basin_list_531.txt")
    if config["published_root"] and given.is_file():
        return {"basins_531": str(given)}
    if config[paper]["basins"] != "basin_list_531":
        return {}
    if not config[paper].get("replay"):
        return {"basins_531": basins_of(paper)}
    # A replay checks no basin list; without one no number over basins is compared.
    listed = basin_list_file(paper)
    there = not config["data_root"] or Path(listed).is_file()
    return {"basins_531": listed} if there else {}


def authors_root(paper):
    """Return the folder of the authors' per-basin results; None without one."""
    downloaded = "resources/published" if config[paper].get("replay") else None
    return config["published_root"] or downloaded


def shown_of(paper):
    """Return what the page says of a paper, and the files behind its numbers."""
    replayed = config[paper].get("replay", False)
    active = [] if replayed else active_experiments(config, paper)
    rows = config[paper]["experiments"].items()
    return {
        "title": config[paper]["title"],
        "doi": config[paper]["doi"],
        "replayed": replayed,
        "experiments": {name: row.get("title", name) for name, row in rows},
        "results": results_of(paper),
        "metrics": compared(paper),
        # One of the runs: the others have the same settings.
        "records": {
            name: run_files(paper, name, members_of(paper)[0], "run.yaml")[0]
            for name in active
        },
    }
