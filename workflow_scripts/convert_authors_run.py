"""Turn the authors' weights of one run into weights of this project."""

from rerunoff import jobs
from rerunoff.protocol.settings import RunSettings
from rerunoff.training.authors_run import convert_run
from rerunoff.training.authors_weights import Order


def main(settings, order, **arguments):
    convert_run(RunSettings.from_dict(settings), order=Order(**order), **arguments)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        settings=snakemake.params.settings,
        order=snakemake.params.order,
        folder=snakemake.input.run,
        store=snakemake.input.store,
        basin_list=snakemake.input.basins,
        code=snakemake.params.code,
        outputs=dict(snakemake.output.items()),
    )
