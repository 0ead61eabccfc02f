"""Fine-tune a region's network on one basin."""

from rerunoff import jobs
from rerunoff.protocol.settings import RunSettings
from rerunoff.training.allocator import keep_buffers


def main(settings, workspace, start, outputs):
    keep_buffers()
    # After keep_buffers, which must come before torch's first large allocation.
    from rerunoff.evaluation.scores import score_days
    from rerunoff.training.fine_tuning import fine_tune
    from rerunoff.training.run import Workspace

    settings = RunSettings.from_dict(settings)
    fine_tune(settings, Workspace(**workspace), start, outputs, score_days)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        settings=snakemake.params.settings,
        workspace=jobs.workspace_of(snakemake),
        start=snakemake.input.start,
        outputs=dict(snakemake.output.items()),
    )
