"""Significance of the differences in NSE between models."""

from rerunoff import jobs
from rerunoff.analysis.tables import write_table
from rerunoff.evaluation.pub_evaluate import read_ensembles
from rerunoff.evaluation.pub_tables import PAIRS, significance


def main(statistics, output):
    by_model = read_ensembles(statistics)
    pairs = [pair for pair in PAIRS if set(pair) <= set(by_model)]
    write_table(significance(by_model, pairs), output)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        statistics=dict(
            zip(snakemake.params.models, snakemake.input.statistics, strict=True)
        ),
        output=snakemake.output.table,
    )
