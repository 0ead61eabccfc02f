"""The number of epochs that fine-tuning chose for each basin."""

from rerunoff import jobs
from rerunoff.analysis.epochs import fine_tuning_table
from rerunoff.tables import write_table


def main(records, regions, output):
    write_table(fine_tuning_table(records, regions), output)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        records=list(snakemake.input.records),
        regions=snakemake.params.regions,
        output=snakemake.output.table,
    )
