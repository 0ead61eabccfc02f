"""Our simulations with the authors' weights against those that they stored."""

from rerunoff import jobs
from rerunoff.analysis.authors_simulations import compare_simulations
from rerunoff.tables import write_table


def main(members, ours, stored, table):
    """Write the differences by basin; `members` are (experiment, member) of each."""
    keys = [tuple(key) for key in members]
    pairs = (dict(zip(keys, files, strict=True)) for files in (ours, stored))
    write_table(compare_simulations(*pairs), table)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        members=snakemake.params.members,
        ours=snakemake.input.ours,
        stored=snakemake.input.stored,
        table=snakemake.output.table,
    )
