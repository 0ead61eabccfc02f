"""Download files of one data set from the publisher."""

from pathlib import Path

from rerunoff import jobs
from rerunoff.data.download import download, load_dataset
from rerunoff.data.session import make_session


def main(dataset, destinations, datasets_file, partial_folder):
    """Download each file of `destinations` (file name -> path), one at a time."""
    entry = load_dataset(datasets_file, dataset)
    session = make_session()
    for file, destination in destinations.items():
        partial = Path(partial_folder) / f"{file}.part"
        download(entry, file, destination, partial, session=session)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        dataset=snakemake.params.dataset,
        destinations=dict(
            zip(snakemake.params.files, snakemake.output, strict=True),
        ),
        datasets_file=snakemake.params.datasets_file,
        partial_folder=snakemake.params.partial,
    )
