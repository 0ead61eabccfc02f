"""The input gates of every basin, for all members of an EA-LSTM."""

from rerunoff import jobs
from rerunoff.analysis.embedding import embed_basins

if __name__ == "__main__":
    jobs.run(
        embed_basins,
        snakemake.log[0],
        weights=list(snakemake.input.weights),
        store=snakemake.input.store,
        basin_list=snakemake.input.basins,
        members=snakemake.params.members,
        embedding=snakemake.output.embedding,
        heat_map=snakemake.output.heat_map,
    )
