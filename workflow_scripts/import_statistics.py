"""The authors' statistics of one model in the form of ours."""

from rerunoff import jobs
from rerunoff.evaluation.tables import read_authors_statistics
from rerunoff.tables import write_table


def main(published, output):
    write_table(read_authors_statistics(published), output)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        published=snakemake.input.published,
        output=snakemake.output.metrics,
    )
