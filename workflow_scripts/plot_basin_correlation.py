"""Correlation of discharge between the basins of each region."""

import pandas as pd
from rerunoff import jobs
from rerunoff.figures.kratzert2018_insight import basin_correlation
from rerunoff.figures.style import save


def main(correlation, regions, dataset, pdf, png):
    table = pd.read_csv(correlation, dtype={"basin": str, "other": str})
    matrices = {}
    for region, basins in regions.items():
        part = table[table["region"] == region]
        matrix = part.pivot(index="basin", columns="other", values="r")
        matrices[region] = matrix.loc[basins, basins]
    save(basin_correlation(matrices, dataset), pdf, png)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        correlation=snakemake.input[0],
        regions=snakemake.params.regions,
        dataset=snakemake.params.dataset,
        pdf=snakemake.output.pdf,
        png=snakemake.output.png,
    )
