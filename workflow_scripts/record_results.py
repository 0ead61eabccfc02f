"""Keep what a finished run gave, without weights and series."""

from rerunoff import jobs
from rerunoff.recording import record

if __name__ == "__main__":
    jobs.run(
        record,
        snakemake.log[0],
        folder="results",
        shown=snakemake.params.shown,
        experiments=snakemake.params.experiments,
        target=snakemake.output.record,
    )
