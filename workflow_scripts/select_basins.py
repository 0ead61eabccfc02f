"""The basins of a paper, checked against the attribute tables."""

from rerunoff import jobs
from rerunoff.data.basin_lists import read_basin_list
from rerunoff.data.basins import select_basins
from rerunoff.seals import write_sealed


def main(chosen, list_file, source, dataset, root, forcing, local, output):
    if list_file:
        chosen = read_basin_list(list_file)
    basins = select_basins(chosen, source, dataset, root, forcing, local)
    write_sealed(output, "\n".join(basins) + "\n")


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        chosen=snakemake.params.chosen,
        list_file=snakemake.input.get("list_file"),
        source=snakemake.params.source,
        dataset=snakemake.wildcards.dataset,
        root=jobs.data_folder(snakemake.config, snakemake.wildcards.dataset),
        forcing=snakemake.wildcards.forcing,
        local=snakemake.params.local,
        output=snakemake.output.basins,
    )
