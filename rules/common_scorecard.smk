"""Helpers of the scorecard's rules: what is compared, and what its page shows."""


def deviations_of(paper):
    """Return the protocol keys that differ from the paper's."""
    return deviations(config, RESOLVED[paper], workflow.basedir)


# What the scorecard of a paper reads beyond the published numbers, and our tables where
# these are not the metrics; the papers' own files fill both.
SCORECARD_INPUTS, COMPARED = {}, {}


def compared(paper):
    """Return the tables of ours that the scorecard reads, by experiment."""
    return COMPARED.get(paper, metrics_of)(paper)


def scorecard_inputs(wildcards):
    """Return what the scorecard compares: published numbers, ours, the authors'."""
    paper = wildcards.paper
    inputs = {
        "published": f"{PUBLISHED}/{paper}.csv",
        "metrics": list(compared(paper).values()),
    }
    return inputs | SCORECARD_INPUTS[paper]()


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
        "experiments": {name: row.title for name, row in resolved.experiments.items()},
        "results": results_of(paper),
        "metrics": compared(paper),
        # One of the runs: the others have the same settings.
        "records": {
            name: run_files(paper, name, members_of(paper, name)[0], "run.yaml")[0]
            for name in active
        },
    }
