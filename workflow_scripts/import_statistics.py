"""The authors' statistics of one model in the form of ours."""

from rerunoff import jobs
from rerunoff.evaluation.pub_evaluate import import_statistics
from rerunoff.files import atomic_path


def main(published, output):
    table = import_statistics(published)
    with atomic_path(output) as part:
        table.to_csv(part, index=False)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        published=snakemake.input.published,
        output=snakemake.output.statistics,
    )
