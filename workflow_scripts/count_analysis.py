"""Numbers of an analysis for the scorecard: `numbers` of the module the rule names."""

from importlib import import_module

from rerunoff import jobs
from rerunoff.numbers.files import write_numbers
from rerunoff.numbers.inputs import read_basin_sets


def main(module, output, basins_531=None, **arguments):
    sets = {"531": basins_531} if basins_531 else {}
    wanted = read_basin_sets(sets).get("531")
    count = import_module(f"rerunoff.{module}").numbers
    write_numbers(count(basins_wanted=wanted, **arguments), output)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        output=snakemake.output.numbers,
        **jobs.arguments_of(snakemake),
    )
