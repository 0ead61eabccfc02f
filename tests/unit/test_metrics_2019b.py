import numpy as np
import pandas as pd
import pytest
from rerunoff.evaluation.metrics_2019b import (
    COLUMNS,
    STATISTICS,
    compute_statistics,
    quantile,
)

FIRST = ("nse", "bias", "stdev")


def one(observed, simulated):
    """Statistics of a single basin, as floats."""
    statistics = compute_statistics(np.array([observed]), np.array([simulated]))
    return {name: values.item() for name, values in statistics.items()}


@np.errstate(divide="ignore", invalid="ignore")
def oracle(observed, simulated):
    """The same by the definitions, with pandas, one basin at a time."""
    flows = pd.DataFrame({"obs": observed, "sim": simulated}, dtype=float)
    flows = flows[(flows["obs"] >= 0) & (flows["sim"] >= 0)]
    if flows.empty:
        return dict.fromkeys((*STATISTICS, *COLUMNS), np.nan)
    obs, sim = flows["obs"], flows["sim"]
    square = ((sim - obs) ** 2).mean() / obs.var(ddof=0)
    result = {"nse": 1 - square, "bias": 1 - sim.mean() / obs.mean()}
    result["stdev"] = sim.std() / obs.std()
    for name, flow in flows.items():
        levels = flow.quantile([0.05, 0.33, 0.66, 0.95])
        result[f"{name}5"], result[f"{name}95"] = levels[0.05], levels[0.95]
        result[f"{name}0"] = flow.eq(0).sum()
        result[f"{name}L"] = flow.le(0.2 * flow.median()).sum()
        result[f"{name}H"] = flow.ge(9 * flow.median()).sum()
        slope = np.log(levels[0.33]) - np.log(levels[0.66])
        result[f"{name}FDC"] = slope / 0.33
    result["q95"] = 1 - result["sim95"] / result["obs95"]
    finite = {name: np.isfinite(result[name]) for name in STATISTICS}
    return result | {name: np.nan for name, known in finite.items() if not known}


@pytest.fixture(scope="module")
def random():
    """Flows with gaps, negative marks, zeros, and basins of every kind."""
    rng = np.random.default_rng(5)
    observed = rng.gamma(0.3, 2, (9, 400))
    simulated = observed * rng.lognormal(0, 0.5, (3, 9, 400))
    simulated[rng.random(simulated.shape) < 0.1] = 0
    simulated[rng.random(simulated.shape) < 0.02] = np.nan
    observed[rng.random(observed.shape) < 0.1] = np.nan
    observed[rng.random(observed.shape) < 0.1] = -999
    observed[0] = np.where(rng.random(400) < 0.97, 0, observed[0])  # obs95 is zero
    observed[1] = np.where(rng.random(400) < 0.5, 0, observed[1])  # q33 is zero
    observed[2, 7:] = np.nan
    observed[3, 1:] = -1
    observed[4] = np.nan
    simulated[1, 5] = np.nan
    observed[6] = 0
    return observed, simulated


def test_equals_the_oracle(random):
    observed, simulated = random
    statistics = compute_statistics(observed, simulated)
    assert list(statistics) == [*STATISTICS, *COLUMNS[3:]]
    for member, basin in np.ndindex(simulated.shape[:2]):
        expected = oracle(observed[basin], simulated[member, basin])
        for name, values in statistics.items():
            assert values.shape == (3, 9)
            assert values.dtype == np.float64
            np.testing.assert_allclose(
                values[member, basin], expected[name], 1e-9, 1e-12, err_msg=name
            )
    assert np.isnan(statistics["q95"][:, 0]).all()
    assert np.isneginf(statistics["obsFDC"][:, 1]).all()
    for values in statistics.values():
        assert np.isnan(values[:, 4]).all()
        assert np.isnan(values[1, 5])
    assert np.isfinite([statistics["nse"][0, 5], statistics["q95"][2, 5]]).all()


def test_members_do_not_touch_each_other(random):
    observed, simulated = random
    together = compute_statistics(observed, simulated)
    for member in range(3):
        alone = compute_statistics(observed, simulated[member])
        for name, values in alone.items():
            np.testing.assert_array_equal(values, together[name][member])


def test_hand_values():
    # Days 2 and 5 do not count.
    statistics = one([1, -999, 2, 3, 7, 6], [2, 3, 2, 1, np.nan, 5])
    assert statistics["nse"] == pytest.approx(1 - 6 / 14)
    assert statistics["bias"] == pytest.approx(0.5 / 3)  # 3 observed, 2.5 simulated
    assert statistics["stdev"] == pytest.approx(np.sqrt(9 / 14))
    # Of 1 2 3 6: places 0.15 and 2.85 from 0; of 1 2 2 5 the same.
    assert statistics["obs5"] == pytest.approx(1.15)
    assert statistics["sim5"] == pytest.approx(1.15)
    assert statistics["obs95"] == pytest.approx(3 + 0.85 * 3)
    assert statistics["sim95"] == pytest.approx(2 + 0.85 * 3)
    assert statistics["q95"] == pytest.approx(1 / 5.55)
    # Places 0.99 and 1.98.
    assert statistics["obsFDC"] == pytest.approx(np.log(1.99 / 2.98) / 0.33)
    assert statistics["simFDC"] == pytest.approx(np.log(1.99 / 2) / 0.33)
    counts = [f"{series}{kind}" for series in ("obs", "sim") for kind in "0LH"]
    assert [statistics[name] for name in counts] == [0] * 6


