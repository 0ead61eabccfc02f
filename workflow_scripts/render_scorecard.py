"""Write the scorecards of all papers as one HTML page."""

from pathlib import Path

from rerunoff import jobs
from rerunoff.files import write_text
from rerunoff.scorecard.compare import read_scorecard
from rerunoff.scorecard.page import render


def main(scorecards, papers, dataset, version, made, output):
    """Render and write `output` (HTML).

    Parameters
    ----------
    scorecards : dict of str to str
        Scorecard files by paper, in the order of the page.
    papers : dict of str to dict
        What the page says of each paper, as for `render`.
    dataset : str
        The dataset of our runs.
    version, made : str
        Shown at the foot; empty for none.
    output : str
        The page to write.
    """
    tables = {paper: read_scorecard(path) for paper, path in scorecards.items()}
    context = {"dataset": dataset, "version": version, "made": made}
    context["folder"] = Path(output).parent
    write_text(output, render(tables, papers, context))


if __name__ == "__main__":
    papers = snakemake.params.papers
    jobs.run(
        main,
        snakemake.log[0],
        scorecards=dict(zip(papers, snakemake.input, strict=True)),
        papers=papers,
        dataset=snakemake.params.dataset,
        version=snakemake.params.get("version", ""),
        made=snakemake.params.get("made", ""),
        output=snakemake.output[0],
    )
