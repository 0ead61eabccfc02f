"""What the figures of kratzert2019b draw, read back from their axes."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgba
from rerunoff.errors import InputError
from rerunoff.figures.distributions import cdf
from rerunoff.figures.kratzert2019b import (
    boxplots,
    densities,
    gauged_scatters,
    members_by_basin,
    members_ranked,
    scatters,
    win_map,
)
from rerunoff.figures.style import COLOURS, new_figure
from scipy.stats import gaussian_kde, median_abs_deviation, spearmanr

STATISTICS = ["nse", "bias", "stdev", "q95"]
MODELS = ["sac_sma", "nwm", "lstm_no_static", "lstm_static", "lstm_ungauged"]
LOOKS = {
    name: {"title": f"the {name}", "model": "lstm" if name == "lstm_static" else name}
    for name in MODELS
}
BASINS = [f"{i:08d}" for i in range(40)]


def made(seed, basins=BASINS):
    """Statistics that all lie within the axes."""
    values = np.random.default_rng(seed).uniform(0.1, 0.9, (len(basins), 4))
    return pd.DataFrame(values, basins, STATISTICS)


@pytest.fixture
def by_model():
    return {name: made(seed) for seed, name in enumerate(MODELS)}


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


def words_of(legend):
    return [text.get_text() for text in legend.get_texts()]


# ------------------------------------------------------------------ densities


@pytest.mark.parametrize(
    ("statistic", "limits"),
    [("nse", (-1, 1)), ("bias", (-2, 1)), ("stdev", (0, 2.5)), ("q95", (-1, 1))],
)
def test_axes_are_the_authors(by_model, statistic, limits):
    left, right = densities.figure_of(by_model, statistic, LOOKS).axes
    assert left.get_xlim() == right.get_xlim() == limits
    for line in left.lines:
        assert (line.get_xdata() == np.linspace(*limits, 500)).all()


def test_only_low_values_are_moved_and_only_at_the_left(by_model):
    at_limit, beyond = made(0), made(0)
    at_limit.iloc[:5, 0] = -1.0
    beyond.iloc[:5, 0] = -30.0
    beyond.iloc[5, 0] = np.nan
    at_limit.iloc[5, 0] = np.nan
    curves, steps = [], []
    for table in (at_limit, beyond):
        figure = densities.figure_of({"nwm": table}, "nse", LOOKS)
        left, right = figure.axes
        curves.append(left.lines[0].get_ydata())
        steps.append(right.lines[0].get_xdata())
    np.testing.assert_array_equal(*curves)
    assert curves[0][0] > 0.1 > curves[0][125]
    assert steps[1].min() == -30
    assert len(steps[1]) == 39 + 1
    assert right.lines[1].get_xdata() == [-1]
    assert right.lines[1].get_ydata() == [5 / 39]
    assert "(5 values below −1 moved onto it)" in left.get_xlabel()
    assert right.get_xlabel() == "NSE (–)\n• on the edge: share below −1"
    median = f"{beyond['nse'].median():.2f}"
    assert words_of(figure.legends[0]) == [f"the nwm\n39 basins, median {median}"]


def test_high_values_stay_outside():
    table = made(0).assign(stdev=3.0 + np.arange(40) / 40)
    left, _ = densities.figure_of({"nwm": table}, "stdev", LOOKS).axes
    assert left.lines[0].get_ydata()[-1] < 0.2
    assert "moved" not in left.get_xlabel()


def test_density_is_gaussian_and_its_width_ignores_outliers():
    values = np.random.default_rng(1).normal(0, 0.1, 300)
    values[:20] = -1
    places = np.linspace(-1, 1, 400)
    width = median_abs_deviation(values, scale="normal") * (4 / 3 / 300) ** 0.2
    assert 0.03 < width < 0.04
    expected = gaussian_kde(values, width / values.std(ddof=1))(places)
    np.testing.assert_allclose(densities._density(values, places), expected, atol=1e-12)


def test_median_stands_under_its_curve(by_model):
    left, _ = densities.figure_of(by_model, "nse", LOOKS).axes
    for curve, line, name in zip(left.lines, left.collections, MODELS, strict=True):
        (x, bottom), (_, top) = line.get_segments()[0]
        assert (x, bottom) == (by_model[name]["nse"].median(), 0)
        assert top == pytest.approx(np.interp(x, *curve.get_xydata().T))
        assert to_rgba(line.get_color()[0]) == to_rgba(curve.get_color())


def test_models_of_one_family_differ_in_their_marks(by_model):
    left, right = densities.figure_of(by_model, "nse", LOOKS).axes
    networks = dict(zip(MODELS, left.lines, strict=True))
    marks = {networks[name].get_marker() for name in MODELS[2:]}
    assert len(marks) == 3
    steps = [line for line in right.lines if len(line.get_xdata()) > 1]
    assert {step.get_marker() for step in steps} == marks
    assert networks["sac_sma"].get_marker() == "None"


@pytest.mark.parametrize(
    ("statistic", "sides"),
    [
        ("bias", "← too much water | too little →"),
        ("stdev", "← too even | too variable →"),
        ("q95", "← high flows too high | too low →"),
    ],
)
def test_axes_say_what_their_sides_mean(by_model, statistic, sides):
    for axis in densities.figure_of(by_model, statistic, LOOKS).axes:
        assert axis.get_xlabel().split("\n")[1] == sides
    boxes = boxplots.figure_of(by_model, LOOKS).axes
    assert boxes[STATISTICS.index(statistic)].get_xlabel().endswith(sides)
    for axis in scatters.figure_of(by_model, statistic, LOOKS).axes:
        assert axis.get_xlabel().endswith(f"\n{sides}")
        assert axis.get_ylabel().endswith(f"\n{sides}")


@pytest.mark.parametrize("values", [[0.5], [0.5, 0.5], [0.5] * 5 + [0.7]])
def test_few_or_equal_values_have_a_density(values):
    curve = densities._density(np.array(values), np.linspace(-1, 1, 100))
    assert np.isfinite(curve).all()
    assert (curve > 0).any()


def test_models_have_their_colours_and_names(by_model):
    figure = densities.figure_of(by_model, "nse", LOOKS)
    left, right = figure.axes
    steps = [line for line in right.lines if len(line.get_xdata()) > 1]
    for line, step, name in zip(left.lines, steps, MODELS, strict=True):
        assert line.get_color() == step.get_color() == COLOURS[LOOKS[name]["model"]]
        assert line.get_label().startswith(f"the {name}\n40 basins, median 0.")
        assert step.get_xdata().max() == by_model[name]["nse"].max()


def test_dot_of_the_cdf_stands_at_zero_unless_told():
    axis = new_figure(3, 3)[1]
    cdf(axis, pd.Series([-2.0, -0.5, 0.5, 1]), LOOKS, "nwm")
    assert axis.lines[1].get_xydata().tolist() == [[0, 0.5]]


# ------------------------------------------------------------------ box plots


def medians(axis):
    """Return the median that is drawn in each row."""
    lines = [line for line in axis.lines if line.get_color() == "black"]
    ends = [np.column_stack(line.get_data()) for line in lines]
    inside = [
        xy for xy in ends if xy.shape == (2, 2) and abs(xy[:, 1].mean()) % 1 < 0.01
    ]
    upright = [xy for xy in inside if xy[0, 0] == xy[1, 0] and np.ptp(xy[:, 1]) > 0.5]
    return {round(xy[:, 1].mean()): xy[0, 0] for xy in upright}


def test_each_model_has_a_box_in_each_panel(by_model):
    by_model["nwm"].iloc[:7, 3] = np.nan
    axes = boxplots.figure_of(by_model, LOOKS).axes
    for axis, statistic in zip(axes, STATISTICS, strict=True):
        expected = [by_model[name][statistic].median() for name in MODELS]
        drawn = medians(axis)
        assert [drawn[row] for row in range(5)] == pytest.approx(expected)
        assert [box.get_facecolor()[:3] for box in axis.patches] == [
            to_rgba(COLOURS[LOOKS[name]["model"]])[:3] for name in MODELS
        ]
        assert not axis.texts
    optima = [axis.lines[0] for axis in axes]
    assert [line.get_xdata()[0] for line in optima] == [1, 0, 1, 0]
    assert {line.get_linestyle() for line in optima} == {"--"}
    titles = [text.get_text() for text in axes[2].get_yticklabels()]
    assert titles == [f"the {name}" for name in MODELS]
    assert axes[0].get_ylim()[0] > axes[0].get_ylim()[1]  # the first is at the top


def test_basins_outside_are_counted_on_their_side_of_the_box(by_model):
    by_model["nwm"].loc[BASINS[:4], "bias"] = [-2.5, 1.5, -2.1, -2.0]
    by_model["nwm"].loc[BASINS[3:5], "stdev"] = 9, np.nan
    figure = boxplots.figure_of(by_model, LOOKS)
    notes = [
        {t.get_text(): (t.get_position(), t.get_ha()) for t in a.texts}
        for a in figure.axes
    ]
    below, above = ((-0.02, 1), "right"), ((1.02, 1), "left")
    assert notes == [
        {}, {"2 below": below, "1 above": above}, {"1 above": above}, {},
    ]  # fmt: skip
    figure.canvas.draw()
    box, low = figure.axes[1].get_window_extent(), figure.axes[1].texts[0]
    assert low.get_window_extent().x1 < box.x0


def test_model_without_a_statistic_has_no_box_there(by_model):
    by_model["sac_sma"]["bias"] = np.nan
    axes = boxplots.figure_of(by_model, LOOKS).axes
    assert sorted(medians(axes[1])) == [1, 2, 3, 4]
    assert sorted(medians(axes[0])) == [0, 1, 2, 3, 4]
    for table in by_model.values():
        table["bias"] = np.nan
    labels = [a.get_xlabel() for a in boxplots.figure_of(by_model, LOOKS).axes]
    assert [label.split()[0] for label in labels] == ["NSE", "standard", "95th"]


# ------------------------------------------------------------------ scatters


def points(axis):
    """Return the points of a panel: those within, then those beyond, on the edge."""
    return np.vstack([line.get_xydata() for line in axis.lines[1:]])


def names(axis):
    return axis.get_xlabel().split("\n")[0], axis.get_ylabel().split("\n")[0]


DRAWN_PAIRS = {
    scatters: [
        *((x, y) for y in MODELS[2:] for x in MODELS[:2]),
        ("lstm_static", "lstm_no_static"),
        ("lstm_static", "lstm_ungauged"),
    ],
    gauged_scatters: [("lstm_static", y) for y in MODELS[:3]],
}


def drawn_by(draw, by_model, statistic="nse", looks=LOOKS):
    """Draw what the rule gives: of the gauged models, the gauged only."""
    wanted = MODELS[:4] if draw is gauged_scatters else MODELS
    some = {n: t for n, t in by_model.items() if n in wanted or n not in MODELS}
    return draw.figure_of(some, statistic, looks).axes


@pytest.mark.parametrize("draw", DRAWN_PAIRS)
def test_points_are_joined_on_the_gauge(by_model, draw):
    expected = [points(a) for a in drawn_by(draw, by_model)]
    shuffled = {**by_model}
    for seed, name in enumerate(("lstm_ungauged", "lstm_static", "nwm")):
        shuffled[name] = by_model[name].sample(frac=1, random_state=seed)
        assert shuffled[name].index.tolist() != BASINS
    again = drawn_by(draw, shuffled)
    np.testing.assert_array_equal([points(a) for a in again], expected)


@pytest.mark.parametrize("draw", DRAWN_PAIRS)
@pytest.mark.parametrize("statistic", STATISTICS)
def test_each_pair_of_models_has_a_panel_of_its_own(by_model, statistic, draw):
    axes = drawn_by(draw, by_model, statistic)
    for axis, (x, y) in zip(axes, DRAWN_PAIRS[draw], strict=True):
        assert names(axis) == (f"the {x}", f"the {y}")
        expected = [by_model[x][statistic], by_model[y][statistic]]
        np.testing.assert_array_equal(points(axis), np.transpose(expected))
        assert axis.lines[1].get_color() == COLOURS[LOOKS[y]["model"]]
        assert axis.lines[1].get_alpha() < 1
        limits = axis.get_xlim()
        assert limits == axis.get_ylim()
        assert axis.lines[0].get_linestyle() == "--"
        assert axis.lines[0].get_xydata().tolist() == [[v, v] for v in limits]
        assert [text.get_text() for text in axis.texts] == ["1:1"]
        rank = spearmanr(*points(axis).T).statistic
        assert axis.get_title() == f"40 basins, ρ {rank:.2f}".replace("-", "−")


@pytest.mark.parametrize("draw", DRAWN_PAIRS)
def test_panels_of_other_models_follow_those_of_the_paper(by_model, draw):
    """Another benchmark is in the list of benchmarks; see `PAIRS` for its pairs."""
    looks = LOOKS | {"warm": {"title": "the warm", "model": "lstm"}}
    axes = drawn_by(draw, by_model | {"warm": made(9)}, looks=looks)
    paper = DRAWN_PAIRS[draw]
    more = [names(axis) for axis in axes[len(paper) :]]
    assert [names(a) for a in axes[: len(paper)]] == [
        (f"the {x}", f"the {y}") for x, y in paper
    ]
    others = MODELS[:2] if draw is scatters else []
    assert more == [(f"the {x}", "the warm") for x in (*others, "lstm_static")]
    # Of the colour of lstm_static, so with a marker of its own.
    assert axes[-1].lines[1].get_marker() != axes[0].lines[1].get_marker()


def test_boxes_of_one_colour_differ_in_their_hatch(by_model):
    looks = LOOKS | {"warm": {"title": "the warm", "model": "lstm"}}
    axis = boxplots.figure_of(by_model | {"warm": made(9)}, looks).axes[0]
    boxes = [patch for patch in axis.patches if patch.get_facecolor()[3] == 0.6]
    seen = {(patch.get_facecolor(), patch.get_hatch()) for patch in boxes}
    assert len(seen) == len(boxes) == 6


def test_missing_basins_are_left_out_and_far_ones_stand_on_the_edge(by_model):
    by_model["sac_sma"].loc[BASINS[0], "nse"] = np.nan
    by_model["lstm_ungauged"].loc[BASINS[1], "nse"] = -np.inf
    by_model["lstm_ungauged"].loc[BASINS[2], "nse"] = -3.0
    by_model["sac_sma"].loc[BASINS[2:4], "nse"] = -4.0
    by_model["sac_sma"] = by_model["sac_sma"].drop(BASINS[4])
    figure = scatters.figure_of(by_model, "nse", LOOKS)
    sac_sma, nwm = figure.axes[4:6]
    assert sac_sma.get_title().startswith("37 basins, ρ ")
    assert sac_sma.get_title().endswith(", 2 beyond (×)")
    assert nwm.get_title().startswith("39 basins, ρ ")
    assert nwm.get_title().endswith(", 1 beyond (×)")
    inner, outer = sac_sma.lines[1:]
    assert len(inner.get_xdata()) == 35
    assert outer.get_marker() == "x"
    y = by_model["lstm_ungauged"]["nse"]
    assert outer.get_xydata().tolist() == [[0, 0], [0, y[BASINS[3]]]]
    assert not outer.get_clip_on()


def test_points_at_the_edge_are_whole(by_model):
    for axis in gauged_scatters.figure_of(by_model, "nse", LOOKS).axes:
        assert not axis.lines[1].get_clip_on()


def test_panels_fill_their_share_of_the_figure(by_model):
    """No artist without extent may take the layout's room."""
    figure = gauged_scatters.figure_of(by_model, "nse", LOOKS)
    figure.canvas.draw()
    for axis in figure.axes:
        assert axis.get_window_extent().width > 0.3 * figure.bbox.width


