"""The numbers of basins that the benchmarks of kratzert2019a have."""

from rerunoff import jobs
from rerunoff.numbers.coverage import coverage_numbers, read_coverage
from rerunoff.numbers.files import write_numbers


def main(coverage, benchmarks, output):
    write_numbers(coverage_numbers(read_coverage(coverage), benchmarks), output)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        coverage=snakemake.input.coverage,
        benchmarks=snakemake.params.benchmarks,
        output=snakemake.output.numbers,
    )
