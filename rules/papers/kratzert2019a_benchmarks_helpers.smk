"""Helpers of the rules of kratzert2019a about models of others."""

OUTSIDE_447 = f"{PUBLISHED}/outside_447_basins.txt"
# Benchmarks by what they are taken from: the authors' netCDF files, by variable, or
# metrics by basin that others computed.
FROM_FILES = read_from_files("kratzert2019a")
THIRD_PARTYS = P19A.imported
ANY_THIRD_PARTY = any(RESOLVED[name].imported for name in COMPARED_WITH_THIRD_PARTY)
THIRD_PARTY_METRICS = (
    f"{config['published_root']}/{THIRD_PARTY_PAPER}/{THIRD_PARTY_FILE}"
)
BENCHMARK_SKILL = "results/analysis/kratzert2019a/benchmark_skill.csv"
COVERAGE_2019A = "results/analysis/kratzert2019a/coverage.csv"
# What the figures show, if it is run: networks, then benchmarks (performance.ipynb,
# cells 18 and 20).
FOR_CONUS = ["ealstm_nse", "lstm_no_static_nse", "vic_conus", "mhm_conus"]
BY_BASIN = [
    "ealstm_nse",
    "sac_sma",
    *(n for n in BENCHMARKS if n in FAMILIES and not n.endswith("conus")),
]


def has_benchmark(models):
    """Whether a figure of some models has both a network and a benchmark."""
    shown = set(shown_2019a(models))
    return bool(shown - set(BENCHMARKS)) and bool(shown & set(BENCHMARKS))


def imported_by_others(wildcards):
    """Return what is read of a benchmark with metrics of others."""
    check_data(RESOLVED[wildcards.paper].own)
    return {"published": THIRD_PARTY_METRICS, "basins": basins_of(wildcards.paper)}


def covered_2019a(wildcards):
    """Return what tells in which basins benchmarks have a metric, and our basins."""
    inputs = {"basins": basins_of("kratzert2019a"), "outside": OUTSIDE_447}
    if FROM_FILES:
        inputs["skill"] = BENCHMARK_SKILL
    if THIRD_PARTYS:
        inputs["third_party"] = THIRD_PARTY_METRICS
    return inputs
