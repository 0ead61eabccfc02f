"""What the figures draw, read back from their axes."""

import base64
import re

import draw_figure
import numpy as np
import pandas as pd
import pytest
from rerunoff.data.river_names import read_headings
from rerunoff.data.simulations import Simulation
from rerunoff.data.store import Catchments
from rerunoff.errors import InputError
from rerunoff.evaluation.metrics import METRICS
from rerunoff.figures import reading, style
from rerunoff.figures.kratzert2019a import nse_cdf_configurations
from rerunoff.figures.shared import hydrographs
from rerunoff.figures.style import COLOURS
from rerunoff.tables import write_table

LOOKS = {
    "mine": {"title": "My EA-LSTM", "model": "ealstm", "loss": "nse"},
    "other": {"title": "Plain", "model": "lstm_no_static", "loss": "mse"},
}


def metrics(values):
    basins = [f"{i:08d}" for i in range(len(values))]
    frames = [
        pd.DataFrame(
            {"basin": basins, "member": member, "NSE": np.array(values) + bias}
        )
        for member, bias in (("seed111", 0.0), ("ensemble", 0.1))
    ]
    return pd.concat(frames)


def test_cdf_is_the_empirical_distribution_of_all_basins():
    tables = {"mine": metrics([0.5, -2.0, 0.8, 0.2]), "other": metrics([0.1] * 4)}
    figure = nse_cdf_configurations.figure_of(
        tables, LOOKS, dict.fromkeys(tables, "seed111")
    )
    left, right = figure.axes
    line, below = left.lines[0], left.lines[1]
    assert line.get_xdata().tolist() == [-2.0, -2.0, 0.2, 0.5, 0.8]
    assert line.get_ydata().tolist() == [0, 0.25, 0.5, 0.75, 1.0]
    assert below.get_ydata() == [0.25]
    assert right.lines[0].get_xdata()[-1] == pytest.approx(0.9)
    assert left.get_xlim() == (0, 1)
    assert left.get_xlabel() == "NSE (–)\n• on the edge: share below 0"
    assert "4 basins" in left.get_title()


@pytest.mark.parametrize("title", ["US$ and $x_1", r"$\\frac$", "$", "a_b^c"])
def test_dollars_in_titles_are_dollars(title, tmp_path):
    looks = {"mine": {"title": title, "model": "ealstm", "loss": "nse"}}
    tables = {"mine": metrics([0.5, 0.6])}
    figure = nse_cdf_configurations.figure_of(tables, looks, {"mine": "seed111"})
    style.save(figure, tmp_path / "a.pdf", tmp_path / "a.png")
    assert (tmp_path / "a.png").stat().st_size > 1000
    text = figure.legends[0].get_texts()[0]
    assert text._preprocess_math(text.get_text())[1] is False


def test_colour_is_the_models_and_line_the_losses_whatever_the_name():
    tables = {name: metrics([0.5, 0.6]) for name in LOOKS}
    left = nse_cdf_configurations.figure_of(
        tables, LOOKS, dict.fromkeys(tables, "seed111")
    ).axes[0]
    assert left.lines[0].get_color() == COLOURS["ealstm"]
    assert left.lines[2].get_color() == COLOURS["lstm_no_static"]
    assert left.lines[0].get_linestyle() == "-"
    assert left.lines[2].get_linestyle() == "--"


def test_any_loss_and_benchmark_has_a_line_and_twins_a_marker():
    """A loss of one's own, a benchmark, and an experiment with other inputs."""
    new = {"model": "ealstm", "loss": "mae"}
    looks = LOOKS | {
        "mae": {"title": "MAE", **new},
        "huber": {"title": "Huber", **new, "loss": "huber"},
        "warm": {"title": "EA-LSTM, warm", "model": "ealstm", "loss": "nse"},
        "climatology": {"title": "Climatology", "model": "climatology", "loss": None},
    }
    tables = {name: metrics([0.5, 0.6]) for name in looks}
    figure = nse_cdf_configurations.figure_of(
        tables, looks, dict.fromkeys(tables, "seed111")
    )
    lines = figure.legends[0].get_lines()
    assert [line.get_linestyle() for line in lines[:4]] == ["-", "--", "-.", ":"]
    seen = {
        (line.get_color(), line.get_linestyle(), line.get_marker()) for line in lines
    }
    assert len(seen) == len(looks)


def test_title_of_the_cdf_says_how_many_basins_each_has():
    tables = {"mine": metrics([0.5, 0.7, 0.9]), "other": metrics([0.1])}
    tables["third"] = metrics([np.nan])
    looks = LOOKS | {"third": {"title": "3", "model": "gru", "loss": "nse"}}
    figure = nse_cdf_configurations.figure_of(
        tables, looks, dict.fromkeys(tables, "seed111")
    )
    assert figure.axes[0].get_title().endswith("1 to 3 basins")


