"""The six metrics: by hand, against a scalar oracle, and against NeuralHydrology."""

import math

import numpy as np
import pytest
from rerunoff.evaluation.metrics import METRICS, compute_metrics


def series():
    """Return the seeded series of the NeuralHydrology comparison below."""
    random = np.random.default_rng(42)
    observed = np.round(random.gamma(0.7, 3, 400), 3)
    noise = random.lognormal(0, 0.3, 400)
    simulated = np.round(observed * noise + random.normal(0, 0.2, 400), 3).clip(0)
    observed[[3, 50, 51]] = np.nan
    observed[10:14] = 0
    simulated[100] = 0
    return observed, simulated


def oracle(observed, simulated):
    """Return the metrics of one basin, written plainly from the paper's table 1."""
    pairs = [
        (o, s)
        for o, s in zip(observed, simulated, strict=True)
        if not (math.isnan(o) or math.isnan(s))
    ]
    n = len(pairs)
    obs, sim = [o for o, _ in pairs], [s for _, s in pairs]
    mean_obs, mean_sim = sum(obs) / n, sum(sim) / n
    sst = sum((o - mean_obs) ** 2 for o in obs)
    std_obs = math.sqrt(sst / n)
    std_sim = math.sqrt(sum((s - mean_sim) ** 2 for s in sim) / n)
    obs, sim = sorted(obs, reverse=True), sorted(sim, reverse=True)
    high = round(0.02 * n)

    def logs_of(flows):
        flows = sorted((1e-6 if q == 0 else q for q in flows), reverse=True)
        return [math.log(q + 1e-6) for q in flows]

    def log_low(flows):
        logs = logs_of(flows)[round(0.7 * n) :]
        return sum(value - min(logs) for value in logs)

    def slope(flows):
        logs = logs_of(flows)
        return logs[round(0.2 * n)] - logs[round(0.7 * n)]

    low = log_low(obs)
    return {
        "NSE": 1 - sum((o - s) ** 2 for o, s in pairs) / sst,
        "alpha_nse": std_sim / std_obs,
        "beta_nse": (mean_sim - mean_obs) / std_obs,
        "FHV": 100 * (sum(sim[:high]) - sum(obs[:high])) / (sum(obs[:high]) + 1e-6),
        "FLV": -100 * (log_low(sim) - low) / (low + 1e-6),
        "FMS": 100 * (slope(sim) - slope(obs)) / (slope(obs) + 1e-6),
    }


def test_by_hand():
    observed, simulated = np.array([[1.0, 2, 3, 4]]), np.array([[1.0, 2, 3, 6]])
    metrics = compute_metrics(observed, simulated)
    assert metrics["NSE"][0] == pytest.approx(1 - 4 / 5)
    assert metrics["alpha_nse"][0] == pytest.approx(math.sqrt(3.5 / 1.25))
    assert metrics["beta_nse"][0] == pytest.approx(0.5 / math.sqrt(1.25))


def test_flow_duration_metrics_by_hand():
    observed = np.arange(100, 0, -1.0)[None]
    simulated = 2 * observed
    metrics = compute_metrics(observed, simulated)
    # The two highest flows doubled; a constant factor keeps log distances.
    assert metrics["FHV"][0] == pytest.approx(100, abs=1e-4)
    assert metrics["FLV"][0] == pytest.approx(0, abs=1e-4)
    assert metrics["FMS"][0] == pytest.approx(0, abs=1e-4)
    flat = np.where(observed > 50, observed, np.sqrt(observed * 50))
    slope = math.log(80 / math.sqrt(30 * 50)) / math.log(80 / 30) - 1
    fms = compute_metrics(observed, flat)["FMS"][0]
    assert fms == pytest.approx(100 * slope, abs=1e-3)


def test_fms_and_flv_worked_by_hand_from_the_authors_definition():
    """Zeros, ties, and a flow below the 1e-6 mm/d that stand for a zero.

    The authors' steps (papercode/metrics.py of ealstm_regional_modeling), done on
    paper. Of ten days FMS takes the flows at 2 and 7 of the descending order, FLV the
    three from 7 on. ln 16.000001 = 2.772588784740, ln 8.000001 = 2.079441666680,
    ln 4.000001 = 1.386294611120, ln 1.000001 = 0.000001000000,
    ln 0.500001 = -0.693145180562, ln 0.250001 = -1.386290361121,
    ln 0.000002 = -13.122363377404, ln 0.0000015 = -13.410045449856.
    """
    observed = [
        # Descending, zeros as 1e-6: 32 16 8 4 4 2 1 1 1e-6 1e-6
        [0, 4, 1, 16, 0, 2, 8, 1, 4, 32],
        # 32 16 16 8 4 3 2 0.5 0.25 0.25
        [0.25, 16, 3, 32, 0.5, 8, 2, 0.25, 16, 4],
    ]
    simulated = [
        # 32 8 4 4 4 2 1 1e-6 1e-6 5e-7
        [0, 4, 1, 8, 5e-7, 4, 4, 2, 0, 32],
        # 32 16 8 8 4 2 1e-6 1e-6 1e-6 5e-7
        [0, 8, 2, 32, 5e-7, 16, 8, 0, 0, 4],
    ]
    metrics = compute_metrics(np.array(observed), np.array(simulated))
    fms = [
        # slopes 1.386294611120 + 13.122363377404 = 14.508657988524 (simulated) and
        # 2.079441666680 - 0.000001000000 = 2.079440666680 (observed);
        # 100 · 12.429217321844 / (2.079440666680 + 1e-6)
        597.7189705,
        # 2.079441666680 + 13.122363377404 = 15.201805044084,
        # 2.772588784740 + 0.693145180562 = 3.465733965302;
        # 100 · 11.736071078782 / (3.465733965302 + 1e-6)
        338.6315225,
    ]
    flv = [
        # above the minimum: simulated 2 · 0.287682072452 = 0.575364144904, observed
        # 0.000001000000 + 13.122363377404 = 13.122364377404;
        # -100 · (0.575364144904 - 13.122364377404) / (13.122364377404 + 1e-6)
        95.6153853,
        # simulated the same, observed 1.386290361121 - 0.693145180562 = 0.693145180559;
        # -100 · (0.575364144904 - 0.693145180559) / (0.693145180559 + 1e-6)
        16.9922362,
    ]
    assert metrics["FMS"] == pytest.approx(fms, abs=1e-6)
    assert metrics["FLV"] == pytest.approx(flv, abs=1e-6)


