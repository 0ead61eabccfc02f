"""Train without the last training year, and score each epoch on that year."""

from rerunoff import jobs
from rerunoff.protocol.settings import RunSettings
from rerunoff.training.allocator import keep_buffers


def main(settings, workspace, output):
    keep_buffers()
    # After keep_buffers, which must come before torch's first large allocation.
    from rerunoff.evaluation.scores import score_days
    from rerunoff.training.fine_tuning import score_epochs
    from rerunoff.training.run import Workspace

    settings = RunSettings.from_dict(settings)
    score_epochs(settings, Workspace(**workspace), output, score_days)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        settings=snakemake.params.settings,
        workspace=jobs.workspace_of(snakemake),
        output=snakemake.output.scores,
    )
