"""CDF of NSE of the configurations of kratzert2019a."""

from rerunoff import jobs
from rerunoff.evaluation.summary import read_metrics
from rerunoff.figures.kratzert2019a import nse_cdf
from rerunoff.figures.style import save


def main(metrics, looks, members, dataset, pdf, png, facts=None):
    tables = {experiment: read_metrics(path) for experiment, path in metrics.items()}
    save(nse_cdf(tables, looks, members, dataset), pdf, png, facts)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        metrics=dict(snakemake.input.items()),
        looks=snakemake.params.looks,
        members=snakemake.params.members,
        dataset=snakemake.params.dataset,
        pdf=snakemake.output.pdf,
        png=snakemake.output.png,
        facts=jobs.facts_of(snakemake),
    )
