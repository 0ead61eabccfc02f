"""Compare experiments basin by basin, and say in plain sentences what came out."""

from rerunoff import jobs
from rerunoff.analysis.controlled import (
    answer,
    compare,
    groups_of,
    headline,
    not_compared,
)
from rerunoff.evaluation.tables import read_metrics
from rerunoff.files import write_text
from rerunoff.report_pages import rounded, write_page
from rerunoff.tables import write_table


def main(metrics, titles, pairs, question, groups, caption, output, page, said):
    tables = {
        name: read_metrics(path) for name, path in zip(titles, metrics, strict=True)
    }
    which, related = pairs["compared"], pairs["related"]
    table = compare(tables, which, groups_of(**groups), related=related)
    sentences = [question, headline(table, titles), *answer(table, titles)]
    sentences += not_compared(pairs["left_out"])
    write_table(table, output)
    write_text(said, "\n".join([*sentences, ""]))
    write_page(page, rounded(table), " ".join([*sentences, caption]))


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        metrics=list(snakemake.input.metrics),
        titles=snakemake.params.titles,
        pairs=snakemake.params.pairs,
        question=snakemake.params.question,
        groups={
            "strata": snakemake.params.strata,
            "store": snakemake.input.get("store"),
            "calibrated": snakemake.input.get("calibrated"),
        },
        caption=snakemake.params.caption,
        output=snakemake.output.table,
        page=snakemake.output.page,
        said=snakemake.output.answer,
    )
