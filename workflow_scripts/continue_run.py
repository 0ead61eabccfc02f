"""Train a network that begins with the weights of another experiment."""

from rerunoff import jobs
from rerunoff.protocol.settings import RunSettings
from rerunoff.training.allocator import keep_buffers


def main(settings, workspace, start, outputs):
    keep_buffers()
    # After keep_buffers, which must come before torch's first large allocation.
    from rerunoff.training.continuing import continue_run
    from rerunoff.training.run import Workspace

    settings = RunSettings.from_dict(settings)
    continue_run(settings, Workspace(**workspace), start, outputs)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        settings=snakemake.params.settings,
        workspace=jobs.workspace_of(snakemake),
        start=snakemake.input.start,
        outputs=dict(snakemake.output.items()),
    )
