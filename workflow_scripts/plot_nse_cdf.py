"""CDF of NSE of the experiments of kratzert2018."""

from rerunoff import jobs
from rerunoff.evaluation.summary import values_by_basin
from rerunoff.evaluation.tables import read_metrics
from rerunoff.figures.kratzert2018 import nse_cdf
from rerunoff.figures.style import save


def main(metrics, looks, dataset, pdf, png, facts=None):
    nse = values_by_basin({name: read_metrics(path) for name, path in metrics.items()})
    save(nse_cdf(nse, looks, dataset), pdf, png, facts)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        metrics=dict(
            zip(snakemake.params.experiments, snakemake.input.metrics, strict=True)
        ),
        looks=snakemake.params.looks,
        dataset=snakemake.params.dataset,
        pdf=snakemake.output.pdf,
        png=snakemake.output.png,
        facts=jobs.facts_of(snakemake),
    )
