"""Fine-tune a region's network on one basin."""

from rerunoff import jobs
from rerunoff.protocol.settings import RunSettings
from rerunoff.training.allocator import keep_buffers


def main(settings, place, start, outputs):
    keep_buffers()
    # After keep_buffers, which must come before torch's first large allocation.
    from rerunoff.evaluation.scores import score_days
    from rerunoff.training.fine_tuning import fine_tune
    from rerunoff.training.run import Place

    settings = RunSettings.from_dict(settings)
    fine_tune(settings, Place(**place), start, outputs, score_days)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        settings=snakemake.params.settings,
        place=jobs.place_of(snakemake),
        start=snakemake.input.start,
        outputs=dict(snakemake.output.items()),
    )
