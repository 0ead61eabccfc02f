"""Write the scorecard of one paper: published numbers beside ours."""

import logging

from rerunoff import jobs
from rerunoff.scorecard.compare import compare
from rerunoff.scorecard.inputs import (
    read_authors,
    read_basin_sets,
    read_chosen_epochs,
    read_ours,
)
from rerunoff.scorecard.published import read_published
from rerunoff.tables import write_table

_log = logging.getLogger(__name__)
_BASINS = "basins_"


def main(
    published,
    metrics,
    authors_root,
    paper,
    deviations,
    dataset,
    basin_sets,
    chosen_epochs,
    output,
):
    """Compare and write `output` (CSV, columns of `rerunoff.scorecard.compare`).

    `metrics` maps experiments to our metrics files; `authors_root` (or None) holds
    the authors' as in `read_authors`; `deviations` gives by experiment the dotted
    config keys that differ from the paper's protocol; `basin_sets` maps names to files
    as in `read_basin_sets`; `chosen_epochs` (or None) is a CSV with the columns
    `experiment` and `epoch`; the other arguments are as named.

    Raises
    ------
    InputError
        If one of the files cannot be used.
    """
    numbers = read_published(published)
    table = compare(
        numbers,
        read_ours(metrics, numbers),
        read_authors(authors_root, paper, numbers),
        deviations,
        dataset,
        read_basin_sets(basin_sets),
        read_chosen_epochs(chosen_epochs) if chosen_epochs else {},
    )
    write_table(table, output)
    for verdict, count in table["verdict"].value_counts().items():
        _log.info("%s: %d of %d numbers %s", paper, count, len(table), verdict)


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
        deviations=snakemake.params.deviations,
        dataset=snakemake.params.dataset,
        basin_sets={
            name.removeprefix(_BASINS): path
            for name, path in snakemake.input.items()
            if name.startswith(_BASINS)
        },
        chosen_epochs=snakemake.input.get("chosen_epochs"),
        output=snakemake.output[0],
    )
