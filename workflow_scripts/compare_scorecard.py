"""Write the scorecard of one paper: published numbers beside ours."""

import logging
from pathlib import Path

from rerunoff import jobs
from rerunoff.evaluation.summary import read_metrics
from rerunoff.files import atomic_path
from rerunoff.scorecard.compare import compare
from rerunoff.scorecard.published import read_basin_sets, read_published

_LOG = logging.getLogger(__name__)


def main(
    published,
    metrics,
    authors_root,
    paper,
    deviations,
    dataset,
    basins_531,
    basins_outside_447,
    output,
):
    """Compare and write `output` (CSV, columns of `rerunoff.scorecard.compare`).

    `metrics` maps experiments to our metrics files; `authors_root` (or None) holds
    the authors' as `<paper>/metrics_<experiment>.csv`; `deviations` lists the dotted
    config keys that differ from the paper's protocol; `basins_531` (or None) and
    `basins_outside_447` are files of gauge ids; the other arguments are as named.

    Raises
    ------
    InputError
        If one of the files cannot be used.
    """
    numbers = read_published(published)
    table = compare(
        numbers,
        {name: read_metrics(path) for name, path in metrics.items()},
        _authors(authors_root, paper, set(numbers["experiment"])),
        deviations,
        dataset,
        read_basin_sets(basins_531, basins_outside_447) if basins_531 else {},
    )
    with atomic_path(output) as part:
        table.to_csv(part, index=False)
    for verdict, count in table["verdict"].value_counts().items():
        _LOG.info("%s: %d of %d numbers %s", paper, count, len(table), verdict)


def _authors(root, paper, experiments):
    """Read the authors' per-basin metrics of those experiments that have a file."""
    if not root:
        return {}
    paths = {name: Path(root, paper, f"metrics_{name}.csv") for name in experiments}
    return {n: read_metrics(path) for n, path in paths.items() if path.is_file()}


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        published=snakemake.input.published,
        metrics=dict(
            zip(snakemake.params.experiments, snakemake.input.metrics, strict=True)
        ),
        authors_root=snakemake.params.authors_root,
        paper=snakemake.wildcards.paper,
        deviations=snakemake.params.deviations,
        dataset=snakemake.params.dataset,
        basins_531=snakemake.input.get("basins_531"),
        basins_outside_447=snakemake.input.basins_outside_447,
        output=snakemake.output[0],
    )
