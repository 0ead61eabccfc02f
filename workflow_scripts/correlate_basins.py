"""Correlation of discharge between the basins of each region."""

from rerunoff import jobs
from rerunoff.analysis.correlation import discharge_correlation
from rerunoff.tables import write_table


def main(store, regions, train, own_start, output):
    write_table(discharge_correlation(store, regions, train, own_start), output)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        store=snakemake.input.store,
        regions=snakemake.params.regions,
        train=snakemake.params.train,
        own_start=snakemake.params.own_start,
        output=snakemake.output[0],
    )
