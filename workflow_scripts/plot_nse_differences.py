"""Maps of the differences in NSE between experiments."""

from rerunoff import jobs
from rerunoff.data.store import read_places
from rerunoff.evaluation.summary import values_by_basin
from rerunoff.evaluation.tables import read_metrics
from rerunoff.figures.kratzert2018 import nse_differences
from rerunoff.figures.style import save


def main(metrics, store, pairs, looks, dataset, pdf, png, facts=None):
    nse = values_by_basin({name: read_metrics(path) for name, path in metrics.items()})
    places = read_places(store, list(nse.index))
    save(nse_differences(nse, places, pairs, looks, dataset), pdf, png, facts)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        metrics=dict(
            zip(snakemake.params.experiments, snakemake.input.metrics, strict=True)
        ),
        store=snakemake.input.store,
        pairs=snakemake.params.pairs,
        looks=snakemake.params.looks,
        dataset=snakemake.params.dataset,
        pdf=snakemake.output.pdf,
        png=snakemake.output.png,
        facts=jobs.facts_of(snakemake),
    )
