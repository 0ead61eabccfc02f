"""Virtual catchments: repeatable, plausible, worth learning."""

import hashlib
import re

import generate_virtual
import numpy as np
import pandas as pd
import pytest
from rerunoff.data.virtual import (
    PRODUCTS,
    attributes,
    gaps,
    hydrology,
    places,
    signatures,
    weather,
    write_catchments,
)
from rerunoff.errors import InputError

SPAN = {"start": "1989-10-01", "end": "1993-09-30"}


def table(folder, name):
    return pd.read_csv(
        folder / "camels_attributes_v2.0" / f"camels_{name}.txt",
        sep=";",
        dtype={"gauge_id": str, "huc_02": str},
        index_col="gauge_id",
    )


def digests(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).digest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("virtual")
    ids = write_catchments(folder, 16, **SPAN)
    return folder, ids


@pytest.fixture(scope="module")
def many():
    """Static attributes, weather, water and dates of 120 basins, nothing written."""
    dates = np.arange("1989-10-01", "1997-10-01", dtype="datetime64[D]")
    static = places.describe(places.basin_ids(120), seed=3)
    true = weather.generate(static, dates, seed=3)
    return static, true, hydrology.simulate(static, true, dates, seed=3), dates


def test_same_seed_same_bytes_other_seed_other_bytes(tmp_path):
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write_catchments(tmp_path / name, 3, **SPAN, seed=seed)
    first, second, third = (digests(tmp_path / name) for name in "abc")
    assert first == second
    assert first.keys() == third.keys()
    series = [key for key in first if key.endswith(("leap.txt", "qc.txt"))]
    assert all(first[key] != third[key] for key in series)


def test_series_depend_neither_on_products_nor_on_number(written, tmp_path):
    folder, _ = written
    write_catchments(tmp_path, 5, **SPAN, products=("nldas",))
    few, all_files = digests(tmp_path), digests(folder)
    series = [key for key in few if key.endswith(("leap.txt", "qc.txt"))]
    assert len(series) == 10
    assert all(few[key] == all_files[key] for key in series)
    for name in attributes.TABLES:
        every = table(folder, name)
        few_rows = table(tmp_path, name)
        pd.testing.assert_frame_equal(every.loc[few_rows.index], few_rows)


def test_blocks_do_not_matter(written, tmp_path, monkeypatch):
    folder, _ = written
    monkeypatch.setattr("rerunoff.data.virtual._BLOCK", 7)
    write_catchments(tmp_path, 16, **SPAN)
    assert digests(tmp_path) == digests(folder)


def test_ids_are_virtual_and_spread_over_regions(written):
    folder, ids = written
    assert len(set(ids)) == 16
    assert ids == sorted(ids)
    assert all(re.fullmatch(r"99(0[1-9]|1[0-8])\d{4}", basin_id) for basin_id in ids)
    regions = [basin_id[2:4] for basin_id in ids]
    assert all(regions.count(huc) == 3 for huc in ("01", "03", "11", "17"))
    assert len(set(regions)) == 8
    assert (folder / "basin_list.txt").read_text() == "\n".join(ids) + "\n"
    assert "do not exist" in (folder / "README.txt").read_text()
    assert len({i[2:4] for i in places.basin_ids(671)}) == 18
    assert places.basin_ids(30)[:16] == places.basin_ids(16)


def test_gaps_leave_most_of_every_record():
    for order in range(40):
        kept, missing = gaps.cut(f"9901{order:04d}", order, 4000, seed=1)
        lines = np.zeros(4000, dtype=bool)
        lines[kept] = True
        assert (lines & ~missing).sum() > 0.93 * 4000


def test_signatures_against_hand_values():
    dates = np.arange("2000-09-01", "2002-11-01", dtype="datetime64[D]")
    period, years = signatures.hydrological_years(dates)
    assert dates[period][[0, -1]].astype(str).tolist() == ["2000-10-01", "2002-09-30"]
    assert [year.stop - year.start for year in years] == [365, 365]
    flow = np.ones((730, 1))
    flow[:10] = 0
    flow[100:103] = 20
    result = signatures.discharge(flow, np.full((730, 1), 2.0), years)
    assert result["high_q_freq"] == pytest.approx(3 / 730 * 365.25)
    assert result["high_q_dur"] == 3
    assert result["low_q_dur"] == 10
    assert result["zero_q_freq"] == pytest.approx(10 / 730)
    assert result["runoff_ratio"] == pytest.approx((717 + 60) / 1460)
    # 415 in the first year, half of it with the 168th day; 365 in the second.
    assert result["hfd_mean"] == pytest.approx(((208 - 60 + 10 + 3) + 183) / 2, abs=1)


