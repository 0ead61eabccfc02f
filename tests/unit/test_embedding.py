"""Embeddings of basins, their clusters, and what is drawn and counted of these."""

import logging

import h5py
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from matplotlib.colors import to_hex
from rerunoff.analysis import clusters as clustering
from rerunoff.analysis.clusters import (
    RAW,
    Embedding,
    cluster,
    matched,
    read_embedding,
    silhouettes,
)
from rerunoff.analysis.embedding import embed_basins
from rerunoff.analysis.embedding_numbers import numbers
from rerunoff.analysis.projection import project
from rerunoff.analysis.signatures import variance_reduction
from rerunoff.figures.kratzert2019a import (
    cluster_maps,
    embedding_heatmap,
    silhouette,
    umap,
)
from rerunoff.figures.kratzert2019a import (
    variance_reduction as bars,
)
from rerunoff.models import build_model
from rerunoff.numbers.files import read_numbers, write_numbers
from rerunoff.seals import append_seal
from rerunoff.tables import write_table
from rerunoff.training.scaling import Scaler
from rerunoff.training.weights import save_weights
from sklearn.metrics import adjusted_rand_score
from unit.stores import BASINS, INPUTS, make_series
from unit.stores import settings as run_settings

MEMBERS = ["seed111", "seed222"]
# Not in the order of gauges.
MANY = [f"{i:08d}" for i in np.random.default_rng(3).permutation(30)]


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


@pytest.fixture
def embedding():
    """Six groups of five basins by gates, three groups of ten by attributes."""
    random = np.random.default_rng(0)
    centres = np.repeat(np.eye(6, 8), 5, axis=0)
    gates = centres + 0.01 * random.normal(size=(30, 8))
    other = centres[:, ::-1] + 0.02 * random.normal(size=(30, 8))
    raw = np.repeat(np.eye(3), 10, axis=0) + 0.05 * random.normal(size=(30, 3))
    both = dict(zip(MEMBERS, map(np.float32, (gates, other)), strict=True))
    return Embedding(MANY, both, raw.astype(np.float32))


# ------------------------------------------------------------------ input gates


def test_gates_are_the_sigmoid_of_the_standardised_attributes(tmp_path):
    names, values = ("p_mean", "aridity"), np.array([[3.0, 0.5], [1, 2], [2, 1.1]])
    series = make_series(last="1991-01-31")
    series.attributes = dict(zip(names, values.T, strict=True))
    store = series.write(tmp_path / "store.h5")
    listed = [BASINS[2], BASINS[0], BASINS[1]]
    (tmp_path / "basins.txt").write_text("\n".join(listed) + "\n")
    mean, std = values.mean(axis=0), values.std(axis=0, ddof=1)
    scaler = Scaler([0] * 3, [1] * 3, 0.0, 1.0, mean.tolist(), std.tolist())
    model = {"kind": "ealstm", "static": True, "initialisation": "uniform"}
    settings = run_settings("e", "all", None, attributes=names, model=model)
    expected = []
    for member in MEMBERS:
        network = build_model(settings.model, len(INPUTS), 2)
        save_weights(tmp_path / f"{member}.pt", network, settings, scaler)
        scaled = ((values - mean) / std)[[2, 0, 1]]
        weight, bias = network.weight_sh.detach().numpy(), network.bias_s
        expected.append(1 / (1 + np.exp(-(scaled @ weight.T + bias.detach().numpy()))))
    target, picture = tmp_path / "gates.nc", tmp_path / "seed111.csv"
    weights = [tmp_path / f"{member}.pt" for member in MEMBERS]
    embed_basins(weights, store, tmp_path / "basins.txt", MEMBERS, target, picture)
    with xr.open_dataset(target, engine="h5netcdf") as written:
        assert written.basin.values.tolist() == listed
        np.testing.assert_allclose(written.input_gate, expected, rtol=1e-5)
        np.testing.assert_allclose(written.attributes, scaled, rtol=1e-5)
        assert written.attribute.values.tolist() == list(names)
    table = pd.read_csv(picture, dtype={"basin": str}, index_col="basin")
    assert list(table.index) == listed
    np.testing.assert_allclose(table, expected[0], atol=0.00051)
    assert list(table.columns[[0, -1]]) == ["cell1", "cell5"]


def written(folder, embedding):
    path = folder / "gates.nc"
    with h5py.File(path, "w") as file:
        file["basin"] = [name.encode() for name in embedding.basins]
        file["member"] = [name.encode() for name in embedding.gates]
        file["input_gate"] = np.stack(list(embedding.gates.values()))
        file["attributes"] = embedding.attributes
    append_seal(path)
    return path


def part_of(embedding, count):
    gates = {name: values[:count] for name, values in embedding.gates.items()}
    return Embedding(embedding.basins[:count], gates, embedding.attributes[:count])


