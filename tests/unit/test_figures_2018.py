"""What the figures of kratzert2018 draw, read back from their axes."""

from itertools import combinations, pairwise

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import Normalize, rgb_to_hsv, to_rgb, to_rgba
from rerunoff.figures import maps, reading
from rerunoff.figures.kratzert2018 import (
    basin_correlation,
    cell_state_snow,
    epoch_selection,
    hydrograph_epochs,
    nse_cdf,
    nse_differences,
    nse_maps,
    rnn_vs_lstm,
)
from rerunoff.figures.style import (
    COLOURS,
    QUANTITY_COLOURS,
    SPARE_COLOURS,
    colour_of,
    hatch_of,
    legend_below,
    line_of,
    new_figure,
)

LOOKS = {
    "basin": {"title": "LSTM per basin", "model": "lstm_basin", "loss": "mse"},
    "region": {"title": "LSTM per HUC", "model": "lstm_region", "loss": "mse"},
    "rnn": {"title": "RNN", "model": "rnn", "loss": "mse"},
    "sac_sma": {"title": "SAC-SMA + Snow-17", "model": "sac_sma", "loss": None},
}
BASINS = [f"{i:08d}" for i in range(5)]
NSE = pd.DataFrame(
    {
        "basin": [0.52, -2.0, 0.81, 0.22, np.nan],
        "region": [0.62, -0.1, 0.71, 1.0, -5.0],
    },
    index=BASINS,
)
PLACES = pd.DataFrame(
    {"lat": [45.0, 33.0, 37.0, 47.0, 44.0], "lon": [-70.0, -84, -97, -122, -115]},
    index=BASINS,
)
DATES = np.datetime64("1996-10-01") + np.arange(400)


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


def drawn(points):
    """Return what a map shows: longitude, latitude, value."""
    return np.column_stack([points.get_offsets(), points.get_array()])


def points_of(axis):
    return axis.collections[-1]


# ------------------------------------------------------------------ style


def linear(colour):
    rgb = np.array(to_rgb(colour))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    """CIE L*a*b* of linear sRGB, white D65."""
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722]]
    to_xyz.append([0.0193, 0.1192, 0.9505])
    xyz = np.array(to_xyz) @ np.clip(rgb, 0, 1) / [0.9505, 1, 1.089]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


# Machado et al. (2009), severity 1; nine numbers each, row by row.
SIGHTS = {
    "all colours": "1 0 0  0 1 0  0 0 1",
    "protanopia": "0.152 1.053 -0.205  0.115 0.786 0.099  -0.004 -0.048 1.052",
    "deuteranopia": "0.367 0.861 -0.228  0.280 0.673 0.047  -0.012 0.043 0.969",
    "tritanopia": "1.256 -0.077 -0.179  -0.078 0.931 0.148  0.005 0.691 0.304",
}


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize(
    "palette",
    [COLOURS | dict(enumerate(SPARE_COLOURS)), QUANTITY_COLOURS],
    ids=["models", "x"],
)
def test_any_two_colours_differ_to_everybody(sight, palette):
    matrix = np.array(SIGHTS[sight].split(), dtype=float).reshape(3, 3)
    seen = {name: lab(matrix @ linear(tint)) for name, tint in palette.items()}
    for one, two in combinations(seen, 2):
        assert np.linalg.norm(seen[one] - seen[two]) > 15, (one, two)
    for name, colour in seen.items():
        assert np.linalg.norm(colour - lab(np.ones(3))) > 30, name


def test_models_of_a_family_share_a_hue_and_differ_in_their_marks():
    family = [name for name in COLOURS if name.startswith("lstm")]
    hues = [rgb_to_hsv(to_rgb(COLOURS[name]))[0] for name in family]
    assert 0.5 < min(hues) < max(hues) < 0.8  # blue to violet
    looks = {name: {"model": name} for name in family}
    marks = [line_of(looks, name).get("marker") for name in family]
    assert len(set(marks)) == len(family)
    others = [COLOURS[name] for name in set(COLOURS) - set(family)]
    saturated = [rgb_to_hsv(to_rgb(tint)) for tint in (*others, *SPARE_COLOURS)]
    assert not any(0.5 < hue < 0.8 and grey > 0 for hue, grey, _ in saturated)


def looks_like(line):
    """Return what the eye sees of a line."""
    return tuple(map(str, (line.get_color(), line.get_marker(), line.get_linestyle())))


