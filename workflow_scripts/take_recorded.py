"""Bring back what a record keeps of a run."""

from rerunoff import jobs
from rerunoff.recording import take

if __name__ == "__main__":
    jobs.run(
        take,
        snakemake.log[0],
        pairs=list(zip(snakemake.input, snakemake.output, strict=True)),
    )
