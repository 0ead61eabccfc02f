"""The benchmark runs of a paper's basins, in one file."""

from pathlib import Path

from rerunoff import jobs
from rerunoff.data.basin_lists import read_basin_list
from rerunoff.data.model_output import read_model_output
from rerunoff.data.simulation_writer import write_simulation


def main(folder, basin_list, output):
    write_simulation(output, read_model_output(folder, read_basin_list(basin_list)))


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        # Downloaded runs are an input; given ones are known by content, not by path.
        folder=snakemake.input.get(
            "files",
            Path(
                jobs.model_output_folder(snakemake.config, snakemake.wildcards.dataset),
                snakemake.wildcards.forcing,
            ),
        ),
        basin_list=snakemake.input.basins,
        output=snakemake.output.store,
    )
