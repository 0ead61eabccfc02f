"""The numbers of epochs that our own validation chose, for the scorecard."""

from rerunoff import jobs
from rerunoff.analysis.epochs import epoch_numbers
from rerunoff.numbers.files import write_numbers
from rerunoff.tables import read_checked


def main(selection, basins, output):
    table = read_checked(selection, "numbers of epochs")
    write_numbers(epoch_numbers(table, basins), output)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        selection=snakemake.input.selection,
        basins=snakemake.params.basins,
        output=snakemake.output.numbers,
    )