def test_summer_rain_has_positive_seasonality():
    dates = np.arange("2000-01-01", "2004-01-01", dtype="datetime64[D]")
    wave = np.cos(2 * np.pi * (np.arange(1461) - 200) / 365.25)[:, None]
    rain = 2 * (1 + np.concatenate([0.5 * wave, -0.5 * wave], axis=1))
    warmth = 10 + 8 * np.repeat(wave, 2, axis=1)
    result = signatures.climate(rain, warmth, rain, dates)
    assert result["p_seasonality"] == pytest.approx([0.5, -0.5], abs=1e-3)


def test_water_balance(many):
    _, true, water, _ = many
    flow, rain = water["discharge"], true["prcp"].mean(axis=0)
    ratio = flow.mean(axis=0) / rain
    assert (flow >= 0).all()
    assert np.isfinite(flow).all()
    assert (ratio < 0.95).all()
    assert (ratio > 0).all()
    # Budyko (1974): dry catchments yield a smaller share.
    aridity = water["pet"].mean(axis=0) / rain
    rank = pd.Series(aridity).corr(pd.Series(ratio), method="spearman")
    assert rank < -0.85
    assert ratio[aridity < 0.6].min() > 0.3
    dry = (flow == 0).mean(axis=0)
    assert 3 <= (dry > 0.2).sum() <= 30
    assert (dry[aridity < 0.8] == 0).mean() > 0.8


def test_snow_delays_discharge_to_spring(many):
    static, _, water, dates = many
    month = dates.astype("datetime64[M]").astype(int) % 12 + 1
    flow = pd.DataFrame(water["discharge"], columns=static.index)
    monthly = flow.groupby(month).mean()
    mountains = static.index[static["huc_02"] == "14"]
    coast = static.index[static["huc_02"] == "18"]
    assert len(mountains) >= 2
    assert monthly[mountains].idxmax().between(4, 7).all()
    assert monthly[coast].idxmax().isin([12, 1, 2, 3]).all()


def test_attributes_tell_behaviour(many):
    static, true, water, dates = many
    table_ = attributes.compute(static, true, water, dates)
    humid = table_[table_["aridity"] < 1.2]
    assert len(humid) > 50

    def rank(attribute, signature):
        return humid[attribute].corr(humid[signature], method="spearman")

    assert rank("geol_permeability", "baseflow_index") > 0.5
    assert rank("slope_mean", "baseflow_index") < -0.3
    assert rank("aridity", "runoff_ratio") < -0.7
    assert rank("frac_snow", "hfd_mean") > 0.5


def test_parameters_matter_with_the_same_weather(many):
    """One basin's weather over all soils and rocks gives visibly different rivers."""
    static, true, _, dates = many
    same = {key: np.repeat(value[:, :1], 120, axis=1) for key, value in true.items()}
    flow = hydrology.simulate(static, same, dates, seed=3)["discharge"]
    mean = flow.mean(axis=1, keepdims=True)
    nse = 1 - ((flow - mean) ** 2).sum(0) / ((flow - flow.mean(0)) ** 2).sum(0)
    # A model blind to attributes can do no better than the mean river.
    assert np.median(nse) < 0.85


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"products": ("prism",)}, "prism"),
        ({"products": "daymet"}, "list"),
        ({"number": 0}, "number"),
        ({"seed": -1}, "seed"),
        ({"start": "yesterday"}, "YYYY-MM-DD"),
        ({"end": "1989-12-31"}, "less than a year"),
    ],
)
def test_bad_arguments_are_said_in_a_sentence(tmp_path, change, word):
    with pytest.raises(InputError, match=word):
        write_catchments(tmp_path, **{"number": 2, **SPAN, **change})
    assert not list(tmp_path.iterdir())


def test_script_writes_all_products(tmp_path):
    generate_virtual.main(tmp_path, 2, "2000-01-01", "2001-06-30", 5, ["daymet"], False)
    found = {path.name for path in (tmp_path / "basin_mean_forcing").iterdir()}
    assert found == set(PRODUCTS)