def test_attributes_are_read_for_a_figure(tmp_path, complaint):
    import xarray as xr
    from rerunoff.data.series_files import write_series

    dataset = xr.Dataset(
        {
            "attribute_aridity": ("basin", [0.5, 1.5, np.nan]),
            "attribute_gauge_name": ("basin", np.array(["A", "B", "C"], object)),
        },
        coords={"basin": ["1", "2", "3"], "date": DATES.astype("datetime64[ns]")},
    )
    path = tmp_path / "store.h5"
    write_series(path, dataset, {})
    table = reading.read_attributes(path, ["aridity"], ["3", "1"])
    assert table.index.tolist() == ["3", "1"]
    np.testing.assert_array_equal(table["aridity"], [np.nan, 0.5])
    assert complaint(reading.read_attributes, path, ["gauge_name"], ["1"]) == (
        f"{path}: no numeric attribute gauge_name; it has aridity."
    )
    assert "basin 9" in complaint(reading.read_attributes, path, ["aridity"], ["9"])


@pytest.mark.parametrize(
    ("origin", "words"),
    [
        ("virtual", "virtual catchments"),
        ("caravan", "Caravan"),
        ("authors", "authors' statistics"),
        ("camels_us", ""),
    ],
)
def test_any_figure_is_drawn_from_its_files_and_marked(
    tmp_path, monkeypatch, origin, words
):
    """The rule names the module; the page shows the picture above its caption."""
    drawn, saved = [], style.save
    monkeypatch.setattr(
        draw_figure,
        "save",
        lambda figure, *rest: (drawn.append(figure), saved(figure, *rest)),
    )
    table = metrics([0.5, 0.7]).assign(**dict.fromkeys(METRICS[1:], 0.0))
    write_table(table, tmp_path / "mine.csv")
    pdf, png, page = (tmp_path / f"x.{kind}" for kind in ("pdf", "png", "html"))
    draw_figure.main(
        "figures.kratzert2019a.nse_cdf_configurations", origin, "A ``key`` & more.\n",
        pdf, png, page, None,
        metrics=[tmp_path / "mine.csv"],
        looks={"mine": LOOKS["mine"]},
        members={"mine": "seed111"},
    )  # fmt: skip
    (figure,) = drawn
    assert figure.axes[0].lines[0].get_xdata().tolist() == [0.5, 0.5, 0.7]
    assert words in figure.get_suptitle()
    assert bool(words) == bool(figure.get_suptitle())
    assert pdf.stat().st_size
    text = page.read_text(encoding="utf-8")
    picture = re.search('base64,([^"]+)', text)[1]
    assert base64.b64decode(picture) == png.read_bytes()
    assert text.index(picture) < text.index("A <code>key</code> &amp; more.")


DATES = np.datetime64("2000-01-01") + np.arange(4)
OBSERVED = np.array([[1.0, 2.0, 3.0, np.nan]])
RAIN = np.array([[0.0, 7.0, 20.0, 1.0]])


def drawn_hydrographs(simulated, observed=OBSERVED):
    return hydrographs.figure_of(
        observed, RAIN, simulated, DATES, ["0001, a river"], LOOKS
    )


def words_of(legend):
    return [text.get_text() for text in legend.get_texts()]


def test_hydrograph_shows_mean_and_range_of_the_members():
    simulated = {"mine": np.array([[[1.0, 2, 3, 4]], [[3.0, 2, 5, 4]]])}
    figure = drawn_hydrographs(simulated)
    axis = figure.axes[0]
    assert axis.lines[1].get_ydata().tolist() == [2.0, 2.0, 4.0, 4.0]
    band = axis.collections[0].get_paths()[0].vertices[:, 1]
    assert (band.min(), band.max()) == (1.0, 5.0)
    assert "mm/d" in axis.get_ylabel()
    assert axis.get_title(loc="left") == "0001, a river"
    assert words_of(figure.legends[0]) == [
        "observed", "My EA-LSTM", "range of the members", "precipitation",
    ]  # fmt: skip


def test_legend_names_no_band_where_there_is_one_member():
    figure = drawn_hydrographs({"mine": np.ones((1, 1, 4))})
    assert "range of the members" not in words_of(figure.legends[0])


def test_skill_of_the_days_shown_stands_above_the_hydrograph():
    """Hand values: variance of 1, 2, 3 is 2/3; the last day has no observation."""
    two = np.array([[[1.0, 2, 3, 9]], [[1.0, 2, 4, 9]]])
    figure = drawn_hydrographs({"mine": two, "other": np.full((1, 1, 4), 2.0)})
    legend = figure.axes[0].get_legend()
    assert words_of(legend) == ["NSE 0.88 (0.50 to 1.00)", "NSE 0.00"]
    colours = [line.get_color() for line in legend.get_lines()]
    assert colours == [COLOURS["ealstm"], COLOURS["lstm_no_static"]]


