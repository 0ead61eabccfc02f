"""Damaged tables, databases, pickles: what a careful reader gives, or a sentence."""

import base64
import io
import json
import math
import pickle
import re
import sqlite3
import zlib

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from rerunoff.analysis.epochs import read_scores
from rerunoff.data.authors_attributes import attribute_order
from rerunoff.data.authors_runs import read_cfg
from rerunoff.data.basin_lists import read_basin_list
from rerunoff.data.nwm import read_gauges, read_nwm
from rerunoff.data.text_tables import read_gauge_table
from rerunoff.evaluation.metrics import METRICS
from rerunoff.evaluation.metrics_2019b import COLUMNS
from rerunoff.evaluation.tables import read_authors_statistics, read_metrics
from rerunoff.evaluation.third_party import read_third_party
from rerunoff.numbers.files import KEY, read_numbers
from rerunoff.numbers.published import COLUMNS as PUBLISHED_COLUMNS
from rerunoff.numbers.published import read_published
from rerunoff.protocol.benchmarks import THIRD_PARTY_MODELS
from rerunoff.protocol.units import read_regions
from rerunoff.tables import read_series
from unit.mutations import (
    BINARY,
    MISSING,
    careful_lines,
    careful_number,
    careful_rows,
    damage,
    damaged,
    outcome,
)
from unit.test_nwm import AREAS, GAUGES, OLD, tables

BASINS = ["01013500", "01022500", "02177000", "a_1"]


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return tmp_path_factory.mktemp("tables") / "table.csv"


def text_of(columns, separator=","):
    """Return a table of columns as bytes."""
    return pd.DataFrame(columns).to_csv(index=False, sep=separator).encode()


def numbers_of(names, rows):
    random = np.random.default_rng(5)
    return {name: random.normal(0.4, 0.3, rows).round(4) for name in names}


def check_cells(table, content, separator, numeric):
    """Compare cells with those of a careful reader, where both take them for numbers.

    `table` has one row a line, in the order of the file.
    """
    header, rows = careful_rows(content, separator)
    rows = [row for row in rows if any(map(str.strip, row))]
    assert len(table) == len(rows)
    for name in table.columns:
        fields = [row[header.index(name)] for row in rows]
        if table[name].dtype.kind in "iuf" or name in numeric:
            expected = [careful_or_infinite(field) for field in fields]
            np.testing.assert_allclose(table[name], expected, rtol=1e-14)
        else:
            found = table[name].fillna("").astype(str).tolist()
            missing = ["" if f in PANDAS_MISSING else f for f in fields]
            assert [f.strip() for f in found] == [f.strip() for f in missing]


PANDAS_MISSING = {*MISSING, *pd._libs.parsers.STR_NA_VALUES}


def careful_or_infinite(field):
    """Return a number, which in some tables may be infinite."""
    if re.fullmatch(r"[+-]?inf(inity)?", field.strip(), re.IGNORECASE):
        return float(field)
    return careful_number("" if field in PANDAS_MISSING else field, missing=True)


GAUGES_TABLE = text_of(
    {"gauge_id": BASINS, "name": ["a, b", 'c "d"', "e", "f"]}
    | numbers_of(["area", "q_mean", "runoff_ratio"], 4)
)


@pytest.mark.parametrize("separator", [";", ","])
@given(steps=damage())
def test_attributes_and_signatures(file, separator, steps):
    whole = pd.read_csv(io.BytesIO(GAUGES_TABLE), dtype=str)
    whole = whole.to_csv(index=False, sep=separator).encode()
    content = damaged(whole, steps, separator.encode())
    file.write_bytes(content)
    table = outcome(file, read_gauge_table, file, separator, ("name",))
    if table is not None:
        check_cells(table.reset_index(), content, separator, ())


METRICS_TABLE = text_of(
    {"basin": BASINS * 2, "member": ["seed1"] * 4 + ["ensemble"] * 4}
    | numbers_of(METRICS, 8)
)


@given(steps=damage())
def test_metrics(file, steps):
    content = damaged(METRICS_TABLE, steps, b",")
    file.write_bytes(content)
    table = outcome(file, read_metrics, file)
    if table is not None:
        check_cells(table, content, ",", METRICS)


STATISTICS_TABLE = text_of(
    {"basin": ["1013500", "1022500", "2177000"]} | numbers_of(COLUMNS, 3)
)


