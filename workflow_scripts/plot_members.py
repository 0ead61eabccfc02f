"""A figure of the members of kratzert2019b's ungauged LSTM."""

from rerunoff import jobs
from rerunoff.evaluation.tables import read_members_metrics
from rerunoff.figures.kratzert2019b_members import members_by_basin, members_ranked
from rerunoff.figures.style import save

_FIGURES = {"members_by_basin": members_by_basin, "members_ranked": members_ranked}


def main(figure, statistics, names, dataset, pdf, png, facts=None):
    table = read_members_metrics(statistics, names).reset_index()
    nse = table.pivot(index="member", columns="basin", values="nse").loc[names]
    save(_FIGURES[figure](nse, dataset), pdf, png, facts)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        figure=snakemake.params.figure,
        statistics=snakemake.input.statistics,
        names=snakemake.params.members,
        dataset=snakemake.params.dataset,
        pdf=snakemake.output.pdf,
        png=snakemake.output.png,
        facts=jobs.facts_of(snakemake),
    )
