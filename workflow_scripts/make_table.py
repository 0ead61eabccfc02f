"""Make any table: `tabulate` of the module that the rule names, with its inputs.

Not named tabulate, because a package of that name is imported by torch and Snakemake.
"""

from importlib import import_module

from rerunoff import jobs
from rerunoff.report_pages import rounded, write_page
from rerunoff.tables import write_table


def main(module, caption, output, page, **arguments):
    table = import_module(f"rerunoff.{module}").tabulate(**arguments)
    write_table(table, output)
    write_page(page, rounded(table), caption)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        output=snakemake.output.table,
        page=snakemake.output.page,
        **jobs.arguments_of(snakemake),
    )
