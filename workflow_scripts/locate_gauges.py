"""Where the gauges of a dataset are."""

from rerunoff import jobs
from rerunoff.data.readers import open_reader
from rerunoff.tables import write_table


def main(dataset, root, forcing, output):
    attributes = open_reader(dataset, root, forcing).attributes()
    places = attributes[["gauge_lat", "gauge_lon"]].set_axis(["lat", "lon"], axis=1)
    write_table(places.rename_axis("basin"), output, index=True)


if __name__ == "__main__":
    jobs.run(
        main,
        snakemake.log[0],
        dataset=snakemake.wildcards.dataset,
        root=jobs.data_folder(snakemake.config, snakemake.wildcards.dataset),
        forcing=snakemake.params.forcing,
        output=snakemake.output.places,
    )
