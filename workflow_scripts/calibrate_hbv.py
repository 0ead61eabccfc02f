"""Calibrate HBV in the training period of each basin, and simulate all days."""

from rerunoff import jobs
from rerunoff.training.allocator import keep_buffers


def main(**given):
    keep_buffers()
    # After keep_buffers, which must come before torch's first large allocation.
    from rerunoff.physics.hbv_run import calibrate_hbv

    calibrate_hbv(**given)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        store=snakemake.input.store,
        basin_list=snakemake.input.basins,
        period=snakemake.params.period,
        own_start=snakemake.params.own_start,
        search=snakemake.params.search,
        checkpoints=snakemake.params.checkpoints,
        code=snakemake.params.code,
        outputs=dict(snakemake.output.items()),
    )