def test_models_without_a_colour_are_drawn_in_spare_ones_in_their_order():
    models = ["lstm", "gru", "rnn", "climatology", "gru"]
    looks = {i: {"model": model} for i, model in enumerate(models)}
    one, two = SPARE_COLOURS[:2]
    expected = [COLOURS["lstm"], one, COLOURS["rnn"], two, one]
    assert [colour_of(looks, name) for name in looks] == expected


def test_more_models_than_spare_colours_still_differ():
    looks = {i: {"model": f"new{i}"} for i in range(2 * len(SPARE_COLOURS))}
    seen = [
        (line_of(looks, i)["color"], line_of(looks, i).get("marker")) for i in looks
    ]
    assert len(set(seen)) == len(looks)


def test_experiments_of_one_network_and_loss_differ_in_marker_and_hatch():
    """Such as those that differ in inputs only; the first looks as it does alone."""
    looks = {name: {"model": "lstm_ungauged", "loss": "nse"} for name in "abcd"}
    alone = {"a": looks["a"]}
    assert line_of(looks, "a", 1) == line_of(alone, "a", 1)
    assert len({line_of(looks, name)["marker"] for name in looks}) == 4
    assert len({hatch_of(looks, name) for name in looks}) == 4
    assert hatch_of(looks, "a") is None


def test_legend_of_the_cdf_tells_experiments_of_one_network_apart():
    twins = {"basin": LOOKS["basin"], "region": LOOKS["basin"] | {"title": "warm"}}
    figure = nse_cdf.figure_of(NSE, twins)
    lines = figure.legends[0].get_lines()
    assert len({looks_like(line) for line in lines}) == 2


def test_legend_with_long_words_has_fewer_columns():
    def columns(words):
        figure, axis = new_figure(7.2, 3)
        for word in words:
            axis.plot([0, 1], label=word)
        legend_below(figure, axis, columns=4)
        figure.canvas.draw()
        assert figure.legends[0].get_window_extent().width < figure.bbox.width
        return figure.legends[0]._ncols

    assert columns(["observed", "this", "that", "other"]) == 4
    assert (
        columns(["observed", *(f"Experiment {i}: one LSTM per region" for i in "123")])
        == 2
    )


# ------------------------------------------------------------------ maps


def test_outlines_are_the_conterminous_states():
    outlines = maps.state_outlines()
    assert len(outlines) == 49
    assert {"CA", "ME", "FL", "WA", "DC"} <= set(outlines)
    assert not {"AK", "HI", "PR"} & set(outlines)
    for ring in (ring for rings in outlines.values() for ring in rings):
        assert len(ring) > 3
        assert (ring[0] == ring[-1]).all()
        assert -125 < ring[:, 0].min() < ring[:, 0].max() < -66
        assert 24 < ring[:, 1].min() < ring[:, 1].max() < 50


def test_no_line_joins_two_rings():
    axis = new_figure(3, 2)[1]
    maps.draw_states(axis)
    segments = axis.collections[0].get_segments()
    assert len(segments) > 49
    longest = max(np.hypot(*np.diff(ring, axis=0).T).max() for ring in segments)
    assert 1 < longest < 5
    assert not axis.lines


def test_map_shows_each_known_value_at_its_place():
    axis = new_figure(3, 2)[1]
    shuffled = PLACES.iloc[::-1]
    points = maps.scatter_map(
        axis, shuffled, NSE["basin"], Normalize(0, 1), "viridis", "a map"
    )
    expected = PLACES.iloc[:4][["lon", "lat"]].assign(nse=NSE["basin"])
    np.testing.assert_array_equal(drawn(points), expected.to_numpy())
    assert axis.get_title() == "a map"
    assert axis.get_aspect() == pytest.approx(1.2868, abs=1e-4)


def test_map_is_of_the_whole_country_and_wider_for_points_outside():
    near, far = new_figure(3, 2)[1], new_figure(3, 2)[1]
    values = pd.Series([0.5], index=BASINS[:1])
    maps.scatter_map(near, PLACES, values, Normalize(0, 1), "viridis", "")
    away = pd.DataFrame({"lat": [-33.0], "lon": [151.0]}, index=BASINS[:1])
    maps.scatter_map(far, away, values, Normalize(0, 1), "viridis", "")
    assert near.get_xlim() == (-125.5, -66.3)
    assert far.get_xlim()[0] == -125.5
    assert far.get_xlim()[1] > 151
    assert far.get_ylim()[0] < -33
    assert far.get_ylim()[1] == near.get_ylim()[1]


