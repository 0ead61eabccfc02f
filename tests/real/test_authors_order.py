"""The order of the authors' weights, from the attribute tables of CAMELS themselves."""

import os
import sqlite3
from pathlib import Path

import pandas as pd
import pytest
from rerunoff.data.authors_attributes import attribute_order
from rerunoff.protocol.resolve import original

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def tables():
    """Return the seven tables, by name."""
    data = Path(os.environ.get("RERUNOFF_DATA") or "/not/set")
    folder = data / "camels_us_sample" / "camels_attributes_v2.0"
    if not folder.is_dir():
        pytest.skip("RERUNOFF_DATA names no folder with camels_us_sample")
    kinds = {"sep": ";", "dtype": {"gauge_id": str}}
    return {
        path.stem.removeprefix("camels_"): pd.read_csv(path, **kinds, index_col=0)
        for path in folder.glob("camels_*.txt")
    }


def database(path, tables, names):
    """Write a database as the authors do, the tables joined in this order."""
    whole = pd.concat([tables[name] for name in names], axis=1)
    whole["huc"] = whole.pop("huc_02").astype(str).str.zfill(2)
    with sqlite3.connect(path) as connection:
        whole.to_sql("basin_attributes", connection)
    return path


def test_their_disks_order_gives_the_papers_attributes(tables, tmp_path):
    """Of the two that say nothing the place is not known: their columns are dropped."""
    paper = original("kratzert2019a", ROOT)["attributes"]
    names = ("geol", "vege", "clim", "topo", "soil", "hydro", "name")
    assert attribute_order(database(tmp_path / "a.db", tables, names)) == paper
    turned = database(tmp_path / "b.db", tables, names[::-1])
    assert attribute_order(turned) != paper
    assert sorted(attribute_order(turned)) == sorted(paper)
