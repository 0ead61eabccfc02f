"""Copy a store with further variables: made of its own, or by physical models."""

from rerunoff import jobs
from rerunoff.physics.derived import derive_inputs as main

if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        source=snakemake.input.store,
        names=snakemake.params.names,
        simulations=dict(
            zip(snakemake.params.models, snakemake.input.simulations, strict=True)
        ),
        store=snakemake.output.store,
    )
