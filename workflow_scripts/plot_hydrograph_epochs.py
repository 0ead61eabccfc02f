"""One basin's hydrograph after several epochs of training."""

from rerunoff import jobs
from rerunoff.data.river_names import read_headings
from rerunoff.data.store import read_store
from rerunoff.figures.kratzert2018_insight import hydrograph_epochs
from rerunoff.figures.style import save
from rerunoff.tables import read_series


def main(series, store, basin, dataset, pdf, png, facts=None):
    table = read_series(series)
    catchments = read_store(store, (), (), [basin])
    days = catchments.days([str(table.index[i].date()) for i in (0, -1)])
    observed, dates = catchments.discharge[0, days], catchments.dates[days]
    simulated = {int(epoch): table[epoch].to_numpy() for epoch in table}
    heading = read_headings(store, [basin])[basin]
    figure = hydrograph_epochs(observed, simulated, dates, heading, dataset)
    save(figure, pdf, png, facts)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        series=snakemake.input.series,
        store=snakemake.input.store,
        basin=snakemake.params.basin,
        dataset=snakemake.params.dataset,
        pdf=snakemake.output.pdf,
        png=snakemake.output.png,
        facts=jobs.facts_of(snakemake),
    )