@pytest.mark.parametrize(
    ("models", "panels"),
    [
        (["sac_sma", "lstm_static"], 1),
        (["nwm", "lstm_no_static", "lstm_ungauged"], 2),
        (["lstm_no_static", "lstm_static", "lstm_ungauged"], 2),
        (MODELS[:1] + MODELS[2:], 5),
    ],
)
def test_panels_without_a_pair_are_left_out(by_model, models, panels):
    some = {name: by_model[name] for name in models}
    assert len(scatters.figure_of(some, "nse", LOOKS).axes) == panels
    assert len(densities.figure_of(some, "nse", LOOKS).axes[0].lines) == len(models)
    assert len(medians(boxplots.figure_of(some, LOOKS).axes[0])) == len(models)


def test_one_basin_has_no_rank_correlation():
    few = {name: made(1, BASINS[:1]) for name in MODELS}
    axis = gauged_scatters.figure_of(few, "nse", LOOKS).axes[0]
    assert axis.get_title() == "1 basin"


# ------------------------------------------------------------------ members

NSE = pd.DataFrame(
    [[0.7, -3.0, 0.2, np.nan], [0.9, 0.2, np.nan, np.nan], [0.8, -0.1, 0.4, np.nan]],
    [f"seed{i}" for i in (200, 201, 202)],
    BASINS[:4],
)
RANKED = [[-1.0, 0.2, 0.7], [0.2, np.nan, 0.9], [-0.1, 0.4, 0.8]]


