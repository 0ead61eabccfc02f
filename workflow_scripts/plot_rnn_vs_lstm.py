"""The plain recurrent network beside the LSTM, on one basin."""

from rerunoff import jobs
from rerunoff.data.river_names import read_headings
from rerunoff.data.simulations import read_simulation
from rerunoff.data.store import read_store
from rerunoff.evaluation.summary import values_by_basin
from rerunoff.evaluation.tables import read_metrics
from rerunoff.figures.hydrographs import rows_of, rows_of_days
from rerunoff.figures.kratzert2018_insight import rnn_vs_lstm
from rerunoff.figures.style import save


def main(
    store,
    simulations,
    metrics,
    member,
    basin,
    period,
    looks,
    dataset,
    pdf,
    png,
    facts=None,
):
    catchments = read_store(store, (), (), [basin])
    shown = catchments.days(period)
    dates, simulated = catchments.dates[shown], {}
    for experiment, path in simulations.items():
        simulation = read_simulation(path)
        rows = rows_of([basin], simulation.basins, path, "rnn_vs_lstm.basin")
        days = rows_of_days(dates, simulation.dates, store, "rnn_vs_lstm.period")
        simulated[experiment] = simulation.discharge[rows[0], days]
    tables = {name: read_metrics(path) for name, path in metrics.items()}
    nse = values_by_basin(tables, member=member).loc[basin].to_dict()
    observed = catchments.discharge[0, shown]
    heading = read_headings(store, [basin])[basin]
    figure = rnn_vs_lstm(observed, simulated, dates, heading, nse, looks, dataset)
    save(figure, pdf, png, facts)


if __name__ == "__main__":
    experiments = snakemake.params.experiments
    jobs.run(
        main,
        snakemake.log[0],
        store=snakemake.input.store,
        simulations=dict(zip(experiments, snakemake.input.simulations, strict=True)),
        metrics=dict(zip(experiments, snakemake.input.metrics, strict=True)),
        member=snakemake.params.member,
        basin=snakemake.params.basin,
        period=snakemake.params.period,
        looks=snakemake.params.looks,
        dataset=snakemake.params.dataset,
        pdf=snakemake.output.pdf,
        png=snakemake.output.png,
        facts=jobs.facts_of(snakemake),
    )
