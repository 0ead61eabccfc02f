"""Write the scorecard of one paper: published numbers beside ours."""

import logging

from rerunoff import jobs
from rerunoff.numbers.files import read_numbers
from rerunoff.numbers.published import read_published
from rerunoff.scorecard.compare import compare
from rerunoff.tables import write_table

_log = logging.getLogger(__name__)


def main(published, ours, recomputed, deviations, dataset, notes, paper, output):
    """Compare and write `output` (CSV, columns of `rerunoff.scorecard.compare`).

    `ours` are files of numbers, `recomputed` is that of the authors' own files, and the
    other arguments are those of `compare`.

    Raises
    ------
    InputError
        If one of the files cannot be used.
    """
    numbers = read_published(published)
    both = read_numbers(ours), read_numbers([recomputed])
    table = compare(numbers, *both, deviations, dataset, notes)
    write_table(table, output)
    for verdict, number in table["verdict"].value_counts().items():
        _log.info("%s: %d of %d numbers %s", paper, number, len(table), verdict)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        published=snakemake.input.published,
        ours=list(snakemake.input.ours),
        recomputed=snakemake.input.recomputed,
        deviations=snakemake.params.deviations,
        dataset=snakemake.params.dataset,
        notes=snakemake.params.notes,
        paper=snakemake.wildcards.paper,
        output=snakemake.output[0],
    )
