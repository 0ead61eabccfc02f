"""One statistic of the models against the gauged LSTM."""

from rerunoff import jobs
from rerunoff.evaluation.pub_evaluate import read_ensembles
from rerunoff.figures.kratzert2019b import gauged_scatters
from rerunoff.figures.style import save


def main(statistics, statistic, looks, dataset, pdf, png):
    by_model = read_ensembles(statistics)
    save(gauged_scatters(by_model, statistic, looks, dataset), pdf, png)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        statistics=dict(
            zip(snakemake.params.models, snakemake.input.statistics, strict=True)
        ),
        statistic=snakemake.wildcards.statistic,
        looks=snakemake.params.looks,
        dataset=snakemake.params.dataset,
        pdf=snakemake.output.pdf,
        png=snakemake.output.png,
    )
