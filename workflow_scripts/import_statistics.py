"""The authors' statistics of one model in the form of ours."""

from rerunoff import jobs
from rerunoff.data.basin_lists import read_basin_list
from rerunoff.evaluation.tables import read_authors_statistics
from rerunoff.tables import write_table


def main(published, basins, output):
    wanted = read_basin_list(basins) if basins else None
    write_table(read_authors_statistics(published, wanted), output)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        published=snakemake.input.published,
        basins=snakemake.input.get("basins"),
        output=snakemake.output.metrics,
    )