def test_reading_and_too_few_basins(embedding, tmp_path, complaint):
    read = read_embedding(written(tmp_path, embedding))
    assert read.basins == embedding.basins
    for name, values in embedding.gates.items():
        np.testing.assert_array_equal(read.gates[name], values)
    np.testing.assert_array_equal(read.attributes, embedding.attributes)
    path = written(tmp_path, part_of(embedding, 3))
    assert complaint(read_embedding, path) == (
        f"{path}: 3 basins cannot be clustered; choose 4 or more with the key basins."
    )


# ------------------------------------------------------------------ clusters


def by_hand(values, labels):
    """Return the silhouette of each basin, from the definition."""
    distance = np.linalg.norm(values[:, None] - values, axis=2)
    found = np.zeros(len(values))
    for i, label in enumerate(labels):
        own = (labels == label) & (np.arange(len(values)) != i)
        others = [distance[i, labels == k].mean() for k in set(labels) - {label}]
        near = distance[i, own].mean()
        found[i] = (min(others) - near) / max(min(others), near)
    return found


def test_silhouettes_of_planted_clusters(embedding):
    table = silhouettes(embedding).set_index(["source", "clusters"])
    assert set(table.index.get_level_values("clusters")) == set(range(3, 15))
    assert set(table.index.get_level_values("source")) == {RAW, *MEMBERS}
    planted = np.repeat(np.arange(6), 5)
    each = by_hand(embedding.gates["seed222"].astype(float), planted)
    row = table.loc[("seed222", 6)]
    np.testing.assert_allclose(row, [each.mean(), each.min()], rtol=1e-4)
    best = table["mean"].unstack().idxmax(axis=1)
    assert best.to_dict() == {RAW: 3, "seed111": 6, "seed222": 6}


def test_planted_clusters_are_found_and_named_alike(embedding):
    table = cluster(embedding)
    assert len(table) == 3 * 2 * 30
    wide = table.pivot(index="basin", columns=["source", "clusters"], values="cluster")
    wide = wide.loc[MANY]
    planted = np.repeat(np.arange(6), 5)
    for member in MEMBERS:
        assert adjusted_rand_score(planted, wide[(member, 6)]) == 1
    # The other network has the same clusters, which have the same names.
    assert (wide[("seed111", 6)] == wide[("seed222", 6)]).all()
    # Of five clusters, at least four are as before.
    same = (wide[("seed111", 5)] == wide[("seed111", 6)]).mean()
    assert same == pytest.approx(25 / 30)
    assert set(wide[("seed111", 6)]) == set(range(1, 7))
    # The attributes are clustered in another order, and told by their basins.
    thirds = np.repeat(np.arange(3), 10)
    assert wide.groupby(thirds)[[(RAW, 5)]].nunique().to_numpy().sum() == 5


def test_names_are_those_of_the_most_shared_basins():
    known = np.array([1, 1, 1, 1, 2, 2, 2, 3, 3, 4])
    labels = np.array([7, 7, 7, 7, 7, 7, 0, 5, 5, 5])
    # One by one, 7 would take 1 and 0 the rest; 0 shares a basin with 2 alone.
    assert matched(labels, known).tolist() == [1] * 6 + [2] + [3] * 3


def test_few_basins_have_fewer_clusters_and_the_log_says_so(embedding, caplog):
    few = part_of(embedding, 6)
    table = silhouettes(few)
    assert sorted(set(table["clusters"])) == [3, 4, 5]
    assert "6 basins: up to 5 clusters instead of 14" in caplog.messages
    assert set(cluster(few)["clusters"]) == {5}
    assert set(cluster(part_of(embedding, 4))["clusters"]) == {3}


def test_starts_and_random_state_are_the_papers(embedding, monkeypatch):
    asked = []

    class Means:
        def __init__(self, number, **options):
            asked.append((number, options))

        def fit_predict(self, values):
            return np.arange(len(values)) % 3

    monkeypatch.setattr(clustering, "KMeans", Means)
    silhouettes(embedding)
    assert {tuple(options.values()) for _, options in asked} == {(10, 0)}
    assert list(asked[0][1]) == ["n_init", "random_state"]
    asked.clear()
    cluster(embedding)
    assert [(number, *o.values()) for number, o in asked] == 3 * [
        (5, 200, 0),
        (6, 200, 0),
    ]


# ------------------------------------------------------------------ signatures


