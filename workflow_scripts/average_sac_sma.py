"""The benchmark of kratzert2019b: the mean of all calibrations of SAC-SMA."""

from rerunoff import jobs
from rerunoff.analysis.benchmark import average_calibrations
from rerunoff.data.basin_lists import read_basin_list
from rerunoff.evaluation.writing import write_simulation


def main(model_output, store, basin_list, period, simulation):
    basins = read_basin_list(basin_list)
    mean = average_calibrations(model_output, store, basins, period)
    write_simulation(simulation, mean)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        model_output=snakemake.input.model_output,
        store=snakemake.input.store,
        basin_list=snakemake.input.basins,
        period=snakemake.params.period,
        simulation=snakemake.output.simulation,
    )
