"""Write the scorecards of all papers as one HTML page."""

from rerunoff import jobs
from rerunoff.files import write_text
from rerunoff.scorecard.compare import read_scorecard
from rerunoff.scorecard.page import render


def main(scorecards, titles, dataset, version, made, output):
    """Render and write `output` (HTML).

    Parameters
    ----------
    scorecards : dict of str to str
        Scorecard files by paper, in the order of the page.
    titles : dict of str to str
        Readable names of the papers.
    dataset : str
        The dataset of our runs.
    version, made : str
        Shown at the foot; empty for none.
    output : str
        The page to write.
    """
    tables = {paper: read_scorecard(path) for paper, path in scorecards.items()}
    context = {"dataset": dataset, "version": version, "made": made}
    write_text(output, render(tables, titles, context))


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        scorecards=dict(zip(snakemake.params.papers, snakemake.input, strict=True)),
        titles=snakemake.params.titles,
        dataset=snakemake.params.dataset,
        version=snakemake.params.get("version", ""),
        made=snakemake.params.get("made", ""),
        output=snakemake.output[0],
    )