# ------------------------------------------------------------------ skill


def test_cdf_leaves_out_basins_without_a_value():
    figure = nse_cdf.figure_of(NSE, LOOKS)
    axis = figure.axes[0]
    basin, below, region, _ = axis.lines
    assert basin.get_xdata().tolist() == [-2.0, -2.0, 0.22, 0.52, 0.81]
    assert basin.get_ydata().tolist() == [0, 0.25, 0.5, 0.75, 1.0]
    assert below.get_ydata() == [0.25]
    assert region.get_color() == COLOURS["lstm_region"]
    assert axis.get_xlim() == (0, 1)
    assert axis.get_xlabel() == "NSE (–)\n• on the edge: share below 0"
    words = [text.get_text() for text in figure.legends[0].get_texts()]
    assert words == ["LSTM per basin (4 basins)", "LSTM per HUC (5 basins)"]


def test_histogram_counts_every_basin_once():
    figure = nse_maps.figure_of(NSE, PLACES, LOOKS)
    for row, experiment in enumerate(NSE):
        values, axis = NSE[experiment].dropna(), figure.axes[2 * row + 1]
        labels = {t.get_text(): t.get_position()[0] for t in axis.get_xticklabels()}
        bars = {bar.get_x() + bar.get_width() / 2: bar for bar in axis.patches}
        assert bars[labels["< 0"]].get_height() == (values < 0).sum()
        assert sum(bar.get_height() for bar in axis.patches) == len(values)
    inside = [bar.get_x() for bar in axis.patches if bar.get_height()]
    assert inside == pytest.approx([-0.225, 0.6, 0.7, 0.95])


def test_maps_show_all_below_zero_in_the_lowest_colour():
    figure = nse_maps.figure_of(NSE, PLACES, LOOKS)
    points = points_of(figure.axes[2])
    np.testing.assert_array_equal(points.get_array(), NSE["region"])
    assert points.to_rgba(-5.0) == points.to_rgba(0.0) != points.to_rgba(0.2)
    assert figure.axes[-1].get_ylim() == (0, 1)
    assert figure.axes[-1]._colorbar.extend == "min"


def test_titles_hold_median_and_mean():
    figure = nse_maps.figure_of(NSE, PLACES, LOOKS)
    titles = [axis.get_title() for axis in figure.axes[:4]]
    assert titles[0] == "LSTM per basin, 4 basins"
    assert titles[3] == "median 0.62, mean −0.55"


def test_difference_is_of_the_basins_that_both_have():
    pairs = [("region", "basin"), ("basin", "region")]
    figure = nse_differences.figure_of(NSE, PLACES, pairs, LOOKS)
    first, second = (points_of(axis).get_array().data for axis in figure.axes[:2])
    assert first == pytest.approx([0.1, 1.9, -0.1, 0.78])
    assert second == pytest.approx(-first)
    assert points_of(figure.axes[0]).get_clim() == (-0.4, 0.4)
    assert figure.axes[-1]._colorbar.extend == "both"
    assert figure.axes[0].get_title().replace("\n", " ") == (
        "LSTM per HUC minus LSTM per basin median +0.44, first better in 3 of 4 basins"
    )
    assert figure.axes[-1].get_xlabel() == (
        "difference in NSE (–)\n← second better | first better →"
    )
    assert (
        figure.axes[1]
        .get_title()
        .endswith("median −0.44, first better in 1 of 4 basins")
    )


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_one_map_per_pair(count):
    pairs = [("region", "basin")] * count
    figure = nse_differences.figure_of(NSE, PLACES, pairs, LOOKS)
    assert len(figure.axes) == count + 1  # and the colour bar


def test_places_are_those_of_each_experiments_own_store(monkeypatch):
    read = []

    def places(store, basins):
        read.append((store, basins))
        return PLACES.loc[basins]

    monkeypatch.setattr(reading, "read_places", places)
    nse = NSE.assign(third=[np.nan] * 4 + [0.1])
    found = reading.read_places_of(nse, ["paper.h5", "own.h5", "paper.h5"])
    assert read == [("paper.h5", BASINS), ("own.h5", BASINS)]
    pd.testing.assert_frame_equal(found, PLACES)


