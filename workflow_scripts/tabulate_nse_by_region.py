"""Mean and median of NSE and its components, by region and experiment."""

from rerunoff import jobs
from rerunoff.evaluation.summary import region_table
from rerunoff.evaluation.tables import read_metrics
from rerunoff.tables import write_table


def main(metrics, regions, titles, output):
    metrics = {name: read_metrics(path) for name, path in metrics.items()}
    write_table(region_table(metrics, regions, titles), output)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        metrics=dict(
            zip(snakemake.params.experiments, snakemake.input.metrics, strict=True)
        ),
        regions=snakemake.params.regions,
        titles=snakemake.params.titles,
        output=snakemake.output.table,
    )
