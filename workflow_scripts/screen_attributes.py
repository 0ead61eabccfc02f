"""Morris' elementary effects of the attributes: one network, some basins."""

from rerunoff import jobs
from rerunoff.tables import write_table
from rerunoff.training.allocator import keep_buffers


def main(output, **arguments):
    keep_buffers()
    # After keep_buffers, which must come before torch's first large allocation.
    from rerunoff.analysis.elementary_effects import screen_attributes

    write_table(screen_attributes(**arguments), output)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        weights=snakemake.input.weights,
        store=snakemake.input.store,
        basin_list=snakemake.input.basins,
        period=snakemake.params.period,
        simulation=snakemake.params.simulation,
        basins=snakemake.params.basins,
        trajectories=snakemake.params.trajectories,
        device=snakemake.config["device"],
        float32_precision=snakemake.config["float32_precision"],
        threads=snakemake.threads,
        output=snakemake.output.effects,
    )
