"""A figure of one statistic of kratzert2019b, by model."""

from rerunoff import jobs
from rerunoff.evaluation.tables import read_ensembles
from rerunoff.figures.kratzert2019b import densities
from rerunoff.figures.kratzert2019b_scatters import gauged_scatters, scatters
from rerunoff.figures.style import save

_FIGURES = {
    "densities": densities,
    "scatters": scatters,
    "gauged_scatters": gauged_scatters,
}


def main(figure, statistics, statistic, looks, dataset, pdf, png, facts=None):
    by_model = read_ensembles(statistics)
    save(_FIGURES[figure](by_model, statistic, looks, dataset), pdf, png, facts)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        figure=snakemake.params.figure,
        statistics=dict(
            zip(snakemake.params.models, snakemake.input.statistics, strict=True)
        ),
        statistic=snakemake.wildcards.statistic,
        looks=snakemake.params.looks,
        dataset=snakemake.params.dataset,
        pdf=snakemake.output.pdf,
        png=snakemake.output.png,
        facts=jobs.facts_of(snakemake),
    )
