"""Faults of the benchmarks that a paper compares with; as the checks of `checks`."""

from rerunoff.protocol.benchmarks import (
    AUTHORS,
    AUTHORS_FILES,
    COMPARED_WITH_THIRD_PARTY,
    STATISTICS_DATASET,
    STATISTICS_PERIODS,
    THIRD_PARTY,
    THIRD_PARTY_FILE,
    THIRD_PARTY_MODELS,
)


def imported(paper):
    """Yield benchmarks whose statistics are published for nothing like this."""
    for name, row in paper.values.get("benchmarks", {}).items():
        path, source = ("benchmarks", name, "statistics"), row.get("statistics")
        theirs = paper.name == "kratzert2019b" and name in AUTHORS_FILES
        if source == AUTHORS and not theirs:
            yield (
                path,
                "is authors, who published them for kratzert2019b only; remove it",
            )
        elif source == THIRD_PARTY and not (
            paper.name in COMPARED_WITH_THIRD_PARTY and name in THIRD_PARTY_MODELS
        ):
            models = ", ".join(THIRD_PARTY_MODELS)
            fault = f"whose {THIRD_PARTY_FILE} has {models} of kratzert2019a; remove it"
            yield path, f"is {source}, {fault}"
        elif (
            "question" in paper.values
            and source == THIRD_PARTY
            and name in paper.benchmarks
            and paper.own.period("test") != [*STATISTICS_PERIODS[source]]
        ):
            first, last = STATISTICS_PERIODS[source]
            fault = f"whose metrics are of {first} to {last}, not of periods.test"
            yield path, f"is {source}, {fault}; set it to null"
        elif (
            source is not None
            and "question" not in paper.values
            and paper.own.dataset != STATISTICS_DATASET
        ):
            fault = f"are of {STATISTICS_DATASET}, not of {paper.own.dataset}"
            yield path, f"is {source}, whose statistics {fault}; set it to null"
    files = paper.values.get("benchmark_files")
    if files is not None and paper.own.dataset == "caravan":
        fault = "of gauges of camels_us, not of caravan; set it to null"
        yield ("benchmark_files",), f"is {files}, which means files {fault}"
