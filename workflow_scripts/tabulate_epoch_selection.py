"""The numbers of epochs: the best in the held-out year beside the one used."""

from rerunoff import jobs
from rerunoff.analysis.epochs import read_scores, selection_table
from rerunoff.tables import write_table


def main(scores, used, output):
    scores = {name: read_scores(paths) for name, paths in scores.items()}
    write_table(selection_table(scores, used), output)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        scores={
            name: list(snakemake.input[name]) for name in snakemake.params.experiments
        },
        used=snakemake.params.used,
        output=snakemake.output.table,
    )