def test_variance_reduction_by_hand():
    labels = {"a": [1, 1, 1, 2, 2, 3], "b": [1, 1, 2, 2, 3, 3]}
    table = pd.concat(
        pd.DataFrame({"source": s, "clusters": 3, "basin": MANY[:6], "cluster": names})
        for s, names in labels.items()
    )
    values = np.array([1.0, 2.0, 6.0, 4.0, 8.0, 9.5])
    # In another order, so that clusters are joined by basin.
    signatures = pd.DataFrame({"q": values, "flat": 1.0}, MANY[:6]).iloc[::-1]
    found = variance_reduction(table, signatures).set_index(["source", "signature"])
    whole = values.var(ddof=1)
    # The single basin of the third cluster has no variance.
    within = (values[:3].var(ddof=1) + values[3:5].var(ddof=1)) / 2
    assert found.loc[("a", "q"), "reduction"] == pytest.approx(1 - within / whole)
    pairs = [values[i : i + 2].var(ddof=1) for i in (0, 2, 4)]
    expected = 1 - np.mean(pairs) / whole
    assert found.loc[("b", "q"), "reduction"] == pytest.approx(expected)
    assert np.isnan(found.loc[("a", "flat"), "reduction"])


# ------------------------------------------------------------------ UMAP


@pytest.mark.slow  # umap compiles
def test_projection_keeps_groups_together(embedding, caplog):
    caplog.set_level(logging.WARNING)
    table = project(embedding)
    assert table["member"].unique().tolist() == MEMBERS
    assert table["basin"].tolist() == MANY * 2
    assert not caplog.messages
    one = table[table["member"] == "seed111"][["x", "y"]].to_numpy()
    distance = np.linalg.norm(one[:, None] - one, axis=2)
    planted = np.repeat(np.arange(6), 5)
    same = planted[:, None] == planted
    assert np.median(distance[same]) < 0.5 * np.median(distance[~same])
    # Random state 0 gives the same plane again, and few basins have one too.
    few = part_of(embedding, 4)
    again = [project(few) for _ in range(2)]
    pd.testing.assert_frame_equal(*again)
    assert np.isfinite(again[0][["x", "y"]]).all(axis=None)
    assert caplog.messages[0] == "3 neighbours instead of 10 in UMAP"


# ------------------------------------------------------------------ numbers


@pytest.fixture
def tables(embedding, tmp_path):
    """The files that numbers are taken of."""
    random = np.random.default_rng(1)
    signatures = pd.DataFrame({"q_mean": random.random(30), "q5": 1.0}, MANY)
    found = cluster(embedding)
    made = {
        "silhouettes": silhouettes(embedding),
        "clusters": found,
        "reductions": variance_reduction(found, signatures),
    }
    for name, table in made.items():
        write_table(table, tmp_path / f"{name}.csv")
    return made, {name: tmp_path / f"{name}.csv" for name in made}


def test_numbers_have_the_keys_of_the_published_ones(tables, tmp_path):
    made, paths = tables
    rows = numbers(**paths, experiment="ealstm_nse", basins_wanted=[*MANY, "1"])
    write_numbers(rows, tmp_path / "numbers.csv")
    found = read_numbers([tmp_path / "numbers.csv"])
    wide = made["silhouettes"].set_index(["source", "clusters"])

    def key(experiment, members, metric, statistic, quantity="silhouette"):
        return (quantity, experiment, "531", members, metric, statistic)

    each = wide.loc[[(m, 4) for m in MEMBERS]]
    number = found[key("ealstm_nse", "seeds_mean", "k4", "mean")]
    assert number.value == pytest.approx(each["mean"].mean())
    assert number.seed_std == pytest.approx(each["mean"].std(ddof=0))
    assert (number.seeds, number.incomplete) == (2, "basin set incomplete: 30 of 31")
    number = found[key("ealstm_nse", "seeds_std", "k4", "mean")]
    assert number.value == pytest.approx(each["mean"].std(ddof=0))
    number = found[key("ealstm_nse", "seeds_mean", "k4", "minimum")]
    assert number.value == pytest.approx(each["minimum"].mean())
    number = found[key(RAW, "", "k4", "mean")]
    assert number.value == pytest.approx(wide.loc[(RAW, 4), "mean"])
    assert number.seed_std is None
    reductions = made["reductions"].set_index(["source", "clusters", "signature"])
    reductions = reductions["reduction"]
    last = ("q_mean_k5", "reduction", "variance_reduction")
    number = found[key("ealstm_nse", "", *last)]
    both = reductions.loc[[(m, 5, "q_mean") for m in MEMBERS]]
    assert number.value == pytest.approx(both.mean())
    assert number.seed_std == pytest.approx(both.std(ddof=0))
    assert found[key(RAW, "", *last)].value == reductions[(RAW, 5, "q_mean")]
    assert not [one for one in found if one[4].startswith("q5_")]


# ------------------------------------------------------------------ figures


