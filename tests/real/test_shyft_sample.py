"""Shyft on two basins of the CAMELS sample, in years that it saw, and in others."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from rerunoff.data.readers.camels_us import Reader
from rerunoff.data.simulations import read_simulation
from rerunoff.data.store import read_store
from rerunoff.data.store_builder import build_store
from rerunoff.evaluation.moments import nse
from rerunoff.physics.shyft_run import calibrate_shyft

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = Path(os.environ.get("RERUNOFF_DATA") or "/not/set", "camels_us_sample")
# Rain in the Appalachians, snow in the Rocky Mountains.
BASINS = ["03439000", "09035900"]
TRAIN, TEST = ("1999-10-01", "2003-09-30"), ("2003-10-01", "2008-09-30")
SEARCH = {"warmup": 365, "screened": 30, "starts": 1, "evaluations": 150, "seed": 1}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    if not SAMPLE.is_dir():
        pytest.skip("RERUNOFF_DATA names no folder with camels_us_sample")
    if not (ROOT / ".venv-shyft" / ".done").exists():
        given_up = pytest.fail if "RERUNOFF_SHYFT" in os.environ else pytest.skip
        given_up("there is no .venv-shyft with Shyft; make it with `make shyft`")
    path = tmp_path_factory.mktemp("sample") / "nldas.h5"
    build_store(path, Reader(SAMPLE, "nldas"), BASINS)
    return path


# Below what was found, NSE of the first and the second basin.
@pytest.mark.parametrize(
    ("stack", "trained", "tested"),
    [("pt_gs_k", (0.4, 0.4), (0.4, 0.4)), ("pt_st_hbv", (0.55, 0.7), (0.5, 0.6))],
)
def test_stacks_simulate_years_that_they_did_not_see(
    store, tmp_path, stack, trained, tested
):
    (tmp_path / "basins.txt").write_text("\n".join(BASINS) + "\n")
    outputs = {"simulation": tmp_path / "out.nc", "parameters": tmp_path / "out.csv"}
    place = {"python": ROOT / ".venv-shyft/bin/python", "threads": 1, "code": "code"}
    calibrate_shyft(
        store, tmp_path / "basins.txt", stack, TRAIN, False, SEARCH,
        tmp_path / "checkpoints", place, outputs,
    )  # fmt: skip
    table = pd.read_csv(outputs["parameters"], dtype={"basin": str})
    catchments = read_store(store, ["prcp"], [], BASINS)
    simulation = read_simulation(outputs["simulation"])
    days = catchments.days(TEST)
    found = nse(catchments.discharge[:, days], simulation.discharge[:, days])
    assert (table["NSE"] > trained).all(), table["NSE"].tolist()
    assert (found > tested).all(), found
    # Snow lies in the mountains, and in winter.
    months = simulation.dates.astype("datetime64[M]").astype(int) % 12 + 1
    march = np.nanmean(simulation.swe[:, months == 3], axis=1)
    august = np.nanmean(simulation.swe[:, months == 8], axis=1)
    assert march[1] > 100 > 10 > march[0]
    assert (august < 5).all()
    if stack == "pt_st_hbv":
        soil = simulation.soil_moisture[:, 365:]
        assert 10 < soil.mean() < 1000
        assert (soil.min(axis=1) < 0.8 * soil.max(axis=1)).all()
