"""Basins ranked by NSE, with their members."""

from rerunoff import jobs
from rerunoff.evaluation.pub_evaluate import members
from rerunoff.figures.kratzert2019b_members import members_ranked
from rerunoff.figures.style import save


def main(statistics, names, dataset, pdf, png):
    table = members(statistics, names).reset_index()
    nse = table.pivot(index="member", columns="basin", values="nse").loc[names]
    save(members_ranked(nse, dataset), pdf, png)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        statistics=snakemake.input.statistics,
        names=snakemake.params.members,
        dataset=snakemake.params.dataset,
        pdf=snakemake.output.pdf,
        png=snakemake.output.png,
    )
