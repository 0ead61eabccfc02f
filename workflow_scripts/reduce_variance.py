"""How much less signatures of discharge vary within clusters of basins."""

from rerunoff import jobs
from rerunoff.analysis.signatures import SIGNATURES, variance_reduction
from rerunoff.figures.reading import read_attributes
from rerunoff.tables import read_checked, write_table


def main(clusters, store, output):
    table = read_checked(clusters, "clusters", dtype={"basin": str})
    basins = table["basin"].unique()
    signatures = read_attributes(store, SIGNATURES, basins, may_lack=True)
    write_table(variance_reduction(table, signatures), output)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        clusters=snakemake.input.clusters,
        store=snakemake.input.store,
        output=snakemake.output.reduction,
    )
