"""Metrics of one experiment: every basin, each member and the ensemble."""

from rerunoff import jobs
from rerunoff.evaluation.evaluate import evaluate_experiment
from rerunoff.tables import write_table


def main(simulations, members, output, **how):
    paths = dict(zip(members, simulations, strict=True))
    write_table(evaluate_experiment(paths, **how), output)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        simulations=list(snakemake.input.simulations),
        members=list(snakemake.params.members),
        store=snakemake.input.store,
        periods=snakemake.params.periods,
        own_start=snakemake.params.own_start,
        metrics=snakemake.params.metrics,
        experiment=snakemake.wildcards.experiment,
        target=snakemake.params.target,
        output=snakemake.output.metrics,
    )
