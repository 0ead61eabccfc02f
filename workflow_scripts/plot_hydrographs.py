"""Hydrographs of named basins, observed and simulated."""

from rerunoff import jobs
from rerunoff.data.river_names import read_headings
from rerunoff.data.store import read_store
from rerunoff.evaluation.members import read_members
from rerunoff.figures.hydrographs import (
    hydrographs,
    rows_of,
    rows_of_days,
    shared_basins,
)
from rerunoff.figures.style import save


def main(
    store, simulations, members, looks, basins, period, dataset, pdf, png, facts=None
):
    read = {
        experiment: read_members(dict(zip(members[experiment], paths, strict=True)))
        for experiment, paths in simulations.items()
    }
    chosen = shared_basins(basins, [part.basins for part in read.values()])
    rows = {name: rows_of(chosen, part.basins, name) for name, part in read.items()}
    catchments = read_store(store, ("prcp",), (), chosen)
    shown = catchments.days(period)
    dates, observed = catchments.dates[shown], catchments.discharge[:, shown]
    rain, simulated = catchments.inputs[:, shown, 0], {}
    for experiment, part in read.items():
        days = rows_of_days(dates, part.dates, experiment)
        simulated[experiment] = part.discharge[:, rows[experiment], days]
    headings = read_headings(store, chosen).values()
    figure = hydrographs(observed, rain, simulated, dates, headings, looks, dataset)
    save(figure, pdf, png, facts)


if __name__ == "__main__":
    members = dict(
        zip(snakemake.params.experiments, snakemake.params.members, strict=True)
    )
    paths = iter(snakemake.input.simulations)
    jobs.run(
        main,
        snakemake.log[0],
        store=snakemake.input.store,
        simulations={name: [next(paths) for _ in of] for name, of in members.items()},
        members=members,
        looks=snakemake.params.looks,
        basins=snakemake.params.basins,
        period=snakemake.params.period,
        dataset=snakemake.params.dataset,
        pdf=snakemake.output.pdf,
        png=snakemake.output.png,
        facts=jobs.facts_of(snakemake),
    )
