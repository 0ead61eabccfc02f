"""Run HBV in each basin with the parameters of other basins."""

from rerunoff import jobs
from rerunoff.physics.regional import regionalise_hbv as main

if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        parameters=snakemake.input.parameters,
        store=snakemake.input.store,
        basin_list=snakemake.input.basins,
        donors=snakemake.params.donors,
        near=snakemake.params.near,
        folds=snakemake.params.folds,
        warmup=snakemake.params.warmup,
        output=snakemake.output.simulation,
    )