def test_underestimation_is_a_positive_bias():
    low, high = one([2, 4], [1, 2]), one([2, 4], [4, 8])
    assert (low["bias"], low["q95"], low["stdev"]) == pytest.approx((0.5, 0.5, 0.5))
    assert (high["bias"], high["q95"], high["stdev"]) == pytest.approx((-1, -1, 2))


def test_days_are_counted_and_bounds_belong_to_them():
    observed = [0, 0, 0.25, 0.26, 1, 1.25, 1.25, 1.25, 11.25, 11.24, 12]
    statistics = one(observed, np.ones(11))
    # Median 1.25: at most 0.25, at least 11.25.
    assert [statistics[f"obs{kind}"] for kind in "0LH"] == [2, 3, 2]
    assert [statistics[f"sim{kind}"] for kind in "0LH"] == [0, 0, 0]


def test_bounds_have_the_precision_of_the_series():
    # In float32, 0.05 is above a fifth of 0.25, and 0.63 below nine times 0.07.
    for flow, counts in (([0.05, 0.25, 0.25], [1, 0]), ([0.07, 0.07, 0.63], [0, 1])):
        single, double = np.float32(flow), np.float32(flow).astype(np.float64)
        statistics = one(single, double)
        assert [statistics["obsL"], statistics["obsH"]] == counts
        assert [statistics["simL"], statistics["simH"]] == [0, 0]
        statistics = one(double, single)
        assert [statistics["simL"], statistics["simH"]] == counts


def test_perfect_simulation():
    flow = np.arange(50) ** 2.0
    statistics = one(flow, flow)
    assert [statistics[name] for name in STATISTICS] == pytest.approx([1, 0, 1, 0])
    for kind in ("5", "95", "0", "L", "H", "FDC"):
        assert statistics[f"obs{kind}"] == statistics[f"sim{kind}"]


def test_dry_basin():
    statistics = one(np.zeros(10), np.arange(10) * 1.0)
    assert all(np.isnan(statistics[name]) for name in STATISTICS)
    # As in the authors' file: with a median of zero every dry day is low and high.
    assert [statistics[f"obs{kind}"] for kind in "0LH"] == [10, 10, 10]
    assert np.isnan(statistics["obsFDC"])
    assert statistics["simFDC"] < 0


def test_mostly_dry_basin_lacks_only_q95():
    observed = np.zeros(100)
    observed[:4] = 3
    statistics = one(observed, np.full(100, 0.1))
    assert np.isfinite([statistics[name] for name in FIRST]).all()
    assert statistics["obs95"] == 0
    assert np.isnan(statistics["q95"])


def test_slope_to_a_zero_quantile_is_infinite():
    statistics = one([0, 0, 0, 0, 1, 2, 3], [1, 2, 3, 4, 5, 6, 7])
    assert np.isneginf(statistics["obsFDC"])


@pytest.mark.parametrize("level", [0.1, 3.0])
def test_constant_observations(level):
    # The mean of 0.1 is not 0.1, and a total of 1e-30 would make numbers of nothing.
    statistics = one(np.full(1001, level), np.linspace(0, 1, 1001))
    assert np.isnan([statistics["nse"], statistics["stdev"]]).all()
    assert statistics["bias"] == pytest.approx((level - 0.5) / level)


def test_constant_simulation():
    statistics = one(np.arange(1, 6) * 1.0, np.full(5, 3.0))
    assert (statistics["nse"], statistics["stdev"]) == (0, 0)


def test_single_day():
    statistics = one([2.0, np.nan], [1.0, 1.0])
    assert np.isnan([statistics["nse"], statistics["stdev"]]).all()
    assert (statistics["bias"], statistics["q95"]) == (0.5, 0.5)


@pytest.mark.parametrize("share", [0, 0.05, 0.33, 0.5, 0.95, 1])
def test_quantile_is_that_of_pandas(share):
    flows = np.sort(np.random.default_rng(1).gamma(1, 1, (4, 30)))
    flows[1, 17:], flows[2, 1:], flows[3] = np.nan, np.nan, np.nan
    ours = quantile(flows, np.isfinite(flows).sum(axis=-1), share)
    theirs = pd.DataFrame(flows.T).quantile(share).to_numpy()
    np.testing.assert_allclose(ours, theirs, rtol=1e-14)


def test_shapes_must_fit():
    with pytest.raises(ValueError, match="shapes differ"):
        compute_statistics(np.zeros((2, 5)), np.zeros((3, 2, 4)))
