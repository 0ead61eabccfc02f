"""A table of the models of kratzert2019b: statistics, wins or significance."""

from rerunoff import jobs
from rerunoff.evaluation.comparisons import TABLES
from rerunoff.evaluation.tables import read_ensembles
from rerunoff.tables import write_table


def main(statistics, table, output):
    write_table(TABLES[table](read_ensembles(statistics)), output)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        statistics=dict(
            zip(snakemake.params.models, snakemake.input.statistics, strict=True)
        ),
        table=snakemake.params.table,
        output=snakemake.output.table,
    )
