"""Generate virtual catchments in the file formats of CAMELS US."""

import logging

from rerunoff import jobs
from rerunoff.data.virtual import write_catchments

_log = logging.getLogger(__name__)


def main(folder, number, start, end, seed, model_output, benchmark_files):
    ids = write_catchments(
        *(folder, number, start, end, seed),
        model_output=tuple(model_output),
        with_benchmark_files=benchmark_files,
    )
    _log.info(
        "Wrote %d virtual catchments (%s to %s, seed %d) to %s",
        *(len(ids), start, end, seed, folder),
    )


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        folder=snakemake.params.folder,
        number=snakemake.params.number,
        start=snakemake.params.start,
        end=snakemake.params.end,
        seed=snakemake.params.seed,
        model_output=snakemake.params.model_output,
        benchmark_files=snakemake.params.benchmark_files,
    )
