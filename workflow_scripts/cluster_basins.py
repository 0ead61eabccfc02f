"""Clusters of basins by embeddings and attributes, and how well they are told apart."""

from rerunoff import jobs
from rerunoff.analysis.clusters import cluster, read_embedding, silhouettes
from rerunoff.tables import write_table


def main(embedding, silhouette, clusters):
    read = read_embedding(embedding)
    write_table(silhouettes(read), silhouette)
    write_table(cluster(read), clusters)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        embedding=snakemake.input.embedding,
        silhouette=snakemake.output.silhouette,
        clusters=snakemake.output.clusters,
    )
