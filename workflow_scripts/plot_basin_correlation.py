"""Correlation of discharge between the basins of each region."""

from rerunoff import jobs
from rerunoff.figures.kratzert2018_insight import basin_correlation
from rerunoff.figures.style import save
from rerunoff.tables import read_checked


def main(correlation, regions, dataset, pdf, png, facts=None):
    kinds = {"basin": str, "other": str}
    table = read_checked(correlation, "correlations", dtype=kinds)
    matrices = {}
    for region, basins in regions.items():
        part = table[table["region"] == region]
        matrix = part.pivot(index="basin", columns="other", values="r")
        matrices[region] = matrix.loc[basins, basins]
    save(basin_correlation(matrices, dataset), pdf, png, facts)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        correlation=snakemake.input[0],
        regions=snakemake.params.regions,
        dataset=snakemake.params.dataset,
        pdf=snakemake.output.pdf,
        png=snakemake.output.png,
        facts=jobs.facts_of(snakemake),
    )
