"""Unpack the files of the basins in use from a downloaded archive."""

from rerunoff import jobs
from rerunoff.data.archives import extract_files, prefix_of, wanted_gauges
from rerunoff.data.download import load_dataset


def main(archive, dataset, content, basins_files, datasets_file, destination):
    """Unpack one content of the archive for the union of the basin lists."""
    entry = load_dataset(datasets_file, dataset)
    prefix = prefix_of(entry, content)
    extract_files(archive, prefix, wanted_gauges(basins_files), destination)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        archive=snakemake.input.archive,
        dataset=snakemake.params.dataset,
        content=snakemake.params.content,
        basins_files=list(snakemake.input.get("basins", [])),
        datasets_file=snakemake.params.datasets_file,
        destination=snakemake.output[0],
    )
