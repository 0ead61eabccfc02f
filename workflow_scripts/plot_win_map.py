"""Map of where the ungauged LSTM is better than SAC-SMA."""

from rerunoff import jobs
from rerunoff.evaluation.tables import read_ensembles
from rerunoff.figures.kratzert2019b_members import win_map
from rerunoff.figures.style import save
from rerunoff.tables import read_checked


def main(statistics, places, pair, looks, dataset, pdf, png, facts=None):
    by_model = read_ensembles(statistics)
    form = {"dtype": {"basin": str}, "index_col": "basin"}
    places = read_checked(places, "places of gauges", **form)
    save(win_map(by_model, places, *pair, looks, dataset), pdf, png, facts)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        statistics=dict(
            zip(snakemake.params.models, snakemake.input.statistics, strict=True)
        ),
        places=snakemake.input.places,
        pair=snakemake.params.pair,
        looks=snakemake.params.looks,
        dataset=snakemake.params.dataset,
        pdf=snakemake.output.pdf,
        png=snakemake.output.png,
        facts=jobs.facts_of(snakemake),
    )
