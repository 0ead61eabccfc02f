"""Fetch what is wanted of one run folder of the authors."""

from rerunoff import jobs
from rerunoff.data.authors_files import fetch_results, fetch_weights
from rerunoff.data.download import load_dataset

_FETCH = {"weights": fetch_weights, "results": fetch_results}


def main(what, table, dataset, datasets_file, experiment, seed, partial, destination):
    entry = load_dataset(datasets_file, dataset)
    _FETCH[what](table, entry, experiment, seed, destination, partial)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        what=snakemake.params.what,
        table=snakemake.input.table,
        dataset=snakemake.params.dataset,
        datasets_file=snakemake.params.datasets_file,
        experiment=snakemake.wildcards.experiment,
        seed=snakemake.wildcards.seed,
        partial=snakemake.params.partial,
        destination=snakemake.output[0],
    )
