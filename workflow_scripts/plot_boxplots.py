"""Box plots of the statistics, by model."""

from rerunoff import jobs
from rerunoff.evaluation.tables import read_ensembles
from rerunoff.figures.kratzert2019b import boxplots
from rerunoff.figures.style import save


def main(statistics, looks, dataset, pdf, png, facts=None):
    by_model = read_ensembles(statistics)
    save(boxplots(by_model, looks, dataset), pdf, png, facts)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        statistics=dict(
            zip(snakemake.params.models, snakemake.input.statistics, strict=True)
        ),
        looks=snakemake.params.looks,
        dataset=snakemake.params.dataset,
        pdf=snakemake.output.pdf,
        png=snakemake.output.png,
        facts=jobs.facts_of(snakemake),
    )