@given(steps=damage())
def test_published_statistics(file, steps):
    content = damaged(STATISTICS_TABLE, steps, b",")
    file.write_bytes(content)
    table = outcome(file, read_authors_statistics, file)
    if table is not None:
        table["basin"] = table["basin"].astype(int)
        check_cells(table[["basin", *COLUMNS]], content, ",", ("basin", *COLUMNS))


@given(steps=damage())
def test_metrics_by_others(file, steps):
    model = THIRD_PARTY_MODELS["vic_basin"]
    columns = {"gauge_id": ["1013500", "1022500"], "model": [model] * 2, "NSE": 0.5}
    whole = text_of(columns | {"alpha_nse": 0.9, "beta_ratio": 1.1, "r": [0.8, 0.85]})
    content = damaged(whole, steps, b",")
    file.write_bytes(content)
    table = outcome(file, read_third_party, file, "vic_basin")
    if table is None:
        return
    header, rows = careful_rows(content, ",")
    rows = [dict(zip(header, row, strict=True)) for row in rows]
    rows = [row for row in rows if row["model"] == model]
    numbers = ("NSE", "alpha_nse", "beta_ratio", "r")
    for (_, found), row in zip(table.iterrows(), rows, strict=True):
        assert int(found["basin"]) == int(row["gauge_id"])
        values = [careful_or_infinite(row[name]) for name in numbers]
        expected = values[0] if all(map(math.isfinite, values)) else np.nan
        if not np.isinf(values).any():
            np.testing.assert_equal(found["NSE"], expected)


@given(steps=damage())
def test_series_of_an_analysis(file, steps):
    days = pd.date_range("2000-02-20", periods=12).strftime("%Y-%m-%d")
    content = damaged(text_of({"date": days} | numbers_of(["a", "b"], 12)), steps, b",")
    file.write_bytes(content)
    table = outcome(file, read_series, file)
    if table is not None:
        header, rows = careful_rows(content, ",")
        rows = [row for row in rows if any(row)]
        days = [[day.year, day.month, day.day] for day in table.index]
        assert days == [[*map(int, row[0].split("-"))] for row in rows]
        table.insert(0, header[0], [row[0] for row in rows])
        check_cells(table, content, ",", header[1:])


@given(steps=damage())
def test_scores_of_epochs(file, steps):
    whole = text_of({"epoch": range(1, 9)} | numbers_of(BASINS, 8))
    content = damaged(whole, steps, b",")
    file.write_bytes(content)
    table = outcome(file, read_scores, [file])
    if table is not None:
        check_cells(table.reset_index(), content, ",", ("epoch", *table.columns))


@given(steps=damage())
def test_published_numbers(file, steps):
    row = dict.fromkeys(PUBLISHED_COLUMNS, "") | {"location": "Table 2", "value": "0.6"}
    row |= {"quantity": "performance", "experiment": "lstm", "basins": "531"}
    row |= {"members": "ensemble", "metric": "NSE", "statistic": "median"}
    row |= {"source": 'p. 1, "a"', "certainty": "paper, printed"}
    content = damaged(text_of([row | {"id": f"n{i}"} for i in range(4)]), steps, b",")
    file.write_bytes(content)
    table = outcome(file, read_published, file)
    if table is not None:
        header, rows = careful_rows(content, ",")
        rows = [row for row in rows if any(map(str.strip, row))]
        expected = pd.DataFrame(rows, columns=header)[[*PUBLISHED_COLUMNS]]
        assert table.to_numpy().tolist() == expected.to_numpy().tolist()
        assert all(math.isfinite(float(v.lstrip("<>="))) for v in table["value"] if v)


@given(steps=damage())
def test_numbers(file, steps):
    columns = {name: [f"{name}{i}" for i in range(4)] for name in KEY}
    columns |= {"value": ["0.5", "", "1e-3", "7"], "seeds": ["8", "", "", "1"]}
    content = damaged(text_of(columns | {"why_not": ["", "no", "", ""]}), steps, b",")
    file.write_bytes(content)
    numbers = outcome(file, read_numbers, [file])
    if numbers is None:
        return
    header, rows = careful_rows(content, ",")
    rows = [dict(zip(header, row, strict=True)) for row in rows]
    expected = {tuple(row[name] for name in KEY): row for row in rows}
    assert numbers.keys() == expected.keys()
    for key, number in numbers.items():
        for name in ("value", "seeds"):
            field = expected[key].get(name, "")
            found = getattr(number, name)
            assert (found or 0) == (careful_number(field) if field else 0)


