"""The benchmark runs of a paper's basins, in one file."""

from rerunoff import jobs
from rerunoff.data.basin_lists import read_basin_list
from rerunoff.data.model_output import read_model_output, write_model_output


def main(folder, basin_list, output):
    write_model_output(output, read_model_output(folder, read_basin_list(basin_list)))


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        folder=snakemake.input.files,
        basin_list=snakemake.input.basins,
        output=snakemake.output.store,
    )
