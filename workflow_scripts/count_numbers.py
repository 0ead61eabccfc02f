"""The statistics over basins that published numbers name: ours, and the authors'."""

from rerunoff import jobs
from rerunoff.numbers.count import count, count_whole
from rerunoff.numbers.files import write_numbers
from rerunoff.numbers.inputs import read_authors, read_basin_sets, read_ours
from rerunoff.numbers.published import read_published

_BASINS = "basins_"


def main(
    published, metrics, authors_root, paper, dataset, basin_sets, ours, recomputed
):
    """Write the numbers of our metrics to `ours`, and of the authors' to `recomputed`.

    `metrics` maps experiments to our metrics files; `authors_root` (or None) holds the
    authors' as in `read_authors`; `basin_sets` maps names to files as in
    `read_basin_sets`; the other arguments are as named.

    Raises
    ------
    InputError
        If one of the files cannot be used.
    """
    keys, sets = read_published(published), read_basin_sets(basin_sets)
    write_numbers(count(keys, read_ours(metrics, keys), sets, dataset), ours)
    theirs = read_authors(authors_root, paper, keys)
    write_numbers(count_whole(keys, theirs, sets), recomputed)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        published=snakemake.input.published,
        metrics=dict(
            zip(snakemake.params.experiments, snakemake.input.metrics, strict=True)
        ),
        authors_root=snakemake.params.authors_root,
        paper=snakemake.wildcards.paper,
        dataset=snakemake.params.dataset,
        basin_sets={
            name.removeprefix(_BASINS): path
            for name, path in snakemake.input.items()
            if name.startswith(_BASINS)
        },
        ours=snakemake.output.numbers,
        recomputed=snakemake.output.recomputed,
    )
