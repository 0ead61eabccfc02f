"""In how many basins one model is better than others."""

from rerunoff import jobs
from rerunoff.analysis.tables import write_table
from rerunoff.evaluation.pub_evaluate import read_ensembles
from rerunoff.evaluation.pub_tables import WINS, win_counts


def main(statistics, output):
    by_model = read_ensembles(statistics)
    pairs = [pair for pair in WINS if set(pair) <= set(by_model)]
    write_table(win_counts(by_model, pairs), output)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        statistics=dict(
            zip(snakemake.params.models, snakemake.input.statistics, strict=True)
        ),
        output=snakemake.output.table,
    )
