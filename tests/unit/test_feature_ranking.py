"""The ranking of attributes: normalisation, spread over members, numbers, figure."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from rerunoff.analysis.feature_ranking import (
    normalised,
    numbers,
    ranking_table,
    read_gradients,
    sensitivity_by_member,
    top_counts,
)
from rerunoff.figures.kratzert2019a import top_feature_map
from rerunoff.figures.maps import category_looks
from rerunoff.numbers.files import KEY, read_numbers, write_numbers
from rerunoff.tables import write_table

BASINS = ["01022500", "02177000", "13340600"]
ATTRIBUTES = ["p_mean", "aridity", "area"]
MEMBERS = ["seed111", "seed222"]
FIRST = pd.DataFrame(
    [[4.0, 2.0, 3.0], [0.1, 0.5, 0.2], [8.0, 8.5, 6.0]],
    pd.Index(BASINS, name="basin"),
    ATTRIBUTES,
)
# Normalised: (1, 0, .5), (0, 1, .25), (.8, 1, 0).
SENSITIVITY = {"p_mean": 0.6, "aridity": 2 / 3, "area": 0.25}
SECOND = FIRST[["aridity", "p_mean", "area"]].set_axis(ATTRIBUTES, axis=1)
GRADIENTS = {"seed111": FIRST, "seed222": SECOND}


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


def test_each_basin_goes_from_0_to_1():
    found = normalised(FIRST)
    assert found.min(axis=1).tolist() == [0, 0, 0]
    assert found.max(axis=1).tolist() == [1, 1, 1]
    np.testing.assert_allclose(found.loc[BASINS[1]], [0, 1, 0.25])
    means = sensitivity_by_member(GRADIENTS)
    np.testing.assert_allclose(means["seed111"], list(SENSITIVITY.values()))
    np.testing.assert_allclose(means["seed222"], [2 / 3, 0.6, 0.25])


def test_top_attributes_are_counted_and_none_is_left_out():
    counts = top_counts(GRADIENTS)
    assert counts["seed111"].to_dict() == {"p_mean": 1, "aridity": 2, "area": 0}
    assert counts["seed222"].to_dict() == {"p_mean": 2, "aridity": 1, "area": 0}


def test_table():
    effects = pd.DataFrame(
        {
            "basin": np.repeat(BASINS[:2], 3),
            "attribute": ATTRIBUTES * 2,
            "mu_star": [1.0, 2, 6, 2, 2, 4],
            "mu_star_conf": 0.1,
        }
    )
    published = pd.Series({"aridity": "0.564276", "p_mean": "0.682248"})
    table = ranking_table(GRADIENTS, effects, published).set_index("attribute")
    assert list(table.index) == ["aridity", "p_mean", "area"]
    assert table["rank"].tolist() == [1, 2, 3]
    assert table["rank_best"].tolist() == [1, 1, 3]
    assert table["rank_worst"].tolist() == [2, 2, 3]
    assert table["published"].tolist()[:2] == [0.564276, 0.682248]
    assert table["rank_published"].tolist()[:2] == [2, 1]
    assert np.isnan(table.loc["area", "published"])
    np.testing.assert_allclose(table["sensitivity"], [2 / 3, 0.6, 0.25])
    np.testing.assert_allclose(table["sensitivity_mean"][:2], (0.6 + 2 / 3) / 2)
    np.testing.assert_allclose(table["sensitivity_std"][:2], (2 / 3 - 0.6) / 2)
    assert table["mu_star"].tolist() == [2, 1.5, 5]
    assert table["rank_morris"].tolist() == [2, 3, 1]
    assert (table["members"] == 2).all()
    assert (table["basins_morris"] == 2).all()


def files(folder, gradients=GRADIENTS):
    for member, table in gradients.items():
        write_table(table, folder / f"{member}.csv", index=True)
    return [folder / f"{member}.csv" for member in gradients]


def test_basins_that_were_not_simulated_are_left_out(tmp_path, complaint):
    table = FIRST.copy()
    table.loc[BASINS[0]] = np.nan
    (path,) = files(tmp_path, {"seed111": table})
    read = read_gradients([path], ["seed111"])["seed111"]
    assert list(read.index) == BASINS[1:]
    (path,) = files(tmp_path, {"seed111": table * np.nan})
    assert complaint(read_gradients, [path], ["seed111"]).startswith(
        f"{path}: no basin has forcing and warm-up for a day of the test period"
    )


@pytest.mark.parametrize(
    ("wanted", "lacking"),
    [
        (BASINS, ""),
        ([*BASINS, "14400000"], "basin set incomplete: 3 of 4"),
        (BASINS[:2], "1 basins beside the paper's 2"),
        (None, "the paper's basin list is not at hand"),
    ],
)
def test_numbers_have_the_keys_of_the_published_ones(tmp_path, wanted, lacking):
    rows = numbers(files(tmp_path), MEMBERS, "ealstm_nse", wanted)
    write_numbers(rows, tmp_path / "numbers.csv")
    found = read_numbers([tmp_path / "numbers.csv"])
    key = ("feature_ranking", "ealstm_nse", "531", "seed111", "aridity", "mean")
    assert len(key) == len(KEY)
    number = found[key]
    assert number.value == pytest.approx(2 / 3)
    assert number.seed_median == pytest.approx((0.6 + 2 / 3) / 2)
    assert number.seed_std == pytest.approx((2 / 3 - 0.6) / 2)
    assert number.seeds == 2
    assert number.incomplete == lacking
    key = ("top_feature", "ealstm_nse", "531", "seed111", "area", "count")
    assert found[key].value == 0
    assert len(found) == 6


def test_without_seed_111_there_is_no_number_and_a_reason(tmp_path):
    rows = numbers(files(tmp_path), ["seed1", "seed2"], "ealstm_nse", BASINS)
    assert {row["why_not"] for row in rows} == {"seed111 not run"}


# ------------------------------------------------------------------ map

PLACES = pd.DataFrame(
    {"lat": [45.0, 35.0, 47.0], "lon": [-68.0, -83.0, -116.0]}, BASINS
)


def test_map_shows_the_first_members_attribute_at_its_place():
    figure = top_feature_map.figure_of(GRADIENTS, PLACES)
    upper, lower = figure.axes
    points = {c.get_label(): c for c in upper.collections if len(c.get_offsets())}
    at = {
        name: c.get_offsets().tolist() for name, c in points.items() if name[0] != "_"
    }
    assert at == {"aridity": [[-83, 35], [-116, 47]], "p_mean": [[-68, 45]]}
    assert [t.get_text() for t in lower.get_yticklabels()] == ["aridity", "p_mean"]
    assert [bar.get_width() for bar in lower.patches] == [2, 1]
    spans = lower.collections[0].get_segments()
    assert [[point[0] for point in span] for span in spans] == [[1, 2], [1, 2]]
    # The marks of the bars are those of the map.
    marks = [to_hex(c.get_facecolor()[0]) for c in lower.collections[1:]]
    assert marks == [
        to_hex(points[n].get_facecolor()[0]) for n in ("aridity", "p_mean")
    ]
    assert "seed 111, 3 basins" in upper.get_title()
    assert "2 seeds" in lower.get_xlabel()


def test_categories_look_different():
    looks = category_looks(range(56))
    assert len({(look["color"], look["marker"]) for look in looks.values()}) == 56