def test_rain_hangs_from_the_top_and_discharge_stays_below():
    figure = drawn_hydrographs({"mine": np.full((1, 1, 4), 6.0)})
    discharge, rain = figure.axes
    ends = [path.vertices[:, 1].tolist() for path in rain.collections[0].get_paths()]
    assert ends == [[0, value] for value in RAIN[0]]
    bottom, top = rain.get_ylim()
    assert top == 0
    assert bottom > 2 * RAIN.max()
    assert "mm/d" in rain.get_ylabel()
    assert discharge.get_ylim()[1] > 6 / 0.8
    assert discharge.get_zorder() > rain.get_zorder()


def test_heading_is_the_basin_and_its_river_if_the_data_name_it(tmp_path):
    import xarray as xr
    from rerunoff.data.series_files import write_series

    days = DATES[:2].astype("datetime64[ns]")
    rivers = ["A  River", ""]
    dataset = xr.Dataset(
        {"attribute_gauge_name": ("basin", np.array(rivers, dtype=object))},
        coords={"basin": ["0001", "0002"], "date": days},
    )
    write_series(tmp_path / "named.h5", dataset, {})
    write_series(tmp_path / "bare.h5", dataset.drop_vars("attribute_gauge_name"), {})
    headings = read_headings(tmp_path / "named.h5", ["0002", "0001"])
    assert headings == {"0002": "basin 0002", "0001": "0001, A River"}
    assert list(headings) == ["0002", "0001"]
    bare = read_headings(tmp_path / "bare.h5", ["0001"])
    assert bare == {"0001": "basin 0001"}


def test_days_are_found_by_date():
    simulated = np.datetime64("1996-10-01") + np.arange(1095)
    wanted = np.datetime64("1997-10-01") + np.arange(365)
    days = reading.rows_of_days(wanted, simulated, "store.h5")
    assert (simulated[days] == wanted).all()


@pytest.mark.parametrize("first", ["1994-10-01", "1999-06-01"])
def test_days_that_were_not_simulated_are_refused(first):
    simulated = np.datetime64("1996-10-01") + np.arange(1095)
    wanted = np.datetime64(first) + np.arange(365)
    with pytest.raises(InputError, match=r"hydrographs\.period is not within"):
        reading.rows_of_days(wanted, simulated, "store.h5")


def test_first_four_basins_unless_chosen():
    basins = list("abcdef")
    assert hydrographs.shared_basins(None, [basins]) == list("abcd")
    assert hydrographs.shared_basins(["e", "b"], [basins]) == ["e", "b"]
    assert reading.rows_of(["e", "b"], basins, "x") == [4, 1]
    with pytest.raises(InputError, match=r"basin z of the key hydrographs\.basins"):
        reading.rows_of(["z"], basins, "x")


def test_without_a_choice_all_experiments_have_the_basins():
    others = [list("abcdef"), list("fdb"), list("bdxf")]
    assert hydrographs.shared_basins(None, others) == ["b", "d", "f"]
    with pytest.raises(InputError, match="share no basin"):
        hydrographs.shared_basins(None, [["a"], ["b"]])


def test_hydrographs_of_experiments_with_other_basins_and_days(tmp_path, monkeypatch):
    """Each experiment is cut to the period by its own calendar and basins."""
    days = np.arange(np.datetime64("2000-01-01"), np.datetime64("2001-01-01"))
    calendars = {"one": days, "two": days[100:]}
    basins = {"one": ["a", "b"], "two": ["b"]}

    def member(paths):
        (name,) = paths.values()
        size = (1, len(basins[name]), len(calendars[name]))
        number = (calendars[name] - days[0]).astype(float)
        return Simulation(basins[name], calendars[name], np.broadcast_to(number, size))

    drawn = {}
    series = np.zeros((1, len(days)))
    store = Catchments([], days, series[..., None], series, None, "")
    monkeypatch.setattr(hydrographs, "read_members", member)
    monkeypatch.setattr(hydrographs, "read_store", lambda *a: store)
    monkeypatch.setattr(hydrographs, "read_headings", lambda *a: {"b": "b"})
    monkeypatch.setattr(
        hydrographs,
        "figure_of",
        lambda observed, rain, simulated, *rest: drawn.update(simulated),
    )
    members = {name: ["seed1"] for name in ("one", "two")}
    period = ("2000-06-01", "2000-06-30")
    hydrographs.draw("s", ["one", "two"], {}, members, None, period)
    assert drawn["one"].shape == drawn["two"].shape == (1, 1, 30)
    assert (drawn["one"] == drawn["two"]).all()
