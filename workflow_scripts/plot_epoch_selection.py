"""Skill in the held-out year after each epoch, and the epochs chosen."""

from rerunoff import jobs
from rerunoff.analysis.epochs import best_epoch, read_scores
from rerunoff.figures.kratzert2018 import epoch_selection
from rerunoff.figures.style import save
from rerunoff.tables import read_checked


def main(scores, used, fine_tuning, looks, dataset, pdf, png, facts=None):
    scores = {name: read_scores(paths) for name, paths in scores.items()}
    chosen = {name: best_epoch(table)[0] for name, table in scores.items()}
    tuned = None
    if fine_tuning:
        form = {"dtype": {"basin": str}, "index_col": "basin"}
        tuned = read_checked(fine_tuning, "table of epochs", **form)["epochs"]
    save(epoch_selection(scores, chosen, used, tuned, looks, dataset), pdf, png, facts)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        scores={
            name: list(snakemake.input[name]) for name in snakemake.params.experiments
        },
        used=snakemake.params.used,
        fine_tuning=snakemake.input.get("fine_tuning"),
        looks=snakemake.params.looks,
        dataset=snakemake.params.dataset,
        pdf=snakemake.output.pdf,
        png=snakemake.output.png,
        facts=jobs.facts_of(snakemake),
    )
