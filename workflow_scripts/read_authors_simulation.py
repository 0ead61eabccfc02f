"""The authors' stored simulation of one run, as a simulation like our own."""

from rerunoff import jobs
from rerunoff.analysis.authors_simulations import stored_simulation
from rerunoff.data.basin_lists import read_basin_list
from rerunoff.data.simulation_writer import write_simulation


def main(results, store, basin_list, period, simulation):
    basins = read_basin_list(basin_list)
    write_simulation(simulation, stored_simulation(results, store, basins, period))


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        results=snakemake.input.results,
        store=snakemake.input.store,
        basin_list=snakemake.input.basins,
        period=snakemake.params.period,
        simulation=snakemake.output.simulation,
    )
