"""One basin's hydrograph after several epochs of training."""

from rerunoff import jobs
from rerunoff.protocol.settings import RunSettings
from rerunoff.training.allocator import keep_buffers


def main(settings, workspace, epochs, period, output):
    keep_buffers()
    # After keep_buffers, which must come before torch's first large allocation.
    from rerunoff.analysis.epoch_trace import trace_epochs
    from rerunoff.training.run import Workspace

    settings = RunSettings.from_dict(settings)
    trace_epochs(settings, Workspace(**workspace), epochs, period, output)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        settings=snakemake.params.settings,
        workspace=jobs.workspace_of(snakemake),
        epochs=snakemake.params.epochs,
        period=snakemake.params.period,
        output=snakemake.output[0],
    )
