"""What long runs gave (results/recorded/) is shown again without their data."""

import re
from pathlib import Path

import pandas as pd
import pytest
import yaml
from workflow.conftest import Project, copy_project

RECORDED = Path(__file__).resolve().parents[2] / "results" / "recorded"
RECORDS = sorted(path.parent for path in RECORDED.glob("*/config.yaml"))
REPLAYS = sorted((RECORDED.parents[1] / "config").glob("replay_*.yaml"))
# What replay_recorded.yaml leaves out, because others publish it.
LEFT_OUT = (
    r"\b(?:sac_sma|nwm|vic_basin|mhm_basin|hbv_upper|fuse_900)\b|^all_benchmarks$"
    r"|^SAC-SMA|^NWM|^National Water"
)
REGIONS_OF_2018 = ("huc01", "huc03", "huc11", "huc17")
LEFT_OUT_FIGURES = ("nse_cdf_basin_calibrated", "win_map")


@pytest.fixture(scope="module")
def redrawn(tmp_path_factory):
    """Return by record the results that its replay drew."""
    base = tmp_path_factory.mktemp("recorded")
    checkout, found = copy_project(base / "checkout"), {}
    for path in REPLAYS:
        done = Project(checkout, base / path.stem)
        replay = ("--configfile", f"config/{path.name}")
        jobs = done.jobs(*replay)
        assert not {"train", "simulate", "evaluate", "build_store"} & set(jobs)
        assert not [rule for rule in jobs if "download" in rule]
        done.snakemake(*replay)
        for record in yaml.safe_load(path.read_text())["recorded"]:
            found[Path(record).name] = done.run / "results"
    assert set(found) == {record.name for record in RECORDS}
    return found


def read(path):
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def scorecards():
    return [path for record in RECORDS for path in record.glob("scorecard/*.csv")]


def named(path):
    return f"{path.relative_to(RECORDED).parts[0]}-{path.stem}"


@pytest.mark.parametrize("path", scorecards(), ids=named)
def test_every_number_is_there_again(redrawn, path):
    kept = read(path).set_index("id")
    again = read(redrawn[path.parents[1].name] / "scorecard" / path.name)
    again = again.set_index("id")
    left_out = kept["experiment"].str.contains(LEFT_OUT)
    kept = kept[(kept["ours"] != "") & ~left_out]
    assert len(kept)
    again = again.loc[kept.index]
    assert again["ours"].tolist() == kept["ours"].tolist()


def tables():
    return [path for record in RECORDS for path in record.glob("tables/*/*.csv")]


def without_benchmarks(table):
    """Return the rows of a table that name none of the benchmarks left out."""
    named = table.apply(lambda cells: cells.str.contains(LEFT_OUT)).any(axis=1)
    return table[~named].reset_index(drop=True)


@pytest.mark.parametrize("path", tables(), ids=named)
def test_every_table_is_there_again(redrawn, path):
    record = path.relative_to(RECORDED).parts[0]
    kept = without_benchmarks(read(path))
    again = without_benchmarks(
        read(redrawn[record] / path.relative_to(RECORDED / record))
    )
    assert len(kept)
    pd.testing.assert_frame_equal(again.map(in_nine_digits), kept.map(in_nine_digits))


def in_nine_digits(cell):
    """Round a number with a decimal point: another processor adds in another order."""
    try:
        return f"{float(cell):.9g}" if "." in cell else cell
    except ValueError:
        return cell


def figures():
    found = [path for record in RECORDS for path in record.glob("figures/*/*.png")]
    return [path for path in found if path.stem not in LEFT_OUT_FIGURES]


def test_every_figure_is_drawn_again(redrawn):
    assert {path.relative_to(RECORDED).parts[0] for path in figures()} == {
        record.name for record in RECORDS
    }
    for path in figures():
        record = path.relative_to(RECORDED).parts[0]
        assert (redrawn[record] / path.relative_to(RECORDED / record)).is_file()


def replay(project, tmp_path, paper, **keys):
    config = {"recorded": [str(RECORDED / paper)]} | keys
    done = Project(project.folder, tmp_path / "run").snakemake(
        config=config, check=False
    )
    assert done.returncode != 0
    assert not (tmp_path / "run/results/tables").exists()
    return done.stdout


def test_nothing_is_made_that_a_record_lacks(project, tmp_path):
    papers = ["kratzert2018", "kratzert2019b"]
    said = replay(project, tmp_path, "kratzert2019b", papers=papers)
    assert "The records lack what the rule build_store makes" in said


def test_another_configuration_than_the_record_is_refused(project, tmp_path):
    keys = {"kratzert2019a": {"training": {"epochs": 2}}}
    said = replay(project, tmp_path, "kratzert2019a", **keys)
    assert "kratzert2019a.training is not that of the record" in said


def test_a_folder_that_is_no_record_is_named(project, tmp_path):
    done = Project(project.folder, tmp_path).snakemake(
        "-n", config={"recorded": ["/no/record"]}, check=False
    )
    assert done.returncode != 0
    assert "/no/record: no record, because it has no config.yaml; " in done.stdout


