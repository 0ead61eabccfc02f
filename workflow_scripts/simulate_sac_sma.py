"""The benchmark SAC-SMA + Snow-17: the best of its calibrations, or their mean."""

from rerunoff import jobs
from rerunoff.analysis.benchmark import CALIBRATIONS
from rerunoff.data.basin_lists import read_basin_list
from rerunoff.data.simulation_writer import write_simulation
from rerunoff.tables import write_table


def main(calibrations, basin_list, simulation, chosen, **source):
    take = CALIBRATIONS[calibrations]
    simulated, table = take(basins=read_basin_list(basin_list), **source)
    write_table(table, chosen)
    write_simulation(simulation, simulated)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        calibrations=snakemake.params.calibrations,
        model_output=snakemake.input.model_output,
        store=snakemake.input.store,
        basin_list=snakemake.input.basins,
        train=snakemake.params.periods["train"],
        test=snakemake.params.periods["test"],
        own_start=snakemake.params.own_start,
        simulation=snakemake.output.simulation,
        chosen=snakemake.output.chosen,
    )
