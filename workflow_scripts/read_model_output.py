"""The benchmark runs of the basins in use, in one file."""

from rerunoff import jobs
from rerunoff.data.basin_lists import read_basin_list
from rerunoff.data.model_output import read_model_output, write_model_output


def main(folder, basin_lists, output):
    basins = dict.fromkeys(b for path in basin_lists for b in read_basin_list(path))
    write_model_output(output, read_model_output(folder, list(basins)))


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        folder=f"{jobs.model_output_folder(snakemake.config)}/{snakemake.wildcards.forcing}",
        basin_lists=list(snakemake.input.basins),
        output=snakemake.output.store,
    )
