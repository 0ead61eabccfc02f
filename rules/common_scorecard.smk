"""Helpers of the rules of evaluation, numbers and the scorecard."""

# What of a paper is counted in beside metrics; the papers' own files fill it: sets of
# basins, and the authors' files.
COUNTED_WITH = {}
# Metrics by basin of simulations that the authors stored, below a folder for each paper.
STORED = "results/authors"
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


def evaluated_periods(paper, experiment):
    """Return training and test period of what is evaluated; benchmarks may start late."""
    periods = RESOLVED[paper].find(experiment).days()
    if experiment not in BENCHMARKS:
        return periods
    days = RESOLVED[paper].benchmark(experiment).get("days_late", 0)
    late = datetime.timedelta(days=days)
    first, last = periods["test"]
    first = datetime.date.fromisoformat(first) + late
    return periods | {"test": [first.isoformat(), last]}


@functools.cache
def deviations_of(paper):
    """Return the protocol keys that differ from the paper's."""
    return deviations(config, RESOLVED[paper], workflow.basedir)


def protocol_of(paper):
    """Return what a caption says of another protocol than the paper's."""
    return told(RESOLVED[paper], deviations_of(paper))


def compared(paper):
    """Return the metrics of ours, by experiment; what is replayed is the authors'."""
    return {} if RESOLVED[paper].replay else metrics_of(paper)


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
    resolved = RESOLVED[paper]
    if resolved.own.basins != "basin_list_531":
        return {}
    if not resolved.replay:
        return {"basins_531": basins_of(paper)}
    # A replay checks no basin list; without one no number over basins is compared.
    listed = basin_list_file(resolved.own)
    there = not given_root(config, resolved.own.dataset) or Path(listed).is_file()
    return {"basins_531": listed} if there else {}


def authors_root(paper):
    """Return the folder of the authors' per-basin results; None without one."""
    if RESOLVED[paper].stored_simulations:
        return STORED
    downloaded = "resources/published" if RESOLVED[paper].replay else None
    return config["published_root"] or downloaded


def shown_of(paper):
    """Return what the page says of a paper, and the files behind its numbers."""
    resolved = RESOLVED[paper]
    active = [] if resolved.replay else resolved.active
    return {
        "title": resolved.values["title"],
        "doi": resolved.values["doi"],
        "replayed": resolved.replay,
        "authors_weights": resolved.authors_weights,
        "experiments": {name: row.title for name, row in resolved.experiments.items()},
        "results": results_of(paper),
        "metrics": compared(paper),
        # One of the runs: the others have the same settings.
        "records": {
            name: run_files(paper, name, members_of(paper, name)[0], "run.yaml")[0]
            for name in active
        },
    }