def test_benchmark_is_drawn_like_the_networks():
    nse = NSE.assign(sac_sma=0.5)
    lines = nse_cdf.figure_of(nse, LOOKS).axes[0].lines[::2]
    assert lines[2].get_color() == COLOURS["sac_sma"]
    assert {line.get_linestyle() for line in lines} == {"-"}


# ------------------------------------------------------------------ epochs

EPOCHS = pd.DataFrame(
    {
        "a": [-90.0, 0.1, 0.5, 0.4],
        "b": [0.2, 0.3, 0.7, 0.4],
        "c": [0.2, 0.5, 0.9, 0.7],
    },
    index=[1, 10, 20, 30],
)
TUNED = pd.Series([0, 3, 3, 5, np.nan], index=BASINS)


def selection(**changed):
    arguments = {
        "scores": {"basin": EPOCHS, "region": EPOCHS.iloc[1:]},
        "best": {"basin": 20, "region": 30},
        "used": {"basin": 50, "region": 20},
        "fine_tuning": TUNED,
        "looks": LOOKS,
    }
    return epoch_selection.figure_of(**{**arguments, **changed})


def test_epochs_show_mean_best_and_used():
    left, right, _ = selection().axes
    mean, median, best, used = left.lines
    assert mean.get_ydata() == pytest.approx([-89.6 / 3, 0.3, 0.7, 0.5])
    assert median.get_ydata() == pytest.approx([0.2, 0.3, 0.7, 0.4])
    assert median.get_xdata().tolist() == [1, 10, 20, 30]
    assert (best.get_xdata()[0], best.get_ydata()[0]) == (20, pytest.approx(0.7))
    assert used.get_xdata() == [50, 50]
    assert left.get_title().endswith("best 20, used 50")
    assert right.get_title().endswith("best 30, used 20")


def test_hopeless_first_epochs_are_left_out_and_said_so():
    left, right, _ = selection().axes
    assert left.get_ylim()[0] == -0.5
    assert "1 mean below −0.5 not shown" in left.get_xlabel()
    assert right.get_ylim()[0] > 0
    assert right.get_xlabel() == "number of epochs (–)"


def test_words_of_neighbouring_panels_do_not_touch():
    long = {name: {**look, "title": "Experiment 1: one LSTM per region"}
            for name, look in LOOKS.items()}  # fmt: skip
    figure = selection(looks=long)
    figure.canvas.draw()
    panels = [axis.get_tightbbox() for axis in figure.axes]
    for left, right in pairwise(panels):
        assert right.x0 - left.x1 > 0.1 * figure.dpi


def test_bars_of_a_histogram_have_labels_that_do_not_touch_and_units():
    figure = nse_maps.figure_of(NSE, PLACES, LOOKS)
    figure.canvas.draw()
    for axis in figure.axes[1:-1:2]:
        assert axis.get_xlabel() == "NSE (–)"
        boxes = [text.get_window_extent() for text in axis.get_xticklabels()]
        for left, right in pairwise(boxes):
            assert right.x0 - left.x1 > boxes[1].width  # a digit


def test_a_network_that_learns_nothing_is_still_seen():
    axis = selection(scores={"basin": EPOCHS - 200}, fine_tuning=None).axes[0]
    lowest, highest = axis.get_ylim()
    assert lowest < -229 < -199.3 < highest


def test_epochs_of_fine_tuning_are_counted():
    axis = selection().axes[2]
    counted = {b.get_x() + b.get_width() / 2: b.get_height() for b in axis.patches}
    assert counted == pytest.approx({0: 1, 3: 2, 5: 1})
    assert "4 basins, median 3" in axis.get_title()
    assert len(selection(fine_tuning=None).axes) == 2


def test_each_epoch_has_its_panel_and_its_shade():
    observed = np.linspace(1, 5, 400)
    observed[3] = np.nan
    simulated = {epoch: observed * epoch for epoch in (1, 5, 20)}
    figure = hydrograph_epochs.figure_of(observed, simulated, DATES, "x")
    assert figure.axes[0].get_title(loc="right") == "x"
    titles = [axis.get_title(loc="left") for axis in figure.axes]
    assert titles == ["after 1 epoch", "after 5 epochs", "after 20 epochs"]
    for axis, discharge in zip(figure.axes, simulated.values(), strict=True):
        np.testing.assert_array_equal(axis.lines[0].get_ydata(), observed)
        np.testing.assert_array_equal(axis.lines[1].get_ydata(), discharge)
    shades = {to_rgba(axis.lines[1].get_color()) for axis in figure.axes}
    assert len(shades) == 3
    assert "mm/d" in figure.axes[0].get_ylabel()