def test_image_shows_every_member_and_basins_by_their_mean():
    axis, bar = members_by_basin.figure_of(NSE).axes
    image = axis.images[0]
    np.testing.assert_array_equal(image.get_array().filled(np.nan), RANKED)
    assert image.get_extent() == [0.5, 3.5, 2.5, -0.5]
    assert image.get_clim() == bar.get_ylim() == (-1, 1)
    assert bar._colorbar.extend == "min"
    assert [text.get_text() for text in axis.get_yticklabels()] == list(NSE.index)
    assert axis.get_title() == "3 members, 3 basins"
    assert NSE.loc["seed200", BASINS[1]] == -3  # the caller's table is as it was


def test_bar_has_no_arrow_without_lower_values():
    bar = members_by_basin.figure_of(NSE.clip(lower=-1)).axes[1]
    assert bar._colorbar.extend == "neither"


def test_many_members_are_drawn_without_names():
    nse = pd.DataFrame(np.full((30, 3), 0.5), columns=BASINS[:3])
    axis = members_by_basin.figure_of(nse).axes[0]
    assert axis.images[0].get_array().shape == (30, 3)
    assert len(axis.get_yticks()) < 15


def test_bars_lines_and_dots_are_mean_range_and_members():
    figure = members_ranked.figure_of(NSE)
    axis = figure.axes[0]
    bars = {b.get_x() + b.get_width() / 2: b.get_height() for b in axis.patches}
    assert bars == pytest.approx({1: -0.3, 2: 0.3, 3: 0.8})
    ranges = [path.vertices.tolist() for path in axis.collections[0].get_paths()]
    assert ranges == [[[1, -1], [1, 0.2]], [[2, 0.2], [2, 0.4]], [[3, 0.7], [3, 0.9]]]
    dots = axis.lines[0].get_xydata()
    expected = [[x + 1, nse] for row in RANKED for x, nse in enumerate(row)]
    np.testing.assert_array_equal(dots, expected)
    assert axis.get_title() == "3 members, 3 basins"
    assert axis.get_ylim()[1] == 1
    assert words_of(figure.legends[0]) == [
        "worst to best member",
        "one member",
        "mean over members",
    ]


