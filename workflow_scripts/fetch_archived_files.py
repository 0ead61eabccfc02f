"""Fetch the files of a few basins out of the publisher's archive, by HTTP Range."""

from rerunoff import jobs
from rerunoff.data import archives
from rerunoff.data.download import check_network, load_dataset


def main(dataset, destinations, basins_files, datasets_file):
    """Fetch each content of `destinations` (content -> folder), one at a time."""
    entry = load_dataset(datasets_file, dataset)
    file = archives.only_zip_of(entry)
    remedy = f"download it by hand from {entry['page']}, unpack it and set data_root"
    check_network(entry, file, remedy)
    gauges = archives.wanted_gauges(basins_files)
    for content, destination in destinations.items():
        prefix = archives.prefix_of(entry, content)
        archives.fetch_archived_files(
            entry["mirrors"], file, prefix, gauges, destination
        )


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        dataset=snakemake.params.dataset,
        destinations=dict(
            zip(snakemake.params.contents, snakemake.output, strict=True),
        ),
        basins_files=list(snakemake.input.get("basins", [])),
        datasets_file=snakemake.params.datasets_file,
    )
