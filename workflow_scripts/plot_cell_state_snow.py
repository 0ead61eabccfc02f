"""A cell state beside temperature and snow."""

import yaml
from rerunoff import jobs
from rerunoff.figures.kratzert2018_insight import cell_state_snow
from rerunoff.figures.style import save
from rerunoff.seals import read_sealed
from rerunoff.tables import read_series

_SOURCES = {
    "sac_sma": "Snow-17",
    "forcing": "forcing product",
    "degree_day": "degree-day model",
}


def main(trace, choice, dataset, pdf, png, facts=None):
    chosen = yaml.safe_load(read_sealed(choice))
    figure = cell_state_snow(
        read_series(trace),
        chosen["basin"],
        dataset,
        cell=f"layer {chosen['layer']}, cell {chosen['cell']}",
        correlation=chosen["correlation"],
        swe_source=_SOURCES[chosen["swe_source"]],
    )
    save(figure, pdf, png, facts)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        trace=snakemake.input.trace,
        choice=snakemake.input.choice,
        dataset=snakemake.params.dataset,
        pdf=snakemake.output.pdf,
        png=snakemake.output.png,
        facts=jobs.facts_of(snakemake),
    )
