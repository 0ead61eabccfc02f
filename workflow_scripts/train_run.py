"""Train one network: a run is paper / experiment / unit / seed."""

from rerunoff import jobs
from rerunoff.settings import RunSettings
from rerunoff.training.allocator import keep_buffers


def main(settings, store, basin_list, device, threads, checkpoints, outputs, code):
    keep_buffers()
    # After keep_buffers, which must come before torch's first large allocation.
    from rerunoff.training.run import train_run

    settings = RunSettings.from_dict(settings)
    train_run(settings, store, basin_list, device, threads, checkpoints, outputs, code)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        settings=snakemake.params.settings,
        store=snakemake.input.store,
        basin_list=snakemake.input.basins,
        device=snakemake.config["device"],
        threads=snakemake.threads,
        checkpoints=snakemake.params.checkpoints,
        outputs=dict(snakemake.output.items()),
        code=snakemake.params.code,
    )
