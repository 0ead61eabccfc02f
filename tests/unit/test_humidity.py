"""Humidity: the examples of FAO 56, and its bounds."""

import numpy as np
import pytest
from rerunoff.physics.humidity import (
    relative_humidity,
    saturation_vapour_pressure,
    vapour_pressure_deficit,
)


def test_saturation_is_that_of_fao_56():
    # Annex 2, table 2.3, in kPa.
    found = saturation_vapour_pressure(np.array([1.0, 15.0, 24.5, 40.0])) / 1000
    assert found == pytest.approx([0.657, 1.705, 3.075, 7.376], abs=6e-4)


def test_deficit_is_that_of_an_example_of_fao_56():
    # Examples 3 to 6: 18 to 25 degC with an actual vapour pressure of 1.70 kPa.
    deficit = vapour_pressure_deficit(np.array([1700.0]), np.array([18.0]), 25.0)
    assert deficit == pytest.approx([910], abs=10)


def test_humidity_is_the_share_that_the_deficit_leaves():
    generator = np.random.default_rng(0)
    tmin = generator.uniform(-30, 25, (4, 500)).astype(np.float32)
    tmax = tmin + generator.uniform(0, 20, tmin.shape).astype(np.float32)
    low = saturation_vapour_pressure(tmin)
    mean = (low + saturation_vapour_pressure(tmax)) / 2
    vp = generator.uniform(0.1, 1, tmin.shape) * mean
    humidity = relative_humidity(vp, tmin, tmax)
    deficit = vapour_pressure_deficit(vp, tmin, tmax)
    assert humidity.shape == deficit.shape == vp.shape
    assert humidity.dtype == deficit.dtype == np.float64
    assert humidity == pytest.approx(1 - deficit / mean)
    # A mean over both temperatures, not the pressure at the mean temperature.
    assert (mean[tmax > tmin + 1] > low[tmax > tmin + 1]).all()
    assert relative_humidity(low, tmin, tmin) == pytest.approx(1)


def test_air_is_never_more_than_saturated():
    vp, tmin, tmax = np.array([[5000.0, 0.0, 30.0]]), np.array([[5.0, 5.0, -45.0]]), 6.0
    assert relative_humidity(vp, tmin, tmax).tolist()[0][:2] == [1, 0]
    assert (vapour_pressure_deficit(vp, tmin, tmax) >= 0).all()
    assert np.isfinite(relative_humidity(vp, np.full_like(vp, -90.0), -80.0)).all()


def test_days_without_values_stay_so():
    vp, tmin = np.array([np.nan, 800.0]), np.array([2.0, np.nan])
    for function in (relative_humidity, vapour_pressure_deficit):
        assert np.isnan(function(vp, tmin, 9.0)).all()