# ------------------------------------------------------------------ map

PLACES = pd.DataFrame(
    {"lat": np.linspace(30, 48, 40), "lon": np.linspace(-120, -70, 40)}, BASINS
)


def test_map_counts_wins_among_the_basins_that_both_have(by_model):
    nse = by_model["sac_sma"]["nse"]
    ungauged = by_model["lstm_ungauged"]
    ungauged["nse"] = nse + np.where(np.arange(40) < 25, 0.25, -0.5)
    ungauged.loc[BASINS[39], "nse"] = nse.iloc[39]  # equal is no win
    ungauged.loc[BASINS[0], "nse"] = np.nan
    by_model["lstm_ungauged"] = ungauged.sample(frac=1, random_state=1)
    by_model["sac_sma"] = by_model["sac_sma"].drop(BASINS[1])
    names = "lstm_ungauged", "sac_sma"
    figure = win_map.figure_of(by_model, PLACES.iloc[::-1], *names, LOOKS)
    axis, bar = figure.axes
    assert axis.get_title() == (
        "the lstm_ungauged\nminus the sac_sma\n"
        "median +0.25, first better in 23 of 38 basins"
    )
    assert bar.get_xlabel() == (
        "difference in NSE (–)\n← the sac_sma better | the lstm_ungauged better →"
    )
    drawn = axis.collections[-1]
    expected = PLACES.loc[BASINS[2:], ["lon", "lat"]]
    np.testing.assert_array_equal(drawn.get_offsets(), expected)
    assert drawn.get_array().data == pytest.approx([0.25] * 23 + [-0.5] * 14 + [0])
    red, _, blue, _ = drawn.to_rgba(0.3)
    assert blue > red
    assert drawn.get_clim() == (-0.4, 0.4)
    assert bar._colorbar.extend == "both"


