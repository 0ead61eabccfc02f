"""A bucket model with snow whose parameters follow from the static attributes.

Nothing else than attributes and weather decides the discharge, so a model that sees the
attributes can learn how catchments differ and one that does not cannot.
"""

import numpy as np

from rerunoff.data.virtual.places import random
from rerunoff.data.virtual.weather import day_of_year

_SPIN_UP_DAYS = 1096
_LATENT_HEAT = 2.45  # MJ/kg
_PSYCHROMETRIC = 66.0  # Pa/K
_MAKKINK = 0.77  # 0.7 in Hansen; this gives the mean that real catchments have
_NOISE = 0.03  # of observed discharge, relative


def potential_evaporation(weather):
    """Return potential evaporation in mm/d after Makkink (1957) as in Hansen (1984).

    Parameters
    ----------
    weather : dict
        `tmean` °C, `srad` W/m² over daylight, `dayl` s; each (days, basins).
    """
    tmean = weather["tmean"]
    pressure = 610.78 * np.exp(17.27 * tmean / (tmean + 237.3))
    slope = 4098 * pressure / (tmean + 237.3) ** 2
    energy = weather["srad"] * weather["dayl"] / 1e6 / _LATENT_HEAT
    return _MAKKINK * slope / (slope + _PSYCHROMETRIC) * energy


def parameters(places):
    """Map static attributes smoothly to the parameters of the bucket model.

    Parameters
    ----------
    places : pandas.DataFrame
        One row per basin, with CAMELS attribute columns.

    Returns
    -------
    dict of str to numpy.ndarray, (basins,)
        `capacity` mm of the soil; `shape` of the runoff curve; `drainage` mm/d;
        `melt` mm/(d K); `slow_share` of runoff; `k_fast`, `k_slow` 1/d; `loss` mm/d
        into the bed; `leaf` mm of interception.
    """
    p = {name: places[name].to_numpy() for name in places.select_dtypes("number")}
    open_rock = _sigmoid(1.5 * (p["geol_permeability"] + 13.4))
    steep = _sigmoid(1.7 * np.log(p["slope_mean"] / 30))
    return {
        "capacity": 600 * p["max_water_content"] ** 1.5,
        "shape": 1.0 + 3.5 * (1 - steep),
        "drainage": 0.3 * p["soil_conductivity"],
        "melt": 1.6 + 2.8 * (1 - p["frac_forest"]),
        "slow_share": 0.05 + 0.85 * open_rock,
        "k_fast": (0.10 + 1.4 * steep) * (p["area_gages2"] / 330) ** -0.15,
        "k_slow": 0.006 + 0.045 / (1 + p["soil_depth_pelletier"] / 4),
        # Bare, sandy beds swallow water: why dry catchments run dry.
        "loss": 0.3 * (1 - p["gvf_max"]) ** 2 * p["sand_frac"] / 36,
        "leaf": 0.25 * p["lai_max"],
    }


def simulate(places, weather, dates, seed):
    """Run the bucket model and observe it.

    Parameters
    ----------
    places : pandas.DataFrame
    weather : dict of numpy.ndarray, (days, basins)
        From `weather.generate`.
    dates : numpy.ndarray of datetime64[D], (days,)
    seed : int

    Returns
    -------
    dict of str to numpy.ndarray, (days, basins)
        `discharge` mm/d with multiplicative observation noise, `swe` mm, `pet` mm/d.
    """
    pet = potential_evaporation(weather)
    discharge, swe = run(parameters(places), places, weather, pet, dates)
    for column, basin_id in enumerate(places.index):
        noise = random(seed, basin_id, 2).standard_normal(len(dates))
        discharge[:, column] *= np.exp(_NOISE * noise)
    return {"discharge": discharge, "swe": swe, "pet": pet}


def run(p, places, weather, pet, dates):
    """Run the bucket model with given parameters, after a spin-up.

    Parameters
    ----------
    p : dict of str to numpy.ndarray, (basins,)
        As from `parameters`.
    places : pandas.DataFrame
    weather : dict of numpy.ndarray, (days, basins)
        `prcp` mm/d, `tmean` °C.
    pet : numpy.ndarray, (days, basins)
        Potential evaporation, mm/d.
    dates : numpy.ndarray of datetime64[D], (days,)

    Returns
    -------
    discharge, swe : numpy.ndarray, (days, basins)
        mm/d and mm.
    """
    rain_share = np.clip((weather["tmean"] + 1) / 3, 0, 1)  # all snow below -1 °C
    forcing = {
        "rain": weather["prcp"] * rain_share,
        "snow": weather["prcp"] * (1 - rain_share),
        "melt": p["melt"] * np.maximum(weather["tmean"], 0),
        "pet": pet * _greenness(places, dates),
    }
    warm = {name: series[:_SPIN_UP_DAYS] for name, series in forcing.items()}
    start = {"snow": 0.0, "soil": 0.5 * p["capacity"], "fast": 0.0, "slow": 10.0}
    *_, state = _run(p, warm, start)
    discharge, swe, _ = _run(p, forcing, state)
    return discharge, swe


def _run(p, forcing, state):
    """Step through the days; return discharge, snow and the last state."""
    snow, soil, fast, slow = (state[key] for key in ("snow", "soil", "fast", "slow"))
    discharge = np.empty(forcing["rain"].shape)
    swe = np.empty_like(discharge)
    fast_out, slow_out = 1 - np.exp(-p["k_fast"]), 1 - np.exp(-p["k_slow"])
    for t, demand in enumerate(forcing["pet"]):
        snow = snow + forcing["snow"][t]
        melt = np.minimum(snow, forcing["melt"][t])
        snow = snow - melt
        caught = np.minimum(np.minimum(forcing["rain"][t], p["leaf"]), demand)
        water = forcing["rain"][t] - caught + melt
        fill = soil / p["capacity"]
        direct = water * fill ** p["shape"]
        drained = np.minimum(p["drainage"] * fill**4, 0.2 * soil)
        soil = soil + water - direct - drained
        spill = np.maximum(soil - p["capacity"], 0)
        soil = soil - spill
        evaporated = (demand - caught) * np.minimum(1, soil / (0.6 * p["capacity"]))
        soil = np.maximum(soil - evaporated, 0)
        runoff = direct + spill
        fast = fast + runoff * (1 - p["slow_share"])
        slow = slow + runoff * p["slow_share"] + drained
        flow = fast * fast_out + slow * slow_out
        fast, slow = fast * (1 - fast_out), slow * (1 - slow_out)
        discharge[t] = np.maximum(flow - p["loss"], 0)
        swe[t] = snow
    return discharge, swe, {"snow": snow, "soil": soil, "fast": fast, "slow": slow}


def _greenness(places, dates):
    """Return how much of the potential the plants ask for, (days, basins), 0 to 1."""
    summer = 0.5 + 0.5 * np.cos(2 * np.pi * (day_of_year(dates) - 201) / 365.25)
    most, change = places["gvf_max"].to_numpy(), places["gvf_diff"].to_numpy()
    return 0.55 + 0.45 * (most - change * (1 - summer[:, None]))


def _sigmoid(x):
    return 1 / (1 + np.exp(-x))
