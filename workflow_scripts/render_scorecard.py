"""Write the scorecards of all papers as one HTML page."""

from pathlib import Path

from rerunoff import jobs
from rerunoff.files import write_text
from rerunoff.provenance import in_words
from rerunoff.scorecard.compare import read_scorecard
from rerunoff.scorecard.page import render


def main(scorecards, papers, dataset, made, output):
    """Render and write `output` (HTML).

    Parameters
    ----------
    scorecards : dict of str to str
        Scorecard files by paper, in the order of the page.
    papers : dict of str to dict
        What the page says of each paper, as for `render`.
    dataset : str
        The dataset of our runs.
    made : sequence of str
        What made the page, shown at its foot.
    output : str
        The page to write.
    """
    tables = {paper: read_scorecard(path) for paper, path in scorecards.items()}
    context = {"dataset": dataset, "made": made}
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
        # No parameter of the rule: a new commit or another day reruns nothing.
        made=in_words(snakemake.config, "numpy", "pandas"),
        output=snakemake.output[0],
    )
