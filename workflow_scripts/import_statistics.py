"""Metrics of one model by basin, the authors' or of others, in the form of ours."""

from rerunoff import jobs
from rerunoff.data.basin_lists import read_basin_list
from rerunoff.evaluation.tables import read_authors_statistics
from rerunoff.evaluation.third_party import read_third_party
from rerunoff.protocol.benchmarks import AUTHORS
from rerunoff.tables import write_table


def main(published, source, model, basins, output):
    wanted = read_basin_list(basins) if basins else None
    if source == AUTHORS:
        table = read_authors_statistics(published, wanted)
    else:
        table = read_third_party(published, model, wanted)
    write_table(table, output)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        published=snakemake.input.published,
        source=snakemake.params.source,
        model=snakemake.wildcards.experiment,
        basins=snakemake.input.get("basins"),
        output=snakemake.output.metrics,
    )
