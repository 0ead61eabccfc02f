"""The benchmarks of kratzert2019a on the basins in use, from the authors' files."""

from rerunoff import jobs
from rerunoff.analysis.published_runs import published_runs
from rerunoff.data.basin_lists import read_basin_list
from rerunoff.data.simulation_writer import write_simulation
from rerunoff.tables import write_table


def main(
    source, variables, store, basin_list, period, simulations, skill, impossible="stop"
):
    """Write one simulation for each benchmark (`simulations`, by name), and `skill`."""
    basins = read_basin_list(basin_list)
    given = (source, variables, store, basins, period, impossible)
    runs, table = published_runs(*given)
    for name, path in simulations.items():
        write_simulation(path, runs[name])
    write_table(table, skill)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        source=jobs.benchmark_files(snakemake.config, "kratzert2019a"),
        variables=snakemake.params.variables,
        store=snakemake.input.store,
        basin_list=snakemake.input.basins,
        period=snakemake.params.period,
        impossible=snakemake.params.impossible,
        simulations=dict(
            zip(snakemake.params.variables, snakemake.output.simulations, strict=True),
        ),
        skill=snakemake.output.skill,
    )
