"""The 531-basin table of kratzert2019a: NSE of the configurations."""

from rerunoff import jobs
from rerunoff.evaluation.summary import configuration_table
from rerunoff.evaluation.tables import read_metrics
from rerunoff.tables import write_table


def main(metrics, titles, output):
    tables = {experiment: read_metrics(path) for experiment, path in metrics.items()}
    write_table(configuration_table(tables, titles), output)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        metrics=dict(snakemake.input.items()),
        titles=snakemake.params.titles,
        output=snakemake.output.table,
    )
