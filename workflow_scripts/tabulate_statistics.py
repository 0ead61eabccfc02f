"""Median, mean, minimum and maximum of each statistic and model."""

from rerunoff import jobs
from rerunoff.analysis.tables import write_table
from rerunoff.evaluation.pub_evaluate import read_ensembles
from rerunoff.evaluation.pub_tables import statistics_table


def main(statistics, output):
    write_table(statistics_table(read_ensembles(statistics)), output)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        statistics=dict(
            zip(snakemake.params.models, snakemake.input.statistics, strict=True)
        ),
        output=snakemake.output.table,
    )
