"""In how many basins the benchmarks of kratzert2019a have an NSE, by their sources."""

from rerunoff import jobs
from rerunoff.data.basin_lists import read_basin_list
from rerunoff.evaluation.third_party import read_third_party
from rerunoff.numbers.coverage import coverage_table, read_skill
from rerunoff.tables import write_table


def main(benchmarks, skill, third_party, basins, outside, output):
    """Take each of `benchmarks` from `skill`, or else from the metrics of others."""
    covered = read_skill(skill) if skill else {}
    for name in benchmarks:
        if name not in covered:
            table = read_third_party(third_party, name).dropna(subset="NSE")
            covered[name] = set(table["basin"])
    lists = read_basin_list(basins), read_basin_list(outside)
    write_table(coverage_table({n: covered[n] for n in benchmarks}, *lists), output)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        benchmarks=snakemake.params.benchmarks,
        skill=snakemake.input.get("skill"),
        third_party=snakemake.input.get("third_party"),
        basins=snakemake.input.basins,
        outside=snakemake.input.outside,
        output=snakemake.output.coverage,
    )
