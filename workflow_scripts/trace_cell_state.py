"""The cell state that follows the snow of one basin."""

import yaml
from rerunoff import jobs
from rerunoff.analysis.cell_states import trace_cell
from rerunoff.seals import write_sealed
from rerunoff.tables import write_table


def main(weights, store, basin, period, swe, model_output, trace, choice):
    table, chosen = trace_cell(weights, store, basin, period, swe, model_output)
    write_table(table, trace, index=True)
    write_sealed(choice, yaml.safe_dump(chosen, sort_keys=False))


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        weights=snakemake.input.weights,
        store=snakemake.input.store,
        basin=snakemake.params.basin,
        period=snakemake.params.period,
        swe=snakemake.params.swe,
        model_output=snakemake.input.get("model_output"),
        trace=snakemake.output.trace,
        choice=snakemake.output.choice,
    )
