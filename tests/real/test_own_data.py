"""docs/own_data.md, followed word for word with five basins of Caravan."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from rerunoff.data.store import read_store
from workflow.conftest import ROOT, copy_project

SOURCE = Path(os.environ.get("RERUNOFF_DATA") or "/not/set", "caravan_camels")
pytestmark = pytest.mark.skipif(
    not SOURCE.is_dir(), reason="RERUNOFF_DATA names no folder with caravan_camels"
)
PAGE = (ROOT / "docs/own_data.md").read_text()
BASINS = ["01022500", "03439000", "12010000", "05291000", "01054200"]
# Of the page's configurations.
TRAIN_AND_TEST = slice("1995-01-01", "2005-12-31")
CUBIC_FEET = 35.3147  # in a cubic metre, as the page says


def blocks(kind):
    """Return the text of each block of one kind."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)


def header(first):
    """Return the columns of the block that begins with a word."""
    (line,) = [b for b in blocks("csv") if b.startswith(first)]
    return line.strip().split(",")


def series(basin):
    """Return the days of a basin that the examples need."""
    path = SOURCE / f"timeseries/netcdf/camels/camels_{basin}.nc"
    with xr.open_dataset(path, engine="h5netcdf") as dataset:
        return dataset.sel(date=TRAIN_AND_TEST).to_dataframe()


def attributes():
    """Return the attributes of the five basins, under CAMELS' names and Caravan's."""
    folder = SOURCE / "attributes/camels"
    tables = [pd.read_csv(p, index_col="gauge_id") for p in folder.glob("*.csv")]
    return pd.concat(tables, axis=1).loc[[f"camels_{basin}" for basin in BASINS]]


def write_caravan(folder):
    """Write the basins where the page's example says, in the page's columns."""
    (example, table, *_) = re.findall(r"^(runs/mine/data/\S+)", PAGE, re.MULTILINE)
    table, known = folder / table, attributes()
    table.parent.mkdir(parents=True)
    known.index = [f"mine_{row:02d}" for row in range(1, 6)]
    known.rename_axis("gauge_id").reset_index()[header("gauge_id")].to_csv(
        table, index=False
    )
    for basin, name in zip(BASINS, known.index, strict=True):
        path = folder / example.replace("mine_01", name)
        path.parent.mkdir(parents=True, exist_ok=True)
        series(basin).reset_index()[header("date")].to_csv(path, index=False)


def write_camels(folder):
    """Write the basins in CAMELS' layout, with the header and line of the page."""
    forcing, flow, table = re.findall(r"^(runs/camels/data/\S+)", PAGE, re.MULTILINE)
    known = attributes().assign(huc_02="01")
    known.index = [f"9900000{row}" for row in range(1, 6)]
    known = known.rename_axis("gauge_id").reset_index()
    (tables,) = [block for block in blocks("text") if block.startswith("camels_")]
    for name, columns in re.findall(r"(\S+): (\S+)", tables):
        path = (folder / table).with_name(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        known[columns.split(";")].to_csv(path, sep=";", index=False)
    for basin, (_, row) in zip(BASINS, known.iterrows(), strict=True):
        for path, text in (
            (forcing, forcing_of(series(basin), row["area"])),
            (flow, streamflow_of(series(basin), row)),
        ):
            path = folder / path.replace("99000001", row["gauge_id"])
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)


def forcing_of(table, area):
    """Return a forcing file; what Caravan does not have is 0, as the page says."""
    (example,) = [block for block in blocks("text") if "PRCP(mm/day)" in block]
    latitude, elevation, _, columns = example.splitlines()
    values = {name: np.zeros(len(table)) for name in columns.split()}
    for name in ("Tmax(C)", "Tmin(C)"):
        values[name] = table["temperature_2m_mean"]
    values["PRCP(mm/day)"] = table["total_precipitation_sum"]
    for name, part in (("Year", "year"), ("Mnth", "month"), ("Day", "day")):
        values[name] = getattr(table.index, part)
    lines = pd.DataFrame(values).to_csv(sep=" ", index=False, header=False)
    return "\n".join([latitude, elevation, f"{area * 1e6:.0f}", columns, lines])


def streamflow_of(table, row):
    """Return a file of discharge, with lines like that of the page."""
    (example,) = [block for block in blocks("text") if block.startswith("99000001")]
    *_, flag = example.split()
    flow = table["streamflow"] * row["area"] / 86.4 * CUBIC_FEET
    return "".join(
        f"{row['gauge_id']} {day:%Y %m %d} {-999 if np.isnan(value) else value:.2f} "
        f"{'M' if np.isnan(value) else flag}\n"
        for day, value in flow.items()
    )


@pytest.fixture(scope="module")
def followed(tmp_path_factory):
    """Do what the page says in a copy of the project; return it and what was said."""
    folder = copy_project(tmp_path_factory.mktemp("own") / "checkout")
    write_caravan(folder)
    write_camels(folder)
    named = re.findall(r"`(runs/\S+)`:\n\n```\w+\n(.*?)```", PAGE, flags=re.DOTALL)
    for name, text in named:
        (folder / name).write_text(text)
    said = {}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for command in "".join(blocks("sh")).splitlines():
        done = subprocess.run(
            shlex.split(command),
            cwd=folder,
            env={**os.environ, "PATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout[-4000:]}"
        said[command] = done.stdout
    return folder, said


def test_what_the_page_promises_comes_out(followed):
    folder, _ = followed
    (promised,) = [block for block in blocks("") if block.startswith("metrics/")]
    paths = [line.split()[0] for line in promised.splitlines()]
    assert len(paths) > 5
    for path in paths:
        assert (folder / "runs/mine/results" / path).stat().st_size > 100, path
        if path.endswith(".png"):
            assert (folder / "runs/mine/results" / path).with_suffix(".pdf").is_file()


def test_networks_learn_five_basins(followed):
    folder, _ = followed
    for path in (
        "runs/mine/results/metrics/kratzert2019a/lstm_nse.csv",
        "runs/camels/results/metrics/kratzert2019a/ealstm_nse.csv",
    ):
        metrics = pd.read_csv(folder / path)
        assert metrics["basin"].nunique() == 5
        assert metrics["NSE"].median() > 0


def test_discharge_of_both_layouts_is_in_mm(followed):
    folder, _ = followed
    for path, inputs, names in (
        ("runs/mine/results/data/caravan/era5_land_kratzert2019a.h5", ["tmean"], []),
        ("runs/camels/results/data/camels_us/nldas_kratzert2019a.h5", ["tmax"], []),
    ):
        store = read_store(folder / path, ["prcp", *inputs], names)
        for row, basin in enumerate(BASINS):
            table = series(basin)
            for ours, column in (
                (store.discharge[row], "streamflow"),
                (store.inputs[row, :, 0], "total_precipitation_sum"),
                (store.inputs[row, :, 1], "temperature_2m_mean"),
            ):
                # Discharge in CAMELS' layout has two decimals of a cubic foot.
                np.testing.assert_allclose(ours, table[column], rtol=1e-4, atol=1e-3)


def test_dry_runs_say_what_would_run(followed):
    _, said = followed
    trainings = {
        re.search(r"(kratzert\w+) ", command)[1]: len(
            re.findall("Training kratzert", output)
        )
        for command, output in said.items()
        if " -n " in command
    }
    assert trainings == {"kratzert2019a": 2, "kratzert2018": 5 + 2, "kratzert2019b": 4}
