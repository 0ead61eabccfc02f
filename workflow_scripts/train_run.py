"""Train one network: a run is paper / experiment / unit / seed."""

from rerunoff import jobs
from rerunoff.protocol.settings import RunSettings
from rerunoff.training.allocator import keep_buffers


def main(settings, workspace, outputs):
    keep_buffers()
    # After keep_buffers, which must come before torch's first large allocation.
    from rerunoff.training.run import Workspace, train_run

    train_run(RunSettings.from_dict(settings), Workspace(**workspace), outputs)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        settings=snakemake.params.settings,
        workspace=jobs.workspace_of(snakemake),
        outputs=dict(snakemake.output.items()),
    )