def medians(paper, experiment, metric):
    """Return the mean over seeds of the median NSE, and that of the ensemble."""
    path = RECORDED / paper / "results/metrics" / paper / f"{experiment}.csv"
    found = pd.read_csv(path).groupby("member")[metric].median()
    return found.drop("ensemble").mean(), found["ensemble"]


def headline(start):
    """Return the line of the README's first screen that starts so."""
    lines = (RECORDED.parents[1] / "README.md").read_text().splitlines()
    return next(line for line in lines if line.startswith(start))


def cells(start):
    """Return the numbers of a row of the records' README, without those published."""
    lines = (RECORDED / "README.md").read_text().splitlines()
    (line,) = [line for line in lines if line.startswith(f"| {start} |")]
    bare = re.sub(r"\([^)]*\)|\*\*", "", line)
    return re.findall(r"-?\d*\.\d+|-?\d+", bare.split("|", 2)[2])


def written(value, like):
    """Return a number with as many digits as another that stands in a text."""
    digits = len(like.partition(".")[2])
    return re.sub(r"^(-?)0\.", r"\1.", f"{value:.{digits}f}")


def ensemble(record, paper, name, metric):
    """Return a metric of an ensemble, of each basin."""
    path = RECORDED / record / f"results/metrics/{paper}/{name}.csv"
    return pd.read_csv(path).query("member == 'ensemble'")[metric]


def rows_of_2018():
    path = RECORDED / "kratzert2018/tables/kratzert2018/nse_by_region.csv"
    table = pd.read_csv(path).set_index(["experiment", "region"])
    for start, name in (
        ("1: one LSTM per basin", "basin"),
        ("2: one LSTM per region", "region"),
        ("3: fine-tuned", "fine_tuned"),
    ):
        of_all = ensemble("kratzert2018", "kratzert2018", name, "NSE")
        whole, *regions = (
            table.loc[name, region] for region in ("all", *REGIONS_OF_2018)
        )
        of_regions = [row["NSE_median"] for row in regions]
        below = (of_all < 0).sum()
        yield start, [whole["NSE_mean"], whole["NSE_median"], below, *of_regions]


def rows_of_2019a(record="kratzert2019a", failures="failures_seeds", where=""):
    path = RECORDED / record / "tables/kratzert2019a/configurations.csv"
    columns = ["nse_median_seeds", "nse_median_ensemble", "nse_mean_ensemble", failures]
    for _, row in pd.read_csv(path).iterrows():
        yield row["title"] + where, [*row[columns]]


def rows_of_2019b(record="kratzert2019b", where=""):
    for start, name in (
        ("LSTM, gauged", "lstm_static"),
        ("LSTM, **ungauged**", "lstm_ungauged"),
        ("LSTM without attributes, gauged", "lstm_no_static"),
    ):
        nse = ensemble(record, "kratzert2019b", name, "nse")
        yield (
            (start.replace("**", "") if where else start) + where,
            [nse.median(), nse.mean(), (nse < 0).sum()],
        )


@pytest.mark.parametrize(
    ("start", "values"),
    [
        *rows_of_2018(),
        *rows_of_2019a(),
        *rows_of_2019b(),
        *rows_of_2019a("caravan", "failures_ensemble", ", Caravan"),
        *rows_of_2019b("caravan", ", Caravan"),
    ],
)
def test_tables_in_the_records_readme_are_what_was_recorded(start, values):
    shown = cells(start)
    assert shown == [
        written(value, one) for value, one in zip(values, shown, strict=True)
    ]


HEADLINE = {
    "| LSTM with attributes |": ("kratzert2019a", "lstm_nse", "NSE"),
    "| EA-LSTM |": ("kratzert2019a", "ealstm_nse", "NSE"),
    "| LSTM without attributes |": ("kratzert2019a", "lstm_no_static_nse", "NSE"),
    "| LSTM, gauged |": ("kratzert2019b", "lstm_static", "nse"),
    "| LSTM, ungauged |": ("kratzert2019b", "lstm_ungauged", "nse"),
}


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("basin", "| one LSTM per basin |"),
        ("region", "| one LSTM per region |"),
        ("fine_tuned", "| fine-tuned |"),
    ],
)
def test_headline_of_kratzert2018_is_what_was_recorded(name, start):
    line = headline(start)
    nse = ensemble("kratzert2018", "kratzert2018", name, "NSE")
    for cell, value in zip(
        line.split("|")[2:4], (nse.mean(), nse.median()), strict=True
    ):
        assert cell.split()[0] == f"{value:.2f}".replace("0.", ".")


@pytest.mark.parametrize("start", HEADLINE)
def test_headline_of_the_readme_is_what_was_recorded(start):
    line = headline(start)
    shown = re.findall(r"(\.\d\d) \(\.\d\d\)", line)
    single, ensemble = medians(*HEADLINE[start])
    ours = [single, ensemble] if len(shown) == 2 else [ensemble]
    assert shown == [f"{value:.2f}"[1:] for value in ours]