def test_heat_map_has_basins_in_gauge_order_and_cells_down():
    gates = pd.DataFrame([[0.1, 0.9, 0.4], [0.7, 0.2, 0.3]], ["02", "01"])
    figure = embedding_heatmap.figure_of(gates, "seed111")
    image = figure.axes[0].images[0]
    np.testing.assert_allclose(image.get_array(), [[0.7, 0.1], [0.2, 0.9], [0.3, 0.4]])
    assert image.get_clim() == (0, 1)
    assert figure.axes[0].get_title() == "seed 111"
    left, right, bottom, top = image.get_extent()
    assert (left, right, bottom, top) == (0.5, 2.5, 3.5, 0.5)


def test_silhouettes_have_a_line_for_each_seed(embedding):
    table = silhouettes(embedding)
    wide = table.pivot(index="clusters", columns="source", values="minimum")
    axis = silhouette.figure_of(table).axes[1]
    drawn = [line.get_ydata().tolist() for line in axis.lines]
    members = wide[MEMBERS]
    expected = [members["seed111"], members["seed222"], members.mean(axis=1), wide[RAW]]
    np.testing.assert_allclose(drawn, expected)
    labels = [line.get_label() for line in axis.lines]
    assert labels[2:] == ["embedding, mean of 2 seeds", "attributes"]


def test_clusters_have_the_same_colour_in_all_maps(embedding):
    table = cluster(embedding)
    other = (table["source"] == "seed222") & (table["clusters"] == 6)
    wrong = table.index[other][:3]  # of 30 basins
    table.loc[wrong, "cluster"] = table.loc[wrong, "cluster"] % 6 + 1
    random = np.random.default_rng(0)
    places = pd.DataFrame(
        {"lat": random.uniform(30, 45, 30), "lon": random.uniform(-110, -80, 30)}, MANY
    )
    figure = cluster_maps.figure_of(table, places)
    colours = {}
    panels = [("seed111", 5), ("seed111", 6), (RAW, 5), (RAW, 6)]
    for axis, (source, number) in zip(figure.axes, panels, strict=True):
        part = table[(table["source"] == source) & (table["clusters"] == number)]
        for points in axis.collections[1:]:
            name = int(points.get_label())
            colours.setdefault(name, set()).add(to_hex(points.get_facecolor()[0]))
            here = part.set_index("basin")["cluster"] == name
            expected = places.loc[here.index[here], ["lon", "lat"]]
            np.testing.assert_allclose(points.get_offsets(), expected)
    assert len(colours) == 6
    assert all(len(both) == 1 for both in colours.values())
    assert "the same cluster in 90 % of basins" in figure.axes[1].get_title()
    assert "seeds" not in figure.axes[3].get_title()


def test_bars_are_means_over_seeds_and_lines_their_range():
    rows = [(RAW, 0.5, 0.1), ("seed111", 0.2, 0.3), ("seed222", 0.4, -0.1)]
    table = pd.DataFrame(
        [
            (source, number, name, value + number / 100)
            for number in (5, 6)
            for source, *values in rows
            for name, value in zip(("q_mean", "q5"), values, strict=True)
        ],
        columns=["source", "clusters", "signature", "reduction"],
    )
    figure = bars.figure_of(table)
    for axis, number in zip(figure.axes, (5, 6), strict=True):
        more = number / 100
        heights = [bar.get_height() for bar in axis.patches]
        np.testing.assert_allclose(heights, np.array([0.5, 0.1, 0.3, 0.1]) + more)
        spans = [
            [point[1] for point in line] for line in axis.collections[0].get_segments()
        ]
        np.testing.assert_allclose(spans, np.array([[0.2, 0.4], [-0.1, 0.3]]) + more)
        assert axis.get_title() == f"{number} clusters"
    assert [t.get_text() for t in figure.axes[1].get_xticklabels()] == ["q_mean", "q5"]


def test_planes_are_coloured_by_the_basins_attributes():
    random = np.random.default_rng(0)
    places = pd.DataFrame(
        {"member": np.repeat(MEMBERS, 5), "basin": MANY[:5] * 2}
        | {"x": random.random(10), "y": random.random(10)}
    )
    attributes = pd.DataFrame(random.random((5, 6)) * 4, MANY[:5], umap.COLOURED)
    attributes = attributes.iloc[::-1]
    figure = umap.figure_of(places, attributes)
    panels = [axis for axis in figure.axes if axis.collections and axis.get_title()]
    assert [axis.get_title() for axis in panels] == ["seed 111"] * 6 + ["seed 222"]
    names = [*umap.COLOURED, "aridity"]
    for axis, name in zip(panels, names, strict=True):
        points = axis.collections[0]
        expected = attributes.loc[MANY[:5], name]
        np.testing.assert_allclose(points.get_array(), expected)
        part = places[places["member"] == axis.get_title().replace(" ", "")]
        np.testing.assert_allclose(points.get_offsets(), part[["x", "y"]])
        assert points.get_clim()[1] == (2 if name == "aridity" else expected.max())
