"""Find the run folders of the authors: which holds which network."""

from pathlib import Path

from rerunoff import jobs
from rerunoff.data.authors_files import find_on_disk, write_found
from rerunoff.data.authors_resource import find_published
from rerunoff.data.authors_runs import Configuration
from rerunoff.data.download import load_dataset
from rerunoff.data.hydroshare import by_hand


def main(root, dataset, datasets_file, wanted, folder, partial, table):
    """Write the table of run folders below `root`, or, where that is None, published.

    `wanted` has kind, static, loss and seeds by experiment.
    """
    runs = {
        name: (
            Configuration(*(row[key] for key in ("kind", "static", "loss"))),
            row["seeds"],
        )
        for name, row in wanted.items()
    }
    if root is None:
        entry = load_dataset(datasets_file, dataset)
        found, remedy = find_published(entry, folder, partial), by_hand(entry)
    else:
        found, remedy = find_on_disk([root]), f"put just the right folder below {root}"
    write_found(found, runs, remedy, table)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        root=snakemake.params.root,
        dataset=snakemake.params.dataset,
        datasets_file=snakemake.params.datasets_file,
        wanted=snakemake.params.wanted,
        folder=Path(snakemake.output.table).parent,
        partial=snakemake.params.partial,
        table=snakemake.output.table,
    )
