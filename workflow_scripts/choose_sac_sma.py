"""The benchmark of kratzert2018: the calibration with the lowest RMSE per basin."""

from rerunoff import jobs
from rerunoff.analysis.benchmark import choose_calibration
from rerunoff.data.basin_lists import read_basin_list
from rerunoff.evaluation.writing import write_simulation
from rerunoff.tables import write_table


def main(model_output, store, basin_list, periods, own_start, simulation, chosen):
    basins = read_basin_list(basin_list)
    best, table = choose_calibration(
        model_output, store, basins, periods["train"], periods["test"], own_start
    )
    write_table(table, chosen)
    write_simulation(simulation, best)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        model_output=snakemake.input.model_output,
        store=snakemake.input.store,
        basin_list=snakemake.input.basins,
        periods=snakemake.params.periods,
        own_start=snakemake.params.own_start,
        simulation=snakemake.output.simulation,
        chosen=snakemake.output.chosen,
    )
