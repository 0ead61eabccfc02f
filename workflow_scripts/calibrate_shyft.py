"""Shyft, calibrated by basin in the training period, and its simulation of all days."""

from rerunoff import jobs
from rerunoff.physics.shyft_run import calibrate_shyft


def main(**arguments):
    calibrate_shyft(**arguments)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        store=snakemake.input.store,
        basin_list=snakemake.input.basins,
        stack=snakemake.params.stack,
        period=snakemake.params.period,
        own_start=snakemake.params.own_start,
        search=snakemake.params.search,
        checkpoints=snakemake.params.checkpoints,
        workplace={
            "python": snakemake.config["shyft_python"],
            "threads": snakemake.threads,
            "code": snakemake.params.code,
        },
        outputs=dict(snakemake.output.items()),
    )
