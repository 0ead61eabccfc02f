"""Median and mean NSE of each level of noise, for the scorecard."""

from rerunoff import jobs
from rerunoff.analysis.robustness_numbers import robustness_numbers
from rerunoff.analysis.robustness_tables import read_levels, simulated_basins
from rerunoff.data.basin_lists import read_basin_list
from rerunoff.numbers.files import write_numbers


def main(levels, basins, published_basins, experiment, member, output):
    wanted = read_basin_list(published_basins) if published_basins else None
    table, simulated = read_levels(levels), simulated_basins(basins)
    rows = robustness_numbers(table, simulated, wanted, experiment, member)
    write_numbers(rows, output)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        levels=snakemake.input.levels,
        basins=snakemake.input.basins,
        published_basins=snakemake.input.get("basins_531"),
        experiment=snakemake.params.experiment,
        member=snakemake.params.member,
        output=snakemake.output.numbers,
    )
