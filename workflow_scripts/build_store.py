"""Raw files to the HDF5 store of one dataset and forcing."""

from rerunoff import jobs
from rerunoff.data.basin_lists import read_basin_list
from rerunoff.data.readers import open_reader
from rerunoff.data.store_builder import build_store


def main(dataset, root, forcing, impossible, basin_lists, store, workers):
    # The papers that share a forcing share the store; order is by first mention.
    basins = list(
        dict.fromkeys(b for path in basin_lists for b in read_basin_list(path))
    )
    reader = open_reader(dataset, root, forcing, impossible)
    build_store(store, reader, basins, workers)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        dataset=snakemake.wildcards.dataset,
        root=jobs.data_folder(snakemake.config),
        forcing=snakemake.wildcards.forcing,
        impossible=snakemake.params.impossible,
        basin_lists=list(snakemake.input.basin_lists),
        store=snakemake.output.store,
        workers=snakemake.threads,
    )
