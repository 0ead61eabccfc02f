"""How discharge changes with each attribute: gradients of one network."""

from rerunoff import jobs
from rerunoff.tables import write_table
from rerunoff.training.allocator import keep_buffers


def main(output, **arguments):
    keep_buffers()
    # After keep_buffers, which must come before torch's first large allocation.
    from rerunoff.analysis.attribute_gradients import rank_attributes

    write_table(rank_attributes(**arguments), output, index=True)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        weights=snakemake.input.weights,
        store=snakemake.input.store,
        basin_list=snakemake.input.basins,
        period=snakemake.params.period,
        simulation=snakemake.params.simulation,
        device=snakemake.config["device"],
        float32_precision=snakemake.config["float32_precision"],
        threads=snakemake.threads,
        output=snakemake.output.gradients,
    )
