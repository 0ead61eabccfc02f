"""Raw files to the HDF5 store of one dataset and forcing."""

from rerunoff import jobs
from rerunoff.data.basin_lists import read_basin_list
from rerunoff.data.readers import open_reader
from rerunoff.data.store_builder import build_store


def main(dataset, root, forcing, impossible, basin_list, inputs, store, workers):
    reader = open_reader(dataset, root, forcing, impossible)
    build_store(store, reader, read_basin_list(basin_list), workers, **inputs)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        dataset=snakemake.wildcards.dataset,
        root=jobs.data_folder(snakemake.config, snakemake.wildcards.dataset),
        forcing=snakemake.wildcards.forcing,
        impossible=snakemake.params.impossible,
        basin_list=snakemake.input.basins,
        inputs={
            "inputs": snakemake.params.inputs,
            "key": f"{snakemake.wildcards.owner}.inputs",
        },
        store=snakemake.output.store,
        workers=snakemake.threads,
    )
