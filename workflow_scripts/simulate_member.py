"""Simulate the test period with the networks of one member."""

from rerunoff import jobs
from rerunoff.training.allocator import keep_buffers


def main(**arguments):
    keep_buffers()
    # After keep_buffers, which must come before torch's first large allocation.
    from rerunoff.evaluation.simulate import simulate_member

    simulate_member(**arguments)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        weights=list(snakemake.input.weights),
        store=snakemake.input.store,
        basin_list=snakemake.input.basins,
        period=snakemake.params.period,
        held_out_attributes=snakemake.params.held_out_attributes,
        simulation=snakemake.params.simulation,
        device=snakemake.config["device"],
        float32_precision=snakemake.config["float32_precision"],
        threads=snakemake.threads,
        output=snakemake.output.simulation,
    )