def test_basin_without_a_place_is_named(by_model, complaint):
    names = "lstm_ungauged", "sac_sma"
    places = PLACES.drop(BASINS[3])
    message = complaint(win_map.figure_of, by_model, places, *names, LOOKS)
    assert message.startswith(f"Basin {BASINS[3]} is in no attribute table")


# ------------------------------------------------------------------ all

NOTHING = {
    "densities": lambda t: densities.figure_of(t, "q95", LOOKS),
    "scatters": lambda t: scatters.figure_of(t, "q95", LOOKS),
    "gauged_scatters": lambda t: gauged_scatters.figure_of(t, "q95", LOOKS),
    "boxplots": lambda t: boxplots.figure_of(
        {m: v * np.nan for m, v in t.items()}, LOOKS
    ),
    "by_basin": lambda t: members_by_basin.figure_of(NSE * np.nan),
    "ranked": lambda t: members_ranked.figure_of(NSE.iloc[:0]),
    "map": lambda t: win_map.figure_of(
        {**t, "sac_sma": made(1, ["x"])}, PLACES, "nwm", "sac_sma", LOOKS
    ),
    "map_without_model": lambda t: win_map.figure_of(
        {"nwm": t["nwm"]}, PLACES, "nwm", "sac_sma", LOOKS
    ),
}


@pytest.mark.parametrize("name", NOTHING)
def test_nothing_to_draw_is_said_in_one_sentence(by_model, name):
    by_model = {model: table.assign(q95=np.nan) for model, table in by_model.items()}
    with pytest.raises(InputError, match=r"^There is nothing to draw of .*\.$") as said:
        NOTHING[name](by_model)
    assert str(said.value).count(". ") == 0
    assert not plt.get_fignums()


def test_models_of_other_basins_cannot_be_compared(by_model):
    others = [f"x{i}" for i in range(40)]
    apart = {"sac_sma": by_model["sac_sma"], "lstm_static": made(1, others)}
    with pytest.raises(InputError, match="two models in the same basin"):
        scatters.figure_of(apart, "nse", LOOKS)
    with pytest.raises(InputError, match="lstm_static and of another"):
        gauged_scatters.figure_of(apart, "nse", LOOKS)