def test_rnn_and_lstm_stand_in_their_colours_with_their_scores():
    observed = np.ones(400)
    simulated = {"rnn": observed * 2, "basin": observed * 3}
    scores = {"rnn": -0.123, "basin": 0.8}
    figure = rnn_vs_lstm.figure_of(
        observed, simulated, DATES, "a heading", scores, LOOKS
    )
    above, below = figure.axes
    assert above.get_title(loc="left") == "RNN, NSE −0.12"
    assert below.get_title(loc="left") == "LSTM per basin, NSE 0.80"
    assert above.get_title(loc="right") == "a heading"
    assert above.lines[1].get_color() == COLOURS["rnn"]
    assert below.lines[1].get_ydata()[0] == 3


def traces(**columns):
    index = pd.DatetimeIndex(DATES)
    base = {"state": np.sin(np.arange(400)), "swe": np.arange(400.0), "prcp": 1.0}
    return pd.DataFrame({**base, **columns}, index=index)


def test_each_quantity_has_a_colour_of_its_own():
    axes = snow(traces(tmin=-5.0, tmax=1.0)).axes
    tints = [line.get_color() for axis in axes for line in axis.lines]
    tints.remove("black")  # 0 °C
    tints.append(axes[0].collections[0].get_color()[0])
    assert len({to_rgba(tint) for tint in tints}) == len(tints) == 5


def snow(table):
    return cell_state_snow.figure_of(
        table, "13340600", "layer 2, cell 7", -0.9, "Snow-17"
    )


def test_cell_state_and_snow_have_an_axis_each():
    table = traces(tmin=-5.0, tmax=1.0)
    rain, temperature, state, swe = snow(table).axes
    np.testing.assert_array_equal(state.lines[0].get_ydata(), table["state"])
    np.testing.assert_array_equal(swe.lines[0].get_ydata(), table["swe"])
    assert "Snow-17" in swe.get_ylabel()
    title = state.get_title(loc="left")
    assert title == "layer 2, cell 7, correlation with SWE −0.90"
    assert [line.get_label() for line in temperature.lines[:2]] == [
        "daily maximum",
        "daily minimum",
    ]
    assert rain.get_ylim()[0] == 0


@pytest.mark.parametrize("columns", [{"tmin": 2.0, "tmax": 2.0}, {"tmean": 2.0}])
def test_one_temperature_is_one_line(columns):
    temperature = snow(traces(**columns)).axes[1]
    words = [line.get_label() for line in temperature.lines]
    assert words[0] == "daily mean"
    assert not any("m" in word for word in words[1:])


def test_cold_days_are_shaded():
    mean = np.where(np.arange(400) < 100, -3.0, 4.0)
    axis = snow(traces(tmin=mean - 5, tmax=mean + 5)).axes[1]
    paths = axis.collections[0].get_paths()
    assert len(paths) == 1
    days = paths[0].vertices[:, 0]
    assert days.max() - days.min() == pytest.approx(99, abs=0.6)


def test_correlation_of_pairs_leaves_out_the_diagonal():
    table = pd.DataFrame(
        [[1, 0.2, np.nan], [0.2, 1, 0.6], [np.nan, 0.6, 1]], BASINS[:3], BASINS[:3]
    )
    alone = pd.DataFrame([[1.0]], ["x"], ["x"])
    large = pd.DataFrame(np.full((16, 16), -0.1))
    tables = {"01": table, "03": alone, "17": large}
    figure = basin_correlation.figure_of(tables)
    assert len(figure.axes) == 4
    first, second, third, bar = figure.axes
    assert first.get_title() == "01, 3 basins, mean r 0.40"
    assert second.get_title() == "03, 1 basin"
    assert third.get_title() == "17, 16 basins, mean r −0.10"
    np.testing.assert_array_equal(first.images[0].get_array().filled(np.nan), table)
    assert [text.get_text() for text in first.get_yticklabels()] == BASINS[:3]
    assert not third.get_xticklabels()
    assert bar._colorbar.extend == "min"
    assert bar.get_ylim() == (0, 1)
