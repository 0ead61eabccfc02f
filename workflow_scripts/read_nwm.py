"""The National Water Model's discharge of the basins in use."""

from rerunoff import jobs
from rerunoff.analysis.benchmark import national_water_model
from rerunoff.data.basin_lists import read_basin_list
from rerunoff.data.simulation_writer import write_simulation


def main(discharge, gauges, store, basin_list, period, simulation):
    basins = read_basin_list(basin_list)
    nwm = national_water_model(discharge, gauges, store, basins, period)
    write_simulation(simulation, nwm)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        discharge=snakemake.input.discharge,
        gauges=snakemake.input.gauges,
        store=snakemake.input.store,
        basin_list=snakemake.input.basins,
        period=snakemake.params.period,
        simulation=snakemake.output.simulation,
    )
