"""The statistics of kratzert2019b: every basin, each member and the ensemble."""

from rerunoff import jobs
from rerunoff.evaluation.pub_evaluate import evaluate_statistics
from rerunoff.tables import write_table


def main(simulations, members, store, period, experiment, output):
    paths = dict(zip(members, simulations, strict=True))
    table = evaluate_statistics(paths, store, period, experiment)
    write_table(table, output)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        simulations=list(snakemake.input.simulations),
        members=list(snakemake.params.members),
        store=snakemake.input.store,
        period=snakemake.params.period,
        experiment=snakemake.wildcards.experiment,
        output=snakemake.output.statistics,
    )
