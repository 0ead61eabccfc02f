"""NSE of a network with noise on its static attributes."""

from rerunoff import jobs
from rerunoff.tables import write_table
from rerunoff.training.allocator import keep_buffers


def main(noise, where, levels, by_basin, **arguments):
    keep_buffers()
    # After keep_buffers, which must come before torch's first large allocation.
    from rerunoff.analysis import robustness, robustness_tables

    noise = {key: noise[key] for key in ("levels", "draws", "seed")}
    noise = robustness.Noise(**noise)
    where = robustness.Where(**where)
    basins, values = robustness.perturb_attributes(
        **arguments, noise=noise, where=where
    )
    write_table(robustness_tables.by_basin(basins, values, noise), by_basin)
    write_table(robustness_tables.by_level(values, noise), levels)
    robustness.forget(where.checkpoints)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        weights=snakemake.input.weights,
        store=snakemake.input.store,
        basin_list=snakemake.input.basins,
        periods=snakemake.params.periods,
        noise=snakemake.params.noise,
        simulation=snakemake.params.simulation,
        where={
            "device": snakemake.config["device"],
            "float32_precision": snakemake.config["float32_precision"],
            "threads": snakemake.threads,
            "checkpoints": snakemake.params.checkpoints,
            "code": snakemake.params.code,
        },
        levels=snakemake.output.levels,
        by_basin=snakemake.output.basins,
    )
