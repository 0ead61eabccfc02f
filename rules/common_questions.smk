"""Helpers of the rules of questions."""


def compared_models(paper):
    """Return the experiments and benchmarks that a question compares."""
    return list(dict.fromkeys(name for pair in RESOLVED[paper].pairs for name in pair))


def strata_of(paper):
    """Return the groups of basins that a question looks at; None for all at once."""
    return _comparison(paper).get("strata")


def compared_in(wildcards):
    """Return the metrics that a question compares, and what its groups follow from."""
    paper, strata = wildcards.paper, strata_of(wildcards.paper)
    tell_absent(paper)
    if not RESOLVED[paper].pairs:
        give_up(
            f"Of each of {paper}.comparison.pairs one is not run or not at hand; name "
            f"both of a pair in {paper}.only."
        )
    metrics = metrics_of(paper)
    inputs = {"metrics": [metrics[name] for name in compared_models(paper)]}
    if strata is None:
        return inputs
    if strata["by"] in BENCHMARKS:
        path = f"results/analysis/{paper}/{strata['by']}_parameters.csv"
        return inputs | {"calibrated": path}
    return inputs | {"store": store_of(paper)}


def pairs_of(paper):
    """Return what an answer compares, what of it is related, and the titles left out."""
    return {
        "compared": RESOLVED[paper].pairs,
        "related": RESOLVED[paper].related_pairs,
        "left_out": [
            [look_of(RESOLVED[paper], name)["title"] for name in pair]
            for pair in RESOLVED[paper].pairs_left_out
        ],
    }


def caption_of_question(paper):
    """Return what stands below the sentences of an answer."""
    return _caption_of("shared.comparison_table") + protocol_of(paper)


def _comparison(paper):
    values = RESOLVED[paper].values
    for key in ("question", "comparison"):
        if key not in values:
            give_up(f"{paper} has no key {key}; add it to config/papers/{paper}.yaml.")
    return values["comparison"]
