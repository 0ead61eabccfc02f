"""Draw any figure: `draw` of the module that the rule names, with the rule's inputs."""

from importlib import import_module

from rerunoff import jobs
from rerunoff.figures.style import mark_origin, save
from rerunoff.report_pages import picture, write_page


def main(module, origin, caption, pdf, png, page, facts, **arguments):
    figure = import_module(f"rerunoff.{module}").draw(**arguments)
    mark_origin(figure, origin)
    save(figure, pdf, png, facts)
    write_page(page, picture(png), caption)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        pdf=snakemake.output.pdf,
        png=snakemake.output.png,
        page=snakemake.output.page,
        facts=jobs.facts_of(snakemake),
        **jobs.arguments_of(snakemake),
    )