def test_against_values_of_neuralhydrology():
    """Values of NeuralHydrology 1.13.0 for `series()`, computed on 2026-11-22.

    It adds no 1e-6 inside the logarithm, which moves zero flows by log 2; so FLV is
    compared on the series raised by 1 mm/d, and FMS, which meets no zero here, less
    narrowly.
    """
    theirs = {
        "NSE": 0.8373114123101268,
        "alpha_nse": 1.1488905479309233,
        "beta_nse": 0.058818194937788816,
        "FHV": 17.703254302055807,
    }
    metrics = compute_metrics(*(values[None] for values in series()))
    for name, value in theirs.items():
        assert metrics[name][0] == pytest.approx(value, rel=1e-6), name
    assert metrics["FMS"][0] == pytest.approx(-1.7887266859280229, rel=1e-3)
    raised = compute_metrics(*(values[None] + 1 for values in series()))
    assert raised["FLV"][0] == pytest.approx(-2.909424952256273, rel=1e-4)


def test_vectorised_over_members_and_basins_with_different_gaps():
    random = np.random.default_rng(1)
    observed = random.gamma(1, 2, (4, 300))
    observed[random.random(observed.shape) < 0.2] = np.nan
    observed[2, 150:] = np.nan
    observed[3] = np.where(random.random(300) < 0.6, 0, observed[3])
    simulated = random.gamma(1, 2, (3, 4, 300))
    simulated[1, 0, :40] = np.nan
    simulated[2, :, 7] = 0
    metrics = compute_metrics(observed, simulated)
    assert set(metrics) == set(METRICS)
    for member in range(3):
        for basin in range(4):
            expected = oracle(observed[basin], simulated[member, basin])
            for name, value in expected.items():
                ours = metrics[name][member, basin]
                assert ours == pytest.approx(value, rel=1e-9), (name, member, basin)


def test_perfect_simulation():
    observed = np.random.default_rng(2).gamma(1, 2, (2, 200))
    metrics = compute_metrics(observed, observed)
    for name, best in (("NSE", 1), ("alpha_nse", 1), ("beta_nse", 0), ("FHV", 0)):
        assert metrics[name] == pytest.approx(np.full(2, best))


def test_undefined_where_nothing_can_be_compared():
    observed = np.array([[np.nan, np.nan, np.nan], [2.0, 2, 2], [1, 2, 3]])
    simulated = np.ones((3, 3))
    metrics = compute_metrics(observed, simulated)
    assert all(np.isnan(metrics[name][0]) for name in METRICS)
    assert np.isnan(metrics["NSE"][1])
    assert metrics["NSE"][2] == pytest.approx(1 - 5 / 2)


def test_shapes_that_do_not_fit():
    with pytest.raises(ValueError, match="shapes differ"):
        compute_metrics(np.ones((2, 10)), np.ones((3, 2, 11)))


def gappy_series():
    """Return observed and simulated discharge of several members, with gaps."""
    random = np.random.default_rng(7)
    observed = random.gamma(1, 2, (4, 500))
    simulated = 0.6 * observed + random.gamma(1, 1, (3, 4, 500))
    simulated[2, 1] = 5 - 0.1 * observed[1]
    observed[random.random(observed.shape) < 0.2] = np.nan
    simulated[random.random(simulated.shape) < 0.1] = np.nan
    return observed, simulated


def test_correlation_is_that_of_numpy():
    observed, simulated = gappy_series()
    found = compute_metrics(observed, simulated)["r"]
    assert found.shape == (3, 4)
    for member in range(3):
        for basin in range(4):
            flows = observed[basin], simulated[member, basin]
            common = np.isfinite(flows[0]) & np.isfinite(flows[1])
            expected = np.corrcoef(*(flow[common] for flow in flows))[0, 1]
            assert found[member, basin] == pytest.approx(expected, abs=1e-12)
    assert found[2, 1] == pytest.approx(-1)


def test_nse_is_made_up_of_its_components():
    """Gupta et al. 2009, equation 4, as kratzert2018 has it on p. 6013."""
    metrics = compute_metrics(*gappy_series())
    alpha, beta, r = (metrics[name] for name in ("alpha_nse", "beta_nse", "r"))
    composed = 2 * alpha * r - alpha**2 - beta**2
    np.testing.assert_allclose(metrics["NSE"], composed, rtol=0, atol=1e-12)


def test_correlation_is_undefined_where_one_series_is_constant():
    observed = np.array([[1.0, 2, 3, 4], [2, 2, 2, 2]])
    simulated = np.array([[5.0, 5, 5, 5], [1, 2, 3, 4]])
    metrics = compute_metrics(observed, simulated)
    assert np.isnan(metrics["r"]).all()
    assert metrics["NSE"][0] == pytest.approx(1 - 7.5 / 1.25)
    assert metrics["alpha_nse"][0] == 0
