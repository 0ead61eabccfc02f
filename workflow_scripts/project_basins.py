"""Embeddings of basins projected onto a plane."""

from rerunoff import jobs
from rerunoff.analysis.clusters import read_embedding
from rerunoff.analysis.projection import project
from rerunoff.tables import write_table


def main(embedding, output):
    write_table(project(read_embedding(embedding)), output)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        embedding=snakemake.input.embedding,
        output=snakemake.output.places,
    )