@given(steps=damage())
def test_basin_lists(file, steps):
    content = damaged(b"# chosen\n01013500\n01022500\n\n a_1 \n02177000\n", steps)
    file.write_bytes(content)
    basins = outcome(file, read_basin_list, file)
    if basins is not None:
        lines = [line.strip() for line in careful_lines(content)]
        assert basins == [line for line in lines if line and line[0] != "#"]


@given(steps=damage())
def test_regions(file, steps):
    whole = text_of({"basin": BASINS, "region": ["huc01", "huc01", "huc02", "huc02"]})
    content = damaged(whole, steps, b",")
    file.write_bytes(content)
    regions = outcome(file, read_regions, str(file), "/nowhere")
    if regions is not None:
        header, rows = careful_rows(content, ",")
        rows = [dict(zip(header, row, strict=True)) for row in rows]
        expected = {}
        for row in rows:
            expected.setdefault(row["region"], []).append(row["basin"])
        assert regions == expected


CFG = {
    **{"no_static": False, "concat_static": False, "use_mse": False, "seed": 111},
    **{"hidden_size": 256, "seq_length": 270, "train_start": "01101999"},
    "train_end": "30092008",
}


@given(steps=damage())
def test_configurations_of_the_authors(file, steps):
    content = damaged(json.dumps(CFG, indent=1).encode(), steps, b":")
    file.write_bytes(content)
    found = outcome(file, read_cfg, file)
    if found is not None:
        values = json.loads(content)
        assert (found.seed, found.hidden_size) == (
            values["seed"],
            values["hidden_size"],
        )
        assert found.train_period[0][:4] == values["train_start"][4:]


@given(steps=damage(tuple(BINARY), 2))
def test_database_of_attributes(file, tmp_path_factory, steps):
    whole = tmp_path_factory.getbasetemp() / "whole.db"
    if not whole.exists():
        with sqlite3.connect(whole) as made:
            columns = "gauge_id TEXT, aridity REAL, p_mean REAL, organic_frac REAL"
            made.execute(f"CREATE TABLE basin_attributes ({columns})")
            made.execute("INSERT INTO basin_attributes VALUES ('1', 2, 3, 4)")
        made.close()
    content = damaged(whole.read_bytes(), steps)
    file.write_bytes(content)
    order = outcome(file, attribute_order, file)
    # A letter that was changed in a name is still a name; the network's own must fit.
    for name in order or ():
        assert name.encode("utf-8", errors="surrogateescape") in content


PICKLES = {
    version: zlib.decompress(base64.b85decode(text)) for version, text in OLD.items()
}
PICKLES["installed"] = pickle.dumps(tables())


@pytest.mark.parametrize("version", PICKLES)
@given(steps=damage(tuple(BINARY), 1))
def test_pickles_of_the_national_water_model(file, version, steps):
    ids = file.with_name("camels_id.npy")
    np.save(ids, np.array(GAUGES))
    file.write_bytes(PICKLES[version])
    whole = read_nwm(file, ids, AREAS)
    content = damaged(PICKLES[version], steps)
    file.write_bytes(content)
    found = outcome(file, read_nwm, file, ids, AREAS)
    if found is None:
        return
    assert len(found[0]) == found[1].shape[1]
    # Damage inside of the numbers shows in one of them, as it would to pandas; in the
    # letter for the order of bytes it shows in all.
    if content.count(b"<") != PICKLES[version].count(b"<"):
        return
    if len(found[0]) == len(whole[0]) and (found[0] == whole[0]).all():
        same = (found[1] == whole[1]) | np.isnan(found[1]) & np.isnan(whole[1])
        assert (~same).sum() <= 1


@given(steps=damage(tuple(BINARY), 2))
def test_gauges_of_the_national_water_model(file, steps):
    buffer = io.BytesIO()
    np.save(buffer, np.array(GAUGES))
    content = damaged(buffer.getvalue(), steps)
    file.write_bytes(content)
    gauges = outcome(file, read_gauges, file)
    if gauges is not None:
        expected = np.load(io.BytesIO(content), allow_pickle=False)
        assert [int(gauge) for gauge in gauges] == expected.ravel().astype(int).tolist()
