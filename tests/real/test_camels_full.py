"""The papers' own 531 basins: the authors' constants, from raw file to scaler."""

from pathlib import Path

import numpy as np
import pytest
import yaml
from rerunoff.data.basin_lists import read_basin_list
from rerunoff.data.periods import training_days
from rerunoff.data.readers import open_reader
from rerunoff.data.store import read_store
from rerunoff.data.store_builder import build_store
from rerunoff.training.scaling import training_constants
from rerunoff.training.windows import valid_samples

CONFIG = Path(__file__).parents[2] / "config" / "papers" / "kratzert2019a.yaml"
PROTOCOL = yaml.safe_load(CONFIG.read_text())["kratzert2019a"]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def catchments(camels_full, tmp_path_factory):
    """Return forcing and discharge of the training period, read back from a store."""
    basins = read_basin_list(camels_full / "basin_list_531.txt")
    store = tmp_path_factory.mktemp("store") / "maurer_extended.h5"
    build_store(
        store, open_reader("camels_us", camels_full, "maurer_extended"), basins, 2
    )
    return read_store(store, PROTOCOL["inputs"], PROTOCOL["attributes"], basins)


@pytest.fixture(scope="module")
def days(catchments):
    return training_days(catchments, PROTOCOL["periods"]["train"], False)


def test_all_basins_have_27_attributes_that_differ(catchments):
    assert catchments.attributes.shape == (531, 27)
    assert (catchments.attributes.std(axis=0) > 0).all()


# The store is float32. From the text in double precision these two agree as well:
# 131.63560880783 and 629.44576432291.
ROUNDED = {"input_std srad": 4e-9, "input_std vp": 5e-8}


def test_constants_are_the_published_ones_to_every_printed_digit(catchments, days):
    found, published = (
        training_constants(catchments, days),
        PROTOCOL["published_scaling"],
    )
    for key, constants in published.items():
        if key == "forcing":
            continue
        if key.startswith("output"):
            assert round(found[key], 8) == constants, key
            continue
        for name, value in zip(PROTOCOL["inputs"], found[key], strict=True):
            most = 5e-9 + ROUNDED.get(f"{key} {name}", 0)
            assert abs(value - constants[name]) <= most, (key, name)


def test_number_of_samples(catchments, days):
    some = np.flatnonzero(days.any(axis=0))
    span = slice(some[0], some[-1] + 1)
    length = PROTOCOL["model"]["sequence_length"]
    assert (span.stop - span.start, length) == (3288, 270)
    basin, _ = valid_samples(catchments.inputs, catchments.discharge, span, length)
    assert len(basin) == 1_745_928
    assert len(np.unique(basin)) == 531
